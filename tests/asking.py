"""A client of a server in this process that takes a tenth of the time of Starlette's own.

That one goes to the server's thread and back eight times for each request, so that answers can be
read while they are written. This one goes once, and an answer is there when it is whole.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote

import anyio
import httpx2
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Scope


class Client(TestClient):
    """Starlette's TestClient, for answers that end: what of it is asked, and given, is the same."""

    def __init__(
        self,
        app: ASGIApp,
        base_url: str = "http://testserver",
        *,
        raise_server_exceptions: bool = True,
        client: tuple[str, int] = ("testclient", 50_000),
        **more: Any,
    ) -> None:
        super().__init__(app, base_url, client=client, **more)
        self._transport = _AtOnce(self, client, may_raise=raise_server_exceptions)


class _AtOnce(httpx2.BaseTransport):
    def __init__(self, asking: TestClient, client: tuple[str, int], *, may_raise: bool) -> None:
        self._asking, self._client, self._may_raise = asking, client, may_raise

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        with self._asking._portal_factory() as portal:
            return portal.call(self._answer, request)

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        answer = _Answer(request.read())
        try:
            await self._asking.app(self._scope(request), answer.receive, answer.send)
        except Exception:
            if self._may_raise:
                raise
        body = b"" if request.method == "HEAD" else b"".join(answer.body)
        stream = httpx2.ByteStream(body)
        return httpx2.Response(answer.status, headers=answer.headers, stream=stream)

    def _scope(self, request: httpx2.Request) -> Scope:
        url = request.url
        path, _, query = url.raw_path.partition(b"?")
        named = [(name.lower(), value) for name, value in request.headers.raw]
        return {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "scheme": url.scheme,
            "path": unquote(url.path),
            "raw_path": path,
            "root_path": "",
            "query_string": query,
            "headers": named,
            "client": self._client,
            "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
            "extensions": {},
            "state": self._asking.app_state.copy(),
        }


class _Answer:
    """What a server sends, and a body that it may read once; who asks leaves with the answer."""

    def __init__(self, asked: bytes) -> None:
        self._asked: bytes | None = asked
        self._whole = anyio.Event()
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body: list[bytes] = []

    async def receive(self) -> MutableMapping[str, Any]:
        if self._asked is None:
            await self._whole.wait()
            return {"type": "http.disconnect"}
        body, self._asked = self._asked, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body.append(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                self._whole.set()

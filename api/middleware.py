"""What every answer carries: security headers, and an ETag made of revisions and audience."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.links import PREFIX
from api.negotiate import VARY
from geo import period, store
from geo.audience import PUBLIC

_CSP = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline';"
    " worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors {ancestors}"
)
# Tiles and single features are tagged by what they are made of, not by the whole register.
_OWN_TAG = re.compile(r"/tiles/WebMercatorQuad/[^/]+/[^/]+/[^/]+$|/items/[^/]+$")


def _wrapped(send: Send, change: Callable[[MutableHeaders, int], None]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            change(MutableHeaders(scope=message), message["status"])
        await send(message)

    return sending


class SecurityHeaders:
    """Adds the headers that keep a page to its own host; only /embed may be framed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        ancestors = "*" if scope["path"].endswith("/embed") else "'self'"

        def change(headers: MutableHeaders, _status: int) -> None:
            headers["content-security-policy"] = _CSP.format(ancestors=ancestors)
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "same-origin"

        await self.app(scope, receive, _wrapped(send, change))


class Conditional:
    """Gives GET answers of the API a strong ETag and answers 304 when it is still true.

    The tag is made of the register's revision, the audience, the address with its host, the form,
    the language and the day (an absent `datetime` means today), so it is known before anything is
    read.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 304, or go on and add the tag to a success."""
        if scope["type"] != "http" or not _cacheable(scope):
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        tag = _tag(scope, asked)
        if tag in [part.strip() for part in asked.get("if-none-match", "").split(",")]:
            headers = [
                (b"etag", tag.encode()),
                (b"vary", b"Accept, Accept-Language, Accept-Encoding"),
            ]
            start = {"type": "http.response.start", "status": 304, "headers": headers}
            await send(start)
            await send({"type": "http.response.body", "body": b""})
            return

        def change(headers: MutableHeaders, status: int) -> None:
            if status == 200:
                seconds = scope["app"].state.settings.cache_seconds
                headers["etag"] = tag
                headers["cache-control"] = f"max-age={seconds}" if seconds else "no-cache"
                for name in VARY:
                    headers.add_vary_header(name)

        await self.app(scope, receive, _wrapped(send, change))


def _cacheable(scope: Scope) -> bool:
    path: str = scope["path"]
    asked = scope["method"] in ("GET", "HEAD") and (path == "/api" or path.startswith("/api/"))
    return asked and not _OWN_TAG.search(path)


def _tag(scope: Scope, asked: Headers) -> str:
    with scope["app"].state.engine.connect() as conn:
        revision = store.revision_of_all(conn)
    parts = (
        scope["app"].version,
        str(revision),
        PUBLIC.value,
        period.today(),
        scope["scheme"],
        asked.get("host", ""),
        scope[PREFIX],
        scope["path"],
        scope["query_string"].decode("latin-1"),
        asked.get("accept", ""),
        asked.get("accept-language", ""),
        scope["app"].state.settings.viewpoint.value,
    )
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
    return f'"{digest}"'


class HeadAsGet:
    """Answers HEAD with the headers of GET, which FastAPI's routes do not do by themselves."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run a HEAD as a GET and keep the body back."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, sending)

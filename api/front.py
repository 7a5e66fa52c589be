"""The outermost layer: names each request, limits it, completes its answer, counts and logs it.

Plain reads come through here by the thousand, so it does no more than they need.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Iterable
from time import perf_counter

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from api import errors, headers, trace
from api.again import Again
from api.forwarded import Forwarded
from api.kept import Kept
from api.limits import Limits
from api.logs import Requests, path_of
from api.quick_items import Plain
from api.settings import Settings
from api.tally import Tally
from api.trace import Names, Trace
from geo import outcome

log = logging.getLogger("api.requests")

LEAST_BYTES_PER_S = 4_096  # of a body, beyond the time that any may take
SLOW_S = 1.0  # an answer that takes longer is worth a line in the log
_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_HEEDED = {b"x-request-id", b"x-forwarded-for", b"forwarded", b"x-forwarded-proto"}
_READING = ("GET", "HEAD", "OPTIONS")


class Front:
    """Answers by the application, and writes down how it went."""

    def __init__(
        self, app: Kept, plain: Plain, *, limits: Limits, tally: Tally, settings: Settings
    ) -> None:
        self.app = app
        self.limits = limits
        self.tally = tally
        self.requests = settings.log_requests
        self.body_s = settings.body_seconds
        self.forwarded = Forwarded(app, settings.trusted_proxies)
        self.names = Names()
        known = None if self.requests is Requests.ALL else plain
        self.again = Again(
            app, known, limits=limits, tally=tally, names=self.names, tell=self._told
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        client = scope["client"]
        name, address = "", client[0] if client else ""
        for key, _ in scope["headers"]:
            if key in _HEEDED:
                name, address = self._heed(scope["headers"], address)
                break
        asked = scope[trace.KEY] = Trace(name or self.names.new(), address)
        trace.current.set(asked)
        more = headers.of(scope["path"])

        def sending(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                asked.status = message["status"]
                own = (b"x-request-id", asked.id.encode())
                message["headers"] = [*message["headers"], *more, own]
            return send(message)

        if scope["method"] not in _READING:
            outcome.begin()
            receive = _Patient(receive, asked, began + self.body_s)
        try:
            self.limits.read(address)
            await self.app(scope, receive, sending)
            if asked.given is not None and self.requests is not Requests.ALL:
                self.again.keep(scope, asked.given, more)
        except errors.TooManyError as error:
            asked.route = "limited"
            await errors.refusal(Request(scope), error)(scope, receive, sending)
        finally:
            seconds = perf_counter() - began
            self.tally.count(scope["method"], asked.route, asked.status, seconds)
            self._told(scope, asked, seconds)

    def _heed(self, given: Iterable[tuple[bytes, bytes]], peer: str) -> tuple[str, str]:
        """Return the name that a client gives its request, if it is one, and its address."""
        said: dict[bytes, bytes] = {}
        for key, value in given:
            if key in _HEEDED:
                said[key] = said[key] + b"," + value if key in said else value
        name = said.pop(b"x-request-id", b"")
        known = name.decode() if _ID.fullmatch(name) else ""
        return known, self._client(peer, said) if said else peer

    def _client(self, peer: str, said: dict[bytes, bytes]) -> str:
        """Return the address of a client; what a proxy does not write itself does not count."""
        older = said.get(b"x-forwarded-for", b"")
        standard = b"" if said.keys() - {b"forwarded"} else said[b"forwarded"]
        return self.forwarded.client(peer, older.decode("latin-1"), standard.decode("latin-1"))

    def _told(self, scope: Scope, asked: Trace, seconds: float) -> None:
        """Write a line about a request where it is worth one, or where each is wanted."""
        if _notable(scope, asked, seconds) or self.requests is Requests.ALL:
            self._tell(scope, asked, seconds)

    def _tell(self, scope: Scope, asked: Trace, seconds: float) -> None:
        if self.requests is Requests.NONE:
            return
        told = {
            "method": scope["method"],
            "path": path_of(scope["path"]),
            "status": asked.status,
            "ms": round(seconds * 1_000, 1),
            "address": asked.address,
        }
        log.info("%(method)s %(path)s %(status)s %(ms)s ms %(address)s", told, extra=told)


def _notable(scope: Scope, asked: Trace, seconds: float) -> bool:
    """Say whether a request is more than nobody in particular reading without trouble."""
    plain = scope["method"] in _READING and not asked.actor
    return not plain or asked.status >= 400 or seconds > SLOW_S


class _Patient:
    """Gives what is sent, as long as it comes fast enough."""

    def __init__(self, receive: Receive, asked: Trace, until: float) -> None:
        self.receive = receive
        self.asked = asked
        self.until = until  # as perf_counter tells the time
        self.whole = False

    async def __call__(self) -> Message:
        """Give the next message. Raises SlowBodyError."""
        if self.whole or self.asked.status:  # what still comes is that the client goes
            return await self.receive()
        try:
            async with asyncio.timeout(self.until - perf_counter()):
                message = await self.receive()
        except TimeoutError:
            raise errors.SlowBodyError("The body comes too slowly") from None
        self.until += len(message.get("body", b"")) / LEAST_BYTES_PER_S
        self.whole = not message.get("more_body", False)
        return message

"""What every answer carries: security headers, and what other sites may do with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CSP = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline';"
    " worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors {ancestors}"
)
_EXPOSED = ("ETag", "Content-Crs", "Content-Disposition", "Link", "Location", "Cotmoc-Revision")
_WRITING = ("POST", "PUT", "PATCH", "DELETE")


def _fixed(ancestors: str) -> dict[bytes, bytes]:
    return {
        b"content-security-policy": _CSP.format(ancestors=ancestors).encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",
    }


_FRAMED, _UNFRAMED = _fixed("*"), _fixed("'self'")


class SecurityHeaders:
    """Adds the headers that keep a page to its own host; only /embed may be framed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        fixed = _FRAMED if scope["path"].endswith("/embed") else _UNFRAMED

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [pair for pair in message.get("headers", ()) if pair[0] not in fixed]
                message = {**message, "headers": [*own, *fixed.items()]}
            await send(message)

        await self.app(scope, receive, sending)


class Cors:
    """Lets every site read without credentials if "*" is named; the others named may write too."""

    def __init__(self, app: ASGIApp, named: Sequence[str]) -> None:
        self.app = app
        self.named = frozenset(named) - {"*"}
        reading = ["*"] if "*" in named else []
        self.reader = CORSMiddleware(app, reading, ("GET", "HEAD"), expose_headers=_EXPOSED)
        self.writer = CORSMiddleware(
            app,
            sorted(self.named),
            ("GET", "HEAD", *_WRITING),
            (
                "Authorization",
                "Content-Type",
                "Content-Crs",
                "If-Match",
                "Cotmoc-Revision",
                "X-CSRF-Token",
            ),
            allow_credentials=True,
            expose_headers=_EXPOSED,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go on under the rules for the site that asks."""
        origin = Headers(scope=scope).get("origin") if scope["type"] == "http" else None
        rules = self.app if origin is None else self._rules(origin)
        await rules(scope, receive, send)

    def _rules(self, origin: str) -> ASGIApp:
        return self.writer if origin in self.named else self.reader


class Methods:
    """Answers OPTIONS with the methods that an address takes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with Allow, or go on."""
        allowed = allowed_methods(scope) if scope["type"] == "http" and _asks(scope) else None
        if not allowed:
            await self.app(scope, receive, send)
            return
        await Response(None, 204, {"allow": ", ".join(sorted(allowed))})(scope, receive, send)


def _asks(scope: Scope) -> bool:
    return bool(scope["method"] == "OPTIONS")


def _each(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Yield routes; the application holds its routers whole."""
    for route in routes:
        router = getattr(route, "original_router", None)
        yield from _each(router.routes) if router else (route,)


def allowed_methods(scope: Scope) -> set[str]:
    """Return the methods of all routes for a path; nothing where a route tells them itself."""
    found: set[str] = set()
    for route in _each(scope["app"].routes):
        own, _ = route.matches(scope)
        if own is Match.FULL and not isinstance(route, Mount):
            return set()
        match, _ = route.matches({**scope, "method": "GET"})
        files = isinstance(route, Mount)  # they stand behind all else
        if match is not Match.NONE and not (files and found):
            found |= set(getattr(route, "methods", None) or {"GET"})
    return found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()) if found else found

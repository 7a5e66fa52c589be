"""What other sites may do with an answer, and which methods an address takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

_EXPOSED = (
    "ETag", "Content-Crs", "Content-Disposition", "Link", "Location", "Cotmoc-Revision",
    "X-Request-ID", "Retry-After",
)  # fmt: skip
_WRITING = ("POST", "PUT", "PATCH", "DELETE")


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
        given = scope["headers"] if scope["type"] == "http" else ()
        origin = next((value for name, value in given if name == b"origin"), None)
        rules = self.app if origin is None else self._rules(origin.decode("latin-1"))
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


def each(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Yield each route; an application holds its routers whole."""
    for route in routes:
        router = getattr(route, "original_router", None)
        yield from each(router.routes) if router else (route,)


def allowed_methods(scope: Scope) -> set[str]:
    """Return the methods of all routes for a path; nothing where a route tells them itself."""
    found: set[str] = set()
    for route in each(scope["app"].routes):
        own, _ = route.matches(scope)
        if own is Match.FULL and not isinstance(route, Mount):
            return set()
        match, _ = route.matches({**scope, "method": "GET"})
        files = isinstance(route, Mount)  # they stand behind all else
        if match is not Match.NONE and not (files and found):
            found |= set(getattr(route, "methods", None) or {"GET"})
    return found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()) if found else found

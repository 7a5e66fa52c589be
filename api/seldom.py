"""Routes that few ask for: they are loaded when an address of theirs is asked for first.

So a server begins to answer earlier, and holds nothing of what nobody asks it for.
"""

import re
from collections.abc import Iterable
from threading import Lock
from typing import Protocol

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send


class Module(Protocol):
    """A module of routes, see geo.later."""

    @property
    def router(self) -> APIRouter:
        """Its routes."""


class Seldom:
    """What is not loaded yet of an application's routes.

    Each module stands beside a pattern that is found in METHOD, a space and the path of every
    request for it. A pattern may be found in others too: then it is loaded though nobody needs it.
    """

    def __init__(self, app: FastAPI, modules: Iterable[tuple[str, Module]]) -> None:
        self.app = app
        self._waiting = tuple((re.compile(pattern), module) for pattern, module in modules)
        self._at = len(app.router.routes)  # ahead of the files, which take every path
        self._adding = Lock()

    def add_for(self, method: str, path: str) -> None:
        """Add the routes that a request may be for."""
        asked = f"{method} {path}"
        if any(pattern.search(asked) for pattern, _ in self._waiting):
            self._add(asked)

    def add_all(self) -> None:
        """Add every route: who describes the server tells of all."""
        self._add(None)

    def _add(self, asked: str | None) -> None:
        with self._adding:
            for one in self._waiting:
                pattern, module = one
                if asked is None or pattern.search(asked):
                    self.app.include_router(module.router)
                    routes = self.app.router.routes
                    routes.insert(self._at, routes.pop())
                    # In one piece, as others look at it meanwhile: it waits until it is there.
                    self._waiting = tuple(left for left in self._waiting if left is not one)


class Adding:
    """Adds routes that are asked for first, and goes on."""

    def __init__(self, app: ASGIApp, *, seldom: Seldom) -> None:
        self.app = app
        self.seldom = seldom

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go on when the routes are there."""
        if scope["type"] == "http":
            self.seldom.add_for(scope["method"], scope["path"])
        await self.app(scope, receive, send)

"""Who asks: by the cookie of a session, by a token, or nobody."""

from __future__ import annotations

from threading import Lock

from fastapi import FastAPI, Request
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from api.settings import Settings
from geo.store import Target
from office import database
from office.actor import ANONYMOUS, Actor

COOKIE = "cotmoc-session"
_COOKIE = f"{COOKIE}=".encode()
_opening = Lock()


def place(settings: Settings) -> Target:
    """Return where the private database lies."""
    return settings.office or database.beside(settings.store)


def open_office(app: FastAPI) -> Engine:
    """Return the private database of a server, opened when it is first asked for.

    Raises:
        StoreError: it cannot be used.
    """
    with _opening:
        if app.state.office is None:
            app.state.office = database.open_office(place(app.state.settings))
    found: Engine = app.state.office
    return found


def office_of(request: Request) -> Engine:
    """Return the private database. Raises StoreError."""
    return open_office(request.app)


def has_credentials(scope: Scope) -> bool:
    """Say whether a request may come from somebody we know; costs next to nothing."""
    return any(
        name == b"authorization" or (name == b"cookie" and _COOKIE in value)
        for name, value in scope["headers"]
    )


def actor_of(_request: Request) -> Actor:
    """Return who asks."""
    return ANONYMOUS  # nobody has an account yet


async def actor_soon(request: Request) -> Actor:
    """Return who asks, without a thread where nobody says so."""
    if not has_credentials(request.scope):
        return ANONYMOUS
    return await run_in_threadpool(actor_of, request)

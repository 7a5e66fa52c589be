"""Who asks: by the cookie of a session, by a token, or nobody."""

from __future__ import annotations

from threading import Lock

from fastapi import FastAPI, Request
from sqlalchemy import Engine

from api.settings import Settings
from geo.store import Target
from office import database
from office.actor import ANONYMOUS, Actor

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


def actor_of(_request: Request) -> Actor:
    """Return who asks."""
    return ANONYMOUS  # nobody has an account yet

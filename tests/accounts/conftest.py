"""A server with accounts, its private database new for each test, a file or a schema."""

from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import APIRouter

from api import actors
from api.app import create_app
from api.deps import Actor
from api.settings import Settings
from geo.store import Target
from office import passwords
from office.actor import Role
from office.reads import Reads
from tests.accounts.kit import ONE, WHO, Person, signed_in
from tests.conftest import Places
from tests.geo import build


@pytest.fixture(scope="module")
def register(places: Places) -> Target:
    place = places()
    unit = build.unit("vn.dak-nong", "Đắk Nông")
    build.register(
        place, admin_units=[unit], markers=[build.marker(ONE, 107.3, 12.4)]
    ).engine.dispose()
    return place


@pytest.fixture(scope="module")
def server(register: Target) -> Iterator[Any]:
    made = create_app(Settings(store=register, allow_anonymous_writes=True))
    router = APIRouter()
    router.add_api_route(WHO, _who)
    made.router.routes.insert(0, router.routes[0])
    yield made
    made.state.engine.dispose()


def _who(actor: Actor) -> dict[str, Any]:
    """A route of the test's own that tells who asks."""
    return {"name": actor.name, "role": actor.role, "via": actor.via}


@pytest.fixture
def app(server: Any, place: Target, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The server with a private database of the test's own."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", cheap)
    server.state.settings = server.state.settings.model_copy(update={"office": place})
    yield server
    server.state.reads.close()  # it writes by itself, and would open the office of this test again
    server.state.reads = Reads(lambda: actors.open_office(server))
    actors.open_office(server).dispose()
    server.state.office = None


@pytest.fixture
def boss(app: Any) -> Person:
    return signed_in(app, "boss", Role.ADMIN)


@pytest.fixture
def lan(app: Any) -> Person:
    return signed_in(app, "lan", Role.VIEWER)

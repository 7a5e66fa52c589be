"""Servers over the register with its secrets, and over what each reader may know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from api import actors, deps
from api.app import create_app
from api.settings import Settings
from geo import audience, views
from geo.layers import LAYERS
from geo.schema import COMMON
from geo.types import Row
from geo.vocabulary import Classification
from office.actor import ANONYMOUS, Actor
from tests.conftest import Places
from tests.geo import build
from tests.matrix import rows
from tests.matrix.rows import GRID, Reader

HOME = "http://127.0.0.1:8000"
_WHO: dict[str, Actor] = {}


def forget_projections() -> None:
    """Let changed declarations count."""
    for made in (audience._hidden, audience.lenses, views._readers):
        made.cache_clear()


@pytest.fixture(scope="module")
def declared() -> Iterator[None]:
    """A restricted field in every layer, and in every spatial one an exact place for few."""
    [note] = (f for f in COMMON if f.name == "note")
    with pytest.MonkeyPatch.context() as patch:
        object.__setattr__(note, "audience", Classification.RESTRICTED)
        patched = [layer for layer in LAYERS.values() if layer.geometry]
        for layer in patched:
            object.__setattr__(layer, "grid_deg", GRID)
            object.__setattr__(layer, "exact_for", Classification.RESTRICTED)
        patch.setattr(deps, "actor_of", _actor_of)
        patch.setattr(actors, "actor_of", _actor_of)
        forget_projections()
        yield
        object.__setattr__(note, "audience", Classification.PUBLIC)
        for layer in patched:
            object.__setattr__(layer, "grid_deg", None)
            object.__setattr__(layer, "exact_for", Classification.PUBLIC)
    forget_projections()


def _actor_of(request: Request) -> Actor:
    return _WHO.get(request.headers.get("authorization", ""), ANONYMOUS)


@dataclass
class Server:
    """A server over some rows, asked as anybody."""

    places: Places
    held: dict[str, list[Row]]

    @cached_property
    def client(self) -> TestClient:
        place = self.places()
        build.register(place, **self.held).engine.dispose()
        made = TestClient(
            create_app(Settings(store=place)),
            base_url=HOME,
            headers={"accept-encoding": "identity", "accept-language": "en"},
            client=("127.0.0.1", 50_000),
            raise_server_exceptions=False,
        )
        return made.__enter__()  # one event loop for all that is asked

    def ask(self, actor: Actor, path: str, method: str = "GET", **given: Any) -> Any:
        headers = given.pop("headers", {})
        if actor is not ANONYMOUS:
            _WHO[str(actor)] = actor
            headers = headers | {"authorization": str(actor)}
        return self.client.request(method, path, headers=headers, **given)

    def close(self) -> None:
        if "client" in self.__dict__:
            self.client.__exit__()
            self.client.app.state.engine.dispose()  # type: ignore[attr-defined]


Make = Callable[[dict[str, list[Row]]], Server]


@pytest.fixture(scope="module")
def make(places: Places, declared: None) -> Iterator[Make]:
    made: list[Server] = []

    def server(held: dict[str, list[Row]]) -> Server:
        made.append(Server(places, held))
        return made[-1]

    yield server
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def whole(make: Make) -> Server:
    """The register with all its secrets."""
    return make(rows.whole())


@pytest.fixture(scope="module")
def known(make: Make) -> Callable[[Reader], Server]:
    """The register as if there were no more than a reader may know."""
    made: dict[str, Server] = {}

    def of(reader: Reader) -> Server:
        if reader.name not in made:
            made[reader.name] = make(rows.known(reader))
        return made[reader.name]

    return of

"""Servers over the register with its secrets, and over what each reader may know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from sqlalchemy import Connection, update

from api import actors, deps
from api.app import create_app
from api.settings import Settings
from geo import audience, statements, store, views
from geo.audience import EVERYTHING
from geo.evidence import content, keeping
from geo.evidence import register as evidence
from geo.evidence.place import Place
from geo.layers import LAYERS
from geo.proposing import Proposed
from geo.schema import COMMON
from geo.types import Row
from geo.vocabulary import Classification
from office import exporting, jobs, proposals
from office.actor import ANONYMOUS, Actor, Role
from office.database import writing
from tests.asking import Client
from tests.conftest import Places
from tests.geo import build
from tests.matrix import rows
from tests.matrix.rows import GRID, Reader

HOME = "http://127.0.0.1:8000"
# Of an administrator, in the whole register alone; what is proposed is a row that many see.
JOB = "0123456789abcdef0123456789abcdef"
PROPOSAL = "fedcba9876543210fedcba9876543210"
_WHO: dict[str, Actor] = {}


def forget_projections() -> None:
    """Let changed declarations count."""
    for made in (audience._hidden, audience.lenses, views._readers, statements._compiled):
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
    aside: Path  # where photos lie, and the files that come of jobs

    @cached_property
    def client(self) -> Client:
        place = self.places()
        made_of = build.register(place, **self.held)
        with store.writing(made_of.engine) as conn:
            self._bring(conn)
        made_of.engine.dispose()
        made = Client(
            create_app(Settings(store=place, evidence=str(self.aside), results=self.aside)),
            base_url=HOME,
            headers={"accept-encoding": "identity", "accept-language": "en"},
            client=("127.0.0.1", 50_000),
            raise_server_exceptions=False,
        )
        return made.__enter__()  # one event loop for all that is asked

    def _bring(self, conn: Connection) -> None:
        """Note the photos that rows name."""
        every = (row.properties.get("files") or () for rows in self.held.values() for row in rows)
        known = {sha256: level for level, sha256 in rows.SHA256.items()}
        for sha256 in sorted({one for files in every for one in files}):
            found = content.look(self.aside / sha256[:2] / sha256)
            size = len(rows.PHOTOS[known[sha256]])
            evidence.add(conn, sha256, found, size=size, name="a.jpg", actor="somebody")

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
def make(
    places: Places, declared: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Make]:
    made: list[Server] = []
    aside = tmp_path_factory.mktemp("aside")
    for level, sha256 in rows.SHA256.items():
        _keep(Place(aside), rows.PHOTOS[level], sha256)

    def server(held: dict[str, list[Row]]) -> Server:
        made.append(Server(places, held, aside))
        return made[-1]

    yield server
    for one in made:
        one.close()


def _keep(place: Place, data: bytes, sha256: str) -> None:
    with place.incoming() as path:
        path.write_bytes(data)
        keeping._make(place, path, sha256)
        place.put(path, sha256)


@pytest.fixture(scope="module")
def whole(make: Make) -> Server:
    """The register with all its secrets, an administrator's export of them and a proposal."""
    made = make(rows.whole())
    given = {"layer": "markers", "f": "csv", "query": {}, "sight": exporting.written(EVERYTHING)}
    result = {"name": "markers.csv", "media_type": "text/csv", "count": 1}
    ended = {"id": JOB, "state": "done", "file": "secret.csv", "result": result, "ended": 1e9}
    with writing(actors.open_office(made.client.app)) as conn:  # type: ignore[arg-type]
        jobs.submit(conn, exporting.KIND, given, rows.somebody(Role.ADMIN, id="boss"))
        conn.execute(update(jobs.jobs).values(**ended))
        _propose(conn)
    (made.aside / "secret.csv").write_text("secret")
    return made


def _propose(conn: Connection) -> None:
    row = next(row for row in rows.whole()["markers"] if row.id == "markers-own-public")
    base, patch = row.properties["revision"], {"properties": {"locality": "moved"}}
    asked = Proposed(LAYERS["markers"], "edit", row.id, "2026-01-01", base, patch)
    proposals.make(conn, asked, "secret reason", rows.somebody(Role.ADMIN, id="boss"))
    conn.execute(update(proposals.proposals).values(id=PROPOSAL))


@pytest.fixture(scope="module")
def known(make: Make) -> Callable[[Reader], Server]:
    """The register as if there were no more than a reader may know."""
    made: dict[str, Server] = {}

    def of(reader: Reader) -> Server:
        if reader.name not in made:
            made[reader.name] = make(rows.known(reader))
        return made[reader.name]

    return of

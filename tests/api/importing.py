"""Importing as people with accounts, and a worker for what is long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import actors
from api.app import create_app
from api.settings import Settings
from geo.store import Target
from office import database, people, worker
from office.actor import Actor, Role
from office.work import Workshop
from tests.api.acting import act
from tests.asking import Client
from tests.geo import build
from tests.matrix.rows import UNITS
from tests.once import DATA

IMPORTS = "/api/imports"
ITEMS = "/api/collections/markers/items"
HEAD = ("number", "longitude", "latitude", "province", "border", "locality")
ROWS_AT_ONCE = 3  # rows that are judged while one waits
Line = Sequence[Any]


def line(number: int, province: str = "Đắk Nông", locality: str = "") -> Line:
    return (number, 107.3 + number / 100, 12.4, province, "VN-KH", locality)


def sheet(*lines: Line) -> bytes:
    return "\n".join(",".join(map(str, one)) for one in (HEAD, *lines)).encode()


MANY = [line(number) for number in range(1, 6)]


@dataclass
class Office:
    """A server with people, and the worker of its jobs."""

    client: TestClient
    shop: Workshop
    known: dict[str, str] = field(default_factory=dict)  # account by login
    now: Actor | None = None

    def be(self, login: str, role: Role = Role.EDITOR, *provinces: str) -> None:
        """Go on as somebody; his account is made, or made into this."""
        with database.writing(self.shop.office) as conn:
            if login not in self.known:
                made = people.create(conn, login, name=login, role=role, provinces=provinces)
                self.known[login] = made.id
        self.change(login, role, *provinces)
        with self.shop.office.connect() as conn:
            person = people.get(conn, self.known[login])
        self.now = person.acting("session", second_factor=True)

    def change(self, login: str, role: Role, *provinces: str) -> None:
        """Let an account be something else."""
        given = '["' + '","'.join(provinces) + '"]' if provinces else "[]"
        with database.writing(self.shop.office) as conn:
            people.put(conn, self.known[login], role=role.value, provinces=given)

    def shrink(self, *provinces: str) -> None:
        """Let the same session be of one who has other provinces."""
        assert self.now is not None
        self.now = replace(self.now, provinces=frozenset(provinces))

    def send(self, *lines: Line, **query: str) -> Any:
        given = {"name": "moc.csv"} | query
        return self.client.post(IMPORTS, params=given, content=sheet(*lines))

    def work(self) -> None:
        """Do all the jobs that wait."""
        while worker.step(self.shop, "w"):
            pass

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(path, params=query)

    def rows(self, told: dict[str, Any], **query: str) -> list[Any]:
        rows: list[Any] = self.get(f"{IMPORTS}/{told['id']}/rows", **query).json()["rows"]
        return rows

    def commit(self, told: dict[str, Any], reason: str = "đối chiếu") -> Any:
        return self.client.post(f"{IMPORTS}/{told['id']}/commit", params={"reason": reason})

    def numbers(self) -> set[str]:
        """Return the numbers of the markers that whoever asks sees."""
        found = self.get(ITEMS, limit="1000").json()["features"]
        return {one["properties"]["number"] for one in found}


def opened(place: Target, waiting: Path, monkeypatch: pytest.MonkeyPatch, **rows: Any) -> Office:
    """Return a server over a register of these rows, asked as whoever `be` says."""
    build.register(place, admin_units=UNITS, **rows).engine.dispose()
    settings = Settings(store=place, imports=waiting, import_rows=ROWS_AT_ONCE)
    app = create_app(settings)
    engine = actors.open_office(app)
    results = waiting.parent / "results"
    shop = Workshop(app.state.register, engine, results, DATA, imports=waiting)
    client = Client(app, "http://127.0.0.1", headers={"accept-language": "en"})
    office = Office(client, shop)
    act(monkeypatch, lambda _: office.now)  # type: ignore[arg-type, return-value]
    client.headers["authorization"] = "somebody"
    client.__enter__()
    return office


def close(office: Office) -> None:
    office.client.__exit__()
    office.shop.office.dispose()
    office.shop.register.engine.dispose()

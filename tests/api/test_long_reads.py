"""One request cannot keep a server busy for ever: who asks for too much is told to ask for less."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlalchemy import exists, literal

from api.app import create_app
from api.settings import Settings
from geo import cql, geopackage_reading
from geo.store import Target
from geo.tables import revisions
from tests.asking import Client
from tests.geo.build import marker, register

ITEMS = "/api/collections/markers/items"
pytestmark = pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")
NEVER = {"filter": "'this' = 'read never ends'"}


def joined(times: int) -> Any:
    """A condition that is never true, looked at for each row of the layers so many times joined."""
    several = [revisions.alias() for _ in range(times)]
    return exists().where(sum((one.c.revision for one in several), literal(0)) < 0)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every filter takes for ever, on a machine of any speed."""
    monkeypatch.setattr(cql, "condition", lambda *_: joined(10))


@pytest.fixture
def made(place: Target) -> Target:
    register(place, markers=[marker(f"m.{n}", 107.3, 12.4) for n in range(9)]).engine.dispose()
    return place


def served(place: Target, **given: Any) -> Iterator[TestClient]:
    app = create_app(Settings(store=place, **given))
    with Client(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(made: Target, endless: None) -> Iterator[TestClient]:
    yield from served(made, read_seconds=0.2)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        (ITEMS, {}),
        (ITEMS, {"f": "html"}),
        (ITEMS, {"before": "1"}),
        ("/api/collections/markers/counts", {"by": "stage"}),
        ("/api/tiles/WebMercatorQuad/0/0/0", {"collections": "markers"}),
    ],
)
def test_a_read_without_end_is_answered_with_what_to_do(
    client: TestClient, path: str, more: dict[str, str]
) -> None:
    for lang, said in (("en", "a smaller bbox"), ("vi", "vùng nhỏ hơn")):
        answer = client.get(path, params={**NEVER, **more, "lang": lang})
        assert answer.status_code == 400
        assert said in answer.text
        if "f" not in more:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "long_read"
    assert client.get(ITEMS).json()["numberMatched"] == 9


def test_nothing_is_lost_by_many_of_them(client: TestClient) -> None:
    """Neither a thread nor a connection."""
    for _ in range(25):
        assert client.get(ITEMS, params=NEVER).status_code == 400
    assert client.get(ITEMS, params={"number": "m.3"}).json()["numberMatched"] == 1


def test_others_are_answered_meanwhile(
    tmp_path: Path, endless: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, clock = tmp_path / "r.gpkg", [0.0]
    register(place, markers=[marker("m.1", 107.3, 12.4)]).engine.dispose()
    monkeypatch.setattr(geopackage_reading, "monotonic", lambda: clock[0])
    for client in served(place, read_seconds=30):
        with ThreadPoolExecutor() as apart:
            long = [apart.submit(client.get, ITEMS, params=NEVER) for _ in range(4)]
            for path in (ITEMS, f"{ITEMS}/m.1", f"{ITEMS}?f=html", "/health/ready", "/api"):
                assert client.get(path).status_code == 200
            assert not any(one.done() for one in long)
            clock[0] = 31.0  # seconds
            assert [one.result().status_code for one in long] == [400] * 4


def test_an_export_takes_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "r.gpkg"
    register(place, markers=[marker("m.1", 107.3, 12.4)]).engine.dispose()
    monkeypatch.setattr(cql, "condition", lambda *_: ~joined(4))
    for client in served(place, read_seconds=1e-6):
        assert client.get(ITEMS, params=NEVER).json()["code"] == "long_read"
        export = client.get(ITEMS, params={**NEVER, "f": "csv"})
        assert export.status_code == 200
        assert "m.1" in export.text


def test_a_limit_that_no_store_takes_stops_the_start() -> None:
    with pytest.raises(ValidationError, match="read_seconds"):
        Settings(read_seconds=float("inf"))


def test_who_sets_no_limit_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "r.gpkg"
    register(place, markers=[marker("m.1", 107.3, 12.4)]).engine.dispose()
    monkeypatch.setattr(cql, "condition", lambda *_: ~joined(4))
    for client in served(place, read_seconds=0):
        assert client.get(ITEMS, params=NEVER).json()["numberMatched"] == 1

"""Reads from copies that follow the store: in turns, never older than the client has seen."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.app import create_app
from api.settings import Settings
from geo import copying, replicas, store
from tests.conftest import Places
from tests.geo.build import marker, register
from tests.server import until

ITEM = "/api/collections/markers/items/a"
PAGE = "/api/collections/markers/items?limit=5"


class Pair(NamedTuple):
    client: TestClient
    own: Engine
    copy: Engine


@pytest.fixture
def pair(places: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """A server of a store and of a copy whose markers tell that they come from it."""
    monkeypatch.setattr(replicas, "LOOK_S", 0.1)
    first, second = places(), places()
    own = register(first, markers=[marker("a", 107.5, 12.5)]).engine
    copying.copy(first, second)
    copy = store.open_store(second)
    write(copy, "a", "copy", counted=False)
    app = create_app(Settings(store=first, read_stores=(str(second),)))
    with TestClient(app) as client:
        yield Pair(client, own, copy)
    app.state.replicas.close()
    for engine in (app.state.engine, own, copy):
        engine.dispose()


def write(engine: Engine, old: str, new: str, *, counted: bool = True) -> int:
    with store.writing(engine) as conn:
        changed = f'replace(geojson, \'"number":"{old}"\', \'"number":"{new}"\')'
        conn.exec_driver_sql(f"UPDATE markers_view SET geojson = {changed}")
        if counted:
            conn.exec_driver_sql(
                "UPDATE revisions SET revision = revision + 1 WHERE layer = 'markers'"
            )
        return store.revision_of_all(conn)


def number(client: TestClient, address: str = ITEM, **headers: str) -> Any:
    body = client.get(address, headers=headers).json()
    return (body["features"][0] if "features" in body else body)["properties"]["number"]


def ready(pair: Pair) -> bool:
    chosen = pair.client.app.state.replicas.choose()  # type: ignore[attr-defined]
    return chosen is not None


def test_copies_are_read_while_they_are_up_to_date(pair: Pair) -> None:
    until(lambda: ready(pair))
    assert number(pair.client) == number(pair.client, PAGE) == "copy"
    assert number(pair.client, f"{PAGE}&properties=number") == "copy"
    tag = pair.client.get(ITEM).headers["etag"]

    revision = write(pair.own, "a", "new")
    assert number(pair.client, **{"cotmoc-revision": str(revision)}) == "new"
    until(lambda: not ready(pair))
    assert number(pair.client) == number(pair.client, PAGE) == "new"
    assert pair.client.get(ITEM, headers={"if-none-match": tag}).status_code == 200

    write(pair.copy, "copy", "caught up")
    until(lambda: ready(pair))
    assert number(pair.client, f"{PAGE}&stage=null") == "caught up"


def test_a_lagging_copy_never_lends_its_bytes_to_a_newer_tag(pair: Pair) -> None:
    until(lambda: ready(pair))
    old = pair.client.get(PAGE)
    write(pair.own, "a", "new")
    seen = [pair.client.get(PAGE) for _ in range(20)]
    for answer in seen:
        fresh = '"number":"new"' in answer.text
        assert (answer.headers["etag"] == old.headers["etag"]) != fresh


def test_a_copy_that_is_lost_is_left_out_and_tried_again(pair: Pair) -> None:
    until(lambda: ready(pair))
    with pair.copy.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE revisions RENAME TO gone")
    assert number(pair.client) == "a" or not ready(pair)
    until(lambda: not ready(pair))
    assert number(pair.client, PAGE) == "a"
    with pair.copy.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE gone RENAME TO revisions")
    until(lambda: ready(pair))


def test_a_copy_that_was_never_there_is_no_hindrance(places: Places) -> None:
    first = places()
    own = register(first, markers=[marker("a", 107.5, 12.5)]).engine
    app = create_app(Settings(store=first, read_stores=("nowhere.gpkg",)))
    with TestClient(app) as client:
        assert number(client) == "a"
    app.state.replicas.close()
    for engine in (app.state.engine, own):
        engine.dispose()

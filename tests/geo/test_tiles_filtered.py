"""Tiles of points under a filter, and deep ones: right however they are read, after writes too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from geo import cql, layers, query, store, views
from geo.period import Period
from geo.query import Filter
from geo.register import Register
from geo.tiles import rows, state
from geo.tiles.build import Maker
from geo.tiles.cache import Cache
from geo.tiles.clusters import BELOW
from geo.tiles.grid import Tile
from geo.tiles.serve import Tiles
from tests.geo import build
from tests.geo.test_tiles import TODAY, at, decoded
from tests.geo.test_tiles_cache import add, count_change

MARKERS = layers.MARKERS
WEST, EAST = (107.0, 12.5), (107.4, 12.5)  # in one cell of zoom 8
FAR = (105.0, 20.0)


@pytest.fixture(scope="module")
def conn(embedded: Register) -> Any:
    with embedded.engine.connect() as conn:
        yield conn


def said(text: str) -> Filter:
    return replace(TODAY, expression=cql.condition(MARKERS, cql.parse(text)))


def sizes(body: bytes) -> list[int]:
    return [f["properties"].get("count", 1) for f in decoded(body).get("markers", [])]


FILTERS = {
    "text": said("border = 'VN-KH' AND stage <> 'x'"),
    "like": said("CASEI(number) LIKE '%2%'"),
    "value": replace(TODAY, values={"border": ["VN-LA"]}),
    "units": replace(TODAY, units=frozenset({"vn.dak-nong", "vn.lam-dong.2025"})),
    "years": Filter(Period("2000-01-01", "2020-01-01"), values={"border": ["VN-KH"]}),
    "ever": Filter(None, values={"border": ["VN-KH"]}),
}


@pytest.mark.parametrize("name", FILTERS)
def test_counts_add_up_to_what_the_filter_leaves(conn: Connection, name: str) -> None:
    maker, asked = Maker(), FILTERS[name]
    wanted = query.matched(conn, MARKERS, replace(asked, bbox=(-180, -90, 180, 90)))
    boxes = query.boxes(conn, MARKERS, replace(asked, when=None))
    assert wanted > 0
    for z in (0, 5, 8, 11, BELOW, 15):
        tiles = {at(z, *box[:2]) for box in boxes.values()}
        assert sum(sum(sizes(maker.layer(conn, MARKERS, asked, one))) for one in tiles) == wanted


def crowd(where: tuple[float, float], border: str, first: int, count: int) -> list[Any]:
    lon, lat = where
    return [
        build.marker(f"vn-kh.{n}.0.1", lon + n * 1e-6, lat, main=n, number=str(n), border=border)
        for n in range(first, first + count)
    ]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    rows = crowd(WEST, "VN-KH", 0, 300) + crowd(EAST, "VN-LA", 300, 290)
    return build.register(tmp_path / "r.gpkg", markers=rows + crowd(FAR, "VN-LA", 600, 5))


def test_a_heap_counts_what_the_filter_leaves_of_it(register: Register) -> None:
    lao = said("border = 'VN-LA'")
    with register.engine.connect() as conn:
        assert sum(sizes(Maker().layer(conn, MARKERS, lao, Tile(0, 0, 0)))) == 295
        assert sizes(Maker().layer(conn, MARKERS, lao, at(7, *EAST))) == [290]
        assert sizes(Maker().layer(conn, MARKERS, lao, at(9, *FAR))) == [1] * 5


def watched(monkeypatch: pytest.MonkeyPatch, *names: str) -> list[tuple[str, Any]]:
    """Note which readings are made, and of which box."""
    calls: list[tuple[str, Any]] = []
    for name in names:
        own = getattr(rows, name)

        def read(conn: Any, layer: Any, asked: Filter, *more: Any, _own: Any = own) -> Any:
            calls.append((_own.__name__, asked.bbox))
            return _own(conn, layer, asked, *more)

        monkeypatch.setattr(rows, name, read)
    return calls


def test_a_filter_is_asked_of_the_store_once(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, maker, lao = watched(monkeypatch, "points", "keys"), Maker(), said("border = 'VN-LA'")
    with register.engine.connect() as conn:
        for z in range(BELOW):
            assert sum(sizes(maker.layer(conn, MARKERS, lao, at(z, *EAST)))) in (290, 295)
    assert calls == [("points", None), ("keys", None)]


def test_after_a_write_the_filter_is_asked_of_the_cell_alone(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiles, lao = Tiles(Cache(tmp_path / "t.tiles")), said("border = 'VN-LA'")

    def count(z: int) -> int:
        with register.engine.connect() as conn:
            asked, tile = [(MARKERS, lao)], at(z, *EAST)
            version = tiles.version(conn, asked, tile)
            return sum(sizes(tiles.tile(conn, asked, tile, version)))

    assert [count(z) for z in (0, 6, 13)] == [295, 290, 290]
    calls = watched(monkeypatch, "points", "keys")
    add(register, MARKERS, build.marker("vn-la.900.0.1", *EAST, border="VN-LA"))
    add(register, MARKERS, build.marker("vn-la.901.0.1", *EAST, border="VN-KH"))
    assert [count(z) for z in (0, 6, 13)] == [296, 291, 291]
    [(name, box)] = calls
    assert name == "points"
    assert box[2] - box[0] < 2


def test_the_first_deep_tile_reads_what_lies_in_it(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = watched(monkeypatch, "points", "keys")
    with register.engine.connect() as conn:
        assert sizes(Maker().layer(conn, MARKERS, TODAY, at(BELOW, *WEST))) == [1] * 300
    assert calls == []


@pytest.mark.parametrize("z", [BELOW, 16, 20])
def test_a_deep_tile_is_the_same_by_keys_and_by_box(register: Register, z: int) -> None:
    with register.engine.connect() as conn:
        for place in (WEST, (EAST[0] + 300e-6, EAST[1]), (FAR[0] + 600e-6, FAR[1])):
            by_box, by_keys = Maker(), Maker()
            by_keys.layer(conn, MARKERS, TODAY, Tile(0, 0, 0))
            found = [
                decoded(maker.layer(conn, MARKERS, TODAY, at(z, *place)))["markers"]
                for maker in (by_box, by_keys)
            ]
            assert sorted(found[0], key=str) == sorted(found[1], key=str)


@pytest.mark.parametrize("z", [9, BELOW])
def test_rows_that_went_meanwhile_are_in_no_tile(register: Register, z: int) -> None:
    """The state was read before a row was taken away, the tile is made after."""
    maker = Maker()
    with register.engine.connect() as conn:
        before = state.current(conn)
        maker.tile(conn, [(MARKERS, TODAY)], Tile(0, 0, 0), before)
    with store.writing(register.engine) as conn:
        views.remove(conn, MARKERS, [f"vn-kh.{number}.0.1" for number in range(600, 605)])
        count_change(conn, MARKERS)
    with register.engine.connect() as conn:
        body = maker.tile(conn, [(MARKERS, TODAY)], at(z, *FAR), before)
    assert body == b""

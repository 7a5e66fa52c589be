"""Tiles that are kept: good until what lies under them changes, and never needed."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
from shapely.geometry import LineString, MultiLineString
from sqlalchemy import Connection, update

from geo import functions, layers, store, tables, views
from geo.period import Period
from geo.query import Filter
from geo.register import Register
from geo.schema import Layer
from geo.tiles import cache, cells, rows
from geo.tiles.build import Maker
from geo.tiles.cache import Cache
from geo.tiles.grid import Tile
from geo.tiles.serve import Tiles
from geo.timeline import periods
from geo.types import Row
from tests.geo import build
from tests.geo.test_tiles import at
from tests.server import until

MARKERS = layers.MARKERS
TODAY = Filter(Period("2026-01-01", "2026-01-01"))
HERE, FAR = (107.5, 12.5), (105.0, 20.0)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    rows = [build.marker("vn-kh.1.0.1", *HERE), build.marker("vn-la.2.0.1", *FAR)]
    return build.register(tmp_path / "r.gpkg", markers=rows)


@pytest.fixture
def tiles(tmp_path: Path) -> Tiles:
    return Tiles(Cache(tmp_path / "r.gpkg.tiles"))


def add(register: Register, layer: Layer, row: Row) -> None:
    with store.writing(register.engine) as conn:
        views.write(conn, layer, [periods([row], [])])
        count_change(conn, layer)


def count_change(conn: Connection, layer: Layer) -> None:
    """Count a change as every writer does."""
    table = tables.revisions
    grown = update(table).where(table.c.layer == layer.name)
    conn.execute(grown.values(revision=table.c.revision + 1))


def ask(register: Register, tiles: Tiles, tile: Tile, asked: Filter = TODAY) -> tuple[str, bytes]:
    with register.engine.connect() as conn:
        version = tiles.version(conn, [(MARKERS, asked)], tile)
        return version.tagged(""), tiles.tile(conn, [(MARKERS, asked)], tile, version)


def ids(body: bytes) -> set[str]:
    found = mapbox_vector_tile.decode(body)["markers"]["features"]
    return {feature["properties"]["id"] for feature in found}


class Forbidden(Maker):
    def tile(self, *_: Any, **__: Any) -> bytes:
        raise AssertionError("the tile should have come from the cache")


def test_a_tile_asked_again_is_not_made_again(
    register: Register, tiles: Tiles, tmp_path: Path
) -> None:
    first = ask(register, tiles, at(14, *HERE))
    tiles.cache.close()
    restarted = Tiles(Cache(tiles.cache.path), Forbidden())
    assert ask(register, restarted, at(14, *HERE)) == first


@pytest.mark.parametrize("z", [0, 5, 8, 12, 14])
def test_a_write_shows_in_every_tile_above_it(register: Register, tiles: Tiles, z: int) -> None:
    tile = at(z, *HERE)
    before, _ = ask(register, tiles, tile)
    add(register, MARKERS, build.marker("vn-kh.3.0.1", HERE[0] + 2e-5, HERE[1]))
    after, body = ask(register, tiles, tile)
    assert after != before
    found = mapbox_vector_tile.decode(body)["markers"]["features"]
    near = [f["properties"].get("count", 1) for f in found]
    assert sum(near) == (3 if z <= 5 else 2)


@pytest.mark.parametrize("z", [6, 8, 12])
def test_a_write_elsewhere_leaves_a_tile_as_it_is(register: Register, tiles: Tiles, z: int) -> None:
    tile = at(z, *HERE)
    before = ask(register, tiles, tile)
    add(register, MARKERS, build.marker("vn-la.4.0.1", FAR[0], FAR[1] + 0.1))
    tiles.maker = Forbidden()
    assert ask(register, tiles, tile) == before


def test_a_write_to_another_layer_leaves_a_tile_as_it_is(register: Register, tiles: Tiles) -> None:
    tile = at(12, *HERE)
    before = ask(register, tiles, tile)
    line = MultiLineString([LineString([HERE, FAR])])
    add(register, layers.BORDERS, build.row("borders", "vn-xx", line, level="line"))
    assert ask(register, tiles, tile) == before


def test_a_row_taken_away_leaves_the_tiles(register: Register, tiles: Tiles) -> None:
    tile = at(14, *HERE)
    assert ids(ask(register, tiles, tile)[1]) == {"vn-kh.1.0.1"}
    with store.writing(register.engine) as conn:
        views.remove(conn, MARKERS, ["vn-kh.1.0.1"])
        count_change(conn, MARKERS)
    assert ask(register, tiles, tile)[1] == b""


def test_a_line_counts_in_the_cells_that_it_crosses(register: Register) -> None:
    line = MultiLineString([LineString([HERE, (HERE[0] + 3, HERE[1])])])
    add(register, layers.BORDERS, build.row("borders", "vn-xx", line, level="line"))
    with register.engine.connect() as conn:
        under = [
            cells.revision(conn, [layers.BORDERS], at(8, HERE[0] + east, HERE[1]))
            for east in (0.0, 1.5, 3.0, 6.0)
        ]
    assert min(under[:3]) > 0
    assert under[3] == 0


def test_a_rolled_back_write_counts_nothing(register: Register, tiles: Tiles) -> None:
    before = ask(register, tiles, at(12, *HERE))
    with register.engine.connect() as conn, conn.begin() as transaction:
        views.write(conn, MARKERS, [periods([build.marker("x.1.0.1", *HERE)], [])])
        transaction.rollback()
    assert ask(register, tiles, at(12, *HERE)) == before


def test_days_on_which_nothing_changes_share_a_tile(tmp_path: Path, tiles: Tiles) -> None:
    rows = [build.marker("vn-kh.1.0.1", *HERE)]
    steps = [build.event("vn-kh.1.0.1", "built", "2010-05-01")]
    register = build.register(tmp_path / "s.gpkg", markers=rows, marker_events=steps)
    tile = at(14, *HERE)
    days = ("2010-04-30", "2010-05-01", "2010-05-02", "2012-01-01")
    tags = [ask(register, tiles, tile, Filter(Period(day, day))) for day in days]
    assert tags[0] != tags[1] == tags[2] == tags[3]


def test_a_free_filter_is_never_kept(register: Register, tiles: Tiles) -> None:
    tile = at(14, *HERE)
    narrow = replace(TODAY, values={"id": ["vn-kh.1.0.1"]})
    assert ids(ask(register, tiles, tile, narrow)[1]) == {"vn-kh.1.0.1"}
    assert ask(register, tiles, tile, replace(TODAY, values={"id": ["none"]}))[1] == b""
    assert not tiles.cache.path.exists()


def test_another_register_at_the_same_path_has_its_own_tiles(
    tmp_path: Path, register: Register, tiles: Tiles
) -> None:
    tile = at(14, *HERE)
    assert ids(ask(register, tiles, tile)[1]) == {"vn-kh.1.0.1"}
    other = build.register(
        tmp_path / "other.gpkg",
        markers=[build.marker("vn-kh.9.0.1", *HERE), build.marker("vn-la.2.0.1", *FAR)],
    )
    assert ids(ask(other, tiles, tile)[1]) == {"vn-kh.9.0.1"}


@pytest.mark.parametrize("content", [b"not a database at all, but long enough" * 40, None])
def test_a_file_that_cannot_be_used_is_done_without(
    tmp_path: Path, register: Register, content: bytes | None
) -> None:
    path = tmp_path / "bad.tiles"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    tiles = Tiles(Cache(path))
    assert ids(ask(register, tiles, at(14, *HERE))[1]) == {"vn-kh.1.0.1"}
    assert content is None or path.read_bytes() == content


def test_a_file_locked_by_another_is_done_without(
    tmp_path: Path, register: Register, tiles: Tiles
) -> None:
    ask(register, tiles, at(14, *HERE))
    with closing(sqlite3.connect(tiles.cache.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert ids(ask(register, tiles, at(13, *HERE))[1]) == {"vn-kh.1.0.1"}
        other.execute("ROLLBACK")


def test_the_file_stays_within_its_size(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "small.tiles", max_bytes=400_000)
    for number in range(300):
        kept.put(f"a/{number}", "1", bytes(10_000))
    kept.close()
    assert kept.get("a/299", "1") == bytes(10_000)
    assert kept.get("a/0", "1") is None
    kept.close()
    assert kept.path.stat().st_size < 600_000


def test_an_older_revision_is_replaced(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "t.tiles")
    kept.put("a", "1", b"old")
    assert kept.get("a", "2") is None
    kept.put("a", "2", b"new")
    assert (kept.get("a", "1"), kept.get("a", "2")) == (None, b"new")


def test_a_burst_is_written_whole(tmp_path: Path) -> None:
    kept, other = Cache(tmp_path / "t.tiles"), Cache(tmp_path / "t.tiles")
    for number in range(50):
        kept.put(f"a/{number}", "1", b"body")
        assert kept.get(f"a/{number}", "1") == b"body"
    until(lambda: other.get("a/49", "1") is not None)
    assert all(other.get(f"a/{number}", "1") == b"body" for number in range(50))


def test_two_writers_share_a_file(tmp_path: Path) -> None:
    two = [Cache(tmp_path / "t.tiles") for _ in range(2)]

    def write(number: int) -> None:
        two[number % 2].put(f"a/{number}", "1", str(number).encode())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(100)))
    for one in two:
        one.close()
    held = [two[0].get(f"a/{number}", "1") for number in range(100)]
    assert sum(body is not None for body in held) > 50  # a busy file may be passed over
    assert all(body in (None, str(i).encode()) for i, body in enumerate(held))


def test_the_file_stands_beside_the_store() -> None:
    folder = Path("else")
    assert cache.beside(Path("var/cotmoc.gpkg"), folder=folder) == Path("var/cotmoc.gpkg.tiles")
    assert cache.beside("postgresql://host/register", folder=folder).parent == folder


def test_what_the_latest_points_tell_is_read_from_an_index_alone(register: Register) -> None:
    with register.engine.connect() as conn:
        hint = functions.index_hint(conn, tables.told_index(tables.VIEWS["markers"]))
        sql = f"EXPLAIN QUERY PLAN SELECT vid, {', '.join(rows.names(MARKERS))} FROM markers_view"
        told = f"{sql} {hint} WHERE t_next = '{tables.LATEST}' AND vid IN (1, 2)"
        plan = [str(row) for row in conn.exec_driver_sql(told)]
    assert any("COVERING INDEX" in line for line in plan), plan


def test_a_register_without_that_index_has_the_same_tiles(register: Register, tiles: Tiles) -> None:
    first = ask(register, tiles, at(14, *HERE))
    with store.writing(register.engine) as conn:
        conn.exec_driver_sql(f"DROP INDEX {tables.told_index(tables.VIEWS['markers'])}")
    again = Tiles(Cache(tiles.cache.path.with_name("other.tiles")))
    assert ask(register, again, at(14, *HERE)) == first


def test_a_write_renews_the_places_of_its_cell_alone(
    register: Register, tiles: Tiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(register, tiles, at(5, *HERE))
    boxes: list[Any] = []
    read = rows.points

    def points(conn: Connection, layer: Layer, asked: Filter) -> Any:
        boxes.append(asked.bbox)
        return read(conn, layer, asked)

    monkeypatch.setattr(rows, "points", points)
    add(register, MARKERS, build.marker("vn-kh.3.0.1", HERE[0] + 2e-5, HERE[1]))
    _, body = ask(register, tiles, at(0, *HERE))
    found = mapbox_vector_tile.decode(body)["markers"]["features"]
    assert sum(one["properties"]["count"] for one in found) == 3
    [box] = boxes
    assert box is not None
    assert box[2] - box[0] < 2

"""What tiles are made of, held and kept by place: good until what lies there changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import layers, store
from geo.audience import PUBLIC, everywhere
from geo.period import Period
from geo.query import Filter
from geo.register import Register
from geo.tiles import dots, plots, rows, serve, shelf, squares
from geo.tiles.build import Maker
from geo.tiles.clusters import BELOW
from geo.tiles.grid import Tile
from geo.tiles.ready import Ask, Stock
from geo.tiles.serve import Tiles
from geo.tiles.shelf import Piece, Shelf
from geo.tiles.state import current
from geo.vocabulary import Classification
from tests.conftest import Places
from tests.geo import build
from tests.geo.test_tiles import TODAY, at, decoded
from tests.geo.test_tiles_cache import add, ids

MARKERS = layers.MARKERS
HERE, FAR = (107.5, 12.5), (105.0, 20.0)
INTERNAL = replace(TODAY, sight=everywhere(Classification.INTERNAL))


def crowd() -> list[Any]:
    """Four hundred markers within a few km, and one far away."""
    random = np.random.default_rng(1)
    spots = (HERE + random.normal(0, 0.03, (400, 2))).tolist()
    near = [
        build.marker(f"m{n}", *spot, number=str(n // 3), position_id=f"p{n // 2}")
        for n, spot in enumerate(spots)
    ]
    return [
        *near,
        build.marker("far", *FAR),
        build.marker("hidden.1", *FAR, classification="internal"),
    ]


@pytest.fixture
def register(places: Places) -> Iterator[Register]:
    made = build.register(places(), markers=crowd())
    yield made
    made.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def opened(folder: Path) -> Tiles:
    """Tiles as a process that starts finds them: finished ones thrown away, their pieces kept."""
    for path in folder.glob("*.tiles*"):
        path.unlink()
    return serve.of_store("postgresql://here/any", folder=folder)


def ask(register: Register, tiles: Tiles, tile: Tile, asked: Filter = TODAY) -> bytes:
    with register.engine.connect() as conn:
        version = tiles.version(conn, [(MARKERS, asked)], tile)
        return tiles.tile(conn, [(MARKERS, asked)], tile, version)


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes reading where points stand, and what they tell, a failure."""

    def forbid(*more: str) -> None:
        def refused(*_: Any, **__: Any) -> Any:
            raise AssertionError("the store should not have been read")

        for name in ("near", "near_told", "points", *more):
            monkeypatch.setattr(rows, name, refused)

    return forbid


@given(
    st.lists(st.integers(0, 2**32 - 1)),
    st.lists(st.floats(allow_nan=False)),
    st.binary(max_size=40),
)
def test_a_piece_comes_back_as_it_was(whole: list[int], real: list[float], raw: bytes) -> None:
    columns: tuple[Any, ...] = (
        np.array(whole, np.uint32),
        np.frombuffer(raw, np.uint8),
        np.array(real).reshape(-1, 1),
    )
    found = shelf.unpacked("7", shelf.packed(Piece("7", "2020-01-01", "2021-01-01", columns)))
    assert found is not None
    assert found[:3] == ("7", "2020-01-01", "2021-01-01")
    for before, after in zip(columns, found.columns, strict=True):
        assert (before.dtype, before.shape) == (after.dtype, after.shape)
        assert np.array_equal(before, after)


@given(st.binary(max_size=200), st.integers(0, 300))
def test_broken_bytes_are_no_piece(noise: bytes, cut: int) -> None:
    assert shelf.unpacked("7", noise) is None
    whole = shelf.packed(Piece("7", "a", "b", (np.arange(20),)))
    if cut < len(whole):
        assert shelf.unpacked("7", whole[:cut]) is None


def test_what_is_held_stays_within_its_size() -> None:
    held = Shelf(most_bytes=10_000)
    for number in range(40):
        held.put(str(number), Piece("1", "a", "z", (np.zeros(1_000, np.uint8),)))
        assert held.get("0", "1", "b") is not None
    kept = [number for number in range(40) if held.get(str(number), "1", "b")]
    assert kept == [0, *range(31, 40)]


@pytest.mark.parametrize("z", [BELOW, 14, 17, 20])
def test_a_tile_cut_from_a_plot_is_the_one_read_for_itself(register: Register, z: int) -> None:
    with register.engine.connect() as conn:
        state, source = current(conn), rows.through(conn)
        asked = state.narrowed(source, MARKERS, TODAY)
        spots = [row.geometry.coords[0] for row in crowd()]
        tiles = {at(z, *spot) for spot in (*spots[:: 1 if z < 15 else 40], FAR)}
        for tile in tiles:
            own = dots._drawn(source, MARKERS, rows.near(source, MARKERS, asked, tile), tile)
            cut = Maker().layer(conn, MARKERS, TODAY, tile)
            alike = [sorted(map(repr, decoded(body).get("markers", []))) for body in (own, cut)]
            assert alike[0] == alike[1]


def test_a_first_tile_reads_no_more_than_it_shows(register: Register, folder: Path) -> None:
    tiles = opened(folder)
    shown = ids(ask(register, tiles, at(BELOW, *HERE)))
    [piece] = tiles.maker.dots.shelf._held.values()
    tiles.close()
    assert len(plots.Plot(*piece.columns).codes) == len(shown)
    assert 100 < len(shown) < 400


def test_a_deep_tile_needs_no_transaction(
    register: Register, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = Stock(register.engine, opened(folder), store.watch(register.engine))

    def tile(z: int, spot: tuple[float, float]) -> Ask:
        return Ask((MARKERS.name,), at(z, *spot), PUBLIC, "2026-01-01")

    first = stock.ready(tile(BELOW, HERE))
    monkeypatch.setattr(register.engine, "connect", None)
    for z in (13, 14, 15, 16):  # a question that comes again is put in another way
        asked = tile(z, FAR)
        assert ids((stock.at_once(asked) or stock.ready(asked)).body) == {"far"}
    asked = tile(BELOW, HERE)
    assert (stock.at_once(asked) or stock.ready(asked)).body == first.body
    stock.tiles.close()


def test_a_start_reads_nothing_of_what_was_read_before(
    register: Register, folder: Path, unread: Any
) -> None:
    tiles = opened(folder)
    first = [ask(register, tiles, at(z, *HERE)) for z in (5, 9, BELOW)]
    ask(register, tiles, at(BELOW, *FAR))
    tiles.close()
    unread()
    again = opened(folder)
    assert [ask(register, again, at(z, *HERE)) for z in (5, 9, BELOW)] == first
    for spot in (HERE, FAR):
        ask(register, again, at(16, *spot))
    again.close()


def test_a_tile_of_many_points_is_made_of_few_numbers(
    register: Register, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiles = opened(folder)
    first = {z: ask(register, tiles, at(z, *HERE)) for z in (0, 5, 8)}
    tiles.close()
    again = opened(folder)
    with monkeypatch.context() as patched:
        patched.setattr(squares, "of_columns", None)  # makes an array of every point
        assert {z: ask(register, again, at(z, *HERE)) for z in first} == first
    add(register, MARKERS, build.marker("new", *HERE))
    for z, body in first.items():
        assert standing(ask(register, again, at(z, *HERE))) == standing(body) + 1
    again.close()


def standing(body: bytes) -> int:
    """How many markers a tile tells of."""
    return sum(one["properties"].get("count", 1) for one in decoded(body)["markers"])


def test_a_register_is_prepared_before_anybody_asks(
    places: Places, folder: Path, unread: Any
) -> None:
    place = places()
    register = build.register(place, markers=crowd())
    serve.prepare(place, folder=folder)
    unread()
    tiles = serve.of_store(place, folder=folder)
    spots = [row.geometry.coords[0] for row in crowd()]
    parts = {at(BELOW, *spot) for spot in spots}
    shown = [ids(ask(register, tiles, part)) for part in parts]
    assert len(parts) > 5
    assert sum(map(len, shown)) == 401
    whole = decoded(ask(register, tiles, at(5, *HERE)))["markers"]
    assert sum(one["properties"].get("count", 1) for one in whole) > 300
    tiles.close()
    register.engine.dispose()


def test_two_processes_share_what_one_has_read(
    register: Register, folder: Path, unread: Any
) -> None:
    one, other = opened(folder), opened(folder)
    first = ask(register, one, at(BELOW, *HERE))
    one.close()
    unread("told")
    other.cache.path = folder / "nothing"  # the finished tile is not there
    assert ask(register, other, at(BELOW, *HERE)) == first
    other.close()


def test_a_write_makes_stale_what_it_touched_alone(
    register: Register, folder: Path, unread: Any
) -> None:
    tiles = opened(folder)
    for place in (HERE, FAR):
        ask(register, tiles, at(BELOW, *place))
    before = ids(ask(register, tiles, at(15, *FAR)))
    add(register, MARKERS, build.marker("new", HERE[0], HERE[1]))
    assert "new" in ids(ask(register, tiles, at(BELOW, *HERE)))
    unread("told")
    assert ids(ask(register, tiles, at(16, *FAR))) == before == {"far"}
    tiles.close()


@pytest.mark.parametrize("z", [BELOW, 7])
def test_what_begins_and_ends_does_so_from_what_is_held(
    places: Places, folder: Path, z: int
) -> None:
    rows_ = [
        build.marker("always", *HERE),
        build.marker("later", *HERE, valid_from="2026-03-01"),
        build.marker("gone", *HERE, valid_to="2026-03-01"),
    ]
    register = build.register(places(), markers=rows_)
    tiles = opened(folder)
    wanted = {
        "2026-01-01": {"always", "gone"},
        "2026-02-28": {"always", "gone"},
        "2026-03-01": {"always", "later"},
        "2027-01-01": {"always", "later"},
    }
    for day in (*wanted, *reversed(wanted)):
        asked = Filter(Period(day, day))
        assert ids(ask(register, tiles, at(z, *HERE), asked)) == wanted[day]
        tiles.close()
    register.engine.dispose()


def test_what_is_not_for_everybody_is_in_no_file(register: Register, folder: Path) -> None:
    tiles = opened(folder)
    for z in (8, 9, BELOW):
        assert b"hidden.1" in ask(register, tiles, at(z, *FAR), INTERNAL)
        assert b"hidden.1" not in ask(register, tiles, at(z, *FAR))
    tiles.close()
    held = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"far" in held
    assert b"hidden.1" not in held


def test_a_broken_file_is_done_without(register: Register, folder: Path) -> None:
    tiles = opened(folder)
    first = ask(register, tiles, at(BELOW, *HERE))
    tiles.close()
    [path] = folder.glob("*.points")
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE tiles SET body = substr(body, 1, length(body) / 2)")
        db.commit()
    again = opened(folder)
    assert ask(register, again, at(BELOW, *HERE)) == first
    again.close()
    path.write_bytes(b"not a database at all, but long enough" * 40)
    again = opened(folder)
    assert ask(register, again, at(BELOW, *HERE)) == first
    again.close()


def test_an_empty_cell_needs_no_look(register: Register, unread: Any) -> None:
    unread("told")
    with register.engine.connect() as conn:
        assert Maker().layer(conn, MARKERS, TODAY, at(BELOW, 100.0, 10.0)) == b""

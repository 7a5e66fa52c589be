"""Plain tiles as they go out: at once where the store need not be asked, and never of before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, update

from geo import layers, store, tables, views
from geo.audience import PUBLIC, everywhere
from geo.register import Register
from geo.tiles import rows
from geo.tiles.clusters import BELOW
from geo.tiles.ready import Ask, Stock
from geo.timeline import periods
from geo.vocabulary import Classification
from tests.conftest import Places
from tests.geo import build
from tests.geo.test_tiles import at
from tests.geo.test_tiles_cache import add, ids
from tests.geo.test_tiles_pieces import FAR, HERE, MARKERS, crowd, opened, standing
from tests.geo.test_tiles_race import revision
from tests.server import until

INTERNAL = everywhere(Classification.INTERNAL)
ZOOMS = (5, 8, BELOW, 15)


@pytest.fixture
def register(places: Places) -> Iterator[Register]:
    made = build.register(places(), markers=crowd())
    yield made
    made.engine.dispose()


@pytest.fixture
def stock(register: Register, tmp_path: Path) -> Iterator[Stock]:
    """Tiles of a store whose watch is well, with nothing made yet."""
    made = stocked(register, tmp_path / "kept")
    yield made
    made.tiles.close()


def stocked(register: Register, folder: Path) -> Stock:
    watch = store.watch(register.engine)
    until(lambda: watch.revision() is not None)
    return Stock(register.engine, opened(folder), watch)


def of(z: int, spot: tuple[float, float] = HERE, names: tuple[str, ...] = (MARKERS.name,)) -> Ask:
    return Ask(names, at(z, *spot), PUBLIC, "2026-01-01")


def told(stock: Stock, ask: Ask, **more: int) -> bytes:
    """What whoever asks is given, as the server does it."""
    return (stock.at_once(ask, **more) or stock.ready(ask, **more)).body


def test_what_is_made_of_what_lies_beside_the_store_asks_it_nothing(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No point stands alone on a coarse map: what one tells would have to be read."""
    spots = [row.geometry.coords[0] for row in crowd()]
    pairs = [build.marker(f"m{n}.{k}", *spot) for n, spot in enumerate(spots) for k in "ab"]
    register = build.register(places(), markers=pairs)
    folder = tmp_path / "kept"
    before = stocked(register, folder)
    first = {z: before.ready(of(z)).body for z in ZOOMS}
    before.tiles.close()
    stock = stocked(register, folder)
    stock.ready(of(14, FAR))  # what is to be known of today is known
    questions: list[str] = []

    def counting(_cursor: Any, dialect: Any) -> rows.Source:
        def run(sql: str, _values: Any) -> rows.Rows:
            questions.append(sql)
            return []

        return rows.Source(run, dialect)

    monkeypatch.setattr(rows, "of_cursor", counting)
    monkeypatch.setattr(register.engine, "connect", None)
    found = {z: stock.at_once(of(z)) for z in ZOOMS}
    assert {z: made and made.body for z, made in found.items()} == first
    assert not questions
    stock.tiles.close()
    register.engine.dispose()


def test_a_finished_tile_of_any_layers_comes_from_its_file(
    register: Register, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = tuple(one.name for one in layers.LAYERS.values() if one.geometry)
    first = stock.ready(of(10, names=names))
    again = Stock(register.engine, stock.tiles, stock.watch)
    monkeypatch.setattr(register.engine, "connect", None)
    found = again.at_once(of(10, names=names))
    assert found
    assert found.body == first.body != b""


@pytest.mark.parametrize("z", ZOOMS)
def test_a_write_shows_to_whoever_wrote_at_once_and_soon_to_all(
    register: Register, stock: Stock, z: int
) -> None:
    before = standing(told(stock, of(z)))
    for turn in range(1, 4):
        add(register, MARKERS, build.marker(f"new{turn}", *HERE))
        mine = told(stock, of(z), least=revision(register))
        assert standing(mine) == before + turn
        until(lambda: standing(told(stock, of(z))) == before + turn)  # noqa: B023


def test_nothing_is_given_at_once_that_is_older_than_the_reader_has_seen(
    register: Register, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = stock.watch.revision()
    assert "new" not in ids(told(stock, of(15, FAR)))
    assert stock.at_once(of(15, FAR)) is not None
    monkeypatch.setattr(type(stock.watch), "revision", lambda _: heard)
    add(register, MARKERS, build.marker("new", *FAR))
    assert stock.at_once(of(15, FAR), least=revision(register)) is None
    assert "new" in ids(told(stock, of(15, FAR), least=revision(register)))


def test_while_nobody_tells_of_changes_the_store_is_asked(
    register: Register, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(stock.watch), "revision", lambda _: None)
    monkeypatch.setattr(type(stock.watch), "ask", lambda _: revision(register))
    assert ids(told(stock, of(15, FAR))) == {"far"}
    assert stock.at_once(of(15, FAR)) is None
    add(register, MARKERS, build.marker("new", *FAR))
    assert ids(told(stock, of(15, FAR))) == {"far", "new"}


@pytest.mark.parametrize("z", [5, BELOW])
def test_what_is_not_for_everybody_is_made_in_a_transaction(stock: Stock, z: int) -> None:
    assert b"hidden.1" not in told(stock, of(z, FAR))
    assert stock.at_once(of(z, FAR)._replace(sight=INTERNAL)) is None
    own = stock.ready(of(z, FAR)._replace(sight=INTERNAL))
    assert standing(own.body) == standing(told(stock, of(z, FAR))) + 1
    assert b"hidden.1" not in told(stock, of(z, FAR))


def test_a_register_that_came_by_the_same_number_again_shows_nothing_of_before(
    register: Register, stock: Stock
) -> None:
    """It was put back from a copy, and went another way from there."""
    assert ids(told(stock, of(15, FAR))) == {"far"}
    number = revision(register)
    with store.writing(register.engine) as conn:
        store.begin_anew(conn)
        views.write(conn, MARKERS, [periods([build.marker("other", *FAR)], [])])
        count(conn, -1)
    told(stock, of(14, HERE), least=revision(register))
    stock.ready(of(14, HERE))
    with store.writing(register.engine) as conn:
        count(conn, 1)
    assert revision(register) == number
    assert ids(stock.ready(of(15, FAR)).body) == {"far", "other"}


def count(conn: Connection, by: int) -> None:
    table = tables.revisions
    own = update(table).where(table.c.layer == MARKERS.name)
    conn.execute(own.values(revision=table.c.revision + by))

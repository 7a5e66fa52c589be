"""Moving a register between stores: nothing lost, nothing half done."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from geo import check, copying, history, query, store
from geo.errors import StoreError
from geo.layers import LAYERS
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from geo.store import Target
from geo.tables import RECORDS
from geo.tables import history as history_table
from tests.conftest import Places
from tests.geo.build import event, marker, register

ACROSS = (108.5, 13.5, 109.5, 14.5)


def everything(target: Target) -> dict[str, list[str]]:
    """Every feature of every layer, and the chain of the history, as a reader sees them."""
    engine = store.open_store(target)
    with engine.connect() as conn:
        seen = {n: list(query.every(conn, layer, Filter(None))) for n, layer in LAYERS.items()}
        chain = select(history_table.c.seq, history_table.c.hash).order_by(history_table.c.seq)
        seen["history"] = [f"{row.seq} {row.hash.hex()}" for row in conn.execute(chain)]
        assert history.first_broken(conn) is None
    engine.dispose()
    return seen


def test_the_embedded_data_arrive_whole_in_the_other_store(
    embedded_place: Target, tmp_path: Path, database: str
) -> None:
    is_file = not store.is_address(embedded_place)
    there = f"{database}&schema=whole" if is_file else tmp_path / "there.gpkg"
    proofs = copying.copy(embedded_place, there)
    assert {proof.table for proof in proofs} >= {*LAYERS, "history", "revisions", "search_index"}
    assert everything(there) == everything(embedded_place)
    assert check.check(store.open_store(there)) == []


def test_a_copy_goes_on_where_the_register_was(place: Target, places: Places) -> None:
    register(place, markers=[marker("a", 107, 12), marker("b", 109, 14)],
             marker_events=[event("a", "built", "2014-01-01")])  # fmt: skip
    again = places()
    copying.copy(place, again)
    made = Register(store.open_store(again))
    with store.writing(made.engine) as conn:
        change = history.Change("markers", "a", 2, None, marker("a", 107, 12))
        history.append(conn, [change], actor="test", reason="goes on")
        built = event("b", "built", "2014-01-01")
        row = {"id": built.id, **built.properties}
        conn.execute(insert(RECORDS["marker_events"]), [row])  # its number must be a new one
    with made.engine.connect() as conn:
        assert history.first_broken(conn) is None
        found = query.every(conn, LAYERS["markers"], Filter(parse(None), bbox=ACROSS))
        assert ['"id":"b"' in text for text in found] == [True]


def test_a_target_that_holds_something_is_refused(place: Target, places: Places) -> None:
    register(place, markers=[marker("a", 107, 12)])
    other = places()
    register(other)
    before = everything(other)
    with pytest.raises(StoreError, match="already"):
        copying.copy(place, other)
    assert everything(other) == before


def test_what_arrives_otherwise_is_not_kept(
    place: Target, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(place, markers=[marker("a", 107, 12)])
    monkeypatch.setattr(copying, "_batches", _losing_a_digit(copying._batches))
    target = places()
    with pytest.raises(StoreError, match="Table markers did not arrive as it was"):
        copying.copy(place, target)
    with pytest.raises(StoreError, match="cotmoc init"):
        store.open_store(target)


def _losing_a_digit(read: Callable[..., Any]) -> Callable[..., Any]:
    """Read batches whose first marker stands a micrometre off, the first time it is read."""
    seen: list[str] = []

    def reading(conn: Any, table: Any) -> Any:
        for batch in read(conn, table):
            if table.name == "markers" and not seen:
                seen.append(table.name)
                batch[0]["geom"] = marker("a", 107.00000000001, 12).geometry
            yield batch

    return reading


def test_a_register_that_is_not_there_makes_nothing(tmp_path: Path, place: Target) -> None:
    with pytest.raises(StoreError, match="There is no file"):
        copying.copy(tmp_path / "none.gpkg", place)
    with pytest.raises(StoreError, match="cotmoc init"):
        store.open_store(place)

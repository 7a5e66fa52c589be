"""A register on either store: whole, checked, and never half written."""

import pytest

from geo import check, load, store
from geo.errors import RowError
from geo.register import Register
from geo.store import Target
from tests.geo.build import UNITS, event, marker, register, row


def test_a_register_is_whole(embedded: Register) -> None:
    assert check.check(embedded.engine) == []


def test_the_same_row_twice_is_refused(place: Target) -> None:
    with pytest.raises(RowError, match="markers a: twice"):
        register(place, markers=[marker("a", 107, 12), marker("a", 108, 12)])


def test_check_names_what_is_wrong(place: Target) -> None:
    dangling = [event("nobody", "built", "2014-01-01")]
    made = register(place, markers=[marker("a", 107, 12)], marker_events=dangling)
    with store.writing(made.engine) as conn:
        conn.exec_driver_sql("DELETE FROM markers_view WHERE id = 'a'")
    problems = check.check(made.engine)
    assert any("markers_view a: a row is missing" in line for line in problems)
    if made.engine.dialect.name == "sqlite":  # PostgreSQL keeps its index by itself
        assert any("a box without a view" in line for line in problems)
    assert any("marker_id nobody" in line for line in problems)


def test_a_failed_write_changes_nothing(place: Target) -> None:
    made = register(place, admin_units=UNITS)
    with made.engine.connect() as conn:
        before = load.row_counts(conn)
    with pytest.raises(RowError):
        _write_half(made)
    with made.engine.connect() as conn:
        assert load.row_counts(conn) == before
        assert store.get_value(conn, "half") == ""


def _write_half(made: Register) -> None:
    extra = {"admin_units": [], "markers": [row("markers", "x"), row("markers", "x")]}
    with store.writing(made.engine) as conn:
        store.set_value(conn, "half", "written")
        load.load(conn, extra, actor="test", reason="fails")

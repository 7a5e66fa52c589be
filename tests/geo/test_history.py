"""The chain of history: any change to what was written shows."""

import pytest

from geo import history, store
from geo.store import Target
from tests.geo.build import UNITS, register


def test_loading_writes_one_entry_for_each_row(place: Target) -> None:
    made = register(place)
    with made.engine.connect() as conn:
        entries = conn.exec_driver_sql("SELECT layer, action, actor FROM history").all()
        assert history.first_broken(conn) is None
    assert [tuple(e) for e in entries] == [("admin_units", "create", "cotmoc init")] * len(UNITS)


@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        ("UPDATE history SET after = replace(after, 'Lâm', 'Lam') WHERE seq = 2", 2),
        ("UPDATE history SET at = '2001-01-01T00:00:00.000+00:00' WHERE seq = 1", 1),
        ("DELETE FROM history WHERE seq = 2", 2),
        ("UPDATE history SET seq = seq + 10 WHERE seq = 3", 13),
    ],
)
def test_tampering_is_named(place: Target, tamper: str, first: int) -> None:
    made = register(place)
    with store.writing(made.engine) as conn:
        conn.exec_driver_sql(tamper)
    with made.engine.connect() as conn:
        assert history.first_broken(conn) == first

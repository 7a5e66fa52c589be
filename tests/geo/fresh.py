"""What a register shows, and what one made afresh from its records would show."""

from typing import Any

from sqlalchemy import Connection, select

from geo import load, records, store
from geo.layers import LAYERS
from geo.store import Target
from geo.tables import RECORDS, SUMS, VIEWS, search_index
from geo.types import Row

Shown = dict[str, list[str]]


def shown(conn: Connection) -> Shown:
    """Return all that reads are made of, without the numbers that only give an order."""
    kept = {table.name: table for table in (*SUMS.values(), search_index)}
    tables = {**VIEWS, **kept}
    found: Shown = {}
    for name, table in tables.items():
        columns = [c for c in table.c if c.name not in ("vid", "seq")]
        rows = conn.execute(select(*columns)).mappings()
        found[name] = sorted(str([(key, _plain(row[key])) for key in row]) for row in rows)
    return found


def _plain(value: Any) -> Any:
    return getattr(value, "wkt", value)


def rows(conn: Connection) -> dict[str, list[Row]]:
    """Return every record of every layer."""
    ids = {name: conn.execute(select(RECORDS[name].c.id)).scalars().all() for name in LAYERS}
    return {name: records.rows(conn, layer, set(ids[name])) for name, layer in LAYERS.items()}


def shown_afresh(conn: Connection, place: Target) -> Shown:
    """Return what a new register of the same records shows."""
    load.make(place, rows(conn))
    engine = store.open_store(place)
    with engine.connect() as made:
        found = shown(made)
    engine.dispose()
    return found

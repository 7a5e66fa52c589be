"""Moving a register from one store to another with nothing lost, and proving it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, MetaData, Select, Table, delete, select

from geo import boxes, geopackage, postgis, standing, store
from geo.errors import StoreError
from geo.layers import LAYERS
from geo.store import Target
from geo.tables import RECORDS, VIEWS, metadata
from geo.types import BBox

BATCH = 2_000  # rows held in memory


class Proof(NamedTuple):
    """One table that was copied: its rows, and the SHA-256 that both sides give for them."""

    table: str
    rows: int
    sha256: str


def copy(source: Target, target: Target) -> list[Proof]:
    """Copy a register, its history as it is, into a new file or an empty schema.

    Both sides are read again and compared table by table before anything is kept.

    Raises:
        StoreError: the source cannot be read, something is at the target already, or what
            arrived differs; then nothing stays behind.
        ForeignStoreError: the source is not a register of ours.
    """
    engine = store.open_store(source)
    try:
        with engine.connect() as taken, store.making(target) as made:
            return _all(taken, made, metadata)
    finally:
        engine.dispose()


def keep_as_it_is(source: str, path: Path) -> list[Proof]:
    """Copy a schema of an older version into a new file of that version, without indexes.

    Raises:
        StoreError: the source cannot be read, something is at the path already, or what arrived
            differs; then nothing stays behind.
        ForeignStoreError: the source is not a register of ours.
    """
    engine = store.open_store(source, older=True)
    try:
        with engine.connect() as taken:
            held = standing.tables(taken, metadata, postgis.parts(source)[1])
            with geopackage.making(path, held) as made:
                return _all(taken, made, held)
    finally:
        engine.dispose()


def _all(taken: Connection, made: Connection, held: MetaData) -> list[Proof]:
    for table in held.sorted_tables:
        _fill(taken, made, table)
    for name, layer in LAYERS.items():
        if layer.geometry and name in held.tables:
            store.note_extent(made, name, _extent(made, RECORDS[name]))
    return [_proof(taken, made, table) for table in held.sorted_tables]


def _fill(taken: Connection, made: Connection, table: Table) -> None:
    made.execute(delete(table))  # a new register holds a few rows of its own
    layer = next((LAYERS[name] for name, view in VIEWS.items() if view.name == table.name), None)
    for batch in _batches(taken, table):
        store.put(made, table, list(batch[0]), [tuple(row.values()) for row in batch])
        if layer and layer.geometry:
            placed = [row for row in batch if row["w"] is not None]
            boxes.add(made, layer, map(_box_entry, placed))


def _box_entry(row: dict[str, Any]) -> boxes.Entry:
    return row["vid"], (row["w"], row["s"], row["e"], row["n"]), row["t_from"], row["t_next"]


def _batches(conn: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    rows = conn.execute(_in_order(table), execution_options={"yield_per": BATCH})
    for part in rows.mappings().partitions():
        yield [dict(row) for row in part]


def _in_order(table: Table) -> Select[Any]:
    return select(table).order_by(*table.primary_key.columns)


def _extent(conn: Connection, table: Table) -> BBox | None:
    shapes = [shape for shape in conn.execute(select(table.c.geom)).scalars() if shape is not None]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return west, south, east, north


def _proof(taken: Connection, made: Connection, table: Table) -> Proof:
    before, after = _fingerprint(taken, table), _fingerprint(made, table)
    if before != after:
        raise StoreError(
            f"Table {table.name} did not arrive as it was: {before.rows} rows, {before.sha256}; "
            f"there {after.rows} rows, {after.sha256}. Nothing was kept"
        )
    return after


def _fingerprint(conn: Connection, table: Table) -> Proof:
    """Hash every value of every row, in the order of the table's key."""
    digest, rows = hashlib.sha256(), 0
    for batch in _batches(conn, table):
        rows += len(batch)
        for row in batch:
            digest.update(repr([(name, _plain(value)) for name, value in row.items()]).encode())
    return Proof(table.name, rows, digest.hexdigest())


def _plain(value: Any) -> Any:
    """Return a value whose text is the same whichever store it came from."""
    return shapely.to_wkb(value, hex=True) if isinstance(value, BaseGeometry) else value

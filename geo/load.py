"""Loading rows into a store in one transaction: records, history and views together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import Connection, func, select, update

from geo import derived, history, records, store, tables, views
from geo.errors import RowError, StoreError
from geo.formats import read_rows
from geo.layers import LAYERS
from geo.schema import Layer
from geo.types import Row
from geo.units import Units, from_rows

Layers = dict[str, list[Row]]  # by name
Progress = Callable[[str, int], None]  # name of the layer, number of its rows


def _silent(_name: str, _count: int) -> None:
    return


def make(
    target: store.Target,
    parts: Layers | Iterable[Layers],
    *,
    is_exercise: bool = False,
    progress: Progress = _silent,
) -> None:
    """Make a register of these rows in a new file or an empty schema, whole or not at all.

    The rows may come in parts, so that not all are in memory at once. The first part holds the
    administrative units; whatever concerns a row (the versions of its id, the events and
    inspections of a marker) comes in the same part.

    Raises:
        StoreError: something is there already, or it cannot be written.
        RowError: a row breaks the declaration of its layer.
    """
    with store.making(target) as conn:
        units: Units | None = None
        for layers in [parts] if isinstance(parts, dict) else parts:
            units = units or from_rows(layers["admin_units"])
            done = _load(conn, layers, units, actor="cotmoc init", reason="embedded data")
            for name, count in done:
                progress(name, count)
        store.set_value(conn, "exercise", str(is_exercise).lower())


def read_folder(folder: Path) -> dict[str, list[Row]]:
    """Return the rows of every layer in a data folder, as its catalog.json lists them.

    Raises:
        StoreError: the folder has no catalogue, or a file is not the one catalogued.
        RowError: a row breaks the declaration of its layer.
    """
    found: dict[str, list[Row]] = {name: [] for name in LAYERS}
    for item in catalogue(folder):
        if item["layer"]:
            path = folder / item["file"]
            if hashlib.sha256(path.read_bytes()).hexdigest() != item["sha256"]:
                raise StoreError(f"{path} differs from its entry in catalog.json: run make data")
            found[item["layer"]] += read_rows(LAYERS[item["layer"]], path)
    return found


def catalogue(folder: Path) -> list[dict[str, Any]]:
    """Return the entries of a data folder's catalog.json."""
    try:
        document = json.loads((folder / "catalog.json").read_bytes())
    except OSError as error:
        raise StoreError(f"There is no data catalogue in {folder}: {error}") from error
    entries: list[dict[str, Any]] = document["files"] if isinstance(document, dict) else document
    return entries


def load(
    conn: Connection,
    layers: Layers,
    *,
    actor: str,
    reason: str,
) -> None:
    """Write rows of all layers in the caller's transaction: all or, on an error, nothing."""
    for _ in _load(conn, layers, from_rows(layers["admin_units"]), actor=actor, reason=reason):
        pass


def _load(
    conn: Connection, layers: Layers, units: Units, *, actor: str, reason: str
) -> Iterator[tuple[str, int]]:
    """Write the layers one after the other; yields the name of each and how many rows it had."""
    steps = derived.marker_steps(layers)
    for name, layer in LAYERS.items():
        rows = derived.settle(layer, layers.get(name, ()), units, steps)
        if rows:
            _check_keys(layer, rows)
            records.add_many(conn, layer, rows)
            changes = (history.Change(name, row.id, 1, None, row) for row in rows)
            history.append(conn, changes, actor=actor, reason=reason)
            views.write(conn, layer, derived.timelines(layer, rows, units, steps))
            count_revision(conn, layer, rows)
        yield name, len(rows)


def _check_keys(layer: Layer, rows: list[Row]) -> None:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        key = (row.id, row.properties["valid_from"] or "")
        if key in seen:
            raise RowError(f"{layer.name} {row.id}: twice with valid_from {key[1] or 'open'}")
        seen.add(key)


def count_revision(conn: Connection, layer: Layer, rows: list[Row]) -> None:
    """Count rows that were added to a layer, and widen its box by theirs."""
    table = tables.revisions
    grown = table.c.revision + len(rows)
    conn.execute(update(table).where(table.c.layer == layer.name).values(revision=grown))
    if layer.geometry:
        shapes = [row.geometry for row in rows if row.geometry is not None]
        extent = shapely.total_bounds(shapes).tolist() if shapes else None
        store.note_extent(conn, layer.name, extent)


def row_counts(conn: Connection) -> dict[str, int]:
    """Return how many records each layer holds."""
    return {
        name: int(conn.execute(select(func.count()).select_from(table)).scalar_one())
        for name, table in tables.RECORDS.items()
    }

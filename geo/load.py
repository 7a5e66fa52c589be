"""Loading rows into a store in one transaction: records, history and views together."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import Connection, func, insert, select, update

from geo import history, store, tables, timeline, views
from geo.errors import RowError, StoreError
from geo.formats import read_rows
from geo.layers import LAYERS
from geo.schema import Layer
from geo.types import Properties, Row
from geo.units import Units, from_rows

Progress = Callable[[str, int], None]  # name of the layer, number of its rows


def _silent(_name: str, _count: int) -> None:
    return


def make(
    target: store.Target,
    layers: dict[str, list[Row]],
    *,
    is_exercise: bool = False,
    progress: Progress = _silent,
) -> None:
    """Make a register of these rows in a new file or an empty schema, whole or not at all.

    Raises:
        StoreError: something is there already, or it cannot be written.
        RowError: a row breaks the declaration of its layer.
    """
    with store.making(target) as conn:
        load(conn, layers, actor="cotmoc init", reason="embedded data", progress=progress)
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
    layers: dict[str, list[Row]],
    *,
    actor: str,
    reason: str,
    progress: Progress = _silent,
) -> None:
    """Write rows of all layers in the caller's transaction: all or, on an error, nothing."""
    units = from_rows(layers["admin_units"])
    steps = _marker_steps(layers)
    for name, layer in LAYERS.items():
        rows = _settle(layer, layers.get(name, ()), units, steps)
        if rows:
            _check_keys(layer, rows)
            _write_records(conn, layer, rows)
            changes = (history.Change(name, row.id, 1, None, row) for row in rows)
            history.append(conn, changes, actor=actor, reason=reason)
            views.write(conn, layer, _timelines(layer, rows, units, steps))
            _count_revision(conn, layer, rows)
        progress(name, len(rows))


def _marker_steps(layers: dict[str, list[Row]]) -> dict[str, list[timeline.Step]]:
    events: dict[str, list[Properties]] = defaultdict(list)
    visits: dict[str, list[Properties]] = defaultdict(list)
    for row in layers.get("marker_events", ()):
        events[row.properties["marker_id"]].append(row.properties)
    for row in layers.get("inspections", ()):
        visits[row.properties["marker_id"]].append(row.properties)
    return {
        key: timeline.stage_steps(events[key]) + timeline.condition_steps(visits[key])
        for key in {*events, *visits}
    }


def _settle(
    layer: Layer, rows: Iterable[Row], units: Units, steps: dict[str, list[timeline.Step]]
) -> list[Row]:
    """Complete rows: province by its original unit; for markers their latest stage."""
    settled = [_with_unit(layer, row, units) for row in rows]
    if layer.name == "markers":
        settled = [_with_steps(row, steps.get(row.id, [])) for row in settled]
    return sorted(settled, key=lambda row: (_natural(row.id), row.properties["valid_from"] or ""))


def _natural(key: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in key.split(".")]


def _with_unit(layer: Layer, row: Row, units: Units) -> Row:
    origin = row.properties.get("province_origin_id")
    if not origin:
        return row
    if origin not in units.by_id:
        raise RowError(f"{layer.name} {row.id}, province_origin_id: no unit {origin!r}")
    line = list(units.lineage(origin))
    unit = line[-1] if timeline.follow_units(layer) else line[0]
    given = row.properties.get("province_id")
    unit = units.by_id.get(given, unit) if given and not timeline.follow_units(layer) else unit
    changes = {"province": unit.name, "province_id": unit.id}
    return row._replace(properties=row.properties | changes)


def _with_steps(row: Row, steps: list[timeline.Step]) -> Row:
    values = timeline.marker_start(row).properties
    for step in sorted(steps, key=lambda s: s.date):
        values = values | step.changes
    return row._replace(properties=values)


def _check_keys(layer: Layer, rows: list[Row]) -> None:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        key = (row.id, row.properties["valid_from"] or "")
        if key in seen:
            raise RowError(f"{layer.name} {row.id}: twice with valid_from {key[1] or 'open'}")
        seen.add(key)


def _write_records(conn: Connection, layer: Layer, rows: list[Row]) -> None:
    def values(row: Row) -> dict[str, Any]:
        shape = {"geom": row.geometry} if layer.geometry else {}
        return {"id": row.id, **row.properties, **shape}

    conn.execute(insert(tables.RECORDS[layer.name]), [values(row) for row in rows])


def _timelines(
    layer: Layer, rows: list[Row], units: Units, steps: dict[str, list[timeline.Step]]
) -> Iterator[list[timeline.Period]]:
    for key, group in groupby(rows, key=lambda row: row.id):
        versions, changes = list(group), list[timeline.Step]()
        if timeline.follow_units(layer):
            changes += timeline.unit_steps(versions[0].properties["province_origin_id"], units)
        if layer.name == "markers":
            versions = [timeline.marker_start(row) for row in versions]
            changes += steps.get(key, [])
        yield timeline.periods(versions, changes)


def _count_revision(conn: Connection, layer: Layer, rows: list[Row]) -> None:
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

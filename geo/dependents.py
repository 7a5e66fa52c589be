"""Making anew what follows from a change: the views of the row and of the rows that depend on it.

A marker depends on its events and inspections; what lies in a province depends on the
administrative units that its original unit became.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, select, update

from geo import derived, records, timeline, views
from geo.layers import ADMIN_UNITS, INSPECTIONS, LAYERS, MARKER_EVENTS, MARKERS
from geo.schema import Layer
from geo.tables import RECORDS, VIEWS, revisions
from geo.types import Row
from geo.units import Units

AT_ONCE = 500  # rows made anew together
_ORIGIN = "province_origin_id"
_OF_EACH = ("marker_id", "classification", "valid_from")  # properties of whatever is dated


def follow(
    conn: Connection, layer: Layer, versions: Iterable[Row], before: Units, after: Units
) -> None:
    """Make anew what follows from a change to some versions, as they were and as they are.

    `before` and `after` are the administrative units on both sides of the change.
    """
    changed = list(versions)
    refresh(conn, layer, {row.id for row in changed}, after)
    if layer in (MARKER_EVENTS, INSPECTIONS):
        refresh(conn, MARKERS, {row.properties["marker_id"] for row in changed}, after)
    if layer is ADMIN_UNITS:
        _follow_units(conn, before, after)


def refresh(conn: Connection, layer: Layer, ids: Collection[str], units: Units) -> None:
    """Make the derived properties, views and search entries of rows from the records."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        views.rewrite(conn, layer, part, _timelines(conn, layer, part, units))
    _count(conn, layer, len(wanted))


def remake(conn: Connection, layer: Layer, units: Units) -> int:
    """Make what a whole layer shows anew, and return the number of its rows.

    Quickest while its views have no indexes; those of a marker's events and inspections are read.
    The search has to be empty of the layer.
    """
    held = set(conn.execute(select(RECORDS[layer.name].c.id)).scalars())
    places = views.clear(conn, layer)
    wanted = [key for key in places if key in held]
    wanted += sorted(held.difference(wanted))
    parts = (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE))
    made = (period for part in parts for period in _timelines(conn, layer, part, units))
    views.write(conn, layer, made, places)
    _count(conn, layer, len(wanted))
    return len(wanted)


def _count(conn: Connection, layer: Layer, number: int) -> None:
    grown = revisions.c.revision + number
    conn.execute(update(revisions).where(revisions.c.layer == layer.name).values(revision=grown))


def _timelines(
    conn: Connection, layer: Layer, ids: list[str], units: Units
) -> Iterator[list[timeline.Period]]:
    """Bring the derived properties of rows up to date and yield the periods of each id."""
    made = steps(conn, layer, ids)
    rows = _settled(conn, layer, ids, units, made)
    yield from derived.timelines(layer, rows, units, made)


def _settled(
    conn: Connection, layer: Layer, ids: list[str], units: Units, steps: derived.Steps
) -> list[Row]:
    """Bring the derived properties of records up to date and return the records."""
    held = {(row.id, records.version(row)): row for row in records.rows(conn, layer, ids)}
    settled = derived.settle(layer, held.values(), units, steps)
    for row in settled:
        before = held[row.id, records.version(row)]
        if row.properties != before.properties:
            records.put(conn, layer, before, row)
    return settled


def steps(conn: Connection, layer: Layer, markers: list[str]) -> derived.Steps:
    """Return the dated changes to markers; rows of other layers have none."""
    if layer is not MARKERS:
        return {}
    found: dict[str, list[Row]] = {}
    for dated, told in ((MARKER_EVENTS, ("event", "date")), (INSPECTIONS, ("at", "condition"))):
        view = VIEWS[dated.name]  # has an index by marker, which the records lack
        of_markers = select(view.c.id).where(view.c.marker_id.in_(markers)).distinct()
        ids = conn.execute(of_markers).scalars()
        found[dated.name] = records.rows(conn, dated, ids, (*_OF_EACH, *told))
    return derived.marker_steps(found)


def _follow_units(conn: Connection, before: Units, after: Units) -> None:
    for layer in LAYERS.values():
        if layer.field(_ORIGIN) is not None:
            table = RECORDS[layer.name]
            pairs = select(table.c[_ORIGIN], table.c.province_id).distinct()
            found = conn.execute(pairs.where(table.c[_ORIGIN].is_not(None))).all()
            moved = {o for o, p in found if _held(layer, o, p, before) != _held(layer, o, p, after)}
            ids = conn.execute(select(table.c.id).where(table.c[_ORIGIN].in_(moved))).scalars()
            refresh(conn, layer, set(ids), after)


def _held(layer: Layer, origin: str, province: str | None, units: Units) -> object:
    """Return all that the units say of a row of this origin."""
    row = Row("", {_ORIGIN: origin, "province_id": province})
    return derived.with_unit(layer, row, units).properties, timeline.unit_steps(origin, units)

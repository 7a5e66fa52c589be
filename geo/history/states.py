"""Rows as entries of the history tell them, and whole layers as they were recorded at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson
from shapely.geometry import shape
from sqlalchemy import Connection, Select, select

from geo import derived, records, timeline
from geo.audience import bit
from geo.errors import ConflictError, RowError
from geo.layers import ADMIN_UNITS, INSPECTIONS, MARKER_EVENTS, MARKERS
from geo.period import Period
from geo.schema import Layer
from geo.tables import history
from geo.types import Row
from geo.units import from_rows
from geo.vocabulary import Classification

if TYPE_CHECKING:
    from geo.history.lens import Lens

_AT_ONCE = 500  # identifiers of one statement


def row_of(layer: Layer, feature_id: str, text: str | None) -> Row | None:
    """Return the row that a state in the history tells, with every field of today's layer."""
    if text is None:
        return None
    said = orjson.loads(text)
    blank = {f.name: None for f in layer.fields}
    geometry = None if said["geometry"] is None else shape(said["geometry"])
    return Row(feature_id, blank | said["properties"], geometry)


def number_at(conn: Connection, moment: str) -> int:
    """Return the number of the last entry that was made by then (ISO 8601, UTC), 0 if none.

    Entries are in order of time, so a search by halves finds it.
    """
    last = select(history.c.seq).order_by(history.c.seq.desc()).limit(1)
    low, high = 0, int(conn.execute(last).scalar() or 0)
    while low < high:
        middle = (low + high + 1) // 2
        at = conn.execute(select(history.c.at).where(history.c.seq == middle)).scalar()
        low, high = (low, middle - 1) if at and at > moment else (middle, high)
    return low


def recorded(
    conn: Connection,
    layer: Layer,
    *,
    number: int,
    when: Period,
    after: str = "",
    limit: int = 1_000,
    lens: Lens | None = None,
) -> tuple[list[Row], str | None]:
    """Return rows of a layer as they were recorded when entry `number` was the last one.

    At most `limit` ids come, in order and from the one after `after`; of each the versions that
    are valid at some time of `when`, with their state at its end, as far as `lens` shows them. A
    marker's stage and condition and a place's province follow from what was recorded by then.
    Also returns the id to go on after, None at the end of the layer.

    Raises:
        ConflictError: what was recorded then did not hold together.
    """
    c = history.c
    found: list[Row] = []
    keys: list[str] = []
    while True:
        known = (c.layer == layer.name) & (c.seq <= number) & (c.feature_id > after)
        query = select(c.feature_id).where(known).distinct().order_by(c.feature_id)
        ids = [str(key) for key in conn.execute(query.limit(limit + 1)).scalars()]
        for key, versions in groupby(_shown(conn, layer, ids, number, when, lens), _key):
            if len(keys) == limit:
                return found, keys[-1]
            keys.append(key)
            found += versions
        if len(ids) <= limit:
            return found, None
        after = ids[-1]


def _key(row: Row) -> str:
    return row.id


def _shown(
    conn: Connection,
    layer: Layer,
    ids: Sequence[str],
    number: int,
    when: Period,
    lens: Lens | None,
) -> list[Row]:
    rows = sorted(
        _replayed(conn, layer, number, ids), key=lambda row: (row.id, records.version(row))
    )
    try:
        found = list(_valid(conn, layer, rows, number, when))
    except RowError as error:  # what it names may be hidden
        raise ConflictError(
            "The register did not hold together then", vi="dữ liệu khi đó chưa nhất quán"
        ) from error
    if lens is None:
        return [one.row for one in found if one.readers & bit(Classification.RESTRICTED)]
    seen = (
        lens.settled(layer, one.row)
        for one in found
        if one.readers & bit(lens.audience(layer, one.row))
    )
    return [row for row in seen if row is not None]


def _valid(
    conn: Connection, layer: Layer, rows: list[Row], number: int, when: Period
) -> Iterator[timeline.Period]:
    units = from_rows(_replayed(conn, ADMIN_UNITS, number))
    steps = _steps(conn, number, {row.id for row in rows}) if layer is MARKERS else {}
    for _, versions in groupby(rows, key=lambda row: row.id):
        settled = derived.settle(layer, versions, units, steps)
        for periods in derived.timelines(layer, settled, units, steps):
            for one in periods:
                if one.start <= when.end < one.following and one.end > when.start:
                    yield one


def _steps(conn: Connection, number: int, markers: set[str]) -> derived.Steps:
    found = {
        layer.name: [
            row for row in _replayed(conn, layer, number) if row.properties["marker_id"] in markers
        ]
        for layer in (MARKER_EVENTS, INSPECTIONS)
    }
    return derived.marker_steps(found)


def _replayed(
    conn: Connection, layer: Layer, number: int, ids: Sequence[str] | None = None
) -> list[Row]:
    """Return the versions that a layer, or these ids of it, had after an entry."""
    held: dict[tuple[str, str], Row] = {}
    for query in _entries(layer, number, ids):
        for key, before, after in conn.execute(query):
            was, now = row_of(layer, key, before), row_of(layer, key, after)
            if was is not None:
                held.pop((key, records.version(was)), None)
            if now is not None:
                held[key, records.version(now)] = now
    return list(held.values())


def _entries(layer: Layer, number: int, ids: Sequence[str] | None) -> Iterator[Select[Any]]:
    c = history.c
    query = select(c.feature_id, c.before, c.after).order_by(c.seq)
    query = query.where(c.layer == layer.name, c.seq <= number)
    if ids is None:
        yield query
    for start in range(0, len(ids or ()), _AT_ONCE):
        yield query.where(c.feature_id.in_((ids or ())[start : start + _AT_ONCE]))

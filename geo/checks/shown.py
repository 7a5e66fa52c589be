"""What readers are shown against the records: derived values, projections, the search index.

Everything is made anew by the functions that wrote it, and compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Result, Select, Table, select

from geo import dependents, derived, records, views
from geo.errors import RowError
from geo.schema import Layer
from geo.tables import RECORDS, VIEWS, search_index
from geo.types import Row
from geo.units import Units

AT_ONCE = 2_000  # rows held in memory
Held = dict[str, list[dict[str, Any]]]  # rows of a table by id
Values = dict[str, list[tuple[Any, ...]]]  # the same, in the order of columns


def problems(conn: Connection, layer: Layer, units: Units) -> Iterator[str]:
    """Yield what is wrong with what a layer shows."""
    record = RECORDS[layer.name]
    found = conn.execute(select(record.c.id).distinct().order_by(record.c.id)).scalars().all()
    for start in range(0, len(found), AT_ONCE):
        yield from _part(conn, layer, list(found[start : start + AT_ONCE]), units)
    own = search_index.c.layer == layer.name
    yield from _lost(conn, layer, VIEWS[layer.name], select(VIEWS[layer.name].c.id))
    yield from _lost(conn, layer, search_index, select(search_index.c.id).where(own))


def _lost(conn: Connection, layer: Layer, table: Table, ids: Select[Any]) -> Iterator[str]:
    known = select(RECORDS[layer.name].c.id)
    for key in conn.execute(ids.distinct().where(table.c.id.not_in(known))).scalars():
        yield f"{table.name} {key}: {layer.name} has no record of it"


def _part(conn: Connection, layer: Layer, ids: list[str], units: Units) -> Iterator[str]:
    held = records.rows(conn, layer, ids)
    steps = dependents.steps(conn, layer, ids)
    try:
        settled = derived.settle(layer, held, units, steps)
    except RowError as error:
        yield f"{layer.name}: {error.detail}"
        return
    yield from _derived(layer, held, settled)
    names, view = _rows(conn, VIEWS[layer.name], ids)
    entries = _search(conn, layer, ids)
    vids = _numbers(conn, layer, ids)
    for periods in derived.timelines(layer, settled, units, steps):
        shown = views.shown(layer, periods)
        key = periods[0].row.id
        outlines: dict[int, views.Outline] = {}  # by the identity of geometries that `shown` holds
        wanted, there = [_view(layer, item, outlines) for item in shown], view.pop(key, [])
        if wanted != there:
            told, held_so = _named(names, wanted), _named(names, there)
            yield from _compared(VIEWS[layer.name].name, key, told, held_so)
        own = [vids.get((key, item.mask, item.period.start), 0) for item in shown]
        found = views.titles(layer, shown, own)
        titles = [title | {"bbox": _listed(title["bbox"])} for title in found]
        yield from _compared(search_index.name, key, titles, entries.pop(key, []))


def _derived(layer: Layer, held: Iterable[Row], settled: Iterable[Row]) -> Iterator[str]:
    made = {(row.id, records.version(row)): row for row in settled}
    for row in held:
        other = made[row.id, records.version(row)].properties
        for name, value in row.properties.items():
            if other[name] != value:
                said = f"{name} is {value!r}, what it follows from says {other[name]!r}"
                yield f"{layer.name} {row.id}: {said}"


def _rows(conn: Connection, view: Table, ids: Sequence[str]) -> tuple[list[str], Values]:
    """Return the columns and the rows of a view, without the numbers that only give an order."""
    columns = [column for column in view.c if column.name != "vid"]
    found: Values = {}
    for row in conn.execute(select(*columns).where(view.c.id.in_(ids))).all():
        found.setdefault(row[0], []).append(tuple(row))
    return [column.name for column in columns], found


def _named(names: list[str], rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _numbers(conn: Connection, layer: Layer, ids: Sequence[str]) -> dict[tuple[str, int, str], int]:
    """Return the numbers of views by their row, audiences and start."""
    c = VIEWS[layer.name].c
    held = conn.execute(select(c.id, c.audiences, c.t_from, c.vid).where(c.id.in_(ids)))
    return {(key, audiences, start): vid for key, audiences, start, vid in held}


def _search(conn: Connection, layer: Layer, ids: Sequence[str]) -> Held:
    own = (search_index.c.layer == layer.name) & search_index.c.id.in_(ids)
    return _grouped(conn.execute(select(search_index).where(own)))


def _grouped(rows: Result[Any]) -> Held:
    names = [str(name) for name in rows.keys()]  # noqa: SIM118 - it is no dict
    at, found = names.index("id"), Held()
    for row in rows.all():
        found.setdefault(row[at], []).append(dict(zip(names, row, strict=True)))
    return found


def _view(layer: Layer, item: views.Shown, outlines: dict[int, views.Outline]) -> tuple[Any, ...]:
    """Return the row of a view as it has to be, in the order of its columns."""
    row, period = item.period.row, item.period
    outline = outlines.get(id(row.geometry)) or views.outline(row)
    outlines[id(row.geometry)] = outline
    placed: tuple[Any, ...] = ()
    if layer.geometry:
        shape = None if layer.geometry == "Point" else row.geometry
        placed = (*(outline.box or (None,) * 4), shape)
    return (
        row.id,
        item.mask,
        *(period.start, period.end, period.following),
        *map(row.properties.get, _fields(layer)),
        *placed,
        views.feature_json(row, outline.shape),
    )


@cache
def _fields(layer: Layer) -> list[str]:
    return [field.name for field in layer.fields]


def _compared(
    table: str, key: str, wanted: list[dict[str, Any]], held: list[dict[str, Any]]
) -> Iterator[str]:
    """Yield one line for each row that differs, with the first column that does."""
    if len(wanted) == len(held) and all(map(_same, wanted, held)):
        return
    missing, extra = _left(wanted, held), _left(held, wanted)
    for one, other in zip(missing, extra, strict=False):
        name = next(name for name in one if _plain(one[name]) != _plain(other.get(name)))
        yield f"{table} {key}: {name} is not what its record gives"
    for _ in missing[len(extra) :]:
        yield f"{table} {key}: a row is missing"
    for _ in extra[len(missing) :]:
        yield f"{table} {key}: a row too many"


def _same(row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say quickly whether two rows are the same; if not, they may yet be alike when told."""
    shape, other_shape = row.get("geom"), other.get("geom")
    if shape is None and other_shape is None:
        return row == other
    if not shapely.equals_identical(shape, other_shape):
        return False
    return {**row, "geom": None} == {**other, "geom": None}


def _left(rows: list[dict[str, Any]], others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    taken = Counter(map(_text, others))
    left = []
    for row in rows:
        if taken[_text(row)]:
            taken[_text(row)] -= 1
        else:
            left.append(row)
    return left


def _text(row: dict[str, Any]) -> str:
    return repr(sorted((name, _plain(value)) for name, value in row.items()))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseGeometry):
        return shapely.to_wkb(value, hex=True)
    return list(value) if isinstance(value, tuple) else value


def _listed(value: Any) -> Any:
    return None if value is None else list(value)

"""Reading from the store what tiles are made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from time import monotonic
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from sqlalchemy import Column, ColumnElement, Connection, Dialect, Select, case, literal, select
from sqlalchemy.exc import OperationalError

from geo import functions, query, statements
from geo.audience import Sight
from geo.boxes import has_tree
from geo.errors import AskAgainError, LongReadError
from geo.query import Filter
from geo.reach import index_of
from geo.schema import Layer
from geo.tables import LATEST, VIEWS, told_index
from geo.tiles import fields, grid, places
from geo.tiles.generalise import Held
from geo.tiles.grid import Floats, Ints, Tile
from geo.tiles.places import Places
from geo.types import READ_SECONDS

BATCH = 20_000  # rows held as Python objects
AT_ONCE = 2_000  # keys of one statement
DENSE = 0.5  # share of wanted keys from which all between the first and the last are read
_PLACE = ("w", "s")
_WIDTH = 4  # columns of _places
Rows: TypeAlias = list[Sequence[Any]]


class GoneError(AskAgainError):
    """A row is no longer there: it has been rewritten since its place was read."""


class Source(NamedTuple):
    """Where rows are read: one state of a store."""

    run: Callable[[str, Any], Rows]
    dialect: Dialect
    conn: Connection | None = None  # where many rows may be read too


def through(conn: Connection) -> Source:
    """Read through a connection, without making objects of rows."""

    def run(sql: str, values: Any) -> Rows:
        given = tuple(values) if isinstance(values, list) else values
        with conn.exec_driver_sql(sql, given or None) as result:
            cursor: Any = result.cursor
            found: Rows = cursor.fetchall()
            return found

    return Source(run, conn.dialect, conn)


def of_cursor(cursor: Any, dialect: Dialect) -> Source:
    """Read through a cursor of the driver itself, see geo.store.reading."""

    def run(sql: str, values: Any) -> Rows:
        cursor.execute(sql, values)
        found: Rows = cursor.fetchall()
        return found

    return Source(run, dialect)


def refusing(dialect: Dialect) -> Source:
    """Read nothing: whatever is asked raises AskAgainError."""

    def run(_sql: str, _values: Any) -> Rows:
        raise AskAgainError

    return Source(run, dialect)


def names(layer: Layer) -> list[str]:
    """Return the properties that a feature of a tile has, after its id and label."""
    return ["id", *dict.fromkeys((layer.label, *fields.FIELDS[layer.name]))]


def columns(layer: Layer, rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Turn rows that begin with `names` into the columns of a tile."""
    return _named(layer, list(zip(*rows, strict=True)))


def _named(layer: Layer, held: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    by_name = dict(zip(names(layer), held, strict=False))
    label = by_name.get(layer.label, ())
    wanted = {name: by_name.get(name, ()) for name in fields.FIELDS[layer.name]}
    return {"id": by_name.get("id", ()), "label": label, **wanted}


def told(source: Source, layer: Layer, vids: Ints) -> Rows:
    """Return the `names` of rows, and their key, in the order of the keys.

    Raises:
        GoneError: there is no row of one of the keys.
    """
    found: dict[int, Sequence[Any]] = {}
    ordered = np.sort(vids)
    for first in range(0, len(vids), AT_ONCE):
        found |= _latest(source, layer, ordered[first : first + AT_ONCE])
    missing = [vid for vid in vids.tolist() if vid not in found]
    for first in range(0, len(missing), AT_ONCE):
        found |= _told(source, layer, _among(missing[first : first + AT_ONCE]))
    try:
        return [found[vid] for vid in vids.tolist()]
    except KeyError as error:
        raise GoneError(*error.args) from error


def _latest(source: Source, layer: Layer, vids: Ints) -> dict[int, Sequence[Any]]:
    """Read those rows that nothing follows from the index that holds just what they tell.

    The keys come in growing order.
    """
    least, most = int(vids[0]), int(vids[-1])
    dense = len(vids) >= DENSE * (most - least)
    wanted = f"vid BETWEEN {least} AND {most}" if dense else _among(vids.tolist())
    hint = functions.index_hint(source, told_index(VIEWS[layer.name]))
    try:
        return _told(source, layer, f"t_next = '{LATEST}' AND {wanted}", hint)
    except (OperationalError, functions.NoIndexError):
        return {}  # a register that was made before there was the index


def _among(vids: Sequence[int]) -> str:
    return f"vid IN ({', '.join(map(str, vids))})"  # whole numbers of our own


def _told(source: Source, layer: Layer, where: str, hint: str = "") -> dict[int, Sequence[Any]]:
    table = f"{VIEWS[layer.name].name} {hint}"
    sql = f"SELECT {', '.join(names(layer))}, vid FROM {table} WHERE {where}"  # noqa: S608
    return {row[-1]: row for row in source.run(sql, {})}


def near(source: Source, layer: Layer, asked: Filter, tile: Tile) -> Places:
    """Return where the points stand in a tile that a filter lets through, in no order."""
    boxed = replace(asked, bbox=grid.box(tile, buffer=1))
    made = statements.statement(_places, layer, boxed, source.dialect)
    read = source.run(made.sql, made.values(statements.given(layer, boxed)))
    flat = np.fromiter(chain.from_iterable(read), np.float64, _WIDTH * len(read))
    found = _placed(flat.reshape(-1, _WIDTH))
    return found.part(np.flatnonzero(places.inside(found.u, found.v, tile)))


def near_told(
    source: Source, layer: Layer, asked: Filter, tile: Tile
) -> tuple[Floats, Floats, dict[str, Sequence[Any]]]:
    """Return the world coordinates of the points of `near`, with the columns of what they tell.

    `asked` promises that nothing follows a row.
    """
    boxed = replace(asked, bbox=grid.box(tile, buffer=1))
    make = _joined if has_tree(source.dialect) else _at_once
    made = statements.statement(make, layer, boxed, source.dialect)
    try:
        read = source.run(made.sql, made.values(statements.given(layer, boxed)))
    except (OperationalError, functions.NoIndexError):  # as in _latest
        found = near(source, layer, asked, tile)
        held = told(source, layer, found.vid) if len(found.key) else []
        return found.u, found.v, columns(layer, held)
    lon, lat, *rest = zip(*read, strict=True) if read else [()] * len(_PLACE)
    u, v = grid.world(np.array(lon, np.float64), np.array(lat, np.float64))
    inside = places.inside(u, v, tile)
    if inside.all():
        return u, v, _named(layer, rest)
    within = np.flatnonzero(inside)
    return u[within], v[within], _named(layer, [[one[n] for n in within] for one in rest])


def points(conn: Connection, layer: Layer, asked: Filter) -> Places:
    """Return where the points stand that a filter lets through, in the order of the curve."""
    return places.ordered(_placed(_numbers(conn, _places(layer, asked), _WIDTH)))


def _placed(read: Floats) -> Places:
    vid, lon, lat, code = read.T
    return places.placed(vid.astype(np.int64), *grid.world(lon, lat), code.astype(np.uint8))


def _places(layer: Layer, asked: Filter) -> Select[Any]:
    return _at(layer, asked, VIEWS[layer.name].c.vid, *_place(layer), _code(layer))


def _joined(layer: Layer, asked: Filter) -> Select[Any]:
    """Join two narrow indexes rather than read rows that lie far apart in a file."""
    view = VIEWS[layer.name]
    same = view.alias("told")
    found = _at(layer, asked, *_place(layer)).add_columns(*(same.c[name] for name in names(layer)))
    found = found.where(same.c.vid == view.c.vid, same.c.t_next == query.LAST_OF_ALL)
    return functions.by_index(found, same, told_index(view))


def _at_once(layer: Layer, asked: Filter) -> Select[Any]:
    """Read the rows: PostgreSQL keeps their long texts elsewhere."""
    view = VIEWS[layer.name]
    return _at(layer, asked, *_place(layer), *(view.c[name] for name in names(layer)))


def _place(layer: Layer) -> list[Column[Any]]:
    return [VIEWS[layer.name].c[name] for name in _PLACE]


def _at(layer: Layer, asked: Filter, *told: ColumnElement[Any]) -> Select[Any]:
    view = VIEWS[layer.name]
    found = select(*told).where(query.condition(layer, asked), view.c.w.is_not(None))
    return functions.by_index(found, view, index_of(layer, asked, found))


def _code(layer: Layer) -> Any:
    """Return the index of a row's value among fields.counted, as SQL."""
    kinds = fields.counted(layer)
    if not kinds:
        return literal(0)
    words = {word: place for place, word in enumerate(kinds[:-1])}
    return case(words, value=VIEWS[layer.name].c[fields.COUNTED], else_=len(kinds) - 1)


def keys(conn: Connection, layer: Layer, asked: Filter) -> Ints:
    """Return the keys of the rows that a filter lets through, in no order."""
    view = VIEWS[layer.name]
    found = select(view.c.vid).where(query.condition(layer, asked))
    found = functions.by_index(found, view, index_of(layer, asked, found))
    return _numbers(conn, found, 1)[:, 0].astype(np.int64)


def _numbers(conn: Connection, found: Select[Any], width: int) -> Floats:
    """Read rows of numbers, of at most 53 bits. Raises LongReadError."""
    parts = [np.zeros((0, width))]
    until = monotonic() + (conn.get_execution_options().get(READ_SECONDS) or math.inf)
    for rows in conn.execute(found, execution_options={"yield_per": BATCH}).partitions():
        read = np.fromiter(chain.from_iterable(rows), np.float64, width * len(rows))
        parts.append(read.reshape(len(rows), width))
        if monotonic() > until:  # each batch is a statement of its own to PostgreSQL
            raise LongReadError
    return np.concatenate(parts)


def shapes(conn: Connection, layer: Layer, sight: Sight) -> list[Held]:
    """Return every line or polygon that a reader may see, of all times."""
    view = VIEWS[layer.name]
    kind = view.c.get(fields.KIND, view.c.audiences)
    times = (view.c.t_from, view.c.t_to, view.c.t_next)
    own = [view.c[name] for name in names(layer)]
    found = select(view.c.vid, kind, *times, view.c.geom, *own).where(
        query.visible(layer, sight), view.c.w.is_not(None)
    )
    return list(_held(conn.execute(found.order_by(view.c.vid)).all()))


def _held(rows: Iterable[Sequence[Any]]) -> Iterator[Held]:
    for vid, word, start, end, following, shape, *values in rows:
        yield Held(vid, str(word), start, end, following, shape, tuple(values))


def vids(conn: Connection, layer: Layer, asked: Filter) -> list[int]:
    """Return the keys of the rows whose box meets that of a filter."""
    view = VIEWS[layer.name]
    near = () if asked.bbox is None else (query.in_bbox(layer, asked.bbox, exact=False),)
    found = select(view.c.vid).where(query.condition(layer, replace(asked, bbox=None)), *near)
    return list(conn.execute(found.order_by(view.c.vid)).scalars())

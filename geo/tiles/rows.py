"""Reading from the store what tiles are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from geo import functions, query
from geo.audience import Sight
from geo.query import Filter
from geo.schema import Layer
from geo.tables import LATEST, VIEWS, told_index
from geo.tiles import fields, grid, places
from geo.tiles.generalise import Held
from geo.tiles.places import Places

BATCH = 20_000  # rows held as Python objects
AT_ONCE = 2_000  # keys of one statement


def names(layer: Layer) -> list[str]:
    """Return the properties that a feature of a tile has, after its id and label."""
    return ["id", *dict.fromkeys((layer.label, *fields.FIELDS[layer.name]))]


def columns(layer: Layer, rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Turn rows of `names` into the columns of a tile."""
    by_name = dict(zip(names(layer), zip(*rows, strict=True), strict=True)) if rows else {}
    label = by_name.get(layer.label, ())
    wanted = {name: by_name.get(name, ()) for name in fields.FIELDS[layer.name]}
    return {"id": by_name.get("id", ()), "label": label, **wanted}


def by_vid(conn: Connection, layer: Layer, vids: Sequence[int]) -> list[Sequence[Any]]:
    """Return the `names` of rows in the order of keys that a filter let through."""
    found: dict[int, Sequence[Any]] = {}
    for first in range(0, len(vids), AT_ONCE):
        part = vids[first : first + AT_ONCE]
        found |= _latest(conn, layer, part)
        found |= _told(conn, layer, [vid for vid in part if vid not in found])
    return [found[vid] for vid in vids]


def _latest(conn: Connection, layer: Layer, vids: Sequence[int]) -> dict[int, Sequence[Any]]:
    """Read those rows that nothing follows from the index that holds just what they tell."""
    hint = functions.index_hint(conn, told_index(VIEWS[layer.name]))
    try:
        return _told(conn, layer, vids, hint, f"t_next = '{LATEST}' AND ")
    except OperationalError:
        return {}  # a register that was made before there was the index


def _told(
    conn: Connection, layer: Layer, vids: Sequence[int], hint: str = "", only: str = ""
) -> dict[int, Sequence[Any]]:
    if not vids:
        return {}
    keys = ", ".join(map(str, vids))  # whole numbers of our own
    source = f"{VIEWS[layer.name].name} {hint} WHERE {only}vid IN ({keys})"
    sql = f"SELECT vid, {', '.join(names(layer))} FROM {source}"  # noqa: S608
    return {row[0]: row[1:] for row in conn.exec_driver_sql(sql).all()}


def points(conn: Connection, layer: Layer, asked: Filter) -> Places:
    """Return where the points stand that a filter lets through."""
    view = VIEWS[layer.name]
    kinds = fields.counted(layer)
    code = view.c[fields.COUNTED] if kinds else view.c.audiences
    found = select(view.c.vid, view.c.w, view.c.s, code).where(
        query.condition(layer, asked), view.c.w.is_not(None)
    )
    rows = conn.execute(found, execution_options={"yield_per": BATCH})
    parts = [_arrays(part, kinds) for part in rows.partitions()]
    vid, lon, lat, codes = map(np.concatenate, zip(_arrays([], kinds), *parts, strict=True))
    return places.placed(vid, *grid.world(lon, lat), codes)


def _arrays(rows: Sequence[Sequence[Any]], kinds: list[str]) -> tuple[np.ndarray[Any, Any], ...]:
    vid, lon, lat, given = zip(*rows, strict=True) if rows else ((), (), (), ())
    number = {kind: place for place, kind in enumerate(kinds)}
    codes = [number.get(one, len(kinds) - 1) for one in given] if kinds else [0] * len(rows)
    return (
        np.array(vid, np.int64),
        np.array(lon, np.float64),
        np.array(lat, np.float64),
        np.array(codes, np.uint8),
    )


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

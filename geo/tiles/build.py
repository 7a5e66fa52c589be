"""One tile of one layer, for one filter: rows in, bytes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, Row, Select, Text, bindparam, func, select, union_all

from geo import query
from geo.audience import Audience
from geo.query import Filter
from geo.schema import Kind, Layer
from geo.tables import EARLIEST, VIEWS
from geo.tiles import cells, clusters, fields, grid, points, shapes, wire
from geo.tiles.generalise import FINEST, Held, LayerShapes
from geo.tiles.grid import EXTENT, Ints, Tile

WHOLE_BELOW = 9  # zooms at which a tile holds so much that all places are read at once and kept
KEPT = 24  # sets of places, and layers of shapes, held at once


class Places(NamedTuple):
    """Where the points of a layer stand, in arrays of one length."""

    vid: Ints
    u: grid.Floats
    v: grid.Floats
    code: Ints  # index among fields.counted


@dataclass(slots=True)
class Maker:
    """Makes tiles; holds what many tiles are made from, until the layer changes."""

    _kept: dict[tuple[object, ...], Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def tile(self, conn: Connection, asked: Sequence[tuple[Layer, Filter]], tile: Tile) -> bytes:
        """Return the tile with a layer for each filter; empty if nothing is in it."""
        return b"".join(self.layer(conn, layer, one, tile) for layer, one in asked)

    def layer(self, conn: Connection, layer: Layer, asked: Filter, tile: Tile) -> bytes:
        """Return one layer of a tile; `asked.bbox` gives way to the tile's own box."""
        if layer.geometry != "Point":
            return self._shapes(conn, layer, asked, tile)
        if tile.z < clusters.BELOW:
            return self._clusters(conn, layer, asked, tile)
        return _points(conn, layer, asked, tile)

    def _shapes(self, conn: Connection, layer: Layer, asked: Filter, tile: Tile) -> bytes:
        near = replace(asked, bbox=grid.box(tile, buffer=grid.BUFFER))
        rows = _rows(conn, layer, near, exact=False)
        if not rows:
            return b""
        held = self._held(conn, layer, asked.audience)
        moment = asked.when.end if asked.when else None
        found = held.at([row.vid for row in rows], tile.z, moment)
        used = wire.tags(_columns(layer, rows), len(rows))
        made = shapes.features(tile, found, used, snapped=tile.z <= FINEST)
        return wire.layer(layer.name, made, used)

    def _held(self, conn: Connection, layer: Layer, audience: Audience) -> LayerShapes:
        key = ("shapes", layer.name, audience, cells.revision(conn, [layer]))
        with self._lock:
            found: LayerShapes | None = self._kept.get(key)
            if found is None:
                found = LayerShapes(_shapes(conn, layer, audience))
                self._keep(key, found)
        return found

    def _clusters(self, conn: Connection, layer: Layer, asked: Filter, tile: Tile) -> bytes:
        every = self._places(conn, layer, asked, tile)
        x, y, inside = _inside(every.u, every.v, tile)
        if not inside.any():
            return b""
        kinds = fields.counted(layer)
        found = clusters.gather(x[inside], y[inside], every.code[inside], max(len(kinds), 1))
        alone = found.size == 1
        where = np.where(alone, [x[inside][found.first], y[inside][found.first]], found[:2])
        rows = _by_vid(conn, layer, every.vid[inside][found.first][alone].tolist())
        columns = _spread(_columns(layer, rows), alone)
        columns["count"] = found.size.tolist()
        for place, kind in enumerate(kinds):
            numbers = np.where(alone, 0, found.by_code[:, place]).tolist()
            columns[f"{fields.COUNTED}_{kind}"] = [number or None for number in numbers]
        used = wire.tags(columns, len(alone))
        return wire.layer(layer.name, points.features(where[0], where[1], used), used)

    def _places(self, conn: Connection, layer: Layer, asked: Filter, tile: Tile) -> Places:
        if not plain(asked) or tile.z >= WHOLE_BELOW:
            return _places(conn, layer, replace(asked, bbox=grid.box(tile, buffer=1)))
        key = ("places", layer.name, asked.audience, asked.when, cells.revision(conn, [layer]))
        with self._lock:
            found: Places | None = self._kept.get(key)
            if found is None:
                found = _places(conn, layer, replace(asked, bbox=None))
                self._keep(key, found)
        return found

    def _keep(self, key: tuple[object, ...], made: object) -> None:
        while len(self._kept) >= KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = made


def plain(asked: Filter) -> bool:
    """Say whether nothing but time and audience narrows the rows."""
    return asked.units is None and not asked.values and asked.expression is None


def _names(layer: Layer) -> list[str]:
    return [*dict.fromkeys((layer.label, *fields.FIELDS[layer.name]))]


def _rows(conn: Connection, layer: Layer, asked: Filter, *, exact: bool) -> Sequence[Row[Any]]:
    view = VIEWS[layer.name]
    place = (view.c.w, view.c.s) if layer.geometry == "Point" else ()
    wanted = (view.c.vid, view.c.id, *place, *(view.c[name] for name in _names(layer)))
    found = query.condition(layer, replace(asked, bbox=None))
    near = () if asked.bbox is None else (query.in_bbox(layer, asked.bbox, exact=exact),)
    return conn.execute(select(*wanted).where(found, *near).order_by(view.c.vid)).all()


def _by_vid(conn: Connection, layer: Layer, vids: list[int]) -> Sequence[Row[Any]]:
    """Return rows in the order of keys that a filter let through."""
    view = VIEWS[layer.name]
    wanted = (view.c.vid, view.c.id, *(view.c[name] for name in _names(layer)))
    found = conn.execute(select(*wanted).where(view.c.vid.in_(vids)))
    by_vid = {row.vid: row for row in found}
    return [by_vid[vid] for vid in vids]


def _columns(layer: Layer, rows: Sequence[Row[Any]]) -> dict[str, list[Any]]:
    columns = {name: [getattr(row, name) for row in rows] for name in ("id", *_names(layer))}
    label = columns[layer.label]
    wanted = {name: columns[name] for name in fields.FIELDS[layer.name]}
    return {"id": columns["id"], "label": label, **wanted}


def _spread(columns: dict[str, list[Any]], where: np.ndarray[Any, Any]) -> dict[str, list[Any]]:
    """Put values at the true places of a mask, None at the others."""
    spread: dict[str, list[Any]] = {}
    for name, values in columns.items():
        wide = np.full(len(where), None, dtype=object)
        wide[where] = values
        spread[name] = wide.tolist()
    return spread


def _points(conn: Connection, layer: Layer, asked: Filter, tile: Tile) -> bytes:
    rows = _rows(conn, layer, replace(asked, bbox=grid.box(tile, buffer=1)), exact=True)
    lonlat = np.array([(row.w, row.s) for row in rows], dtype=np.float64).reshape(-1, 2)
    x, y, inside = _inside(*grid.world(lonlat[:, 0], lonlat[:, 1]), tile)
    kept = [row for row, one in zip(rows, inside.tolist(), strict=True) if one]
    if not kept:
        return b""
    used = wire.tags(_columns(layer, kept), len(kept))
    return wire.layer(layer.name, points.features(x[inside], y[inside], used), used)


def _inside(
    u: grid.Floats, v: grid.Floats, tile: Tile
) -> tuple[Ints, Ints, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Return units from the tile's corner, and which of them lie in this tile and no other."""
    x = grid.units(u, tile.z) - tile.x * EXTENT
    y = grid.units(v, tile.z) - tile.y * EXTENT
    return x, y, (x >= 0) & (x < EXTENT) & (y >= 0) & (y < EXTENT)


def _places(conn: Connection, layer: Layer, asked: Filter) -> Places:
    view = VIEWS[layer.name]
    kinds = fields.counted(layer)
    code = view.c[fields.COUNTED] if kinds else view.c.audiences
    found = select(view.c.vid, view.c.w, view.c.s, code).where(
        query.condition(layer, asked), view.c.w.is_not(None)
    )
    rows = conn.execute(found).all()
    vid, w, s, given = zip(*rows, strict=True) if rows else ((), (), (), ())
    number = {kind: place for place, kind in enumerate(kinds)}
    u, v = grid.world(np.array(w, dtype=np.float64), np.array(s, dtype=np.float64))
    codes = [number.get(one, len(kinds) - 1) for one in given] if kinds else [0] * len(rows)
    return Places(np.array(vid, dtype=np.int64), u, v, np.array(codes, dtype=np.int64))


def _shapes(conn: Connection, layer: Layer, audience: Audience) -> list[Held]:
    view = VIEWS[layer.name]
    kind = view.c.get(fields.KIND, view.c.audiences)
    rows = conn.execute(
        select(view.c.vid, kind, view.c.t_from, view.c.t_to, view.c.geom).where(
            query.visible(layer, audience), view.c.w.is_not(None)
        )
    )
    return [Held(vid, str(word), start, end, shape) for vid, word, start, end, shape in rows]


def period_of(conn: Connection, layers: Sequence[Layer], day: str) -> str:
    """Return the last day, up to a given one, on which a row of the layers began or ended."""
    found = conn.execute(_latest_edge(tuple(layer.name for layer in layers)), {"day": day})
    return str(found.scalar() or EARLIEST)


@cache
def _latest_edge(names: tuple[str, ...]) -> Select[Any]:
    views = [VIEWS[name] for name in names]
    edges = [edge for view in views for edge in (view.c.t_from, view.c.t_to)]
    latest = (
        select(func.max(edge).label("day")).where(edge <= bindparam("day", type_=Text()))
        for edge in edges
    )
    return select(func.max(union_all(*latest).subquery().c.day))


def stated(layer: Layer) -> dict[str, str]:
    """Return the properties of the layer's tiles with the type of each, as TileJSON names it."""
    numbers = {Kind.INTEGER: "Number", Kind.REAL: "Number", Kind.BOOLEAN: "Boolean"}
    declared = {f.name: numbers.get(f.kind, "String") for f in layer.fields}
    made = {"id": "String", "label": "String"}
    made |= {name: declared[name] for name in fields.FIELDS[layer.name]}
    if layer.geometry == "Point":
        made["count"] = "Number"
        made |= {f"{fields.COUNTED}_{kind}": "Number" for kind in fields.counted(layer)}
    return made

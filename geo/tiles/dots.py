"""Points of a layer as features of a tile: each on its own, or gathered at low zoom.

Where the points of a day stand is kept; after a write only the cells that it touched are read
again. What a point tells is read for its surroundings at once and kept for a while.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any, NamedTuple, TypeVar

import numpy as np
from sqlalchemy import Connection

from geo.query import Filter
from geo.schema import Layer
from geo.tiles import cells, clusters, fields, grid, places, points, rows, wire
from geo.tiles.clusters import Heaps
from geo.tiles.grid import Ints, Tile
from geo.tiles.places import Places
from geo.tiles.state import State

HEAPED_AT = 13  # zoom of the cells that are held heaped, from which coarser ones are made
SURROUNDINGS = 10  # zoom of the tile that is read at once for what its points tell
MOST_POINTS = 4_000_000  # whose places are held at once, 116 MB, beside those asked for last
MOST_TOLD = 400_000  # points of which is held what they tell, some 50 MB
READ_WHOLE = 0.25  # share of touched cells from which all places are read again
Value = TypeVar("Value")


class Standing(NamedTuple):
    """The points of a layer on a day, for one sight."""

    places: Places
    heaps: Heaps
    cells: Mapping[int, int]  # counters at which they were read


@dataclass(slots=True)
class Dots:
    """Draws points; holds what many tiles are made from."""

    standing: dict[tuple[Any, ...], Standing] = field(default_factory=dict)
    _told: dict[tuple[Any, ...], dict[str, wire.Column]] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def layer(
        self, conn: Connection, layer: Layer, asked: Filter, tile: Tile, state: State
    ) -> bytes:
        """Return the layer of a tile for a plain filter of one day."""
        held = self._held(conn, layer, asked, state)
        if tile.z < clusters.BELOW:
            return _gathered(conn, layer, held.places, _heaps(layer, held, tile), tile)
        index = places.within(held.places, tile)
        if not len(index):
            return b""
        around, told = self._tell(conn, layer, asked, tile, state, held.places)
        used = wire.chosen(told, index - around.start)
        return _drawn(layer, held.places.part(index), used, tile)

    def _held(self, conn: Connection, layer: Layer, asked: Filter, state: State) -> Standing:
        key = (state.identity, layer.name, asked.sight, asked.when)
        now = state.cells.get(layer.name, {})
        with self._lock:
            found = self.standing.pop(key, None)
            if found is None or found.cells != now:
                found = _standing(layer, _renewed(conn, layer, asked, found, now), now)
            self.standing[key] = found
            _trim(self.standing, MOST_POINTS, lambda held: len(held.places.key))
        return found

    def _tell(
        self,
        conn: Connection,
        layer: Layer,
        asked: Filter,
        tile: Tile,
        state: State,
        standing: Places,
    ) -> tuple[slice, dict[str, wire.Column]]:
        """Return what the points around a tile tell, and which points those are."""
        parent = grid.parent(tile, SURROUNDINGS)
        run = places.span(standing.key, parent)
        counter = cells.under(state.cells.get(layer.name, {}), grid.parent(tile, cells.ZOOM))
        key = (state.identity, layer.name, asked.sight, asked.when, parent, counter)
        told = self._told.get(key)
        if told is None:
            read = rows.by_vid(conn, layer, standing.vid[run].tolist())
            told = wire.columns(rows.columns(layer, read))
            with self._lock:
                self._told[key] = told
                _trim(self._told, MOST_TOLD, lambda told: len(told["id"].codes))
        return run, told


def alone(conn: Connection, layer: Layer, asked: Filter, tile: Tile) -> bytes:
    """Return the layer of a tile for any filter, read for this tile."""
    found = rows.points(conn, layer, replace(asked, bbox=grid.box(tile, buffer=1)))
    found = found.part(places.within(found, tile))
    if tile.z < clusters.BELOW:
        if len(found.key) <= clusters.FEW:
            heaps = _single(layer, found, slice(0, len(found.key)))
        else:
            heaps = clusters.heaped(found, _kinds(layer), tile.z + clusters.DEEPER)
        return _gathered(conn, layer, found, heaps, tile)
    if not len(found.key):
        return b""
    told = rows.columns(layer, rows.by_vid(conn, layer, found.vid.tolist()))
    return _drawn(layer, found, wire.tags(told, len(found.key)), tile)


def _trim(held: dict[Any, Value], most: int, size: Any) -> None:
    total = sum(map(size, held.values()))
    while total > most and len(held) > 1:
        total -= size(held.pop(next(iter(held))))


def _renewed(
    conn: Connection,
    layer: Layer,
    asked: Filter,
    held: Standing | None,
    now: Mapping[int, int],
) -> Places:
    """Read places: all of them, or those in the cells that changed since they were read."""
    if held is not None:
        changed = [cell for cell in {*held.cells, *now} if held.cells.get(cell) != now.get(cell)]
        if len(changed) <= max(1, READ_WHOLE * len(now)):
            tiles = [cells.tile(cell) for cell in changed]
            fresh = [_in_cell(conn, layer, asked, tile) for tile in tiles]
            joined: list[Any] = [np.concatenate(column) for column in zip(*fresh, strict=True)]
            return places.replaced(held.places, Places(*joined), tiles)
    return rows.points(conn, layer, replace(asked, bbox=None))


def _in_cell(conn: Connection, layer: Layer, asked: Filter, tile: Tile) -> Places:
    found = rows.points(conn, layer, replace(asked, bbox=grid.box(tile, buffer=1)))
    return found.part(places.within(found, tile))


def _standing(layer: Layer, found: Places, now: Mapping[int, int]) -> Standing:
    return Standing(found, clusters.heaped(found, _kinds(layer), HEAPED_AT), now)


def _kinds(layer: Layer) -> int:
    return max(len(fields.counted(layer)), 1)


def _heaps(layer: Layer, held: Standing, tile: Tile) -> Heaps:
    """Return the cells of a tile that hold points, or its few points each on its own."""
    run = places.span(held.places.key, tile)
    if run.stop - run.start <= clusters.FEW:
        return _single(layer, held.places, run)
    zoom = tile.z + clusters.DEEPER
    if zoom > HEAPED_AT:
        heaps = clusters.heaped(held.places.part(run), _kinds(layer), zoom)
        return heaps._replace(first=heaps.first + run.start)
    heaps = held.heaps.part(places.span(held.heaps.key, tile, zoom=HEAPED_AT))
    return clusters.coarser(heaps, HEAPED_AT - zoom)


def _single(layer: Layer, found: Places, run: slice) -> Heaps:
    count = run.stop - run.start
    none = np.zeros((count, _kinds(layer)), np.int64)
    index, ones = np.arange(run.start, run.stop), np.ones(count, np.int64)
    return Heaps(found.key[run], index, ones, found.u[run], found.v[run], none)


def _gathered(conn: Connection, layer: Layer, found: Places, heaps: Heaps, tile: Tile) -> bytes:
    if not len(heaps.key):
        return b""
    one = heaps.size == 1
    first = heaps.first[one]
    u, v = heaps.u / heaps.size, heaps.v / heaps.size
    u[one], v[one] = found.u[first], found.v[first]
    told = rows.columns(layer, rows.by_vid(conn, layer, found.vid[first].tolist()))
    columns = _spread(told, one)
    columns["count"] = heaps.size.tolist()
    for place, kind in enumerate(fields.counted(layer)):
        numbers = np.where(one, 0, heaps.by_code[:, place]).tolist()
        columns[f"{fields.COUNTED}_{kind}"] = [number or None for number in numbers]
    used = wire.tags(columns, len(one))
    return wire.layer(layer.name, points.features(*places.units(u, v, tile), used), used)


def _spread(columns: Mapping[str, Sequence[Any]], where: Ints) -> dict[str, list[Any]]:
    """Put values at the true places of a mask, None at the others."""
    spread: dict[str, list[Any]] = {}
    for name, values in columns.items():
        wide = np.full(len(where), None, dtype=object)
        wide[where] = values
        spread[name] = wide.tolist()
    return spread


def _drawn(layer: Layer, found: Places, used: wire.Tags, tile: Tile) -> bytes:
    x, y = places.units(found.u, found.v, tile)
    return wire.layer(layer.name, points.features(x, y, used), used)

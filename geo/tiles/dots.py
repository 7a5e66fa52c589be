"""Points of a layer as features of a tile: each on its own, or gathered at low zoom.

Where the points of a filter stand is kept for the low zooms; after a write only the cells that it
touched are read again. A deep tile needs few rows: it reads what its points tell, by their keys
where their places are held, else by its box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection

from geo.query import Filter
from geo.schema import Layer
from geo.tiles import cells, clusters, fields, grid, places, points, rows, wire
from geo.tiles.clusters import Heaps
from geo.tiles.grid import Ints, Tile
from geo.tiles.places import Places
from geo.tiles.rows import Source
from geo.tiles.state import State, current

HEAPED_AT = 13  # zoom of the cells that are held heaped, from which coarser ones are made
MOST_POINTS = 4_000_000  # whose places are held at once, 116 MB, beside those asked for last
LEAST_POINTS = 1_000  # that one filter counts for at least
READ_WHOLE = 0.25  # share of touched cells from which all places are read again


class Standing(NamedTuple):
    """The points of a layer that a filter lets through."""

    places: Places
    heaps: Heaps
    cells: Mapping[int, int]  # counters at which they were read


@dataclass(slots=True)
class Dots:
    """Draws points; holds what many tiles are made from."""

    standing: dict[tuple[Any, ...], Standing] = field(default_factory=dict)
    _making: dict[tuple[Any, ...], Lock] = field(default_factory=dict)  # of what is being read
    _lock: Lock = field(default_factory=Lock)

    def layer(
        self, conn: Connection, layer: Layer, asked: Filter, tile: Tile, state: State
    ) -> bytes:
        """Return the layer of a tile."""
        source = rows.through(conn)
        if tile.z >= clusters.BELOW:
            return self.deep(source, layer, asked, tile, state)
        try:
            return self._shallow(conn, source, layer, asked, tile, state)
        except rows.GoneError:  # the connection reads a later state than the one given
            return self._shallow(conn, source, layer, asked, tile, current(conn))

    def deep(self, source: Source, layer: Layer, asked: Filter, tile: Tile, state: State) -> bytes:
        """Return the layer of a tile where each point stands on its own."""
        asked = state.narrowed(source, layer, asked)
        found = self._at_hand(layer, asked, tile, state)
        try:
            return _drawn(source, layer, found or rows.near(source, layer, asked, tile), tile)
        except rows.GoneError:  # the source reads a later state than the one given
            return _drawn(source, layer, rows.near(source, layer, asked, tile), tile)

    def _at_hand(self, layer: Layer, asked: Filter, tile: Tile, state: State) -> Places | None:
        """Return where the points stand in a deep tile, if that is held."""
        held, cell = self.standing.get(_key(layer, asked, state)), cells.of(tile)
        if held is None or held.cells.get(cell) != state.cells.get(layer.name, {}).get(cell):
            return None
        return held.places.part(places.within(held.places, tile))

    def _shallow(
        self,
        conn: Connection,
        source: Source,
        layer: Layer,
        asked: Filter,
        tile: Tile,
        state: State,
    ) -> bytes:
        held = self.held(conn, layer, asked, state)
        return _gathered(source, layer, _heaps(layer, held, tile), tile)

    def held(self, conn: Connection, layer: Layer, asked: Filter, state: State) -> Standing:
        """Return where the points of a filter stand; read only if it is not known."""
        key, now = _key(layer, asked, state), state.cells.get(layer.name, {})
        with self._lock:
            making = self._making.setdefault(key, Lock())
        try:
            with making:
                found = self.standing.get(key)
                if found is None or found.cells != now:
                    found = self._standing(conn, layer, asked, state, found)
                self._hold(key, found)
                return found
        finally:
            self._making.pop(key, None)

    def _standing(
        self, conn: Connection, layer: Layer, asked: Filter, state: State, held: Standing | None
    ) -> Standing:
        now = state.cells.get(layer.name, {})
        asked = state.narrowed(rows.through(conn), layer, asked)
        found = None if held is None else _renewed(conn, layer, asked, held, now)
        if found is None and plain(asked):
            found = rows.points(conn, layer, replace(asked, bbox=None))
        elif found is None:
            every = self.held(conn, layer, unfiltered(asked), state).places
            chosen = rows.keys(conn, layer, replace(asked, bbox=None))
            found = every.part(np.flatnonzero(np.isin(every.vid, chosen)))
        return Standing(found, clusters.heaped(found, _kinds(layer), HEAPED_AT), now)

    def _hold(self, key: tuple[Any, ...], found: Standing) -> None:
        with self._lock:
            self.standing.pop(key, None)
            self.standing[key] = found
            total = sum(map(_size, self.standing.values()))
            while total > MOST_POINTS and len(self.standing) > 1:
                total -= _size(self.standing.pop(next(iter(self.standing))))


def plain(asked: Filter) -> bool:
    """Say whether nothing but time and sight narrows the rows."""
    return asked.units is None and not asked.values and asked.expression is None


def unfiltered(asked: Filter) -> Filter:
    """Return a filter by time and sight alone."""
    return replace(asked, bbox=None, units=None, values={}, expression=None)


def _key(layer: Layer, asked: Filter, state: State) -> tuple[Any, ...]:
    values = tuple((name, tuple(texts)) for name, texts in asked.values.items())
    own = (asked.sight, asked.when, asked.units, values, asked.expression)
    return (state.identity, layer.name, state.moves([layer.name], asked.sight), *own)


def _size(held: Standing) -> int:
    return max(len(held.places.key), LEAST_POINTS)


def _renewed(
    conn: Connection, layer: Layer, asked: Filter, held: Standing, now: Mapping[int, int]
) -> Places | None:
    """Read the places in the cells that changed since they were read; None if those are many."""
    changed = [cell for cell in {*held.cells, *now} if held.cells.get(cell) != now.get(cell)]
    if len(changed) > max(1, READ_WHOLE * len(now)):
        return None
    tiles = [cells.tile(cell) for cell in changed]
    fresh = [_in_cell(conn, layer, asked, tile) for tile in tiles]
    joined: list[Any] = [np.concatenate(column) for column in zip(*fresh, strict=True)]
    return places.replaced(held.places, Places(*joined), tiles)


def _in_cell(conn: Connection, layer: Layer, asked: Filter, tile: Tile) -> Places:
    found = rows.points(conn, layer, replace(asked, bbox=grid.box(tile, buffer=1)))
    return found.part(places.within(found, tile))


def _kinds(layer: Layer) -> int:
    return max(len(fields.counted(layer)), 1)


def _drawn(source: Source, layer: Layer, found: Places, tile: Tile) -> bytes:
    if not len(found.key):
        return b""
    told = rows.columns(layer, rows.told(source, layer, found.vid))
    used, units = wire.tags(told, len(found.key)), places.units(found.u, found.v, tile)
    return wire.layer(layer.name, points.features(*units, used), used)


def _heaps(layer: Layer, held: Standing, tile: Tile) -> Heaps:
    """Return the cells of a tile that hold points, or its few points each on its own."""
    run = places.span(held.places.key, tile)
    if run.stop - run.start <= clusters.FEW:
        return _single(layer, held.places.part(run))
    zoom = tile.z + clusters.DEEPER
    if zoom > HEAPED_AT:
        return clusters.heaped(held.places.part(run), _kinds(layer), zoom)
    heaps = held.heaps.part(places.span(held.heaps.key, tile, zoom=HEAPED_AT))
    return clusters.coarser(heaps, HEAPED_AT - zoom)


def _single(layer: Layer, found: Places) -> Heaps:
    count = len(found.key)
    none, ones = np.zeros((count, _kinds(layer)), np.int64), np.ones(count, np.int64)
    return Heaps(found.key, found.vid, ones, found.u, found.v, none)


def _gathered(source: Source, layer: Layer, heaps: Heaps, tile: Tile) -> bytes:
    if not len(heaps.key):
        return b""
    one = heaps.size == 1
    told = rows.columns(layer, rows.told(source, layer, heaps.vid[one]))
    columns = _spread(told, one)
    columns["count"] = heaps.size.tolist()
    for place, kind in enumerate(fields.counted(layer)):
        numbers = np.where(one, 0, heaps.by_code[:, place]).tolist()
        columns[f"{fields.COUNTED}_{kind}"] = [number or None for number in numbers]
    used = wire.tags(columns, len(one))
    u, v = heaps.u / heaps.size, heaps.v / heaps.size
    return wire.layer(layer.name, points.features(*places.units(u, v, tile), used), used)


def _spread(columns: Mapping[str, Sequence[Any]], where: Ints) -> dict[str, list[Any]]:
    """Put values at the true places of a mask, None at the others."""
    spread: dict[str, list[Any]] = {}
    for name, values in columns.items():
        wide = np.full(len(where), None, dtype=object)
        wide[where] = values
        spread[name] = wide.tolist()
    return spread

"""Points of a layer as features of a tile: each on its own, or gathered at low zoom.

Where the points of a filter stand is kept for the low zooms; after a write only the cells that it
touched are read again. Deep tiles of what is there today are cut from plots, see geo.tiles.plots;
others read what lies in their box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import Connection

from geo.audience import PUBLIC
from geo.errors import AskAgainError
from geo.query import Filter
from geo.schema import Layer
from geo.tiles import cells, clusters, fields, grid, places, plots, points, rows, squares, wire
from geo.tiles.clusters import Heaps
from geo.tiles.grid import Ints, Tile
from geo.tiles.places import Places
from geo.tiles.plots import Plot
from geo.tiles.rows import Source
from geo.tiles.shelf import Piece, Shelf
from geo.tiles.squares import Square, Standing
from geo.tiles.state import FORM, State, current

MOST_POINTS = 4_000_000  # whose places are held at once, 116 MB, beside those asked for last
LEAST_POINTS = 1_000  # that one filter counts for at least
READ_WHOLE = 0.1  # share of touched cells from which all places are read again
WORLD = Tile(0, 0, 0)
ALWAYS = ("", "~")  # days between which what is held of a fixed time is good


@dataclass(slots=True)
class Dots:
    """Draws points; holds what many tiles are made from."""

    shelf: Shelf = field(default_factory=Shelf)
    standing: dict[tuple[Any, ...], Standing] = field(default_factory=dict)
    _making: dict[tuple[Any, ...], Lock] = field(default_factory=dict)  # of what is being read
    _lock: Lock = field(default_factory=Lock)

    def layer(
        self, conn: Connection, layer: Layer, asked: Filter, tile: Tile, state: State
    ) -> bytes:
        """Return the layer of a tile."""
        if tile.z >= clusters.BELOW:
            return self.deep(rows.through(conn), layer, asked, tile, state)
        try:
            return self._shallow(conn, layer, asked, tile, state)
        except rows.GoneError:  # the connection reads a later state than the one given
            return self._shallow(conn, layer, asked, tile, current(conn))

    def soon(self, source: Source, layer: Layer, asked: Filter, tile: Tile, state: State) -> bytes:
        """Return the layer of a tile that takes no more than a few short reads.

        Raises:
            AskAgainError: it takes more, or the source gives less.
        """
        if tile.z >= clusters.BELOW:
            return self.deep(source, layer, asked, tile, state)
        if not squares.under(state.cells.get(layer.name, {}), tile):
            return b""
        found = self._coarse(source, layer, asked, tile, state)
        if found is None:
            raise AskAgainError
        return _gathered(source, layer, found, tile)

    def deep(self, source: Source, layer: Layer, asked: Filter, tile: Tile, state: State) -> bytes:
        """Return the layer of a tile where each point stands on its own."""
        if cells.of(tile) not in state.cells.get(layer.name, {}):
            return b""
        asked = state.narrowed(source, layer, asked)
        if asked.latest and plain(asked):
            return plots.drawn(layer, self._plot(source, layer, asked, tile, state), tile)
        return _drawn(source, layer, rows.near(source, layer, asked, tile), tile)

    def _plot(self, source: Source, layer: Layer, asked: Filter, tile: Tile, state: State) -> Plot:
        """Return the points of today around a deep tile, held or read."""
        square, day = plots.square(tile), _day(asked)
        address = _address("dots", layer, asked, square)
        revision = _revision(layer, asked, cells.of(tile), state)
        found = self.shelf.get(address, revision, day)
        if found is None:
            public = asked.sight == PUBLIC
            found = self.shelf.read(address, revision, day) if public else None
            if found is None:
                made = plots.read(source, layer, asked, square)
                found = Piece(revision, *state.span(source, layer, day), tuple(made))
                if public:
                    self.shelf.write(address, found)
            self.shelf.put(address, found)
        return Plot(*found.columns)

    def prepare(self, conn: Connection, layer: Layer, asked: Filter, state: State) -> None:
        """Have in the file all that plain tiles of a layer are made of, where it can be kept."""
        source = rows.through(conn)
        if layer.name not in state.cells or not _is_shelved(state.narrowed(source, layer, asked)):
            return
        standing = self.held(conn, layer, asked, WORLD, state)
        self._coarse(source, layer, asked, WORLD, state)
        for square in standing.values():
            for tile in places.tiles(square.places, plots.ZOOM):
                self._plot(source, layer, state.narrowed(source, layer, asked), tile, state)

    def _shallow(
        self, conn: Connection, layer: Layer, asked: Filter, tile: Tile, state: State
    ) -> bytes:
        source = rows.through(conn)
        found = self._coarse(source, layer, asked, tile, state)
        if found is None:
            held = self.held(conn, layer, asked, tile, state)
            found = squares.heaps(held, tile, _kinds(layer))
        return _gathered(source, layer, found, tile)

    def _coarse(
        self, source: Source, layer: Layer, asked: Filter, tile: Tile, state: State
    ) -> Heaps | None:
        """Return the cells of a tile of whole squares, told by what is kept of each square.

        None where nothing is, or where the points are so few that each stands on its own.
        """
        asked = state.narrowed(source, layer, replace(asked, bbox=None))
        if tile.z > cells.ZOOM or not _is_shelved(asked):
            return None
        return squares.joined_heaps(self._heaped(source, layer, asked, tile, state), tile)

    def _heaped(
        self, source: Source, layer: Layer, asked: Filter, tile: Tile, state: State
    ) -> list[Heaps]:
        """Return the heaps of the squares in a tile, in the order of the curve: held, or made.

        Raises AskAgainError where they have to be made and no connection reads what they lack.
        """
        own = {
            cell: (
                _address("heaps", layer, asked, cells.tile(cell)),
                _revision(layer, asked, cell, state),
            )
            for cell in squares.under(state.cells.get(layer.name, {}), tile)
        }
        found = {cell: self.shelf.find(*one, _day(asked)) for cell, one in own.items()}
        lacking = [cell for cell, piece in found.items() if piece is None]
        if lacking:
            if source.conn is None:
                raise AskAgainError
            around = tile if len(lacking) > 1 else cells.tile(lacking[0])
            held = self.held(source.conn, layer, asked, around, state)
            for cell in lacking:
                found[cell] = piece = held[cell].heaped()
                self.shelf.write(own[cell][0], piece)
                self.shelf.put(own[cell][0], piece)
        return [Heaps(*piece.columns) for piece in found.values() if piece]

    def held(
        self, conn: Connection, layer: Layer, asked: Filter, tile: Tile, state: State
    ) -> Standing:
        """Return where the points of a filter stand around a tile; read only if it is not known."""
        source = rows.through(conn)
        asked = state.narrowed(source, layer, replace(asked, bbox=None))
        key = _key(layer, asked, state)
        with self._lock:
            making = self._making.setdefault(key, Lock())
        try:
            with making:
                held = self.standing.get(key, {})
                found = self._standing(conn, layer, asked, tile, state, held)
                self._hold(key, found, new=found is not held)
                return found
        finally:
            self._making.pop(key, None)

    def _standing(
        self,
        conn: Connection,
        layer: Layer,
        asked: Filter,
        tile: Tile,
        state: State,
        held: Standing,
    ) -> Standing:
        under = squares.under(state.cells.get(layer.name, {}), tile)
        wanted = {cell: _revision(layer, asked, cell, state) for cell in under}
        day = _day(asked)
        lacking = {
            cell: revision
            for cell, revision in wanted.items()
            if cell not in held or not held[cell].good(revision, day)
        }
        if not lacking:
            return held
        found = self._shelved(layer, asked, lacking) if _is_shelved(asked) else {}
        missing = [cell for cell in lacking if cell not in found]
        more = self._read(conn, layer, asked, state, missing) if missing else {}
        return {**held, **found, **more}

    def _shelved(self, layer: Layer, asked: Filter, wanted: Mapping[int, str]) -> dict[int, Square]:
        """Return the cells that the file holds."""
        found = {}
        for cell, revision in wanted.items():
            address = _address("squares", layer, asked, cells.tile(cell))
            piece = self.shelf.read(address, revision, _day(asked))
            if piece is not None:
                own = squares.of_columns(piece.columns)
                found[cell] = Square(*piece[:3], own, _kinds(layer))
        return found

    def _read(
        self, conn: Connection, layer: Layer, asked: Filter, state: State, wanted: Sequence[int]
    ) -> Mapping[int, Square]:
        """Read the points of some cells; of all where they are many."""
        now = state.cells[layer.name]
        if len(wanted) <= max(1, READ_WHOLE * len(now)):
            read = {cell: _in_cell(conn, layer, asked, cells.tile(cell)) for cell in wanted}
        elif plain(asked):
            read, wanted = squares.split(rows.points(conn, layer, asked)), list(now)
        else:
            every = self.held(conn, layer, unfiltered(asked), WORLD, state)
            read, wanted = squares.chosen(every, rows.keys(conn, layer, asked)), list(now)
        source = rows.through(conn)
        span = state.span(source, layer, _day(asked)) if asked.latest else ALWAYS
        return {
            cell: self._square(layer, asked, state, cell, span, read.get(cell) or squares.empty())
            for cell in wanted
        }

    def _square(
        self,
        layer: Layer,
        asked: Filter,
        state: State,
        cell: int,
        span: tuple[str, str],
        found: Places,
    ) -> Square:
        revision = _revision(layer, asked, cell, state)
        if _is_shelved(asked):
            address = _address("squares", layer, asked, cells.tile(cell))
            self.shelf.write(address, Piece(revision, *span, tuple(found)))
        return Square(revision, *span, found, _kinds(layer))

    def _hold(self, key: tuple[Any, ...], found: Standing, *, new: bool) -> None:
        with self._lock:
            self.standing.pop(key, None)
            self.standing[key] = found
            if not new:
                return
            total = sum(map(_size, self.standing.values()))
            while total > MOST_POINTS and len(self.standing) > 1:
                total -= _size(self.standing.pop(next(iter(self.standing))))


def plain(asked: Filter) -> bool:
    """Say whether nothing but time and sight narrows the rows."""
    return asked.units is None and not asked.values and asked.expression is None


def _is_shelved(asked: Filter) -> bool:
    """Say whether what is read is for everybody and every coming day, and worth a file."""
    return asked.latest and plain(asked) and asked.sight == PUBLIC


def unfiltered(asked: Filter) -> Filter:
    """Return a filter by time and sight alone."""
    return replace(asked, bbox=None, units=None, values={}, expression=None, latest=False)


def _day(asked: Filter) -> str:
    return asked.when.end if asked.when else ""


def _address(kind: str, layer: Layer, asked: Filter, tile: Tile) -> str:
    return f"{FORM}/{kind}/{layer.name}/{tile.z}/{tile.y}/{tile.x}/{asked.sight.name}"


def _revision(layer: Layer, asked: Filter, cell: int, state: State) -> str:
    counted = state.cells.get(layer.name, {}).get(cell, 0)
    return f"{state.identity}/{counted}/{state.moves([layer.name], asked.sight)}"


def _key(layer: Layer, asked: Filter, state: State) -> tuple[Any, ...]:
    values = tuple((name, tuple(texts)) for name, texts in asked.values.items())
    when = "latest" if asked.latest else asked.when
    own = (asked.sight, when, asked.units, values, asked.expression)
    return (state.identity, layer.name, state.moves([layer.name], asked.sight), *own)


def _size(held: Standing) -> int:
    return max(sum(len(square.places.key) for square in held.values()), LEAST_POINTS)


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

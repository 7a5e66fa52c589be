"""One tile of one layer, for one filter: rows in, bytes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from sqlalchemy import Connection

from geo.audience import Sight
from geo.errors import AskAgainError
from geo.query import Filter
from geo.schema import Kind, Layer
from geo.tiles import fields, grid, rows, shapes, wire
from geo.tiles.dots import Dots, plain
from geo.tiles.generalise import FINEST, LayerShapes
from geo.tiles.grid import Tile
from geo.tiles.rows import Source
from geo.tiles.state import State, current

KEPT = 24  # layers of shapes held at once


@dataclass(slots=True)
class Maker:
    """Makes tiles; holds what many tiles are made from, until it changes."""

    dots: Dots = field(default_factory=Dots)
    _kept: dict[tuple[object, ...], LayerShapes] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def tile(
        self,
        conn: Connection,
        asked: Sequence[tuple[Layer, Filter]],
        tile: Tile,
        state: State | None = None,
    ) -> bytes:
        """Return the tile with a layer for each filter; empty if nothing is in it.

        `state` is that of the connection, where it is known already.
        """
        state = state or current(conn)
        return b"".join(self._layer(conn, layer, one, tile, state) for layer, one in asked)

    def layer(self, conn: Connection, layer: Layer, asked: Filter, tile: Tile) -> bytes:
        """Return one layer of a tile; `asked.bbox` gives way to the tile's own box."""
        return self.tile(conn, [(layer, asked)], tile)

    def soon(
        self, source: Source, asked: Sequence[tuple[Layer, Filter]], tile: Tile, state: State
    ) -> bytes:
        """Return a tile of points alone that takes no more than a few short reads.

        Raises:
            AskAgainError: it takes more, or the source gives less.
        """
        if not all(layer.geometry == "Point" for layer, _ in asked):
            raise AskAgainError
        return b"".join(self.dots.soon(source, layer, one, tile, state) for layer, one in asked)

    def _layer(
        self, conn: Connection, layer: Layer, asked: Filter, tile: Tile, state: State
    ) -> bytes:
        if layer.geometry != "Point":
            return self._shapes(conn, layer, asked, tile, state)
        return self.dots.layer(conn, layer, asked, tile, state)

    def _shapes(
        self, conn: Connection, layer: Layer, asked: Filter, tile: Tile, state: State
    ) -> bytes:
        held = self._held(conn, layer, asked.sight, state)
        if plain(asked):
            chosen = held.near(tile, asked.when)
        else:
            near = replace(asked, bbox=grid.box(tile, buffer=grid.BUFFER))
            chosen = rows.vids(conn, layer, near)
        if not chosen:
            return b""
        moment = asked.when.end if asked.when else None
        found = held.at(chosen, tile.z, moment)
        used = wire.tags(rows.columns(layer, held.values(chosen)), len(chosen))
        made = shapes.features(tile, found, used, snapped=tile.z <= FINEST)
        return wire.layer(layer.name, made, used)

    def _held(self, conn: Connection, layer: Layer, sight: Sight, state: State) -> LayerShapes:
        key = (state.identity, layer.name, sight, state.of_layer(layer.name))
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = LayerShapes(rows.shapes(conn, layer, sight))
                while len(self._kept) >= KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = found
        return found


def of_a_day(asked: Filter) -> bool:
    """Say whether a filter asks for the state of one day."""
    return asked.when is not None and asked.when.start == asked.when.end


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

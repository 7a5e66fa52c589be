"""Points of a square with all that they tell, encoded once; deep tiles are cut from it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.query import Filter
from geo.schema import Layer
from geo.tiles import fields, grid, places, points, rows, wire
from geo.tiles.clusters import BELOW
from geo.tiles.grid import Floats, Ints, Tile
from geo.tiles.rows import Source
from geo.tiles.wire import Tags

ZOOM = BELOW  # of the squares: what a first tile reads is what it shows


class Plot(NamedTuple):
    """Points, in no order, and their properties."""

    u: Floats  # world coordinates, see geo.tiles.grid
    v: Floats
    codes: NDArray[np.int32]  # (points, keys): which value; -1 stands for none
    values: NDArray[np.uint8]  # encoded, one after the other
    ends: NDArray[np.int32]  # where in them each value ends


def square(tile: Tile) -> Tile:
    """Return the square that holds a deep tile."""
    return grid.parent(tile, ZOOM)


def read(source: Source, layer: Layer, asked: Filter, tile: Tile) -> Plot:
    """Read a square from the store."""
    u, v, told = rows.near_told(source, layer, asked, tile)
    used = wire.tags(told, len(u))
    sizes = np.fromiter(map(len, used.values), np.int32, len(used.values))
    values = np.frombuffer(b"".join(used.values), np.uint8)
    return Plot(u, v, used.codes.astype(np.int32), values, np.cumsum(sizes, dtype=np.int32))


def drawn(layer: Layer, plot: Plot, tile: Tile) -> bytes:
    """Return the layer of a tile in the plot's square."""
    whole = tile.z <= ZOOM
    index = slice(None) if whole else np.flatnonzero(places.inside(plot.u, plot.v, tile))
    u, v = plot.u[index], plot.v[index]
    if not len(u):
        return b""
    used = _every(layer, plot) if whole else _tags(layer, plot, index)
    return wire.layer(layer.name, points.features(*places.units(u, v, tile), used), used)


def _every(layer: Layer, plot: Plot) -> Tags:
    return Tags(_keys(layer), plot.codes, [plot.values.tobytes()])


def _keys(layer: Layer) -> list[str]:
    return ["id", "label", *fields.FIELDS[layer.name]]


def _tags(layer: Layer, plot: Plot, index: Ints | slice) -> Tags:
    """Number anew the values that some of the points have."""
    codes = plot.codes[index]
    new = np.zeros(len(plot.ends) + 1, np.int64)  # the last stands for none
    new[codes] = 1
    new[-1] = 0
    used = np.flatnonzero(new)
    new[used] = np.arange(len(used))
    new[-1] = -1
    return Tags(_keys(layer), new[codes], _runs(plot, used))


def _runs(plot: Plot, used: Ints) -> list[bytes]:
    """Return the encoded values; those that lie side by side come as one."""
    if not len(used):
        return []
    breaks = np.flatnonzero(np.diff(used) != 1) + 1
    first, last = used[np.append(0, breaks)], used[np.append(breaks - 1, len(used) - 1)]
    starts = np.where(first > 0, plot.ends[first - 1], 0).tolist()
    body = plot.values.data
    return [bytes(body[a:b]) for a, b in zip(starts, plot.ends[last].tolist(), strict=True)]

"""Where the points of a layer stand, in arrays along a Z-curve: every tile is one run of them.

A point takes 29 bytes. A tile holds what lies at or beyond its north-western sides and before the
other two, so that each point is in exactly one tile of a zoom.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.tiles.grid import EXTENT, Floats, Ints, Tile

FINEST = 16  # zoom of the tiles that the curve runs through
_LAST = (1 << FINEST) - 1
_SPREAD = ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555))
Keys = NDArray[np.uint32]


class Places(NamedTuple):
    """Points along the curve; arrays of one length."""

    key: Keys  # place on the curve
    vid: Ints
    u: Floats  # world coordinates, see geo.tiles.grid
    v: Floats
    code: NDArray[np.uint8]  # index among fields.counted

    def part(self, where: slice | Ints) -> Places:
        """Return some of the points."""
        columns: list[Any] = [column[where] for column in self]
        return Places(*columns)


def placed(vid: Ints, u: Floats, v: Floats, code: NDArray[np.uint8]) -> Places:
    """Find the places of points on the curve."""
    return Places(keys(_cell(u), _cell(v)), vid, u, v, code)


def ordered(places: Places) -> Places:
    """Put points in the order of the curve."""
    return places.part(np.argsort(places.key, kind="stable"))


def _cell(share: Floats) -> Keys:
    return np.minimum(share * (1 << FINEST), _LAST).astype(np.uint32)


def keys(column: Keys, row: Keys) -> Keys:
    """Return the place on the curve: the bits of column and row by turns."""
    return _spread(column) | _spread(row) << np.uint32(1)


def _spread(number: Keys) -> Keys:
    for shift, mask in _SPREAD:
        number = (number | number << np.uint32(shift)) & np.uint32(mask)
    return number


def span(key: Keys, tile: Tile, *, zoom: int = FINEST) -> slice:
    """Return the run of a tile among keys of a zoom; below it, that of the tile's parent."""
    deeper = max(tile.z - zoom, 0)
    at = np.array([tile.x >> deeper], np.uint32), np.array([tile.y >> deeper], np.uint32)
    shift = 2 * max(zoom - tile.z, 0)
    first = int(keys(*at)[0]) << shift
    ends = np.array([first, first + (1 << shift) - 1], key.dtype)
    begin = int(np.searchsorted(key, ends[0], "left"))
    return slice(begin, int(np.searchsorted(key, ends[1], "right")))


def tiles(places: Places, zoom: int) -> list[Tile]:
    """Return the tiles of a zoom up to FINEST that hold a point."""
    keys = np.unique(places.key >> np.uint32(2 * (FINEST - zoom)), return_index=True)[1]
    side, last = float(1 << zoom), (1 << zoom) - 1
    columns, rows = (np.minimum(share[keys] * side, last) for share in (places.u, places.v))
    return [Tile(zoom, int(y), int(x)) for x, y in zip(columns, rows, strict=True)]


def within(places: Places, tile: Tile) -> Ints:
    """Return the indexes of the points in a tile."""
    run = span(places.key, tile)
    index = np.arange(run.start, run.stop)
    if tile.z <= FINEST:
        return index
    found: Ints = index[inside(places.u[run], places.v[run], tile)]
    return found


def inside(u: Floats, v: Floats, tile: Tile) -> NDArray[np.bool_]:
    """Say which points are in a tile."""
    side, last = float(1 << tile.z), (1 << tile.z) - 1
    column, row = (np.minimum((share * side).astype(np.int64), last) for share in (u, v))
    found: NDArray[np.bool_] = (column == tile.x) & (row == tile.y)
    return found


def units(u: Floats, v: Floats, tile: Tile) -> tuple[Ints, Ints]:
    """Return whole units from the tile's corner, each at most half a unit from the true place."""
    side = float(EXTENT << tile.z)
    x = np.rint(u * side - tile.x * EXTENT).astype(np.int64)
    return x, np.rint(v * side - tile.y * EXTENT).astype(np.int64)

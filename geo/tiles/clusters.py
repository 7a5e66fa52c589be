"""Points at low zoom: thinned to one feature for each cell of a fixed grid, none forgotten.

A cell is a tile four zooms further in, so the points of a cell are a run of the curve, and the
heaps of a coarse grid are made of those of a fine one. A tile that holds no more points than it
has cells is small anyway: there each stands on its own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from geo.tiles.grid import Floats, Ints
from geo.tiles.places import FINEST, Keys, Places

BELOW = 12  # zoom from which every point is drawn on its own
DEEPER = 4  # zooms from a tile to its cells, of 16 of 256 pixels each
FEW = 1 << 2 * DEEPER  # points, up to which each stands on its own


class Heaps(NamedTuple):
    """Cells of a zoom that hold a point, in the order of the curve; arrays of one length."""

    key: Keys  # place of the cell on the curve of its zoom
    vid: Ints  # key of one of the points
    size: Ints  # points in the cell
    u: Floats  # sums of the world coordinates of the points
    v: Floats
    by_code: Ints  # (cells, codes): how many points of each code

    def part(self, where: slice) -> Heaps:
        """Return some of the cells."""
        columns: list[Any] = [column[where] for column in self]
        return Heaps(*columns)


def heaped(places: Places, kinds: int, zoom: int) -> Heaps:
    """Heap points by the cells of a zoom; codes lie in [0, kinds)."""
    key = places.key >> np.uint32(2 * (FINEST - zoom))
    starts = _starts(key)
    size = np.diff(starts, append=len(key))
    member = np.repeat(np.arange(len(starts)), size)
    codes = np.bincount(member * kinds + places.code, minlength=len(starts) * kinds)
    u, v = (np.add.reduceat(share, starts) if len(starts) else share for share in places[2:4])
    vid = places.vid[starts]
    return Heaps(key[starts], vid, size, u, v, codes.reshape(len(starts), kinds))


def coarser(heaps: Heaps, zooms: int) -> Heaps:
    """Join the heaps of the cells that lie in one cell so many zooms out."""
    key = heaps.key >> np.uint32(2 * zooms)
    starts = _starts(key)
    if not len(starts):
        return heaps
    sums = (np.add.reduceat(column, starts, axis=0) for column in heaps[2:])
    size, u, v, by_code = sums
    return Heaps(key[starts], heaps.vid[starts], size, u, v, by_code)


def _starts(key: Keys) -> Ints:
    """Return where each run of equal keys begins."""
    return np.flatnonzero(np.diff(key, prepend=~key[:1])) if len(key) else np.zeros(0, np.int64)

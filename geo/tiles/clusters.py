"""Points at low zoom: thinned to one feature for each cell of a fixed grid, none forgotten.

A tile that holds no more points than it has cells is small anyway: there each stands on its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.tiles.grid import EXTENT, Ints

BELOW = 12  # zoom from which every point is drawn on its own
CELLS = 16  # cells along a tile's side, of 16 of 256 pixels each


class Clusters(NamedTuple):
    """Cells that hold a point, in units of the tile; arrays of one length."""

    x: Ints
    y: Ints
    size: Ints  # points in the cell
    by_code: Ints  # (cells, codes): how many points of each code
    first: Ints  # index of one of the points


def gather(x: Ints, y: Ints, codes: Ints, kinds: int) -> Clusters:
    """Gather points by cell, at the mean of their places; `codes` lie in [0, kinds).

    As few points as there are cells stay apart, even those of one place.
    """
    side = EXTENT // CELLS
    few = len(x) <= CELLS * CELLS
    cell = np.arange(len(x)) if few else (y // side) * CELLS + x // side
    _, first, member, count = np.unique(
        cell, return_index=True, return_inverse=True, return_counts=True
    )
    both = np.bincount(member * kinds + codes, minlength=len(count) * kinds)
    mean_x, mean_y = (np.bincount(member, weights=axis) / count for axis in (x, y))
    return Clusters(
        np.rint(mean_x).astype(np.int64),
        np.rint(mean_y).astype(np.int64),
        count,
        both.reshape(len(count), kinds),
        first,
    )

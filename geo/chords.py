"""The nearest of many chained chords in space, for points anywhere on the earth.

A tree of balls over runs of consecutive chords, searched by branch and bound for all points at
once (S. M. Omohundro, "Five balltree construction algorithms", ICSI TR-89-063, 1989). A border
line is jagged but runs on, so that consecutive chords lie together and need no sorting.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indexes = NDArray[np.intp]

BRANCHES = 8
TOP = 64  # balls at the top, all of which are looked at
CHUNK = 4096  # points looked up at once, which bounds the memory


class _Level(NamedTuple):
    """Balls over runs of chords; each centre is a vertex of the chain, so that it is on it."""

    centre: Floats  # (m, 3)
    radius: Floats


class Chords:
    """A chain of chords in geocentric coordinates, metres."""

    def __init__(self, start: Floats, end: Floats) -> None:
        """Index chords given by their ends, shape (n, 3), in their order along the chain."""
        self._start, self._vector = start, end - start
        self._squared = _squares(self._vector)
        self._levels: list[_Level] = []
        size = BRANCHES
        while not self._levels or len(self._levels[0].radius) > TOP:
            self._levels.insert(0, _level(start, end, size))
            size *= BRANCHES

    def nearest(self, points: Floats) -> tuple[Indexes, Floats]:
        """Return for each point, shape (k, 3), the nearest chord and where on it, from 0 to 1."""
        chunks = [self._chunk(points[i : i + CHUNK]) for i in range(0, len(points), CHUNK)]
        if not chunks:
            return np.empty(0, dtype=np.intp), np.empty(0)
        return np.concatenate([c for c, _ in chunks]), np.concatenate([s for _, s in chunks])

    def _chunk(self, points: Floats) -> tuple[Indexes, Floats]:
        """Follow pairs of a point and what may hold its nearest chord, sorted by point."""
        top, sizes = self._levels[0], [len(level.radius) for level in self._levels[1:]]
        point = np.repeat(np.arange(len(points)), len(top.radius))
        item = np.tile(np.arange(len(top.radius)), len(points))
        for level, below in zip(self._levels, [*sizes, len(self._start)], strict=True):
            point, item = _possible(points, point, level, item)
            item = (item[:, None] * BRANCHES + np.arange(BRANCHES)).ravel()
            exists = item < below
            point, item = np.repeat(point, BRANCHES)[exists], item[exists]
        return self._best(points, point, item)

    def _best(self, points: Floats, point: Indexes, chord: Indexes) -> tuple[Indexes, Floats]:
        away, vector = points[point] - self._start[chord], self._vector[chord]
        share = np.einsum("ij,ij->i", away, vector) / self._squared[chord]
        share = np.clip(share, 0.0, 1.0)
        order = np.lexsort((_squares(away - share[:, None] * vector), point))
        best = order[_firsts(point)]
        return chord[best], share[best]


def _level(start: Floats, end: Floats, size: int) -> _Level:
    run = np.arange(len(start)) // size
    first = np.arange(0, len(start), size)
    centre = start[np.minimum(first + size // 2, len(start) - 1)]
    own = centre[run]
    reach = np.sqrt(np.maximum(_squares(start - own), _squares(end - own)))
    return _Level(centre, np.maximum.reduceat(reach, first))


def _possible(
    points: Floats, point: Indexes, level: _Level, ball: Indexes
) -> tuple[Indexes, Indexes]:
    """Keep the balls that may come nearer to their point than the nearest of the centres."""
    distance = np.sqrt(_squares(points[point] - level.centre[ball]))
    bound = np.minimum.reduceat(distance, _firsts(point))
    keep = distance - level.radius[ball] <= bound[point]
    return point[keep], ball[keep]


def _firsts(point: Indexes) -> Indexes:
    """Return where each point's pairs begin; every point has some."""
    return np.flatnonzero(np.append(True, point[1:] != point[:-1]))


def _squares(vectors: Floats) -> Floats:
    squares: Floats = np.einsum("ij,ij->i", vectors, vectors)
    return squares

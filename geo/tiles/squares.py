"""Where the points of a filter stand, by the cells in which changes are counted.

A write makes stale the cell that it touched; what stands in the others stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from geo.tiles import cells, clusters, places
from geo.tiles.clusters import Heaps
from geo.tiles.grid import Ints, Tile
from geo.tiles.places import FINEST, Places
from geo.tiles.shelf import Columns, Piece

HEAPED_AT = 13  # the deepest zoom of cells that are held heaped
KEPT_AT = cells.ZOOM + clusters.DEEPER  # zoom of the cells that are kept heaped in a file
_CELL_BITS = 2 * (FINEST - cells.ZOOM)


@dataclass(slots=False)
class Square:
    """The points of one cell of the counters, and what they are good for (see geo.tiles.shelf)."""

    revision: str
    since: str
    until: str
    places: Places
    kinds: int  # of codes
    _heaps: dict[int, Heaps] = field(default_factory=dict)  # by zoom

    def good(self, revision: str, day: str) -> bool:
        """Say whether it holds what is there at a revision on a day."""
        return self.revision == revision and self.since <= day < self.until

    def heaps(self, zoom: int) -> Heaps:
        """Return the points heaped by the cells of a zoom in [cells.ZOOM, HEAPED_AT]."""
        found = self._heaps.get(zoom)
        if found is None:
            if zoom == HEAPED_AT:
                found = clusters.heaped(self.places, self.kinds, HEAPED_AT)
            else:
                found = clusters.coarser(self.heaps(zoom + 1), 1)
            self._heaps[zoom] = found
        return found

    def heaped(self) -> Piece:
        """Return what tiles of whole squares are made of: the more points, the less of them."""
        return Piece(self.revision, self.since, self.until, tuple(self.heaps(KEPT_AT)))


Standing: TypeAlias = Mapping[int, Square]  # by cell


def of_columns(columns: Columns) -> Places:
    """Return the places that a shelf holds."""
    return Places(*columns)


def empty() -> Places:
    """Return no places."""
    none = np.zeros(0)
    return places.placed(none.astype(np.int64), none, none, none.astype(np.uint8))


def split(found: Places) -> dict[int, Places]:
    """Return places in the order of the curve by cell."""
    own = found.key >> np.uint32(_CELL_BITS)
    starts = np.flatnonzero(np.diff(own, prepend=~own[:1])) if len(own) else np.zeros(0, np.int64)
    ends = [*starts[1:].tolist(), len(own)]
    runs = map(slice, starts.tolist(), ends)
    return {_cell(found, run): found.part(run) for run in runs}


def _cell(found: Places, run: slice) -> int:
    side, last = 1 << cells.ZOOM, (1 << cells.ZOOM) - 1
    column, row = (min(int(share[run.start] * side), last) for share in (found.u, found.v))
    return row * side + column


def joined(parts: Iterable[Places]) -> Places:
    """Return places one after the other."""
    columns: list[Any] = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Places(*columns) if columns else empty()


def heaps(standing: Standing, tile: Tile, kinds: int) -> Heaps:
    """Return the cells of a tile that hold points, or its few points each on its own."""
    held = [standing[cell] for cell in under(standing, tile)]
    runs = [(square, places.span(square.places.key, tile)) for square in held]
    if sum(run.stop - run.start for _, run in runs) <= clusters.FEW:
        return _single(joined(square.places.part(run) for square, run in runs), kinds)
    zoom = tile.z + clusters.DEEPER
    if zoom > HEAPED_AT:
        [(square, run)] = runs
        return clusters.heaped(square.places.part(run), kinds, zoom)
    own = max(zoom, cells.ZOOM)
    heaped = [one.heaps(own) for one in held]
    parts = [one.part(places.span(one.key, tile, zoom=own)) for one in heaped]
    return clusters.coarser(_concatenated(parts), own - zoom)


def joined_heaps(parts: Sequence[Heaps], tile: Tile) -> Heaps | None:
    """Return the cells of a tile that holds whole squares, from the heaps that are kept of these.

    None where there are so few points that each stands on its own.
    """
    if sum(int(part.size.sum()) for part in parts) <= clusters.FEW:
        return None
    return clusters.coarser(_concatenated(parts), KEPT_AT - tile.z - clusters.DEEPER)


def _concatenated(parts: Iterable[Heaps]) -> Heaps:
    columns: list[Any] = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Heaps(*columns)


def under(known: Collection[int], tile: Tile) -> list[int]:
    """Return those of some cells that a tile lies in or holds, in the order of the curve."""
    if tile.z >= cells.ZOOM:
        own = cells.of(tile)
        return [own] if own in known else []
    first, past = _run(tile)
    found = sorted((along, cell) for cell in known if first <= (along := _along(cell)) < past)
    return [cell for _, cell in found]


def _run(tile: Tile) -> tuple[int, int]:
    """Return the run of cells along the curve that a tile holds."""
    shift = 2 * (cells.ZOOM - tile.z)
    first = _key(tile.x, tile.y) << shift
    return first, first + (1 << shift)


@lru_cache(1 << 2 * cells.ZOOM)
def _along(cell: int) -> int:
    """Return the place of a cell on the curve."""
    row, column = divmod(cell, 1 << cells.ZOOM)
    return _key(column, row)


def _key(column: int, row: int) -> int:
    at = np.array([column], np.uint32), np.array([row], np.uint32)
    return int(places.keys(*at)[0])


def _single(found: Places, kinds: int) -> Heaps:
    count = len(found.key)
    none, ones = np.zeros((count, kinds), np.int64), np.ones(count, np.int64)
    return Heaps(found.key, found.vid, ones, found.u, found.v, none)


def chosen(standing: Standing, vids: Ints) -> dict[int, Places]:
    """Return those of the points whose rows have one of these keys, by cell."""
    every = [standing[cell].places for cell in sorted(standing, key=_along)]
    found = joined(every)
    return split(found.part(np.flatnonzero(np.isin(found.vid, vids))))

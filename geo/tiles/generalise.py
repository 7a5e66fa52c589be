"""Shapes of a layer, once for each zoom: simplified as a coverage, so that neighbours still meet.

Everything is done on the whole layer before tiles are cut, so tiles agree at their seams.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from threading import Lock
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.period import Period
from geo.tiles.grid import BUFFER, EXTENT, Floats, Tile, world_box, world_xy

Shapes = NDArray[np.object_]
TOLERANCE = 8.0  # units: half of one of 256 pixels
LEAST_AREA = 256.0  # square units: one pixel; smaller islets and holes are left out
FINEST = 9  # zoom from which the stored vertices lie further apart than the tolerance


@dataclass(frozen=True, slots=True)
class Held:
    """A row of a view: its key, its kind (rows of one kind do not overlap), period, geometry."""

    vid: int
    kind: str
    start: str
    end: str  # exclusive
    following: str  # start of the row's next period
    shape: BaseGeometry  # WGS 84 degrees
    values: tuple[Any, ...]  # what it tells


@dataclass(slots=True)
class LayerShapes:
    """The shapes of a layer at any zoom, made when first asked for."""

    rows: Sequence[Held]
    _by_vid: dict[int, Held] = field(default_factory=dict)
    _sides: Floats = field(default_factory=lambda: np.zeros((0, 4)))  # left, top, right, bottom
    _world: dict[int, BaseGeometry] = field(default_factory=dict)
    _made: dict[tuple[int, str], dict[int, BaseGeometry]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        moved = shapely.transform(_array([row.shape for row in self.rows]), world_xy)
        self._world = dict(zip((row.vid for row in self.rows), moved, strict=True))
        self._by_vid = {row.vid: row for row in self.rows}
        self._sides = shapely.bounds(moved)

    def near(self, tile: Tile, when: Period | None) -> list[int]:
        """Return the keys of the rows of a period whose box meets a tile with its buffer."""
        left, top, right, bottom = world_box(tile, BUFFER)
        low, high = (left, top), (right, bottom)
        meets = ((self._sides[:, :2] <= high) & (self._sides[:, 2:] >= low)).all(axis=1)
        boxed = (self.rows[i] for i in np.flatnonzero(meets).tolist())
        return [row.vid for row in boxed if when is None or _valid(row, when)]

    def values(self, vids: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return what rows tell."""
        return [self._by_vid[vid].values for vid in vids]

    def at(self, vids: Sequence[int], z: int, moment: str | None) -> list[BaseGeometry]:
        """Return the shapes of rows in units of a zoom, as they lie together at a moment.

        Without a moment each row lies among those of the time when it began.
        """
        if z > FINEST:
            wanted = _array([self._world[vid] for vid in vids])
            return list(_scaled(wanted, z))
        now = {} if moment is None else self._generalised(z, self._era(moment))
        return [now[vid] if vid in now else self._of_its_time(vid, z) for vid in vids]

    def _of_its_time(self, vid: int, z: int) -> BaseGeometry:
        made = self._generalised(z, self._era(self._by_vid[vid].start))
        return made[vid] if vid in made else _scaled(_array([self._world[vid]]), z)[0]

    def _era(self, moment: str) -> str:
        """Return the last day on which a row began or ended, up to a moment."""
        days = {day for row in self.rows for day in (row.start, row.end)}
        return max((day for day in days if day <= moment), default=moment)

    def _generalised(self, z: int, era: str) -> dict[int, BaseGeometry]:
        with self._lock:
            made = self._made.get((z, era))
            if made is None:
                made = self._made[z, era] = self._generalise(z, era)
            return made

    def _generalise(self, z: int, era: str) -> dict[int, BaseGeometry]:
        present = [row for row in self.rows if row.start <= era < row.end]
        found: dict[int, BaseGeometry] = {}
        for _, group in groupby(sorted(present, key=lambda r: r.kind), key=lambda r: r.kind):
            rows = list(group)
            shapes = _scaled(_array([self._world[row.vid] for row in rows]), z)
            found |= zip((row.vid for row in rows), _simplified(shapes), strict=True)
        return found


def _valid(row: Held, when: Period) -> bool:
    return row.start <= when.end < row.following and row.end > when.start


def _array(shapes: Sequence[BaseGeometry]) -> Shapes:
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


def _scaled(shapes: Shapes, z: int) -> Shapes:
    scale = float(EXTENT << z)
    made: Shapes = shapely.transform(shapes, lambda xy: xy * scale)
    return made


def _simplified(shapes: Shapes) -> list[BaseGeometry]:
    if shapely.get_dimensions(shapes[0]) == 2:
        less = shapely.coverage_simplify(shapes, TOLERANCE)
        return [_without_islets(shape) for shape in shapely.set_precision(less, 1.0)]
    return list(shapely.set_precision(shapely.simplify(shapes, TOLERANCE), 1.0))


def _without_islets(shape: BaseGeometry) -> BaseGeometry:
    """Leave out parts smaller than a pixel, but never all of a row."""
    parts = shapely.get_parts(shape)
    if len(parts) < 2:
        return shape
    areas = shapely.area(parts)
    return shapely.multipolygons(parts[areas >= min(LEAST_AREA, areas.max())])

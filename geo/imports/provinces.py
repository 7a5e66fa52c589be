"""Provinces as sheets name them: which unit is meant, and how far points lie from it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, select

from geo import query
from geo.audience import Sight
from geo.errors import BadInputError
from geo.imports.findings import NOTHING, Problem, Said, ValueProblem
from geo.layers import ADMIN_UNITS
from geo.query import Filter
from geo.referencing import geod
from geo.tables import LATEST, VIEWS
from geo.types import Row
from geo.units import from_rows
from geo.vocabulary import AdminLevel

FAR = 5_000.0  # metres from a province beyond which a point is not of it; outlines are coarse
_NEAR_DEG = 0.03  # degrees within which a point is near without measuring: about 3 km
Points = NDArray[np.float64]  # lon, lat in degrees, shape (n, 2)


class Provinces:
    """The administrative units of a register that a reader sees, with their outlines."""

    def __init__(self, conn: Connection, sight: Sight) -> None:
        rows = query.rows(conn, ADMIN_UNITS, Filter(None, sight=sight))
        self.units = from_rows(Row(row.pop("id"), row) for row in rows)
        self._conn, self._sight = conn, sight
        self._before: dict[str, set[str]] = {}
        for unit in self.units.by_id.values():
            for later in unit.successors:
                self._before.setdefault(later, set()).add(unit.id)
        self._meant: dict[str, frozenset[str]] = {}

    @cached_property
    def _shapes(self) -> dict[str, BaseGeometry]:
        view, seen = VIEWS[ADMIN_UNITS.name], query.visible(ADMIN_UNITS, self._sight)
        found = self._conn.execute(select(view.c.id, view.c.geom).where(seen))
        return {key: shape for key, shape in found if shape is not None}

    def named(self, name: str) -> frozenset[str]:
        """Return the units that a name may mean, of any era, countries left out.

        Raises:
            ValueProblem: none is called so; the nearest names are said.
        """
        if name not in self._meant:
            self._meant[name] = self._look_up(name)
        return self._meant[name]

    def _look_up(self, name: str) -> frozenset[str]:
        try:
            found = self.units.named(name)
        except BadInputError as error:
            near = ", ".join(error.allowed or ())
            said = Said(f"gần giống: {near}", f"near: {near}") if near else NOTHING
            raise ValueProblem(Problem.NO_PROVINCE, said) from None
        by_id = self.units.by_id
        kept = frozenset(key for key in found if by_id[key].level != AdminLevel.COUNTRY)
        if not kept:
            raise ValueProblem(Problem.NO_PROVINCE)
        return kept

    def originals(self, ids: Iterable[str]) -> frozenset[str]:
        """Return the smallest units whose territory these hold: those that followed no other."""
        found: set[str] = set()
        waiting, seen = list(ids), set[str]()
        while waiting:
            key = waiting.pop()
            if key in seen:
                continue
            seen.add(key)
            parts = self._before.get(key)
            if parts:
                waiting += parts
            else:
                found.add(key)
        return frozenset(found)

    def current(self, ids: Iterable[str], day: str) -> str | None:
        """Return the one of these units that there is on a day, or None."""
        by_id = self.units.by_id
        valid = [key for key in ids if by_id[key].start <= day < by_id[key].end]
        return valid[0] if len(valid) == 1 else None

    def origin(self, ids: frozenset[str], point: BaseGeometry | None) -> str | None:
        """Return the original unit that is meant: the only one, or that in which the point lies."""
        pool = sorted(self.originals(ids))
        if len(pool) == 1:
            return pool[0]
        shaped = [key for key in pool if key in self._shapes]
        if point is None or not shaped:
            return None
        far = [self._shapes[key].distance(point) for key in shaped]
        nearest = min(range(len(shaped)), key=far.__getitem__)
        alike = sum(1 for one in far if one == far[nearest])
        return shaped[nearest] if alike == 1 else None

    def off_by(self, ids: frozenset[str], points: Points) -> NDArray[np.float64] | None:
        """Return how many metres each point lies outside these units, None without an outline."""
        keys = {*ids, *self.originals(ids)} & self._shapes.keys()
        if not keys:
            return None
        area = shapely.union_all([self._shapes[key] for key in sorted(keys)])
        shapely.prepare(area)
        shapes = shapely.points(points)
        metres = np.zeros(len(points))
        for place in np.flatnonzero(~shapely.dwithin(area, shapes, _NEAR_DEG)):
            line = shapely.get_coordinates(shapely.shortest_line(area, shapes[place]))
            metres[place] = geod().line_length(line[:, 0], line[:, 1])
        return metres

    def names(self, ids: Iterable[str]) -> str:
        """Return the names of units for a message."""
        return ", ".join(sorted({self.units.by_id[key].name for key in ids}))

    def is_open(self, key: str) -> bool:
        """Say whether a unit has no end."""
        return self.units.by_id[key].end == LATEST

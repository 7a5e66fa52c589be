"""The land under a small map: provinces and borders of the register, as of a day."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy
import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from geo import query, store
from geo.geometry import from_geojson
from geo.layers import ADMIN_UNITS, BORDERS, ISLANDS
from geo.query import Filter
from geo.schema import Layer
from geo.types import BBox
from geo.vocabulary import AdminLevel, BorderLevel, Demarcation

DETAIL = 0.8  # px; finer bends are left out
LEAST_AREA = 4.0  # square px; smaller islets are left out


class Near(NamedTuple):
    """What of the ground lies in a view: areas of units, and borders with whether demarcated."""

    units: list[BaseGeometry]
    borders: list[tuple[BaseGeometry, bool]]


class _Shapes:
    """Geometries with an index, and simplified once for each scale that is asked for."""

    def __init__(self, shapes: list[BaseGeometry]) -> None:
        self.full = numpy.array(shapes, dtype=object)
        self.tree = shapely.STRtree(self.full)
        self.levels: dict[int, Any] = {}  # by the binary logarithm of the degrees of a px

    def meeting(self, box: BBox, degree: float) -> list[tuple[int, BaseGeometry]]:
        level = math.floor(math.log2(degree))
        if level not in self.levels:
            self.levels[level] = _simple(self.full, 2.0**level)
        held = self.levels[level]
        return [(int(i), held[i]) for i in sorted(self.tree.query(shapely.box(*box)))]


def _simple(shapes: Any, degree: float) -> Any:
    simple = shapely.simplify(shapes, DETAIL * degree)
    return numpy.array([_without_islets(one, LEAST_AREA * degree**2) for one in simple], object)


def _without_islets(shape: BaseGeometry, least: float) -> BaseGeometry:
    """Return the areas of at least `least` square degrees, or the largest; lines as they are."""
    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    if shapely.get_dimensions(shape) != 2 or len(parts) == 0:
        return shape
    kept = parts[areas >= min(least, areas.max())]
    return shapely.multipolygons([shapely.Polygon(one.exterior) for one in kept])


class Ground:
    """Countries, provinces, islands and borders, WGS 84."""

    def __init__(
        self, units: list[BaseGeometry], lines: list[BaseGeometry], demarcated: list[bool]
    ) -> None:
        self._units, self._lines, self._demarcated = _Shapes(units), _Shapes(lines), demarcated

    def near(self, box: BBox, degree: float) -> Near:
        """Return what meets a box of degrees, for a picture whose px takes `degree` degrees."""
        units = [shape for _, shape in self._units.meeting(box, degree)]
        lines = self._lines.meeting(box, degree)
        return Near(units, [(shape, self._demarcated[i]) for i, shape in lines])


def read(conn: Connection, asked: Filter, *, islands: bool) -> Ground:
    """Read the ground as a reader sees it; `asked` has a day."""
    units = _read(conn, ADMIN_UNITS, asked)
    # Countries first, so that the provinces lie on them.
    units.sort(key=lambda f: f["properties"]["level"] != AdminLevel.COUNTRY)
    groups = _read(conn, ISLANDS, asked) if islands else []
    lines = [
        f for f in _read(conn, BORDERS, asked) if f["properties"]["level"] == BorderLevel.STRETCH
    ]
    demarcated = [f["properties"].get("demarcated") == Demarcation.YES for f in lines]
    areas = [from_geojson(feature["geometry"]) for feature in (*units, *groups)]
    return Ground(areas, [from_geojson(feature["geometry"]) for feature in lines], demarcated)


def _read(conn: Connection, layer: Layer, asked: Filter) -> list[dict[str, Any]]:
    found = (orjson.loads(text) for text in query.every(conn, layer, asked))
    return [feature for feature in found if feature["geometry"]]


@dataclass(slots=True)
class Kept:
    """The last ground that was read, as long as it holds for the revision, day and sight."""

    _key: tuple[object, ...] | None = None
    _ground: Ground | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, conn: Connection, asked: Filter, *, islands: bool) -> Ground:
        """Return the ground, read anew if anything of it has changed."""
        layers = (ADMIN_UNITS, BORDERS, ISLANDS)
        revisions = tuple(store.revision(conn, layer.name) for layer in layers)
        key = (*revisions, asked.when, asked.sight, islands)
        with self._lock:
            if self._ground is None or key != self._key:
                self._ground, self._key = read(conn, asked, islands=islands), key
            return self._ground

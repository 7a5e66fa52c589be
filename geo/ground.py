"""The land under a small map: provinces and borders of the register, as of a day."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy
import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from geo import query, store
from geo.layers import ADMIN_UNITS, BORDERS, ISLANDS
from geo.query import Filter
from geo.schema import Layer
from geo.types import BBox
from geo.vocabulary import AdminLevel, BorderLevel, Demarcation

COARSE = 0.004  # degrees; bends smaller than this are held back from pictures of a wide view


class Near(NamedTuple):
    """What of the ground lies in a view: areas of units, and borders with whether demarcated."""

    units: list[BaseGeometry]
    borders: list[tuple[BaseGeometry, bool]]


class _Shapes:
    """Geometries with an index, each in full and in coarse detail."""

    def __init__(self, shapes: list[BaseGeometry]) -> None:
        self.full = numpy.array(shapes, dtype=object)
        self.coarse = shapely.simplify(self.full, COARSE)
        self.tree = shapely.STRtree(self.full)

    def meeting(self, box: BBox, degree: float) -> list[tuple[int, BaseGeometry]]:
        held = self.coarse if degree > COARSE else self.full
        return [(int(i), held[i]) for i in sorted(self.tree.query(shapely.box(*box)))]


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
    """Read the ground as an audience sees it; `asked` has a day."""
    units = _read(conn, ADMIN_UNITS, asked)
    # Countries first, so that the provinces lie on them.
    units.sort(key=lambda f: f["properties"]["level"] != AdminLevel.COUNTRY)
    groups = _read(conn, ISLANDS, asked) if islands else []
    lines = [
        f for f in _read(conn, BORDERS, asked) if f["properties"]["level"] == BorderLevel.STRETCH
    ]
    demarcated = [f["properties"].get("demarcated") == Demarcation.YES for f in lines]
    return Ground([_shape(f) for f in (*units, *groups)], [_shape(f) for f in lines], demarcated)


def _read(conn: Connection, layer: Layer, asked: Filter) -> list[dict[str, Any]]:
    found = (orjson.loads(text) for text in query.every(conn, layer, asked))
    return [feature for feature in found if feature["geometry"]]


def _shape(feature: dict[str, Any]) -> BaseGeometry:
    return shapely.from_geojson(orjson.dumps(feature["geometry"]))


@dataclass(slots=True)
class Kept:
    """The last ground that was read, as long as it holds for the revision, day and audience."""

    _key: tuple[object, ...] | None = None
    _ground: Ground | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, conn: Connection, asked: Filter, *, islands: bool) -> Ground:
        """Return the ground, read anew if anything of it has changed."""
        layers = (ADMIN_UNITS, BORDERS, ISLANDS)
        revisions = tuple(store.revision(conn, layer.name) for layer in layers)
        key = (*revisions, asked.when, asked.audience, islands)
        with self._lock:
            if self._ground is None or key != self._key:
                self._ground, self._key = read(conn, asked, islands=islands), key
            return self._ground

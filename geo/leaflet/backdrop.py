"""Land, water and limits under the map, out of the tiles of the built-in base map.

One zoom level is read and the pieces of its tiles are joined, so that no seam shows. Everything
is WGS 84, lon then lat, rounded to about 11 m.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pandas
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import StoreError

ZOOM = 7  # a unit of its tiles is 76 m
DECIMALS = 4  # of a degree
TOLERANCE = 0.001  # degrees; a pixel of zoom 10
LEAST_AREA = 1e-6  # square degrees; islets smaller than this vanish
Chosen = Callable[[pandas.DataFrame], "pandas.Series[bool]"]


def read_ground(tiles: Path, day: str) -> dict[str, dict[str, Any]]:
    """Return GeoJSON geometries by name: land, lakes, rivers, limits (provinces), frontiers.

    `day` (ISO date) decides which limits between provinces stand; frontiers are those between
    other countries, for Vietnam's own are drawn from the register.

    Raises:
        StoreError: the base map cannot be read.
    """

    def standing(rows: pandas.DataFrame) -> pandas.Series[bool]:
        until = rows["until"].fillna("").astype(str)
        return (until == "") | (until > day)

    def foreign(rows: pandas.DataFrame) -> pandas.Series[bool]:
        return ~rows["countries"].str.split("-").map(lambda codes: "VN" in codes)

    wanted: dict[str, tuple[str, Chosen | None]] = {
        "land": ("land", None),
        "lakes": ("lakes", None),
        "rivers": ("rivers", None),
        "limits": ("provinces", standing),
        "frontiers": ("frontiers", foreign),
    }
    return {name: _read(tiles, layer, chosen) for name, (layer, chosen) in wanted.items()}


def _read(tiles: Path, layer: str, chosen: Chosen | None) -> dict[str, Any]:
    try:
        rows = pyogrio.read_dataframe(tiles, layer=layer, ZOOM_LEVEL=str(ZOOM))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise StoreError(f"The base map {tiles} cannot be read: {error}") from error
    if chosen is not None:
        rows = rows[chosen(rows)]
    return geojson(_joined(rows.to_crs("EPSG:4326").geometry.to_numpy()))


def _joined(pieces: Any) -> BaseGeometry:
    whole = shapely.union_all(shapely.make_valid(pieces))
    parts = shapely.get_parts(whole)
    areas = parts[shapely.get_dimensions(parts) == 2]
    if len(areas):
        return shapely.multipolygons(areas[shapely.area(areas) > LEAST_AREA])
    return shapely.line_merge(whole)


def geojson(shape: BaseGeometry, *, tolerance: float = TOLERANCE) -> dict[str, Any]:
    """Return a simplified geometry as a GeoJSON object; `tolerance` is in degrees."""
    simple = shapely.simplify(shape, tolerance)
    rounded = shapely.transform(simple, lambda xy: xy.round(DECIMALS))
    made: dict[str, Any] = orjson.loads(shapely.to_geojson(rounded))
    return made

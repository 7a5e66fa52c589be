"""Features and boxes in other coordinate systems, in the axis order that each system states.

Inside, everything is WGS 84, lon then lat; here is where the order of EPSG is met (OGC API –
Features – Part 2, clause 6.2).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import crs as datum
from geo.errors import BadInputError
from geo.geometry import from_geojson
from geo.later import later
from geo.types import BBox

if TYPE_CHECKING:
    import pyproj
else:
    pyproj = later("pyproj")

CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EDGE_POINTS = 21  # on each side of a box, because straight edges bend when transformed
_DEGREE_DECIMALS, _METRE_DECIMALS = 9, 4  # both finer than 1 mm
Points = NDArray[np.float64]


def uri(identifier: str) -> str:
    """Return the URI of `EPSG:4756` or `OGC:CRS84`."""
    authority, code = identifier.split(":")
    if authority == "OGC":
        return CRS84_URI
    return f"http://www.opengis.net/def/crs/EPSG/0/{code}"


def supported() -> list[str]:
    """Return the URIs of all systems that are offered, CRS84 first."""
    return [uri(name) for name in datum.supported()]


def known(text: str, *, parameter: str) -> str:
    """Return the URI of a system named by URI, URN or `EPSG:n`.

    Raises:
        UnknownCrsError: it is not offered.
    """
    if text.strip("<>[]") in (CRS84_URI, "CRS84", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"):
        return CRS84_URI
    try:
        return uri(f"EPSG:{datum.epsg_code(text.strip('<>[]'))}")
    except BadInputError as error:
        error.parameter, error.allowed = parameter, supported()
        raise


@cache
def northing_first(system: str) -> bool:
    """Say whether a system's first axis points north."""
    if system == CRS84_URI:
        return False
    axis = pyproj.CRS.from_epsg(datum.epsg_code(system)).axis_info[0]
    return str(axis.direction) == "north"


@cache
def in_degrees(system: str) -> bool:
    """Say whether a system's coordinates are degrees, not metres."""
    return bool(pyproj.CRS.from_epsg(datum.epsg_code(system)).is_geographic)


def short(system: str) -> str:
    """Return `OGC:CRS84` or `EPSG:n` for the URI of a system."""
    return "OGC:CRS84" if system == CRS84_URI else f"EPSG:{datum.epsg_code(system)}"


def feature_in(text: str, system: str) -> str:
    """Return a GeoJSON feature (WGS 84) with its geometry in another system.

    The datum's default operation is used even beyond its area of use, where it is less exact.
    """
    feature: dict[str, Any] = orjson.loads(text)
    if feature["geometry"] is not None:
        shape = from_geojson(feature["geometry"])
        moved = shapely.transform(shape, lambda points: stated(points, system))
        feature["geometry"] = orjson.loads(shapely.to_geojson(moved))
    return orjson.dumps(feature).decode()


def points_in(lonlat: Points, system: str) -> Points:
    """Return WGS 84 points in another system: lon, lat in degrees or easting, northing in metres.

    Here x comes first, as files want it, whatever order the system states.
    """
    code = datum.epsg_code(system)
    operation = datum.operations(code)[0].id
    return datum.from_wgs84(lonlat, crs=code, operation=operation).points


def stated(lonlat: Points, system: str) -> Points:
    """Return WGS 84 points in another system, rounded, in the axis order that it states."""
    decimals = _DEGREE_DECIMALS if in_degrees(system) else _METRE_DECIMALS
    xy: Points = np.round(points_in(lonlat, system), decimals)
    return xy[:, ::-1] if northing_first(system) else xy


def shape_from(shape: BaseGeometry, system: str) -> tuple[BaseGeometry, str | None]:
    """Return a shape given in a system, in its own axis order, as WGS 84 lon, lat.

    The second value is the URN of the datum operation that was applied, None where none was.

    Raises:
        BadInputError: the coordinates cannot lie in that system, or lie outside its area.
    """
    if system == CRS84_URI:
        return shape, None
    code, points = datum.epsg_code(system), shapely.get_coordinates(shape)
    xy = points[:, ::-1] if northing_first(system) else points
    found = datum.to_wgs84(xy, crs=code)
    return shapely.transform(shape, lambda _: found.points), found.operation


def box_from(numbers: BBox, system: str) -> BBox:
    """Return the WGS 84 box around a box given in another system, in its own axis order.

    Raises:
        BadInputError: the box cannot lie in that system.
    """
    if system == CRS84_URI:
        return numbers
    a, b, c, d = numbers
    west, south, east, north = (b, a, d, c) if northing_first(system) else (a, b, c, d)
    x, y = np.linspace(west, east, _EDGE_POINTS), np.linspace(south, north, _EDGE_POINTS)
    edges = [
        np.column_stack([x, np.full_like(x, south)]),
        np.column_stack([x, np.full_like(x, north)]),
        np.column_stack([np.full_like(y, west), y]),
        np.column_stack([np.full_like(y, east), y]),
    ]
    code = datum.epsg_code(system)
    operation = datum.operations(code)[0].id
    try:
        lonlat = datum.to_wgs84(np.vstack(edges), crs=code, operation=operation).points
    except BadInputError as error:
        error.parameter = "bbox"
        raise
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])

"""Geometry in the store: the GeoPackage binary format (OGC 12-128r18, clause 2.1.3) and GeoJSON."""

from __future__ import annotations

import struct
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import UserDefinedType

from geo.types import BBox

SRID = 4326  # WGS 84, stored lon then lat as GeoPackage asks
DECIMALS = 7  # of a degree in GeoJSON: about 1 cm
FINE_DECIMALS = 9  # where the place is known better than that
FINE_M = 0.05  # uncertainty in metres up to which it is
_MULTIPART = {"Polygon": shapely.MultiPolygon, "LineString": shapely.MultiLineString}
_HEADER = struct.Struct("<2sBBi")
_ENVELOPE = struct.Struct("<4d")
_LITTLE_ENDIAN, _WITH_XY_ENVELOPE, _EMPTY = 0b1, 0b10, 0b10000
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_POINT_HEADER = _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN, SRID)


def to_gpkg(geometry: BaseGeometry | None) -> bytes | None:
    """Encode a WGS 84 geometry as a GeoPackage blob; points carry no envelope."""
    if geometry is None:
        return None
    body: bytes = shapely.to_wkb(geometry)
    if geometry.is_empty:
        return _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN | _EMPTY, SRID) + body
    if geometry.geom_type == "Point":
        return _POINT_HEADER + body
    west, south, east, north = geometry.bounds
    head = _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN | _WITH_XY_ENVELOPE, SRID)
    return head + _ENVELOPE.pack(west, east, south, north) + body


def from_gpkg(blob: bytes | None) -> BaseGeometry | None:
    """Decode a GeoPackage blob.

    Raises:
        ValueError: the bytes are not a GeoPackage geometry.
    """
    if blob is None:
        return None
    magic, _, flags, _ = _HEADER.unpack_from(blob)
    if magic != b"GP":
        raise ValueError("not a GeoPackage geometry")
    return shapely.from_wkb(blob[_HEADER.size + _ENVELOPE_BYTES[(flags >> 1) & 0b111] :])


def to_ewkb(geometry: BaseGeometry | None) -> str | None:
    """Encode a WGS 84 geometry as PostGIS reads it: extended WKB in hexadecimal."""
    if geometry is None:
        return None
    body: str = shapely.to_wkb(shapely.set_srid(geometry, SRID), hex=True, include_srid=True)
    return body


def from_ewkb(body: str | None) -> BaseGeometry | None:
    """Decode what PostGIS gives."""
    return None if body is None else shapely.set_srid(shapely.from_wkb(body), 0)


def multipart(shape: BaseGeometry, kind: str | None) -> BaseGeometry:
    """Return a single polygon or line as the multi-part type `kind`; any other shape as it is."""
    several = _MULTIPART.get(shape.geom_type)
    return several([shape]) if several and several.__name__ == kind else shape


def decimals(uncertainty_m: float | None) -> int:
    """Return how many decimals of a degree a place deserves whose uncertainty is so many metres."""
    return DECIMALS if uncertainty_m is None or uncertainty_m > FINE_M else FINE_DECIMALS


def geojson_geometry(
    geometry: BaseGeometry | None, places: int | None = DECIMALS
) -> dict[str, Any] | None:
    """Return the RFC 7946 object: lon, lat, right-hand rings, at most so many decimals.

    None keeps every decimal.
    """
    if geometry is None or geometry.is_empty:
        return None
    if geometry.geom_type == "Point":
        [point] = shapely.get_coordinates(geometry).tolist()
        if places is not None:
            point = [round(c, places) for c in point]
        return {"type": "Point", "coordinates": point}
    rounded = shapely.orient_polygons(geometry)
    if places is not None:
        rounded = shapely.transform(rounded, lambda xy: xy.round(places))
    shape: dict[str, Any] = orjson.loads(shapely.to_geojson(rounded))
    return shape


def from_geojson(given: dict[str, Any]) -> BaseGeometry:
    """Return the shape of a GeoJSON geometry, its coordinates as they stand."""
    return shapely.from_geojson(orjson.dumps(given))


def bounds(geometry: BaseGeometry | None) -> BBox | None:
    """Return west, south, east, north, or None where there is nothing."""
    if geometry is None or geometry.is_empty:
        return None
    west, south, east, north = geometry.bounds
    return west, south, east, north


class Geometry(UserDefinedType[BaseGeometry]):
    """Column type of a geometry; `kind` is the OGC type name."""

    cache_ok = True

    def __init__(self, kind: str = "GEOMETRY") -> None:
        self.kind = kind.upper()

    def get_col_spec(self, **_: object) -> str:
        """Return the type's name in DDL, which GeoPackage wants to be the OGC name."""
        return self.kind

    def bind_processor(self, dialect: Dialect) -> Any:
        """Encode on the way in."""
        return to_gpkg if dialect.name == "sqlite" else to_ewkb

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ARG002
        """Decode on the way out."""
        return from_gpkg if dialect.name == "sqlite" else from_ewkb


@compiles(Geometry, "postgresql")
def _postgis_type(element: Geometry, _compiler: object, **_: object) -> str:
    return f"geometry({element.kind},{SRID})"

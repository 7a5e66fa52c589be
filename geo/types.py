"""Names for shapes that are used everywhere."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from shapely.geometry.base import BaseGeometry

LonLat: TypeAlias = tuple[float, float]  # WGS 84 degrees
BBox: TypeAlias = tuple[float, float, float, float]  # west, south, east, north, WGS 84 degrees
Properties: TypeAlias = dict[str, Any]
READ_SECONDS = "read_seconds"  # option of an engine, see geo.store.limited


class Row(NamedTuple):
    """One row of a layer: its identifier, its declared properties, its geometry or None."""

    id: str
    properties: Properties
    geometry: BaseGeometry | None = None


class Joined(NamedTuple):
    """Texts of some rows in one, UTF-8: how many they are, and the last one's key."""

    rows: int
    last: int
    text: bytes

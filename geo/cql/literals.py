"""Literals of CQL2: instants in UTC, and geometries in WGS 84, lon then lat."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import BadInputError
from geo.schema import Field, Kind

_APART = "\x01"  # begins no text of a register
DAY, MOMENT = len("2014-06-30"), len("2014-06-30T07:00:00")  # letters


def bad(
    detail: str, value: object, allowed: Sequence[str] | None = None, *, vi: str = ""
) -> BadInputError:
    """Return the error of a filter that cannot be used."""
    return BadInputError(detail, vi=vi, parameter="filter", value=value, allowed=allowed)


def shown(node: Any) -> str:
    """Return a part of a filter for a message."""
    return str(node)[:200] if isinstance(node, str) else json.dumps(node, ensure_ascii=False)[:200]


def instant(node: dict[str, str], beside: Field | None) -> str:
    """Return a date or timestamp as it is compared with a field: to the day or to the second."""
    if "date" in node:
        return moment(node["date"])[:DAY]
    by_day = beside is None or beside.kind == Kind.DATE
    return moment(node["timestamp"])[: DAY if by_day else MOMENT]


def moment(text: str) -> str:
    """Return an ISO date or instant in UTC to the second, without its offset."""
    try:
        read = datetime.fromisoformat(text)
        found = (read.astimezone(UTC) if read.tzinfo else read).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise bad(f"{text!r} is not a date", text) from None
    return text if len(text) <= DAY else found.isoformat(timespec="seconds")


def element(node: Any) -> str | float | bool:
    """Return an element of an array: dates as ISO text, what no property holds as a text apart."""
    if isinstance(node, str | int | float | bool):
        return node
    if isinstance(node, dict) and ("date" in node or "timestamp" in node):
        return instant(node, None) if "date" in node else moment(node["timestamp"])
    if isinstance(node, dict) and "op" in node:
        raise bad("An array holds no functions or sums", shown(node))
    return _APART + json.dumps(node, sort_keys=True)


def shape(node: Any) -> BaseGeometry:
    """Return a geometry literal or box."""
    found: BaseGeometry
    try:
        if "bbox" in node:
            sides = node["bbox"]
            found = _box(*((*sides[:2], *sides[3:5]) if len(sides) == 6 else sides))
        else:
            found = shapely.from_geojson(json.dumps(node))
    except (shapely.errors.GEOSException, TypeError, ValueError) as error:
        raise bad(f"A geometry is wanted here: {error}", shown(node)) from error
    if found.is_empty or not found.is_valid:
        raise bad("The geometry is empty or not valid", found.wkt[:200])
    west, south, east, north = found.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise bad("The geometry leaves the globe", found.wkt[:200])
    return found


def _box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Return a box; one whose west is greater than its east crosses 180°."""
    if west <= east:
        return shapely.box(west, south, east, north)
    halves = [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
    return shapely.multipolygons(halves)

"""Reading a GeoJSON feature that is to be written: strict, each error names its property.

Values come as JSON gave them. Text is kept as files are read: white space is one space.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from geo.geometry import from_geojson, multipart
from geo.refusal import FeatureError, Reason
from geo.schema import Field, Kind, Layer
from geo.types import Properties

MOST = 2**63 - 1  # the largest whole number that either store holds
DEEPEST = 32  # levels of lists and objects in a feature
MEMBERS = frozenset(("type", "id", "geometry", "properties", "links", "bbox"))


def members(feature: Any) -> dict[str, Any]:
    """Return the feature, known to be an object of known members.

    Raises:
        FeatureError: it is not, or its `properties` are not an object.
    """
    if not isinstance(feature, dict) or _deeper(feature, DEEPEST):
        raise FeatureError(Reason.TYPE, "feature", note="a GeoJSON Feature is wanted")
    for name in feature:
        if name not in MEMBERS:
            raise FeatureError(Reason.UNKNOWN, name, allowed=sorted(MEMBERS))
    if feature.get("type", "Feature") != "Feature":
        raise FeatureError(Reason.TYPE, "type", value=feature["type"], allowed=["Feature"])
    if not isinstance(feature.get("properties", {}), dict):
        raise FeatureError(Reason.TYPE, "properties", note="an object is wanted")
    if not _are(feature.get("bbox", []), int | float) or not _are(feature.get("links", []), dict):
        raise FeatureError(Reason.TYPE, "bbox, links", note="lists of numbers and of objects")
    return feature


def _are(items: Any, kind: Any) -> bool:
    """Say whether it is a list of this kind of value; true and false are no numbers."""
    held = isinstance(items, list)
    return held and all(isinstance(one, kind) and not isinstance(one, bool) for one in items)


def whole(feature: Any) -> dict[str, Any]:
    """Return the feature, known to have the members that each feature has.

    Raises:
        FeatureError: it lacks one, or as of `members`.
    """
    found = members(feature)
    for name in ("type", "properties"):
        if name not in found:
            raise FeatureError(Reason.REQUIRED, name)
    return found


def properties(layer: Layer, feature: dict[str, Any]) -> Properties:
    """Return the properties that a feature gives, all of them known, `id` left out.

    Raises:
        FeatureError: the layer has no property of one of the names.
    """
    given: Properties = feature.get("properties", {})
    known = [f.name for f in layer.fields]
    for name in given:
        if name not in known and name != "id":
            raise FeatureError(Reason.UNKNOWN, name, allowed=known)
    return {name: value for name, value in given.items() if name != "id"}


def revision(layer: Layer, given: Properties) -> int | None:
    """Return the revision that a writer says he read. Raises FeatureError if it is no number."""
    field, sent = layer.field("revision"), given.get("revision")
    if field is None or sent is None:
        return None
    found: int | None = value(field, sent)
    return found


def value(field: Field, given: Any) -> Any:
    """Return a JSON value in the type of its field; an empty text is no value.

    Raises:
        FeatureError: it is not of that type, not in its vocabulary, or cannot be stored.
    """
    if given is None or given == "":
        return None
    try:
        read = _READERS[field.kind](given)
    except (ValueError, TypeError, OverflowError):
        wanted = field.kind.value
        raise FeatureError(Reason.TYPE, field.name, value=_short(given), allowed=[wanted]) from None
    if any("\0" in text for text in _texts(read)):
        raise FeatureError(Reason.NUL, field.name)
    if isinstance(read, int) and abs(read) > MOST:
        raise FeatureError(Reason.TOO_LARGE, field.name, value=_short(given))
    if field.vocabulary and read not in {word.value for word in field.vocabulary}:
        words = [word.value for word in field.vocabulary]
        raise FeatureError(Reason.VOCABULARY, field.name, value=_short(given), allowed=words)
    return read


def _short(given: Any) -> str:
    return str(given)[:100]


def _texts(read: Any) -> Iterator[str]:
    if isinstance(read, str):
        yield read
    elif isinstance(read, list):
        for item in read:
            yield from _texts(item)
    elif isinstance(read, dict):
        for key, item in read.items():
            yield key
            yield from _texts(item)


def _text(given: Any) -> str | None:
    if not isinstance(given, str):
        raise TypeError
    return " ".join(given.split()) or None


def _number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise TypeError
    return given


def _whole(given: Any) -> int:
    number = _number(given)
    if number != int(number):
        raise ValueError
    return int(number)


def _boolean(given: Any) -> bool:
    if not isinstance(given, bool):
        raise TypeError
    return given


def _day(given: Any) -> str:
    return date.fromisoformat(given).isoformat()


def _moment(given: Any) -> str:
    """Return an instant as ISO 8601 in UTC; one without an offset is taken as UTC."""
    read = datetime.fromisoformat(given)
    return (read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)).isoformat()


def _list(given: Any) -> list[str] | None:
    if not isinstance(given, list):
        raise TypeError
    return [text for text in map(_text, given) if text] or None


def _deeper(given: Any, levels: int) -> bool:
    """Say whether lists and objects stand within each other more than so many levels deep."""
    if not isinstance(given, list | dict):
        return False
    below = given.values() if isinstance(given, dict) else given
    return levels == 0 or any(_deeper(item, levels - 1) for item in below)


_READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _whole,
    Kind.REAL: lambda given: float(_number(given)),
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _day,
    Kind.TIMESTAMP: _moment,
    Kind.LIST: _list,
    Kind.JSON: lambda given: given,
}


def geometry(layer: Layer, given: Any) -> BaseGeometry | None:
    """Return the shape of a GeoJSON geometry, its coordinates as they stand.

    A single polygon or line becomes the layer's multi-part type.

    Raises:
        FeatureError: it is no GeoJSON geometry, not of the layer's type, or not simple.
    """
    if given is None:
        return None
    if layer.geometry is None:
        raise FeatureError(Reason.GEOMETRY_TYPE, "geometry", note="the layer has none")
    shape = multipart(_shape(given), layer.geometry)
    if shape.geom_type != layer.geometry:
        raise FeatureError(
            Reason.GEOMETRY_TYPE, "geometry", value=shape.geom_type, allowed=[layer.geometry]
        )
    if not shape.is_valid:
        raise FeatureError(Reason.GEOMETRY, "geometry", note=shapely.is_valid_reason(shape))
    return shape


def _shape(given: Any) -> BaseGeometry:
    if not isinstance(given, dict) or "coordinates" not in given:
        raise FeatureError(Reason.GEOMETRY, "geometry", note="a GeoJSON geometry is wanted")
    for position in _positions(given["coordinates"], DEEPEST):
        _check(position)
    try:
        plain = {"type": given.get("type"), "coordinates": given["coordinates"]}
        shape: BaseGeometry = from_geojson(plain)
    except (GEOSException, TypeError) as error:
        raise FeatureError(Reason.GEOMETRY, "geometry", note=str(error)[:200]) from None
    if shape.is_empty:
        raise FeatureError(Reason.GEOMETRY, "geometry", note="it is empty; null stands for none")
    return shape


def _positions(given: Any, levels: int) -> Iterator[list[Any]]:
    """Yield the positions of nested coordinates."""
    if not isinstance(given, list) or levels == 0:
        raise FeatureError(Reason.GEOMETRY, "geometry", note="coordinates are lists of numbers")
    if any(isinstance(item, list) for item in given):
        for item in given:
            yield from _positions(item, levels - 1)
    elif given:
        yield given


def _check(position: list[Any]) -> None:
    numbers = [n for n in position if isinstance(n, int | float) and not isinstance(n, bool)]
    if len(numbers) != len(position) or len(position) < 2 or not all(map(math.isfinite, numbers)):
        raise FeatureError(Reason.GEOMETRY, "geometry", note="a position is two finite numbers")
    if len(position) > 2:
        raise FeatureError(Reason.HEIGHT, "geometry")


def in_range(shape: BaseGeometry) -> None:
    """Check that a shape is in WGS 84 degrees, lon then lat.

    Raises:
        FeatureError: it is not.
    """
    west, south, east, north = shape.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        box = ",".join(f"{side:g}" for side in shape.bounds)
        raise FeatureError(
            Reason.RANGE, "geometry", value=box, allowed=["lon −180–180, lat −90–90"]
        )

"""From what a writer sends to the row that is to be kept.

A value that comes back as it was shown is taken as unchanged, so what a reader sees rounded,
derived or not at all survives a round trip through a client.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from shapely.geometry.base import BaseGeometry

from geo import derived, incoming, reproject
from geo.errors import BadInputError
from geo.fields import SURVEYED, UNSAID
from geo.refusal import FeatureError, Reason
from geo.reproject import CRS84_URI
from geo.schema import Kind, Layer
from geo.types import Properties, Row
from geo.vocabulary import PositionQuality

_QGIS_DECIMALS = 6  # of a degree or metre, to which QGIS rounds all that it sends by PUT


class Base(NamedTuple):
    """What is edited: the row as it is held, and the feature as its writer was shown it.

    For a new row the properties are all None and nothing was shown. `shown` has its geometry in
    the system that the writer uses; `exact` says whether it is the geometry that is held.
    """

    row: Row
    shown: dict[str, Any]
    exact: bool = True

    @property
    def seen(self) -> Properties:
        """The properties that the writer was shown."""
        values: Properties = self.shown.get("properties", {})
        return values


class Place(NamedTuple):
    """A geometry in WGS 84, whether it is another than before, and how it was given."""

    shape: BaseGeometry | None
    moved: bool
    surveyed: Properties


def draft(layer: Layer, base: Base, feature: dict[str, Any], system: str) -> Row:
    """Return the row that a whole feature asks for; derived properties are as in the base.

    Raises:
        FeatureError: a property is unknown or wrong, or the geometry is, or one of them is not
            shown to the writer, so that he would overwrite what he does not know.
    """
    given = incoming.properties(layer, feature)
    values = {f.name: _taken(layer, f.name, base, given) for f in layer.fields}
    for name in derived.names(layer, values.get("province_origin_id")):
        values[name] = base.row.properties[name]
    place = _place(layer, base, feature, system)
    values |= _surveyed(values, base, place) | _quality(values, place)
    return Row(base.row.id, values, place.shape)


def _taken(layer: Layer, name: str, base: Base, given: Properties) -> Any:
    """Return the value of one property: as held where nothing else was asked for."""
    field, held = layer.field(name), base.row.properties[name]
    assert field is not None  # noqa: S101
    asked = given.get(name)
    if base.shown and name not in base.seen:
        if asked is not None:
            raise FeatureError(Reason.HIDDEN, name)
        return held
    unasked = name not in given and name not in base.seen
    if unasked or asked == base.seen.get(name) or (name == "classification" and not asked):
        return held
    if asked == "" and field.kind != Kind.TEXT:
        raise FeatureError(Reason.TYPE, name, value="", allowed=[field.kind.value])
    return incoming.value(field, asked)


def _place(layer: Layer, base: Base, feature: dict[str, Any], system: str) -> Place:
    if layer.geometry and "geometry" not in feature:
        raise FeatureError(Reason.REQUIRED, "geometry", note="null stands for none")
    asked, shown = feature.get("geometry"), base.shown.get("geometry")
    if base.shown and asked in (shown, _rounded(shown)):
        return Place(base.row.geometry, moved=False, surveyed={})
    if not base.exact:
        raise FeatureError(Reason.HIDDEN, "geometry")
    shape = incoming.geometry(layer, asked)
    if shape is None:
        return Place(None, moved=base.row.geometry is not None, surveyed={})
    try:
        moved, operation = reproject.shape_from(shape, system)
    except BadInputError as error:
        raise FeatureError(Reason.RANGE, "geometry", note=error.detail) from error
    incoming.in_range(moved)
    return Place(moved, moved=True, surveyed=_as_given(shape, system, operation))


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, dict):
        return {name: _rounded(value) for name, value in coordinates.items()}
    if isinstance(coordinates, list):
        return [_rounded(item) for item in coordinates]
    return round(coordinates, _QGIS_DECIMALS) if isinstance(coordinates, float) else coordinates


def _as_given(shape: BaseGeometry, system: str, operation: str | None) -> Properties:
    """Return the coordinates of a point before they were taken to WGS 84, easting first."""
    if system == CRS84_URI or shape.geom_type != "Point":
        return dict.fromkeys(SURVEYED)
    first, second = shape.coords[0]
    x, y = (second, first) if reproject.northing_first(system) else (first, second)
    code = f"EPSG:{system.rpartition('/')[2]}"
    return dict(zip(SURVEYED, (x, y, code, operation), strict=True))


def _surveyed(values: Properties, base: Base, place: Place) -> Properties:
    """Original coordinates belong to one place: they go when it moves, unless new ones came."""
    if "surveyed_x" not in values or not place.moved:
        return {}
    new = any(values[name] != base.row.properties[name] for name in SURVEYED)
    return {} if new else place.surveyed or dict.fromkeys(SURVEYED)


def _quality(values: Properties, place: Place) -> Properties:
    """Coordinates of which nothing is said are for orientation only."""
    if "position_quality" not in values:
        return {}
    if place.shape is None:
        return {"position_quality": PositionQuality.UNKNOWN.value}
    if values["position_quality"] in UNSAID:
        return {"position_quality": PositionQuality.INDICATIVE.value}
    return {}

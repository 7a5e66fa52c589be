"""KML 2.2 (OGC 07-147r2), always in CRS84; every property is typed extended data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from sqlalchemy import Connection

from geo.exports.metadata import lines
from geo.exports.order import EXERCISE_NOTICE, Order
from geo.exports.reading import Feature, batches
from geo.exports.table import cell
from geo.schema import Field, Kind

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n'
ID = "feature_id"  # readers take `id` for the attribute of a placemark, which may not repeat
_TYPES = {Kind.INTEGER: "int", Kind.REAL: "double", Kind.BOOLEAN: "bool"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


def pieces(conn: Connection, order: Order) -> Iterator[bytes]:
    """Yield a document with one placemark for each feature."""
    yield _head(order).encode()
    for features in batches(conn, order):
        yield "".join(_placemark(feature, order) for feature in features).encode()
    yield b"</Document>\n</kml>\n"


def _text(value: Any) -> str:
    """Return a value as XML text, without the control characters that XML cannot hold."""
    return escape(_NOT_XML.sub("", str(value)))


def _head(order: Order) -> str:
    title = order.layer.title.vi
    name = f"{EXERCISE_NOTICE}: {title}" if order.exercise else title
    about = "\n".join(lines(order.about)) if order.about else ""
    return (
        f"{_HEAD}<Document><name>{_text(name)}</name>"
        f"<description>{_text(about)}</description>\n{_schema(order)}\n"
    )


def _schema(order: Order) -> str:
    fields = [_simple_field(ID, "string", ID), *map(_declared, order.fields)]
    if order.exercise:
        fields.append(_simple_field("notice", "string", EXERCISE_NOTICE))
    name = order.layer.name
    return f'<Schema name="{name}" id="{name}">{"".join(fields)}</Schema>'


def _declared(field: Field) -> str:
    return _simple_field(field.name, _TYPES.get(field.kind, "string"), field.title.vi)


def _simple_field(name: str, kind: str, title: str) -> str:
    shown = f"<displayName>{_text(title)}</displayName>"
    return f'<SimpleField name="{name}" type="{kind}">{shown}</SimpleField>'


def _placemark(feature: Feature, order: Order) -> str:
    held = feature["properties"]
    values = {ID: feature["id"], **{f.name: cell(held.get(f.name)) for f in order.fields}}
    if order.exercise:
        values["notice"] = EXERCISE_NOTICE
    data = "".join(
        f"<SimpleData name={quoteattr(name)}>{_text(value)}</SimpleData>"
        for name, value in values.items()
        if value is not None
    )
    label = held.get(order.layer.label) or feature["id"]
    shape = "" if feature["geometry"] is None else _shape(feature["geometry"])
    return (
        f"<Placemark><name>{_text(label)}</name><ExtendedData>"
        f'<SchemaData schemaUrl="#{order.layer.name}">{data}</SchemaData></ExtendedData>'
        f"{shape}</Placemark>\n"
    )


def _shape(geometry: dict[str, Any]) -> str:
    """Return the KML of a GeoJSON geometry."""
    places: Any = geometry.get("coordinates")
    match geometry["type"]:
        case "Point":
            return f"<Point>{_coordinates([places])}</Point>"
        case "LineString":
            return f"<LineString>{_coordinates(places)}</LineString>"
        case "Polygon":
            outer, *inner = (f"<LinearRing>{_coordinates(ring)}</LinearRing>" for ring in places)
            holes = "".join(f"<innerBoundaryIs>{ring}</innerBoundaryIs>" for ring in inner)
            return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{holes}</Polygon>"
        case "GeometryCollection":
            return f"<MultiGeometry>{''.join(map(_shape, geometry['geometries']))}</MultiGeometry>"
        case several:  # MultiPoint, MultiLineString, MultiPolygon
            single = several.removeprefix("Multi")
            parts = (_shape({"type": single, "coordinates": part}) for part in places)
            return f"<MultiGeometry>{''.join(parts)}</MultiGeometry>"


def _coordinates(places: list[list[float]]) -> str:
    return f"<coordinates>{' '.join(f'{p[0]!r},{p[1]!r}' for p in places)}</coordinates>"

"""JSON Schema of the GeoJSON features that may be sent to be written."""

from __future__ import annotations

from typing import Any

from geo.jsonschema import property_schema
from geo.schema import Layer

_LEVELS = {"Point": 0, "LineString": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}
_SINGLE = {"MultiPolygon": "Polygon", "MultiLineString": "LineString"}
_POSITION = {
    "type": "array",
    "prefixItems": [
        {"type": "number", "minimum": -180, "maximum": 180},
        {"type": "number", "minimum": -90, "maximum": 90},
    ],
    "minItems": 2,
    "maxItems": 2,
}
_ID = {  # GeoJSON lets a number be one; null is as none
    "anyOf": [
        {"type": ["string", "null"], "pattern": "^[A-Za-z0-9][A-Za-z0-9._~:-]{0,99}$"},
        {"type": "integer", "minimum": 0},
    ]
}


def feature(layer: Layer) -> dict[str, Any]:
    """Return the schema of a whole feature, for creating and replacing."""
    made = _members(layer)
    required = ["type", "properties", *(["geometry"] if layer.geometry else [])]
    made["properties"]["properties"]["required"] = [f.name for f in layer.fields if f.required]
    return made | {"title": f"A feature of {layer.name}", "required": required}


def patch(layer: Layer) -> dict[str, Any]:
    """Return the schema of a JSON Merge Patch of a feature; null unsets a property."""
    return _members(layer) | {"title": f"Changes to a feature of {layer.name}"}


def _members(layer: Layer) -> dict[str, Any]:
    values = {
        "type": "object",
        "properties": {f.name: _value(layer, f.name) for f in layer.fields},
        "additionalProperties": False,
    }
    members = {
        "type": {"const": "Feature"},
        "id": _ID,
        "geometry": _geometry(layer),
        "properties": values,
        "links": {"type": "array", "items": {"type": "object"}},
        "bbox": {"type": "array", "items": {"type": "number"}},
    }
    return {"type": "object", "properties": members, "additionalProperties": False}


def _value(layer: Layer, name: str) -> dict[str, Any]:
    field = layer.field(name)
    assert field is not None  # noqa: S101
    made = property_schema(field, "en")
    made.pop("oneOf", None)
    if "enum" in made:
        made["enum"] = [*made["enum"], None, ""]
    if "type" in made and not field.required:
        made["type"] = [made["type"], "null"]
    return made


def _geometry(layer: Layer) -> dict[str, Any]:
    if layer.geometry is None:
        return {"type": "null"}
    kinds = [layer.geometry, *([_SINGLE[layer.geometry]] if layer.geometry in _SINGLE else [])]
    return {"anyOf": [{"type": "null"}, *map(_shape, kinds)]}


def _shape(kind: str) -> dict[str, Any]:
    coordinates: dict[str, Any] = _POSITION
    for _ in range(_LEVELS[kind]):
        coordinates = {"type": "array", "items": coordinates, "minItems": 1}
    return {
        "type": "object",
        "properties": {"type": {"const": kind}, "coordinates": coordinates},
        "required": ["type", "coordinates"],
    }

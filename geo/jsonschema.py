"""JSON Schema of a layer: what its features hold, and what can be asked of them.

OGC API – Features – Part 5 (schemas) and Part 3 (queryables), made from the declaration.
"""

from __future__ import annotations

from typing import Any

from geo import derived
from geo.schema import Field, Kind, Layer

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEDIA_TYPE = "application/schema+json"
_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.REAL: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.TIMESTAMP: {"type": "string", "format": "date-time"},
    Kind.LIST: {"type": "array", "items": {"type": "string"}},
    Kind.JSON: {},
}
_UCUM = {"m": "m", "km": "km", "%": "%", "degree": "deg"}  # units as UCUM writes them


def schema(layer: Layer, *, address: str, lang: str) -> dict[str, Any]:
    """Return the schema of the layer's features, titles in `vi` or `en`."""
    properties: dict[str, Any] = {"id": {"type": "string", "x-ogc-role": "id"}}
    if layer.geometry:
        properties["geometry"] = _geometry(layer) | {"x-ogc-role": "primary-geometry"}
    for place, field in enumerate(layer.fields, 1):
        properties[field.name] = property_schema(field, lang) | {"x-ogc-propertySeq": place}
        if field.name in derived.names(layer, None):
            properties[field.name]["readOnly"] = True
    required = [field.name for field in layer.fields if field.required]
    made = _document(layer, address, lang, properties)
    return made | {"required": required, "additionalProperties": False}


def queryables(layer: Layer, *, address: str, lang: str) -> dict[str, Any]:
    """Return what filters on the layer may name."""
    properties: dict[str, Any] = {"id": {"type": "string"}}
    if layer.geometry:
        properties["geometry"] = _geometry(layer)
    comparable = (field for field in layer.fields if field.kind != Kind.JSON)
    properties |= {field.name: property_schema(field, lang) for field in comparable}
    return _document(layer, address, lang, properties) | {"additionalProperties": False}


def _document(layer: Layer, address: str, lang: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": DIALECT,
        "$id": address,
        "title": getattr(layer.title, lang),
        "type": "object",
        "properties": properties,
    }


def _geometry(layer: Layer) -> dict[str, str]:
    return {"format": f"geometry-{(layer.geometry or '').lower()}"}


def property_schema(field: Field, lang: str) -> dict[str, Any]:
    """Return the schema of one property, with its title in `vi` or `en`."""
    made = {"title": getattr(field.title, lang), **_TYPES[field.kind]}
    if field.vocabulary:
        made["oneOf"] = [
            {"const": word.value, "title": getattr(word, lang)} for word in field.vocabulary
        ]
        made["enum"] = [word.value for word in field.vocabulary]
    if field.unit:
        made["x-ogc-unit"] = _UCUM.get(field.unit, field.unit)
    return made

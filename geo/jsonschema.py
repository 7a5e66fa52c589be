"""JSON Schema of a layer: what its features hold, and what can be asked of them.

OGC API – Features – Part 5 (schemas, OGC 23-058) and Part 3 (queryables), from the declaration.
A property without a value is null or absent, whatever its type. `x-cotmoc-guarded` marks what
only changes with somebody else's agreement.
"""

from __future__ import annotations

from typing import Any

from geo import descriptions
from geo.guarding import guarded
from geo.schema import GEOMETRY, Field, Kind, Layer

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
    Kind.JSON: {"type": "array", "items": {"type": "object"}},
}
_UNITS = {"m": "m", "km": "km", "%": "%", "degree": "deg"}  # as UCUM writes them
_CURRENCY = {"USD": "http://qudt.org/vocab/unit/CCY_USD"}
_ROLES = {"valid_from": "primary-interval-start", "valid_to": "primary-interval-end"}
_ID = {"vi": "mã", "en": "identifier"}
_GEOMETRY = {"vi": "vị trí, hình dạng", "en": "geometry"}


def schema(layer: Layer, *, address: str, lang: str) -> dict[str, Any]:
    """Return the schema of the layer's features, titles in `vi` or `en`."""
    properties: dict[str, Any] = {
        "id": {"title": _ID[lang], "type": "string", "x-ogc-role": "id", "x-ogc-propertySeq": 1}
    }
    if layer.geometry:
        shape = _geometry(layer, lang) | {"x-ogc-role": "primary-geometry"}
        properties[GEOMETRY] = shape | {"x-ogc-propertySeq": 2}
    for place, field in enumerate(layer.fields, 3):
        properties[field.name] = property_schema(field, lang) | {"x-ogc-propertySeq": place}
    for name in guarded(layer):
        properties[name]["x-cotmoc-guarded"] = True
    required = [field.name for field in layer.fields if field.required]
    made = _document(layer, address, lang, properties)
    return made | {"required": required, "additionalProperties": False}


def queryables(layer: Layer, *, address: str, lang: str) -> dict[str, Any]:
    """Return what filters on the layer may name."""
    properties: dict[str, Any] = {"id": {"title": _ID[lang], "type": "string", "x-ogc-role": "id"}}
    if layer.geometry:
        shape = _geometry(layer, lang) | {"x-ogc-role": "primary-geometry"}
        properties["geometry"] = shape
    comparable = (field for field in layer.fields if field.kind != Kind.JSON)
    properties |= {field.name: property_schema(field, lang) for field in comparable}
    return _document(layer, address, lang, properties) | {"additionalProperties": False}


def _document(layer: Layer, address: str, lang: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": DIALECT,
        "$id": address,
        "title": getattr(layer.title, lang),
        "description": getattr(descriptions.LAYERS[layer.name], lang),
        "type": "object",
        "properties": properties,
    }


def _geometry(layer: Layer, lang: str) -> dict[str, str]:
    name = (layer.geometry or "").lower()
    return {"title": _GEOMETRY[lang], "format": f"geometry-{name}"}


def property_schema(field: Field, lang: str) -> dict[str, Any]:
    """Return the schema of one property, with its title in `vi` or `en`."""
    made: dict[str, Any] = {"title": getattr(field.title, lang), **_TYPES[field.kind]}
    about = descriptions.FIELDS.get(field.name)
    if about:
        made["description"] = getattr(about, lang)
    if field.vocabulary:
        made["oneOf"] = [
            {"const": word.value, "title": getattr(word, lang)} for word in field.vocabulary
        ]
        made["enum"] = [word.value for word in field.vocabulary]
    return made | _keywords(field)


def _keywords(field: Field) -> dict[str, Any]:
    """Return the keywords of OGC 23-058: unit, role, what it refers to, whether it is read only."""
    made: dict[str, Any] = {}
    if field.unit in _UNITS:
        made["x-ogc-unit"] = _UNITS[field.unit]
    elif field.unit:
        made |= {"x-ogc-unit": _CURRENCY[field.unit], "x-ogc-unitLang": "QUDT"}
    if field.name in _ROLES:
        made["x-ogc-role"] = _ROLES[field.name]
    elif field.refers and field.kind == Kind.TEXT:
        made |= {"x-ogc-role": "reference", "x-ogc-collectionId": field.refers}
    if field.derived:
        made["readOnly"] = True
    return made

"""JSON Schemas of the answers, as components of the OpenAPI document."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
DATE: Schema = {"type": "string", "format": "date"}
INSTANT: Schema = {"type": "string", "format": "date-time"}


def ref(name: str) -> Schema:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(items: Schema) -> Schema:
    """Return a list."""
    return {"type": "array", "items": items}


def maybe(schema: Schema) -> Schema:
    """Return a value that may be null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def shape(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """Return an object with these members; it may have more."""
    members = {**required, **(optional or {})}
    return {"type": "object", "required": list(required), "properties": members}


BOX: Schema = {"type": "array", "items": NUMBER, "minItems": 4, "maxItems": 4}
LINKS = many(ref("Link"))
FEATURES = many(ref("Feature"))
PLAIN_COLLECTION = shape({"type": {"const": "FeatureCollection"}, "features": FEATURES})
_POSITION: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 4}
_NAMES = {"name_vi": maybe(TEXT), "name_en": maybe(TEXT)}
_CORRIDOR = {
    "id": TEXT,
    **_NAMES,
    "length_published_km": maybe(NUMBER),
    "length_measured_km": maybe(NUMBER),
    "position_uncertainty_m": maybe(NUMBER),
    "countries": many(TEXT),
    "segments_count": COUNT,
    "bbox": maybe(BOX),
}
_FIGURE = shape(
    {
        "measure": TEXT,
        "numerator": maybe(NUMBER),
        "denominator": maybe(NUMBER),
        "unit": maybe(TEXT),
        "as_of": maybe(TEXT),
        "basis": TEXT,
    }
)


def _geometry(kind: str, coordinates: Schema) -> Schema:
    return shape({"type": {"const": kind}, "coordinates": coordinates})


def _geometries() -> Schema:
    line = {**many(_POSITION), "minItems": 2}
    polygon = many({**many(_POSITION), "minItems": 4})
    return {
        "oneOf": [
            _geometry("Point", _POSITION),
            _geometry("MultiPoint", many(_POSITION)),
            _geometry("LineString", line),
            _geometry("MultiLineString", many(line)),
            _geometry("Polygon", polygon),
            _geometry("MultiPolygon", many(polygon)),
        ]
    }


_CHANGE = {
    "seq": COUNT,
    "at": TEXT,
    "layer": TEXT,
    "id": TEXT,
    "revision": COUNT,
    "title": shape({"vi": TEXT, "en": TEXT}),
    "action": {"type": "string", "enum": ["create", "edit", "retire"]},
    "actor": maybe(TEXT),
    "reason": maybe(TEXT),
    "hash": maybe(TEXT),
    "changes": many(shape({"field": TEXT, "before": {}, "after": {}})),
}
_IF_ASKED = {"undoable": FLAG}


SCHEMAS: dict[str, Schema] = {
    "Change": shape(
        _CHANGE | {"before": maybe(ref("Feature")), "after": maybe(ref("Feature"))}, _IF_ASKED
    ),
    "Changes": shape({"changes": many(shape(_CHANGE, _IF_ASKED)), "next": maybe(TEXT)}),
    "Versions": shape(
        {
            "versions": many(shape(_CHANGE | {"feature": maybe(ref("Feature"))}, _IF_ASKED)),
            "next": maybe(TEXT),
        }
    ),
    "Undone": shape({"id": TEXT, "revision": COUNT, "register": COUNT}),
    "Recorded": shape(
        {
            "type": {"const": "FeatureCollection"},
            "recorded_at": maybe(TEXT),
            "features": FEATURES,
            "next": maybe(TEXT),
        }
    ),
    "Problem": shape(
        {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "code": TEXT,
            "detail": TEXT,
            "instance": TEXT,
        },
        {
            "parameter": TEXT,
            "value": TEXT,
            "allowed": many(TEXT),
            "reason": TEXT,
            "proposals": TEXT,
            "base_revision": COUNT,
            "revision": COUNT,
            "etag": TEXT,
            "retry_after": COUNT,
        },
    ),
    "Link": shape(
        {"rel": TEXT, "href": TEXT, "type": TEXT},
        {"title": TEXT, "hreflang": TEXT, "templated": FLAG},
    ),
    "Geometry": _geometries(),
    "Feature": shape(
        {
            "type": {"const": "Feature"},
            "id": TEXT,
            "geometry": maybe(ref("Geometry")),
            "properties": {"type": "object"},
        },
        {"links": LINKS},
    ),
    "Landing": shape({"title": TEXT, "description": TEXT, "links": LINKS}),
    "Conformance": shape({"conformsTo": many(TEXT)}),
    "Field": shape(
        {
            "name": TEXT,
            "kind": TEXT,
            "title_vi": TEXT,
            "title_en": TEXT,
            "unit": maybe(TEXT),
            "vocabulary": maybe(TEXT),
        }
    ),
    "Collection": shape(
        {
            "id": TEXT,
            "title": TEXT,
            "itemType": {"const": "feature"},
            "crs": many(TEXT),
            "storageCrs": TEXT,
            "links": LINKS,
        },
        {
            "description": TEXT,
            "geometry": maybe(TEXT),
            "fields": many(ref("Field")),
            "extent": shape(
                {},
                {
                    "spatial": shape({"bbox": many(BOX), "crs": TEXT}),
                    "temporal": shape({"interval": many(many(maybe(TEXT)))}, {"trs": TEXT}),
                },
            ),
        },
    ),
    "Collections": shape({"links": LINKS, "collections": many(ref("Collection"))}),
    "JsonSchema": shape(
        {
            "$schema": TEXT,
            "$id": TEXT,
            "title": TEXT,
            "type": {"const": "object"},
            "properties": {"type": "object", "additionalProperties": {"type": "object"}},
        }
    ),
    "FeatureCollection": shape(
        {
            "type": {"const": "FeatureCollection"},
            "numberReturned": COUNT,
            "features": FEATURES,
        },
        {
            "numberMatched": COUNT,
            "timeStamp": {"type": "string", "format": "date-time"},
            "links": LINKS,
            "exercise": FLAG,
        },
    ),
    "Metadata": shape(
        {
            "layer": TEXT,
            "created": {"type": "string", "format": "date-time"},
            "filter": {"type": "object", "additionalProperties": TEXT},
            "count": COUNT,
            "crs": maybe(TEXT),
            "classification": TEXT,
            "licence": many(TEXT),
            "attribution": many(TEXT),
            "source": many({"type": "object"}),
        }
    ),
    "Counts": shape(
        {
            "layer": TEXT,
            "by": many(TEXT),
            "datetime": maybe(TEXT),
            "total": COUNT,
            "counts": many(shape({"count": COUNT})),
        },
        {"distinct": {"type": "object", "additionalProperties": COUNT}},
    ),
    "Vocabularies": {
        "type": "object",
        "additionalProperties": many(shape({"value": TEXT, "vi": TEXT, "en": TEXT})),
    },
    "Info": shape(
        {
            "name": TEXT,
            "version": TEXT,
            "viewpoint": TEXT,
            "viewpoint_statement": shape({"vi": TEXT, "en": TEXT}),
            "exercise": FLAG,
            "today": DATE,
            "bbox": maybe(BOX),
            "layers": many(
                shape(
                    {
                        "name": TEXT,
                        "title_vi": TEXT,
                        "title_en": TEXT,
                        "geometry": maybe(TEXT),
                        "fields": many(ref("Field")),
                    }
                )
            ),
            "attribution": many(shape({"text": TEXT, "licence": TEXT})),
        }
    ),
    "Progress": shape(
        {
            "border": maybe(TEXT),
            "as_of": DATE,
            "province": maybe(TEXT),
            "reported": many(_FIGURE),
            "plans": many(_FIGURE),
            "register": many(_FIGURE),
        }
    ),
    "Corridors": shape({"corridors": many(shape(_CORRIDOR))}),
    "Corridor": shape({**_CORRIDOR, "segments": PLAIN_COLLECTION}),
    "CorridorProjects": shape(
        {
            "type": {"const": "FeatureCollection"},
            "features": FEATURES,
            "corridor": TEXT,
            "within_km": NUMBER,
            "uncertainty_km": maybe(NUMBER),
            "total": COUNT,
            "possible": COUNT,
            "unlocated": COUNT,
            "totals": many(shape({"kind": maybe(TEXT), "count": COUNT})),
        }
    ),
    "Found": shape(
        {
            "q": TEXT,
            "results": many(
                shape(
                    {"layer": TEXT, "id": TEXT, "bbox": maybe(BOX)},
                    {"title_vi": maybe(TEXT), "title_en": maybe(TEXT)},
                )
            ),
        }
    ),
    "Height": shape(
        {
            "height_m": NUMBER,
            "resolution_arcmin": NUMBER,
            "resolution_m": NUMBER,
            "accuracy_m": NUMBER,
            "spot_accuracy_m": maybe(NUMBER),
            "steps": TEXT,
            "source": TEXT,
        }
    ),
    "Partners": shape(
        {
            "partners": many(
                shape(
                    {"id": TEXT, "code": maybe(TEXT), "country": TEXT, **_NAMES, "bbox": maybe(BOX)}
                )
            )
        }
    ),
    "Partner": shape(
        {
            "code": TEXT,
            "id": TEXT,
            **_NAMES,
            "country": TEXT,
            "bbox": maybe(BOX),
            "unit": ref("Feature"),
            "faces": many(shape({"id": TEXT, **_NAMES})),
            "borders": PLAIN_COLLECTION,
        }
    ),
    "Tilesets": shape({"tilesets": many(ref("TilesetItem")), "links": LINKS}),
    "TilesetItem": shape(
        {
            "title": TEXT,
            "dataType": {"const": "vector"},
            "crs": TEXT,
            "tileMatrixSetURI": TEXT,
            "links": LINKS,
        }
    ),
    "Tileset": shape(
        {
            "title": TEXT,
            "dataType": {"const": "vector"},
            "crs": TEXT,
            "tileMatrixSetURI": TEXT,
            "layers": many(shape({"id": TEXT, "title": TEXT, "dataType": {"const": "vector"}})),
            "links": LINKS,
        }
    ),
    "TileJson": shape(
        {
            "tilejson": TEXT,
            "name": TEXT,
            "tiles": many(TEXT),
            "minzoom": COUNT,
            "maxzoom": COUNT,
            "attribution": TEXT,
            "vector_layers": many(
                shape({"id": TEXT, "fields": {"type": "object", "additionalProperties": TEXT}})
            ),
        },
        {"bounds": BOX},
    ),
    "TileMatrixSets": shape(
        {"tileMatrixSets": many(shape({"id": TEXT, "uri": TEXT, "links": LINKS}))}
    ),
    "TileMatrixSet": shape(
        {
            "id": TEXT,
            "uri": TEXT,
            "crs": TEXT,
            "tileMatrices": many(
                shape(
                    {
                        "id": TEXT,
                        "scaleDenominator": NUMBER,
                        "cellSize": NUMBER,
                        "pointOfOrigin": {**many(NUMBER), "minItems": 2, "maxItems": 2},
                        "tileWidth": COUNT,
                        "tileHeight": COUNT,
                        "matrixWidth": COUNT,
                        "matrixHeight": COUNT,
                    }
                )
            ),
        }
    ),
    "Health": shape({"status": {"const": "ok"}}),
}

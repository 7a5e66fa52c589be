"""Which forms each operation answers in, and where its answers lead."""

from __future__ import annotations

from typing import Any

from api import forms
from api.forms import HTML
from api.openapi.schemas import Schema, ref
from geo import info
from geo.tiles.about import MEDIA_TYPE as MVT

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA_JSON = "application/schema+json"
PROBLEM = "application/problem+json"
PAGE: Schema = {}  # HTML for a person
FILE: Schema = {}  # bytes of a format of its own

# By operation: the schema of each media type of its success.
ANSWERS: dict[str, dict[str, Schema]] = {
    "landing": {JSON: ref("Landing"), HTML: PAGE},
    "conformance": {JSON: ref("Conformance"), HTML: PAGE},
    "definition": {info.OPENAPI: {"type": "object"}},
    "older_definition": {info.OPENAPI_3_0: {"type": "object"}},
    "documentation": {HTML: PAGE},
    "collections": {JSON: ref("Collections"), HTML: PAGE},
    "collection": {JSON: ref("Collection"), HTML: PAGE},
    "schema": {SCHEMA_JSON: ref("JsonSchema"), HTML: PAGE},
    "queryables": {SCHEMA_JSON: ref("JsonSchema"), HTML: PAGE},
    "vocabularies": {JSON: ref("Vocabularies")},
    "about": {JSON: ref("Info")},
    "items": {
        **{media: FILE for media in forms.ITEMS.values() if media not in (JSON, HTML)},
        GEOJSON: ref("FeatureCollection"),
        JSON: ref("Metadata"),
        HTML: PAGE,
    },
    "item": {GEOJSON: ref("Feature"), HTML: PAGE},
    "counts": {JSON: ref("Counts")},
    "matrix_sets": {JSON: ref("TileMatrixSets"), HTML: PAGE},
    "matrix_set": {JSON: ref("TileMatrixSet"), HTML: PAGE},
    "layer_tilesets": {JSON: ref("Tilesets"), HTML: PAGE},
    "tilesets": {JSON: ref("Tilesets"), HTML: PAGE},
    "layer_tileset": {JSON: {"oneOf": [ref("Tileset"), ref("TileJson")]}, HTML: PAGE},
    "tileset": {JSON: {"oneOf": [ref("Tileset"), ref("TileJson")]}, HTML: PAGE},
    "layer_tile": {MVT: FILE},
    "tile_of_several": {MVT: FILE},
    "get_progress": {JSON: ref("Progress")},
    "list_corridors": {JSON: ref("Corridors")},
    "get_corridor": {JSON: ref("Corridor")},
    "corridor_projects": {JSON: ref("CorridorProjects")},
    "find": {JSON: ref("Found")},
    "height": {JSON: ref("Height")},
    "list_partners": {JSON: ref("Partners")},
    "get_partner": {JSON: ref("Partner")},
    "list_changes": {JSON: ref("Changes")},
    "get_change": {JSON: ref("Change")},
    "feature_history": {JSON: ref("Versions")},
    "recorded": {GEOJSON: ref("Recorded")},
    "metrics": {"text/plain": {"type": "string"}},
    "live": {JSON: ref("Health")},
    "ready": {JSON: ref("Health")},
}
# Not for everybody.
GUARDED = {"list_changes", "get_change", "feature_history", "recorded", "metrics"}
MISSING = {"height"}  # answers 404 although its address names nothing
EMPTY = {"layer_tile": "nothing lies in the tile", "tile_of_several": "nothing lies in the tile"}


def _link(operation: str, **parameters: str) -> dict[str, Any]:
    return {"operationId": operation, "parameters": parameters}


_LAYER = "$request.path.layer"
_FIRST = "$response.body#/collections/0/id"
_FEATURE = "$response.body#/features/0/id"
LINKS: dict[str, dict[str, dict[str, Any]]] = {
    "collections": {
        "layer": _link("collection", layer=_FIRST),
        "schema": _link("schema", layer=_FIRST),
        "queryables": _link("queryables", layer=_FIRST),
        "features": _link("items", layer=_FIRST),
        "counts": _link("counts", layer=_FIRST),
    },
    "items": {"feature": _link("item", layer=_LAYER, feature_id=_FEATURE)},
    "list_corridors": {
        "corridor": _link("get_corridor", corridor_id="$response.body#/corridors/0/id"),
        "projects": _link("corridor_projects", corridor_id="$response.body#/corridors/0/id"),
    },
    "list_partners": {"partner": _link("get_partner", code="$response.body#/partners/0/code")},
}

"""The forms that answers come in: name of `f=` and media type, the first without asking."""

from __future__ import annotations

from geo import info, jsonschema
from geo.out_formats import FORMATS

JSON, HTML = "application/json", "text/html"
PLAIN = {"json": JSON, "html": HTML}
SCHEMA = {"json": jsonschema.MEDIA_TYPE, "html": HTML}
TILESET = {"json": JSON, "tilejson": JSON, "html": HTML}
DEFINITION = {"json": info.OPENAPI}
OLDER_DEFINITION = {"json": info.OPENAPI_3_0}
PAGE = {"html": HTML}
ITEM = {
    "geojson": FORMATS["geojson"].media_type,
    "json": JSON,  # GeoJSON too, for who asks for plain JSON
    "html": HTML,
}
ITEMS = ITEM | {name: form.media_type for name, form in FORMATS.items()}

# By operation; what is not here comes as JSON alone.
OFFERED: dict[str, dict[str, str]] = {
    "landing": PLAIN,
    "conformance": PLAIN,
    "definition": DEFINITION,
    "older_definition": OLDER_DEFINITION,
    "documentation": PAGE,
    "collections": PLAIN,
    "collection": PLAIN,
    "schema": SCHEMA,
    "queryables": SCHEMA,
    "items": ITEMS | {"metadata": JSON},  # of the file that the same address gives
    "item": ITEM,
    "matrix_sets": PLAIN,
    "matrix_set": PLAIN,
    "layer_tilesets": PLAIN,
    "tilesets": PLAIN,
    "layer_tileset": TILESET,
    "tileset": TILESET,
    "list_reads": {"json": JSON, "csv": "text/csv"},
}

"""The same API as OpenAPI 3.0, with one path for each layer, for clients that read no newer one.

GDAL and QGIS look here for the largest page and for the properties that can be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geo import jsonschema
from geo.layers import LAYERS
from geo.schema import Layer

Document = dict[str, Any]
_OF_A_LAYER = ("collection", "items", "item")  # operations with a path for each layer
_ROOT = "/api"
_NEWER = ("const", "examples", "prefixItems")  # keywords that 3.0 has not
_NULL = {"type": "object", "nullable": True, "enum": [None]}
_KEPT = ("type", "format", "enum", "items", "title")


def document(newer: Document, *, address: str, largest_page: int) -> Document:
    """Return the document as OpenAPI 3.0; `address` is that of /api as the client sees it."""
    paths = dict(_paths(newer["paths"], largest_page))
    schemas = {name: older(one) for name, one in newer["components"]["schemas"].items()}
    return {
        "openapi": "3.0.3",
        "info": newer["info"],
        "servers": [{"url": address}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _paths(paths: Document, largest_page: int) -> Iterator[tuple[str, Document]]:
    for path, operations in paths.items():
        if not path.startswith(_ROOT):
            continue
        short = path.removeprefix(_ROOT) or "/"
        read = operations.get("get", {})
        if read.get("operationId") not in _OF_A_LAYER:
            yield short, {method: older(one) for method, one in operations.items()}
            continue
        for layer in LAYERS.values():
            yield (
                short.replace("{layer}", layer.name),
                {method: _of_layer(one, layer, largest_page) for method, one in operations.items()},
            )


def _of_layer(operation: Document, layer: Layer, largest_page: int) -> Document:
    made: Document = older(operation)
    made["operationId"] += f"_{layer.name}"
    parameters = [one for one in made.get("parameters", []) if one["name"] != "layer"]
    for one in parameters:
        if one["name"] == "limit":
            one["schema"]["maximum"] = largest_page
        if one["name"] == "bbox":
            one["schema"] = {"type": "array", "minItems": 4, "maxItems": 6, "items": _NUMBER}
    if operation["operationId"] == "items":
        parameters += _queryables(layer, {one["name"] for one in parameters})
    made["parameters"] = parameters
    for answer in made["responses"].values():
        answer.pop("links", None)  # they name the operations of every layer at once
    return made


_NUMBER = {"type": "number"}


def _queryables(layer: Layer, taken: set[str]) -> Iterator[Document]:
    told = jsonschema.queryables(layer, address="", lang="en")["properties"]
    for name, schema in told.items():
        if name not in taken and "type" in schema:
            kept = {key: schema[key] for key in _KEPT if key in schema}
            yield {"name": name, "in": "query", "required": False, "schema": kept}


def older(value: Any) -> Any:
    """Return a part of an OpenAPI 3.1 document as 3.0 writes it."""
    if isinstance(value, list):
        return [older(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "null":
        return dict(_NULL)
    made = {key: older(one) for key, one in value.items() if key not in _NEWER}
    if "prefixItems" in value:
        made["items"] = {"type": "number"}  # the sides of a position
    if made.get("required") == []:
        del made["required"]
    if "const" in value:
        made["enum"] = [value["const"]]
    if isinstance(value.get("examples"), list):
        made["example"] = value["examples"][0]
    if isinstance(value.get("type"), list):
        (made["type"],) = [one for one in value["type"] if one != "null"]
        made["nullable"] = True
    if {"type": "null"} in value.get("anyOf", []):
        made["anyOf"].remove(_NULL)
        made["nullable"] = True
    return made

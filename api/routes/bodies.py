"""How the OpenAPI document describes what is written: bodies by layer, answers, headers."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from api.errors import PROBLEM
from api.links import GEOJSON
from geo import receivable
from geo.layers import LAYERS

JSON, PATCH = "application/json", "application/merge-patch+json"
WHOLE = (GEOJSON, JSON)
PARTS = (PATCH, JSON)
_FEATURES, _PATCHES = "FeatureToWrite", "FeaturePatch"
_WHY = {
    400: "the body is no JSON, or a parameter cannot be used",
    403: "this client may not write",
    404: "there is no such layer or feature",
    409: "the id is taken, or other rows name the feature",
    412: "the feature has changed since; both revisions and the present ETag are told",
    413: "the body is too large",
    415: "another media type is wanted",
    422: "a property or the geometry cannot be written; it is named, with the reason",
    428: "If-Match is wanted",
    503: "the store cannot be used now",
    507: "the store is full",
}
_TAG = {"schema": {"type": "string"}, "description": "tag of the feature as it is now"}
_LOCATION = {"schema": {"type": "string"}, "description": "address of the new feature"}
_REVISION = {"schema": {"type": "integer"}, "description": "revision of the register"}


def answers(good: int, *bad: int) -> dict[int | str, dict[str, Any]]:
    """Return the answers of an operation: the good one and those that are problems."""
    headers = {"Cotmoc-Revision": _REVISION} | ({} if good == 0 else {"ETag": _TAG})
    headers |= {"Location": _LOCATION} if good == 201 else {}
    found: dict[int | str, dict[str, Any]] = {good: {"description": "done", "headers": headers}}
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for status in bad:
        found[status] = {"description": _WHY[status], "content": {PROBLEM: schema}}
    return found


def whole() -> dict[str, Any]:
    """Return the request body of creating and replacing."""
    return _body(WHOLE, _FEATURES)


def parts() -> dict[str, Any]:
    """Return the request body of a merge patch."""
    return _body(PARTS, _PATCHES)


def _body(media: tuple[str, ...], name: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"requestBody": {"required": True, "content": {m: {"schema": schema} for m in media}}}


def describe(app: FastAPI) -> None:
    """Add the schemas that the operations refer to."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        made = plain()
        made.setdefault("components", {}).setdefault("schemas", {}).update(_schemas())
        return made

    app.openapi = openapi  # type: ignore[method-assign]


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {"Problem": _PROBLEM}
    for group, make in ((_FEATURES, receivable.feature), (_PATCHES, receivable.patch)):
        found |= {f"{group}.{name}": make(layer) for name, layer in LAYERS.items()}
        refs = [{"$ref": f"#/components/schemas/{group}.{name}"} for name in LAYERS]
        found[group] = {"anyOf": refs}
    return found


_PROBLEM = {
    "title": "Problem",
    "description": "RFC 9457; programs go by `code`, people by `detail`",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "instance": {"type": "string"},
        "parameter": {"type": "string"},
        "value": {"type": "string"},
        "allowed": {"type": "array", "items": {"type": "string"}},
        "reason": {"type": "string"},
        "base_revision": {"type": "integer"},
        "revision": {"type": "integer"},
        "etag": {"type": "string"},
    },
}

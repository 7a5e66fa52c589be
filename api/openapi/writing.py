"""How operations that write are told: bodies by layer, conditions, answers."""

from __future__ import annotations

from typing import Any

from api.openapi.answers import GEOJSON, JSON, PROBLEM
from api.openapi.schemas import Schema, ref
from geo import receivable, reproject
from geo.layers import LAYERS

PATCH = "application/merge-patch+json"
WHOLE = (GEOJSON, JSON)  # media types of a whole feature
PARTS = (PATCH, JSON)  # of changes to one
_WHY = {
    400: "the body is no JSON, or a parameter cannot be used",
    401: "writing needs an account here",
    403: "this client may not write here",
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
_ALWAYS = (400, 401, 403, 404, 503)
_SENT = (409, 413, 415, 422, 507)
_ONE = (412, 428)
# By operation: its success, and what else it answers.
_ANSWERS: dict[str, tuple[int, tuple[int, ...]]] = {
    "create": (201, (*_ALWAYS, *_SENT)),
    "replace": (204, (*_ALWAYS, *_SENT, *_ONE)),
    "update": (204, (*_ALWAYS, *_SENT, *_ONE)),
    "delete": (204, (*_ALWAYS, 409, 507, *_ONE)),
    "undo_change": (200, (*_ALWAYS, 409, 422, 507)),
    "collection_options": (200, (400, 404, 503)),
    "item_options": (200, (400, 404, 503)),
}
OPERATIONS = frozenset({"create", "replace", "update", "delete", "undo_change"})
_BODIES = {
    "create": (WHOLE, "FeatureToWrite"),
    "replace": (WHOLE, "FeatureToWrite"),
    "update": (PARTS, "FeaturePatch"),
}
_DONE = {201: "made", 204: "done", 200: "what may be done, in Allow"}


def _header(schema: Schema, description: str) -> dict[str, Any]:
    return {"schema": schema, "description": description}


_TEXT: Schema = {"type": "string"}
_WRITTEN = {
    "Cotmoc-Revision": _header({"type": "integer"}, "revision of the register"),
    "ETag": _header(_TEXT, "tag of the feature as it is now, for If-Match"),
}
_HEADERS: dict[int, dict[str, Any]] = {
    200: {"Allow": _header(_TEXT, "methods")},
    201: {**_WRITTEN, "Location": _header(_TEXT, "address of the new feature")},
    204: _WRITTEN,
}
SYSTEM = {
    "name": "Content-Crs",
    "in": "header",
    "description": "system of the coordinates in the body",
    "schema": {"type": "string", "enum": reproject.supported(), "default": reproject.CRS84_URI},
}
CONDITION = {
    "name": "If-Match",
    "in": "header",
    "description": "ETag that GET gave; * for any state",
    "schema": {"type": "string", "examples": ["*"]},
}


def described(operation: str) -> dict[str, Any] | None:
    """Return body, headers and answers of an operation that writes, None of any other."""
    if operation not in _ANSWERS:
        return None
    good, bad = _ANSWERS[operation]
    answers = {str(good): {"description": _DONE[good], "headers": _HEADERS[good]}}
    if operation == "undo_change":
        answers = {"200": {"description": "undone", "content": {JSON: {"schema": ref("Undone")}}}}
    problem = {PROBLEM: {"schema": ref("Problem")}}
    answers |= {str(code): {"description": _WHY[code], "content": problem} for code in bad}
    headers = [SYSTEM] if operation in _BODIES else []
    headers += [CONDITION] if 428 in bad else []
    told: dict[str, Any] = {"responses": answers, "headers": headers}
    if operation in _BODIES:
        media, name = _BODIES[operation]
        content = {kind: {"schema": ref(name)} for kind in media}
        told["requestBody"] = {"required": True, "content": content}
    return told


def schemas() -> dict[str, Schema]:
    """Return the components that the bodies refer to."""
    found: dict[str, Schema] = {}
    for group, make in (
        ("FeatureToWrite", receivable.feature),
        ("FeaturePatch", receivable.patch),
    ):
        found |= {f"{group}.{name}": make(layer) for name, layer in LAYERS.items()}
        found[group] = {"anyOf": [ref(f"{group}.{name}") for name in LAYERS]}
    return found

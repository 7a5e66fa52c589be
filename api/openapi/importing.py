"""How the operations on imports are told."""

from __future__ import annotations

from typing import Any

from api.importing import State
from api.openapi.answers import GEOJSON, JSON, PROBLEM
from api.openapi.schemas import Schema, ref
from geo.imports.findings import Level, Problem
from geo.imports.records import Action

BYTES = "application/octet-stream"
_OBJECT: Schema = {"type": "object"}
_TEXT: Schema = {"type": ["string", "null"]}
_LIST: Schema = {"type": "array", "items": _OBJECT}
_FINDING: Schema = {
    "type": "object",
    "required": ["row", "column", "header", "value", "level", "code", "text_vi", "text_en"],
    "properties": {
        "row": {"type": ["integer", "null"], "description": "as the sheet counts, from 1"},
        "column": _TEXT, "header": _TEXT, "value": _TEXT,
        "level": {"enum": [level.value for level in Level]},
        "code": {"type": "string", "examples": [problem.value for problem in Problem][:5]},
        "text_vi": {"type": "string"}, "text_en": {"type": "string"},
    },
}  # fmt: skip
_KNOWN: dict[str, Schema] = {
    "id": {"type": "string"},
    "file": {"type": "string"},
    "options": _OBJECT,
    "state": {"enum": [state.value for state in State]},
    "job": {**_TEXT, "description": "address of the job that works on it, or did last"},
    "progress": {
        "type": ["object", "null"],
        "required": ["done", "of", "vi", "en"],
        "properties": {
            "done": {"type": "integer"}, "of": {"type": ["integer", "null"]},
            "vi": {"type": "string"}, "en": {"type": "string"},
        },
    },
    "problem": {"type": ["object", "null"], "description": "why a job came to no good end"},
    "done": {"type": ["object", "null"], "description": "what a job wrote, as ImportDone"},
}  # fmt: skip
_ROW: Schema = {
    "type": "object",
    "required": ["row", "id", "label", "action", "revision", "changes", "geometry", "findings"],
    "properties": {
        "row": {"type": "integer"},
        "id": _TEXT,
        "label": {"description": "what the row is called, such as a marker's number"},
        "action": {"enum": [action.value for action in Action]},
        "revision": {"type": ["integer", "null"], "description": "of the row that would change"},
        "changes": {"type": "object", "description": "by property: before and after"},
        "geometry": {"type": ["object", "null"]},
        "findings": {"type": "array", "items": ref("ImportFinding")},
    },
}
SCHEMAS: dict[str, Schema] = {
    "ImportFinding": _FINDING,
    "Import": {
        "type": "object",
        "description": "one that is being checked or written, or could not be",
        "required": list(_KNOWN),
        "properties": _KNOWN,
    },
    "ImportPreview": {
        "type": "object",
        "required": [*_KNOWN, "columns", "counts", "findings"],
        "properties": {
            **_KNOWN,
            "columns": _LIST,
            "targets": {
                "type": "array",
                "items": {"type": "string"},
                "description": "what a column may hold",
            },
            "systems": _LIST,
            "zones": {"type": "array", "items": _OBJECT, "description": "systems to choose from"},
            "fits": _LIST,
            "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
            "findings": {"type": "array", "items": ref("ImportFinding")},
        },
    },
    "ImportRows": {
        "type": "object",
        "required": ["total", "start", "rows"],
        "properties": {
            "total": {"type": "integer"},
            "start": {"type": "integer"},
            "rows": {"type": "array", "items": _ROW},
        },
    },
    "ImportDone": {
        "type": "object",
        "required": ["import", "written"],
        "properties": {"import": {"type": "string"}, "written": _OBJECT},
    },
    "ImportOptions": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "sheet": _TEXT, "crs": _TEXT, "mark": {"enum": [",", ".", None]}, "as_of": _TEXT,
            "document": _TEXT,
            "mapping": {"type": "object", "additionalProperties": _TEXT},
            "constants": {"type": "object", "additionalProperties": {"type": "string"}},
            "accept": {"type": "array", "items": {"enum": ["off_province", "future"]}},
        },
    },
}  # fmt: skip
_WHY = {
    400: "the file is refused, with the reason, or a parameter cannot be used",
    401: "this is for who is signed in",
    403: "this client may not import",
    404: "there is no such import",
    409: "rows forbid it, each is named; or the import is not in the state for that",
    413: "the file is too large",
    415: "another media type is wanted",
    503: "the store cannot be used now",
    507: "the store is full",
}
_SEEN = (400, 401, 403, 404, 409, 503)
_PREVIEW = {JSON: ref("ImportPreview")}
_WAITING = {JSON: ref("Import")}
_LATER = {"Location": {"schema": {"type": "string"}, "description": "address of the job"}}
# By operation: its success, the content of that, and what else it answers.
_ANSWERS: dict[str, tuple[int, dict[str, Schema], tuple[int, ...]]] = {
    "send_import": (201, _PREVIEW, (*_SEEN, 413, 507)),
    "get_import": (200, {JSON: {"anyOf": [ref("ImportPreview"), ref("Import")]}}, _SEEN),
    "import_rows": (200, {JSON: ref("ImportRows")}, _SEEN),
    "import_map": (200, {GEOJSON: ref("FeatureCollection")}, _SEEN),
    "import_faults": (200, {}, _SEEN),
    "change_import": (200, _PREVIEW, (*_SEEN, 413, 415, 507)),
    "drop_import": (204, {}, (*_SEEN, 507)),
    "commit_import": (200, {JSON: ref("ImportDone")}, (*_SEEN, 507)),
    "propose_import": (201, {JSON: ref("Proposal")}, (*_SEEN, 507)),
    "undo_import": (200, {JSON: ref("ImportDone")}, (*_SEEN, 507)),
}
# What is answered where a job does it.
_ACCEPTED: dict[str, dict[str, Schema]] = {
    "send_import": _WAITING,
    "change_import": _WAITING,
    "commit_import": _WAITING,
    "propose_import": _WAITING,
    "undo_import": {JSON: ref("Job")},
}
_BODIES: dict[str, dict[str, Any]] = {
    "send_import": {BYTES: {"schema": {"type": "string", "format": "binary"}}},
    "change_import": {JSON: {"schema": ref("ImportOptions")}},
}


def described(operation: str) -> dict[str, Any] | None:
    """Return body and answers of an operation on imports, None of any other."""
    if operation not in _ANSWERS:
        return None
    good, content, bad = _ANSWERS[operation]
    done: dict[str, Any] = {"description": "done"}
    if content:
        done["content"] = {media: {"schema": schema} for media, schema in content.items()}
    problem = {PROBLEM: {"schema": ref("Problem")}}
    answers: dict[str, Any] = {str(good): done}
    if operation in _ACCEPTED:
        later = {media: {"schema": schema} for media, schema in _ACCEPTED[operation].items()}
        answers["202"] = {"description": "a job does it", "content": later, "headers": _LATER}
    answers |= {str(code): {"description": _WHY[code], "content": problem} for code in bad}
    told: dict[str, Any] = {"responses": answers, "headers": []}
    if operation in _BODIES:
        told["requestBody"] = {"required": True, "content": _BODIES[operation]}
    return told

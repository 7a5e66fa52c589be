"""How operations are told that are not for everybody: jobs and what comes of them."""

from __future__ import annotations

from typing import Any

from api.openapi.answers import FILE, GEOJSON, JSON, PROBLEM
from api.openapi.parameters import PARAMETERS
from api.openapi.schemas import COUNT, FLAG, INSTANT, LINKS, TEXT, Schema, many, maybe, ref, shape
from geo import exports
from geo.evidence.content import TAKEN
from geo.layers import LAYERS
from office.jobs import State

_WHY = {
    304: "what the client has is still true",
    400: "the body or a parameter cannot be used",
    401: "this is for who is signed in",
    403: "this client may not do it",
    404: "there is no such thing, or it is not for this client",
    409: "it is not in the state for that, or there is too much of it",
    413: "the body is too large",
    415: "another media type is wanted",
    503: "the store cannot be used now",
    507: "there is no room left",
}
_ALWAYS = (400, 401, 403, 404, 503)
_OPEN = (400, 401, 404, 503)  # for everybody; 401 where a token is no good
_NAMED = {"vi": TEXT, "en": TEXT}
_JOB = shape(
    {
        "id": TEXT,
        "kind": TEXT,
        "title": shape(_NAMED),
        "actor": TEXT,
        "by": TEXT,
        "given": {"type": "object"},
        "state": {"type": "string", "enum": [state.value for state in State]},
        "cancelling": FLAG,
        "progress": shape({"done": COUNT, "of": maybe(COUNT), **_NAMED}),
        "tries": COUNT,
        "made": INSTANT,
        "started": maybe(INSTANT),
        "ended": maybe(INSTANT),
        "result": maybe({"type": "object"}),
        "problem": maybe({"type": "object"}),
        "links": LINKS,
    }
)
_FILE = shape(
    {
        "sha256": TEXT,
        "name": TEXT,
        "bytes": COUNT,
        "media_type": TEXT,
        "width": maybe(COUNT),
        "height": maybe(COUNT),
        "taken": maybe(TEXT),
        "links": LINKS,
    }
)
_NAMED_FILE = shape(
    {
        "sha256": TEXT,
        "media_type": TEXT,
        "original": FLAG,
        "name": maybe(TEXT),
        "bytes": maybe(COUNT),
        "width": maybe(COUNT),
        "height": maybe(COUNT),
        "taken": maybe(TEXT),
    }
)
_ACCEPTED = shape({"media_types": many(TEXT), "max_bytes": COUNT, "most": COUNT})
_FILES: dict[str, Any] = {form.media_type: {"schema": FILE} for form in exports.FORMATS.values()}
_FILES[GEOJSON] = {"schema": ref("FeatureCollection")}
_PICTURES = {media: {"schema": FILE} for media in TAKEN}
_LOCATION = {"Location": {"schema": TEXT, "description": "address of what was made"}}


def _json(name: str) -> dict[str, Any]:
    return {JSON: {"schema": ref(name)}}


# By operation: its success, the content of that, and what else it answers.
_ANSWERS: dict[str, tuple[int, dict[str, Any], tuple[int, ...]]] = {
    "submit_job": (202, _json("Job"), (*_ALWAYS, 409, 413, 415, 507)),
    "list_jobs": (200, _json("Jobs"), _ALWAYS),
    "get_job": (200, _json("Job"), _ALWAYS),
    "cancel_job": (204, {}, (*_ALWAYS, 409, 507)),
    "bring_file": (201, _json("File"), (*_ALWAYS, 413, 507)),
    "list_files": (200, _json("Files"), _OPEN),
    "get_file": (200, _PICTURES, (304, *_ALWAYS)),
    "job_result": (200, _FILES, (*_ALWAYS, 409)),
}
_BODIES: dict[str, dict[str, Any]] = {
    "submit_job": _json("JobToDo"),
    "bring_file": {media: {"schema": FILE} for media in (*TAKEN, "application/octet-stream")},
}


def described(operation: str) -> dict[str, Any] | None:
    """Return body and answers of a closed operation, None of any other."""
    if operation not in _ANSWERS:
        return None
    good, content, bad = _ANSWERS[operation]
    success: dict[str, Any] = {"description": "done"}
    success |= {"content": content} if content else {}
    success |= {"headers": _LOCATION} if good in (201, 202) else {}
    problem = {PROBLEM: {"schema": ref("Problem")}, "text/html": {}}
    answers = {
        str(code): {"description": _WHY[code], **({"content": problem} if code >= 400 else {})}
        for code in bad
    }
    told: dict[str, Any] = {"responses": {str(good): success, **answers}, "headers": []}
    if operation in _BODIES:
        told["requestBody"] = {"required": True, "content": _BODIES[operation]}
    return told


def schemas() -> dict[str, Schema]:
    """Return the components that the bodies refer to."""
    return {
        "JobToDo": _job(),
        "Job": _JOB,
        "Jobs": shape({"jobs": many(ref("Job"))}),
        "File": _FILE,
        "Files": shape({"files": many(_NAMED_FILE), "accepted": _ACCEPTED}),
    }


def _job() -> Schema:
    told = ("datetime", "province", "filter", "filter-lang")
    query = {name: PARAMETERS[name]["schema"] for name in told}
    return {
        "type": "object",
        "required": ["kind", "layer", "f"],
        "additionalProperties": False,
        "properties": {
            "kind": {"const": "export"},
            "layer": {"type": "string", "enum": list(LAYERS)},
            "f": {"type": "string", "enum": list(exports.FORMATS)},
            "query": {
                "type": "object",
                "description": "as items takes them: filters on properties, bbox, crs, limit too",
                "properties": query,
                "additionalProperties": {"type": "string"},
            },
        },
    }

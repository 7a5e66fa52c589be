"""How operations are told that neither read features nor write them: body, success, failures."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import BaseModel

from api import forms
from api.openapi.schemas import Schema, ref

JSON = "application/json"
PROBLEM = "application/problem+json"
WHY = {
    400: "the body or a parameter cannot be used",
    401: "nobody is signed in, or what was shown is not good",
    403: "who is signed in may not do this, or has more to show",
    404: "there is no such thing",
    409: "in conflict with what is held",
    412: "the row has changed since; base, theirs and yours are told",
    413: "the body is too large",
    415: "another media type is wanted",
    422: "what is asked for cannot be written; the property is named, with the reason",
    429: "too many attempts; Retry-After says how long to wait",
    502: "the identity provider cannot be used",
    503: "the store cannot be used now",
    507: "the store is full",
}
_ALWAYS = (400, 503)
_SENT = (413, 415)
_CHANGED = (403, 507)
_DONE = {200: "OK", 201: "made", 204: "done", 303: "go there"}
_TEXT: Schema = {"type": "string"}
_HEADERS: dict[int, dict[str, Any]] = {
    202: {"Location": {"schema": _TEXT, "description": "address of the job"}},
    303: {"Location": {"schema": _TEXT, "description": "where to go"}},
    401: {"WWW-Authenticate": {"schema": _TEXT, "description": "what may be shown"}},
    429: {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}},
}


class Told(NamedTuple):
    """What an operation answers; `changes` says that it is no plain read.

    `files` are media types of other forms of its success, `later` what it answers where a job
    does it.
    """

    good: int = 200
    answer: Schema | None = None
    bad: tuple[int, ...] = ()
    body: type[BaseModel] | None = None
    changes: bool = True
    files: tuple[str, ...] = ()
    headers: tuple[dict[str, Any], ...] = ()
    later: Schema | None = None


def described(told: Told) -> dict[str, Any]:
    """Return body and answers of an operation."""
    success = {"description": _DONE[told.good], **_headers(told.good)}
    if told.answer is not None:
        success["content"] = {JSON: {"schema": told.answer}, **{one: {} for one in told.files}}
    bad = {*_ALWAYS, *told.bad, *(_CHANGED if told.changes else ()), *(_SENT if told.body else ())}
    made: dict[str, Any] = {
        "responses": {str(told.good): success} | {str(one): _problem(one) for one in sorted(bad)}
    }
    if told.later is not None:
        content = {JSON: {"schema": told.later}}
        job = {"description": "a job does it", "content": content, **_headers(202)}
        made["responses"]["202"] = job
    if told.body is not None:
        schema = told.body.model_json_schema(ref_template="#/components/schemas/{model}")
        made["requestBody"] = {"required": True, "content": {JSON: {"schema": _bare(schema)}}}
    return made


def _bare(schema: Schema) -> Schema:
    """Return a schema with the definitions that it names put in their places."""
    held = schema.pop("$defs", {})

    def put(value: Any) -> Any:
        if isinstance(value, list):
            return [put(one) for one in value]
        if not isinstance(value, dict):
            return value
        name = str(value.get("$ref", "")).rpartition("/")[2]
        return put(held[name]) if name in held else {k: put(v) for k, v in value.items()}

    made: Schema = put(schema)
    return made


def _headers(status: int) -> dict[str, Any]:
    return {"headers": _HEADERS[status]} if status in _HEADERS else {}


def _problem(status: int) -> dict[str, Any]:
    content = {PROBLEM: {"schema": ref("Problem")}, forms.HTML: {}}
    return {"description": WHY[status], "content": content, **_headers(status)}

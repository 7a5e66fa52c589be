"""The OpenAPI 3.1 document: the routes that FastAPI knows, with exact parameters and answers."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api import forms
from api.openapi import (
    accounts,
    answers,
    auditing,
    closed,
    importing,
    parameters,
    proposing,
    told,
    writing,
)
from api.openapi.schemas import SCHEMAS, ref

Operation = dict[str, Any]
TOLD = accounts.TOLD | auditing.TOLD | proposing.TOLD
EVERYWHERE = ("f", "lang")  # parameters that every operation under /api takes
REASONS = {
    304: "what the client has is still true",
    400: "a parameter cannot be used",
    401: "needs an account",
    403: "not for whoever asks",
    404: "there is no such thing",
    409: "what was recorded then did not hold together",
    408: "the body comes too slowly",
    429: "too many requests; Retry-After says how long to wait",
    503: "the store cannot be read now",
}


def name_of(route: APIRoute) -> str:
    """Return the operationId of a route: the name of its function."""
    return route.name


def install(app: FastAPI) -> None:
    """Make the application show our document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    if not app.state.settings.allow_anonymous_writes:
        paths = {path: _reading(operations) for path, operations in made["paths"].items()}
        made["paths"] = {path: operations for path, operations in paths.items() if operations}
    for path, operations in made["paths"].items():
        for operation in operations.values():
            _complete(path, operation)
    made["components"] = {
        "schemas": SCHEMAS
        | accounts.SCHEMAS
        | auditing.SCHEMAS
        | proposing.SCHEMAS
        | importing.SCHEMAS
        | writing.schemas()
        | closed.schemas()
    }
    return made


def _reading(operations: dict[str, Operation]) -> dict[str, Operation]:
    """Leave out what a server that takes no writes answers 403."""
    return {
        method: one
        for method, one in operations.items()
        if one["operationId"] not in writing.OPERATIONS
    }


def _complete(path: str, operation: Operation) -> None:
    name = operation["operationId"]
    given = {one["name"]: one for one in operation.get("parameters", [])}
    everywhere = EVERYWHERE if path.startswith("/api") else ()
    offered = list(forms.OFFERED.get(name, ("json",)))
    said = {one: parameters.declared(name, one, offered) for one in (*given, *everywhere)}
    operation["parameters"] = [_styled(found or given[one]) for one, found in said.items()]
    written = writing.described(name) or importing.described(name) or closed.described(name)
    if name in TOLD:
        operation["parameters"] += TOLD[name].headers
        operation |= told.described(TOLD[name])
    elif written is None:
        operation["responses"] = _responses(path, name, operation["responses"])
    else:
        operation["parameters"] += written.pop("headers")
        operation |= written
    everybody = {"429": _TOO_MANY} | ({"408": _TOO_SLOW} if "requestBody" in operation else {})
    operation["responses"] = everybody | operation["responses"]


def _styled(parameter: dict[str, Any]) -> dict[str, Any]:
    """Say that lists have commas between."""
    if parameter["in"] == "path":
        return parameter
    return {**parameter, "style": "form", "explode": False}


def _responses(path: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    success = given.get("200", {"description": "OK"})
    content = answers.ANSWERS.get(name)
    if content is not None:
        success = {**success, "content": {kind: _media(one) for kind, one in content.items()}}
    if name in answers.LINKS:
        success = {**success, "links": answers.LINKS[name]}
    made = {"200": success}
    if name in answers.EMPTY:
        made["204"] = {"description": answers.EMPTY[name]}
    made["304"] = {"description": REASONS[304]}
    missing = "{" in path or name in answers.MISSING
    statuses = [400, 404, 503] if missing else [400, 503]
    statuses += [401, 403] if name in answers.GUARDED else []
    statuses += [409] if name == "recorded" else []
    return made | {str(status): _problem(status) for status in statuses}


def _media(schema: dict[str, Any]) -> dict[str, Any]:
    return {"schema": schema} if schema else {}


def _problem(status: int) -> dict[str, Any]:
    content = {answers.PROBLEM: {"schema": ref("Problem")}, forms.HTML: {}}
    return {"description": REASONS[status], "content": content}


_WAITING = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
_TOO_MANY = {**_problem(429), "headers": _WAITING}
_TOO_SLOW = _problem(408)

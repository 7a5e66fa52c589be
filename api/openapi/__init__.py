"""The OpenAPI 3.1 document: the routes that FastAPI knows, with exact parameters and answers."""

from __future__ import annotations

from typing import Any, TypeGuard

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from api import forms
from api.middleware import each
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
    400: "a parameter cannot be used, or what it asks for takes too long to read",
    401: "needs an account",
    403: "not for whoever asks",
    404: "there is no such thing",
    409: "what was recorded then did not hold together",
    408: "the body comes too slowly",
    429: "too many requests; Retry-After says how long to wait",
    503: "the store cannot be read now",
}


def document(app: FastAPI) -> dict[str, Any]:
    """Return the document of an application that has all its routes."""
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


def operation(app: FastAPI, path: str, method: str) -> Operation | None:
    """Return one operation of the document, None where that leaves it out.

    `method` is as in GET. The whole document would take as long as the routes of all.
    """
    routes = [one for one in each(app.routes) if _is_of(one, path, method)]
    if not routes:
        return None
    name = routes[0].name
    if name in writing.OPERATIONS and not app.state.settings.allow_anonymous_writes:
        return None
    made = get_openapi(title=app.title, version=app.version, routes=routes)["paths"]
    found = {**made[path][method.lower()], "operationId": name}
    _complete(path, found)
    return found


def _is_of(route: BaseRoute, path: str, method: str) -> TypeGuard[APIRoute]:
    if not isinstance(route, APIRoute) or route.path != path:
        return False
    return route.include_in_schema and method in (route.methods or ())


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

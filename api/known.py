"""Refuses query parameters that the OpenAPI document does not state (OGC API – Features, 7.6)."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request

from api import trace
from geo.asking import RESERVED
from geo.errors import BadInputError, NotFoundError
from geo.later import later

if TYPE_CHECKING:
    from api import openapi
else:
    openapi = later("api.openapi")

CHOSEN = ("f", "filter-lang")  # parameters whose values are those of the document, no others


async def known_parameters(request: Request) -> None:
    """Let a request through whose parameters its operation takes, each of them once.

    Names of properties are left to those operations that filter by them.

    Raises:
        BadInputError: a parameter is unknown here, or is given twice.
    """
    trace.of(request.scope).route = request.scope["route"].path
    path: str = request.scope["path"]
    if "\0" in path:
        raise NotFoundError("No address holds a NUL")  # a store may not even be asked for it
    if not request.url.query or not path.startswith("/api"):
        return
    taken = _taken(request)
    if taken is None:
        return
    given = Counter(name for name, _ in _texts(request))
    for name, times in given.items():
        if name in taken:
            _check(request, name, times, taken[name])
        elif openapi.parameters.FILTERED not in taken or name in RESERVED:
            raise BadInputError(
                f"There is no parameter {name!r} here", parameter=name, allowed=sorted(taken)
            )


def _texts(request: Request) -> Iterator[tuple[str, str]]:
    for name, text in request.query_params.multi_items():
        if "\0" in name or "\0" in text:
            raise BadInputError("A text holds a NUL", parameter=name.replace("\0", "\\0"))
        yield name, text


def _taken(request: Request) -> dict[str, Any] | None:
    """Return the parameters of the operation, None where the document leaves it out."""
    operation = request.scope["route"].path.rstrip("/"), request.method
    known: dict[tuple[str, str], dict[str, Any] | None] = request.app.state.taken
    if operation not in known:
        known[operation] = _told(request.app, *operation)
    return known[operation]


def _told(app: FastAPI, path: str, method: str) -> dict[str, Any] | None:
    operation = openapi.operation(app, path, method)
    if operation is None:
        return None
    return {one["name"]: one for one in operation["parameters"] if one["in"] == "query"}


def _check(request: Request, name: str, times: int, parameter: dict[str, Any]) -> None:
    if times > 1:
        raise BadInputError(f"{name} is given {times} times", parameter=name)
    if name in CHOSEN:
        allowed = parameter["schema"]["enum"]
        value = request.query_params[name]
        if value not in allowed:
            raise BadInputError(
                f"{value!r} is no {name}", parameter=name, value=value, allowed=allowed
            )

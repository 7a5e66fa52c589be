"""Writing features: OGC API – Features – Part 4, create, replace, update, delete."""

from collections.abc import Callable
from typing import Annotated, Any, Concatenate

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import Connection

from api import errors, gate, links, reads, sending, stale, tags
from api.deps import Actor, LayerDep, Reader
from api.openapi.writing import PARTS, WHOLE
from geo import change, period, reproject, store
from geo.change import Edit, Permit, Saved
from geo.errors import NotFoundError, StaleError
from geo.reproject import CRS84_URI
from geo.schema import Layer

router = APIRouter(prefix="/api/collections/{layer}", tags=["editing"])
_READS = ("GET", "HEAD", "OPTIONS")
_Change = Callable[Concatenate[Connection, ...], Saved]


def _edit(
    request: Request,
    actor: Actor,
    permit: Annotated[Permit | None, Depends(gate.may_write)],
    sight: Reader,
    datetime: Annotated[
        str | None, Query(description="date whose version is meant; absent = today")
    ] = None,
    reason: Annotated[
        str, Query(max_length=500, pattern=r"^[^\x00]*$", description="why, for the history")
    ] = "through the API",
) -> Edit:
    system = request.headers.get("content-crs", CRS84_URI)
    return Edit(
        actor=actor.name,
        reason=reason,
        sight=sight,
        when=period.parse(datetime),
        system=reproject.known(system, parameter="Content-Crs"),
        permit=permit,
    )


EditDep = Annotated[Edit, Depends(_edit)]


Whole = Annotated[Any, Depends(sending.sent(WHOLE))]
Parts = Annotated[Any, Depends(sending.sent(PARTS))]


@router.post(
    "/items",
    status_code=201,
)
def create(request: Request, layer: LayerDep, edit: EditDep, sent: Whole) -> Response:
    """Add a feature; its address comes in `Location`."""
    with store.writing(request.app.state.engine) as conn:
        saved = change.create(conn, layer, sent, edit)
    answer = _answer(request, layer, saved, 201)
    answer.headers["location"] = f"{links.base(request)}/collections/{layer.name}/items/{saved.id}"
    return answer


@router.put(
    "/items/{feature_id}",
    status_code=204,
)
def replace(
    request: Request, layer: LayerDep, feature_id: str, edit: EditDep, sent: Whole
) -> Response:
    """Replace a feature, on the state that `If-Match` names."""
    return _change(request, layer, feature_id, edit, change.replace, sent)


@router.patch(
    "/items/{feature_id}",
    status_code=204,
)
def update(
    request: Request, layer: LayerDep, feature_id: str, edit: EditDep, sent: Parts
) -> Response:
    """Change parts of a feature (RFC 7396), on the state that `If-Match` names."""
    return _change(request, layer, feature_id, edit, change.update, sent)


@router.delete(
    "/items/{feature_id}",
    status_code=204,
)
def delete(request: Request, layer: LayerDep, feature_id: str, edit: EditDep) -> Response:
    """Take a feature out of the register, on the state that `If-Match` names."""
    return _change(request, layer, feature_id, edit, change.delete)


def _change(
    request: Request, layer: Layer, feature_id: str, edit: Edit, how: _Change, *sent: Any
) -> Response:
    """Do one change to one feature, in a transaction of its own."""
    try:
        with store.writing(request.app.state.engine) as conn:
            edit = _conditioned(request, conn, layer, feature_id, edit)
            saved = how(conn, layer, feature_id, *sent, edit)
    except StaleError as error:
        return stale.answer(request, layer, feature_id, edit, error, *sent)
    return _answer(request, layer, saved, 204)


def _conditioned(
    request: Request, conn: Connection, layer: Layer, feature_id: str, edit: Edit
) -> Edit:
    """Return the edit with the states that If-Match allows.

    Raises:
        NotFoundError: there is no such feature, and no condition was made.
        StaleError: a condition was made on a feature that is not there (RFC 9110, 13.1.1).
        PreconditionError: there is one, and no condition was made.
    """
    header = request.headers.get("if-match")
    try:
        change.shown(conn, layer, feature_id, edit)
    except NotFoundError as error:
        if header is None or request.method == "DELETE":
            raise
        raise StaleError(error.detail, base=None, revision=None, state=None) from error
    if header is None and request.app.state.settings.require_if_match:
        raise errors.PreconditionError(
            f"{request.method} wants If-Match with the ETag that GET gave", parameter="If-Match"
        )
    return edit if header in (None, "*") else edit.on(tags.states(header or ""))


def _answer(request: Request, layer: Layer, saved: Saved, status: int) -> Response:
    """Tell the new tag, and the revision that this client's next reads must have seen."""
    answer = Response(None, status)
    reads.promise(request, answer, saved.register)
    if saved.state is not None:
        answer.headers["etag"] = tags.tag(request, saved.state, layer.name, saved.id)
    return answer


@router.options("/items")
def collection_options(request: Request, layer: LayerDep, actor: Actor) -> Response:
    """Say what may be done with the collection."""
    posts = {"accept-post": ", ".join(WHOLE)}
    return _options(("POST",), posts, may=gate.writes(request, layer, actor))


@router.options("/items/{feature_id}")
def item_options(
    request: Request,
    layer: LayerDep,
    actor: Actor,
    feature_id: str,  # noqa: ARG001
) -> Response:
    """Say what may be done with a feature."""
    patches = {"accept-patch": ", ".join(PARTS)}
    may = gate.writes(request, layer, actor)
    return _options(("PUT", "PATCH", "DELETE"), patches, may=may)


def _options(writes: tuple[str, ...], more: dict[str, str], *, may: bool) -> Response:
    allow = ", ".join((*_READS, *writes) if may else _READS)
    return Response(None, 200, {"allow": allow} | (more if may else {}))

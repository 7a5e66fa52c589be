"""Proposals: changes that wait for an approver, who sees before and after."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, StringConstraints

from api import gate, links, reads, signed, stale, tags
from api import proposals as told
from api.bodies import Body, Line, body
from api.deps import Actor, Office, Reader
from api.errors import refused
from geo import layers, period, proposing, reproject
from geo.change import Edit
from geo.errors import StaleError
from geo.reproject import CRS84_URI
from office import deciding, proposals
from office.actor import ANONYMOUS
from office.can import Action, Refusal, can
from office.database import writing
from office.deciding import Eyes
from office.proposals import State

router = APIRouter(prefix="/api/proposals", tags=["proposals"])
MOST = 100  # proposals of one page
MOST_BYTES = 2_097_152  # of a proposal that is made
_CLEAN = r"^[^\x00]*$"
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=_CLEAN)]
Revision = Annotated[int, Field(ge=0, le=2**62)]


class NewProposal(Body):
    """A change, as the operations that write take it; a retirement needs no feature."""

    layer: Line
    action: Literal["create", "edit", "retire"] = "edit"
    id: Line | None = None
    feature: dict[str, Any] | None = None
    datetime: Line | None = None
    reason: Reason


class Acceptance(Body):
    """The revision of the row that was looked at, null for a new row, and a word to the author."""

    revision: Revision | None
    note: Reason | None = None


class Rejection(Body):
    """Why not."""

    note: Reason


def _eyes(request: Request, actor: Actor, sight: Reader) -> Eyes:
    if actor is ANONYMOUS:
        raise refused(Refusal.SIGN_IN)
    return Eyes(actor, sight, request.app.state.register.units, refused)


EyesDep = Annotated[Eyes, Depends(_eyes)]


@router.get("")
def list_proposals(
    request: Request,
    office: Office,
    eyes: EyesDep,
    state: State | None = None,
    before: str | None = None,
    limit: Annotated[int, Query(ge=1)] = 20,
) -> Response:
    """List one's own proposals, and those that one may approve, the newest first."""
    most = min(limit, MOST)
    with request.app.state.engine.connect() as conn:
        found, last = deciding.listed(conn, office, eyes, state=state, before=before, limit=most)
    asked = request.url.include_query_params(before=last).query
    onward = None if last is None else f"{_base(request)}?{asked}"
    return signed.private({"proposals": [told.brief(one) for one in found], "next": onward})


@router.post("", status_code=201)
def propose(
    request: Request,
    office: Office,
    eyes: EyesDep,
    given: Annotated[NewProposal, Depends(body(NewProposal, MOST_BYTES))],
) -> Response:
    """Ask an approver for a change; it is checked as if it were made."""
    refusal = can(eyes.actor, Action.PROPOSE)
    if refusal:
        raise refused(refusal)
    layer, edit = layers.get(given.layer), _edit(request, eyes, given)
    engine = request.app.state.engine
    try:
        asked = proposing.draw_up(engine, layer, given.action, given.id, given.feature, edit)
    except StaleError as error:
        return stale.answer(request, layer, given.id or "", edit, error, given.feature)
    with writing(office) as conn:
        key = proposals.make(conn, asked, given.reason, eyes.actor)
    answer = _one(request, office, eyes, key, 201)
    answer.headers["location"] = f"{_base(request)}/{key}"
    return answer


@router.get("/{proposal_id}")
def get_proposal(request: Request, office: Office, eyes: EyesDep, proposal_id: str) -> Response:
    """Return one proposal: before and after, field by field, and what has changed since."""
    return _one(request, office, eyes, proposal_id)


@router.post("/{proposal_id}/accept")
def accept_proposal(
    request: Request,
    office: Office,
    eyes: EyesDep,
    proposal_id: str,
    given: Annotated[Acceptance, Depends(body(Acceptance))],
) -> Response:
    """Write what was proposed, if its row is still at the revision that was looked at."""
    engine, revision, note = request.app.state.engine, given.revision, given.note
    try:
        saved = deciding.accept(engine, office, proposal_id, eyes, revision=revision, note=note)
    except StaleError as error:
        return _stale(request, office, eyes, proposal_id, error)
    answer = signed.private(
        {"id": saved.id, "revision": saved.revision, "register": saved.register}
    )
    reads.promise(request, answer, saved.register)
    return answer


@router.post("/{proposal_id}/reject", status_code=204)
def reject_proposal(
    request: Request,
    office: Office,
    eyes: EyesDep,
    proposal_id: str,
    given: Annotated[Rejection, Depends(body(Rejection))],
) -> Response:
    """Say no to a proposal, and why."""
    deciding.reject(request.app.state.engine, office, proposal_id, eyes, note=given.note)
    return signed.nothing()


@router.post("/{proposal_id}/withdraw", status_code=204)
def withdraw_proposal(
    request: Request, office: Office, eyes: EyesDep, proposal_id: str
) -> Response:
    """Take one's own proposal back."""
    deciding.withdraw(request.app.state.engine, office, proposal_id, eyes)
    return signed.nothing()


def _base(request: Request) -> str:
    return f"{links.base(request)}/proposals"


def _one(request: Request, office: Office, eyes: Eyes, key: str, status: int = 200) -> Response:
    with request.app.state.engine.connect() as conn:
        found = deciding.one(conn, office, key, eyes)
    return signed.private(told.whole(found), status)


def _edit(request: Request, eyes: Eyes, given: NewProposal) -> Edit:
    system = request.headers.get("content-crs", CRS84_URI)
    edit = Edit(
        eyes.actor.name,
        given.reason,
        eyes.sight,
        when=period.parse(given.datetime),
        system=reproject.known(system, parameter="Content-Crs"),
        permit=gate.permit_of(request, eyes.actor, Action.PROPOSE),
    )
    header = request.headers.get("if-match", "*")
    return edit if header == "*" else edit.on(tags.states(header))


def _stale(request: Request, office: Office, eyes: Eyes, key: str, error: StaleError) -> Response:
    with request.app.state.engine.connect() as conn:
        asked = deciding.one(conn, office, key, eyes).proposal.asked
    edit = Edit(eyes.actor.name, "", eyes.sight, when=period.parse(asked.when))
    sent = asked.patch if asked.action == "edit" else None
    return stale.answer(request, asked.layer, asked.id, edit, error, sent)

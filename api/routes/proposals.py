"""Proposals: changes that wait for an approver, who sees before and after."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, StringConstraints

from api import gate, importing, links, reads, signed, stale, tags
from api import proposals as told
from api.bodies import CLEAN, Body, Line, body
from api.deps import Actor, Office, Reader
from api.errors import refused
from api.routes.jobs import told as told_of_job
from geo import layers, period, proposing, reproject, store
from geo.change import Edit
from geo.errors import StaleError
from geo.imports.proposing import Standing
from geo.reproject import CRS84_URI
from office import agreeing, deciding, proposals
from office.actor import ANONYMOUS
from office.can import Action, Refusal, can
from office.database import writing
from office.deciding import Eyes, Shown
from office.importing import told as told_of_import
from office.proposals import State

router = APIRouter(prefix="/api/proposals", tags=["proposals"])
MOST = 100  # proposals of one page
MOST_BYTES = 2_097_152  # of a proposal that is made
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=CLEAN)]
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
    """The revision of the row that was looked at, null for a new row, and a word to the author.

    Of a whole import the number that it told as its revision.
    """

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
    answer = answer_of(request, office, eyes, key, 201)
    answer.headers["location"] = address_of(request, key)
    return answer


@router.get("/{proposal_id}")
def get_proposal(request: Request, office: Office, eyes: EyesDep, proposal_id: str) -> Response:
    """Return one proposal: before and after, field by field, and what has changed since."""
    return answer_of(request, office, eyes, proposal_id)


@router.get("/{proposal_id}/rows")
def proposal_rows(
    request: Request,
    office: Office,
    eyes: EyesDep,
    proposal_id: str,
    start: Annotated[int, Query(ge=0, le=1_000_000, description="rows to pass over")] = 0,
    limit: Annotated[int, Query(ge=1)] = 50,
    changed: bool = False,
) -> Response:
    """List the rows of an import that is proposed: before and after, and what has changed since."""
    with request.app.state.engine.connect() as conn:
        one = deciding.one(conn, office, proposal_id, eyes)
        total, found = agreeing.rows(
            conn, office, one, eyes, start=start, limit=min(limit, MOST), changed=changed
        )
    rows = [told.of_import(row) for row in found]
    return signed.private({"total": total, "start": start, "rows": rows})


@router.post("/{proposal_id}/accept")
def accept_proposal(
    request: Request,
    office: Office,
    eyes: EyesDep,
    proposal_id: str,
    given: Annotated[Acceptance, Depends(body(Acceptance))],
) -> Response:
    """Write what was proposed, if its row is still at the revision that was looked at.

    Of an import all rows are written, or none; a long one by a job.
    """
    engine, revision, note = request.app.state.engine, given.revision, given.note
    with engine.connect() as conn:
        one = deciding.one(conn, office, proposal_id, eyes)
    if isinstance(one.sides, Standing):
        return _accept_import(request, office, eyes, one, given)
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


def _accept_import(
    request: Request, office: Office, eyes: Eyes, one: Shown, given: Acceptance
) -> Response:
    rows = one.proposal.asked.patch["rows"]
    if rows > request.app.state.settings.import_rows:
        deciding.check_waiting(one, eyes)
        job = importing.accept(request, eyes.actor, one, rows, given.revision, given.note)
        document = told_of_job(request, job, eyes.actor.name)
        answer = signed.private(document, 202)
        answer.headers["location"] = document["links"][0]["href"]
        return answer
    engine = request.app.state.engine
    done = agreeing.accept(
        engine, office, one.proposal.id, eyes, revision=given.revision, note=given.note
    )
    with engine.connect() as conn:
        register = store.revision_of_all(conn)
    answer = signed.private({**told_of_import(done), "register": register})
    reads.promise(request, answer, register)
    return answer


def _base(request: Request) -> str:
    return f"{links.base(request)}/proposals"


def address_of(request: Request, key: str) -> str:
    """Return the address of a proposal."""
    return f"{_base(request)}/{key}"


def answer_of(
    request: Request, office: Office, eyes: Eyes, key: str, status: int = 200
) -> Response:
    """Return what somebody is told of a proposal."""
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

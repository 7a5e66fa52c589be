"""Bringing files in: a file is sent, previewed, corrected, committed, and may be taken back.

What is long is done by a job: the answer is 202 then, and `Location` the address of the job.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from anyio import open_file
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from api import importing, reads, sending
from api.askers import Proposer, Steward, Undoer
from api.bodies import CLEAN
from api.deps import Language, Office, RegisterDep, SettingsDep
from api.importing import BEING_DONE, DONE, Import, State
from api.routes.editing import Parts
from api.routes.jobs import told as told_of_job
from api.routes.proposals import EyesDep, address_of, answer_of
from geo import layers, store
from geo.imports import judging, spool
from geo.imports import undo as undoing
from geo.imports.commit import Done
from geo.imports.findings import Level
from geo.imports.judging import Importer
from geo.imports.kinds import MOST_BYTES
from geo.imports.options import Options
from office import agreeing
from office import importing as office

router = APIRouter(prefix="/api/imports", tags=["imports"])
_FRESH = {"cache-control": "no-store"}
_FAULTS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Why = Annotated[str, Query(max_length=500, pattern=CLEAN, description="for the history")]


def _importer(actor: Steward, register: RegisterDep) -> Importer:
    return office.importer(actor, register)


def _import(request: Request, import_id: str, actor: Steward) -> Import:
    return importing.find(request, import_id, actor.id)


Who = Annotated[Importer, Depends(_importer)]
Given = Annotated[Import, Depends(_import)]


def _fresh(told: Any, status: int = 200) -> JSONResponse:
    return JSONResponse(told, status, _FRESH)


def _told(request: Request, one: Import, who: Importer, status: int = 200) -> Response:
    """Tell an import; where a job works on it, as what was accepted, with the job's address."""
    told = importing.told(request, one, who.asked.sight)
    accepted = one.state in (State.JUDGING, *BEING_DONE)
    answer = _fresh(told, 202 if accepted else status)
    if accepted:
        answer.headers["location"] = told["job"]
    return answer


@router.post("", status_code=201)
async def send_import(
    request: Request,
    actor: Steward,
    who: Who,
    settings: SettingsDep,
    name: Annotated[
        str, Query(min_length=1, max_length=200, pattern=CLEAN, description="name of the file")
    ],
    into: Annotated[str, Query(pattern=CLEAN, description="layer of its rows")] = "markers",
) -> Response:
    """Send a file as the body, and get its preview."""
    options, root = Options(layers.get(into).name), settings.folder_of_imports()
    upload = await run_in_threadpool(spool.begin, root, name, options, actor.id)
    try:
        await _receive(request, upload.file)
        one = await run_in_threadpool(importing.judge, request, actor, upload, who, options)
    except BaseException:
        spool.drop(upload)
        raise
    answer = await run_in_threadpool(_told, request, one, who, 201)
    answer.headers.setdefault("location", f"{request.url.path}/{upload.id}")
    return answer


async def _receive(request: Request, path: Path) -> None:
    """Write the body to disk. Raises TooLargeError."""
    async with await open_file(path, "wb") as file:
        async for piece in sending.pieces(request, MOST_BYTES):
            await file.write(piece)


@router.get("/{import_id}")
def get_import(request: Request, one: Given, who: Who) -> Response:
    """Tell how far an import is, and what it would do, as a whole."""
    return _fresh(importing.told(request, one, who.asked.sight))


@router.get("/{import_id}/rows")
def import_rows(
    one: Given,
    who: Who,
    start: Annotated[int, Query(ge=0, le=1_000_000, description="rows to pass over")] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    level: Annotated[Level | None, Query(description="least level of their findings")] = None,
) -> Response:
    """List rows with their findings, and what would become of each."""
    return _fresh(one.upload.rows(who.asked.sight, start, limit, level))


@router.get("/{import_id}/map")
def import_map(one: Given, who: Who) -> Response:
    """Show where the rows lie."""
    return Response(one.upload.map(who.asked.sight), 200, _FRESH, "application/geo+json")


@router.get("/{import_id}/faults.{ending}")
def import_faults(one: Given, who: Who, lang: Language, ending: Literal["xlsx", "csv"]) -> Response:
    """Download the sheet with what was found beside each row."""
    path = judging.write_faults(one.upload, who, ending=f".{ending}", lang=lang)
    return FileResponse(
        path, headers=_FRESH, media_type=_FAULTS[ending], filename=f"faults.{ending}"
    )


@router.patch("/{import_id}")
def change_import(request: Request, actor: Steward, one: Given, who: Who, sent: Parts) -> Response:
    """Correct columns, coordinate system or constants, and get the preview anew."""
    options = importing.changed(one.upload.options, sent)
    importing.leave(request, one)
    return _told(request, importing.judge(request, actor, one.upload, who, options), who)


@router.delete("/{import_id}", status_code=204)
def drop_import(request: Request, one: Given) -> Response:
    """Forget a file that was sent."""
    if one.state not in DONE:
        importing.leave(request, one)
    spool.drop(one.upload)
    return Response(None, 204)


@router.post("/{import_id}/commit")
def commit_import(
    request: Request,
    one: Given,
    actor: Steward,
    who: Who,
    settings: SettingsDep,
    reason: Why = "through the API",
) -> Response:
    """Write all rows as they were shown, or none."""
    with importing.held(request, one, actor.id) as ready:
        if ready.upload.count(who.asked.sight) > settings.import_rows:
            begun = importing.commit(request, actor, ready, who.asked.sight, reason)
            return _told(request, begun, who)
        edit = office.edit(actor, who, reason)
        done = judging.write(request.app.state.engine, ready.upload, who, edit)
        spool.drop(ready.upload)
    return _done(request, done)


@router.post("/{import_id}/propose", status_code=201)
def propose_import(
    request: Request,
    one: Given,
    actor: Proposer,
    who: Who,
    eyes: EyesDep,
    private: Office,
    settings: SettingsDep,
    reason: Why = "through the API",
) -> Response:
    """Ask an approver for all rows as they were shown: one proposal, accepted whole or not."""
    with importing.held(request, one, actor.id) as ready:
        if ready.upload.count(who.asked.sight) > settings.import_rows:
            begun = importing.propose(request, actor, ready, who.asked.sight, reason)
            return _told(request, begun, who)
        draft = judging.propose(request.app.state.engine, ready.upload, who)
        key = agreeing.keep(private, draft, reason, actor)
        spool.drop(ready.upload)
    answer = answer_of(request, private, eyes, key, 201)
    answer.headers["location"] = address_of(request, key)
    return answer


@router.post("/{import_id}/undo")
def undo_import(
    request: Request,
    import_id: str,
    actor: Undoer,
    register: RegisterDep,
    settings: SettingsDep,
    reason: Why = "through the API",
) -> Response:
    """Take a committed import back by a new change: all of it, or nothing."""
    engine, who = request.app.state.engine, office.importer(actor, register)
    with engine.connect() as conn:
        is_long = undoing.count(conn, import_id) > settings.import_rows
    if is_long:
        told = told_of_job(request, importing.undo(request, actor, import_id, reason), actor.name)
        answer = _fresh(told, 202)
        answer.headers["location"] = next(one["href"] for one in told["links"])
        return answer
    with store.writing(engine) as conn:
        edit = office.edit(actor, who, reason)
        done = undoing.undo(conn, import_id, edit, may=who.may)
    return _done(request, done)


def _done(request: Request, done: Done) -> Response:
    answer = _fresh(office.told(done))
    with request.app.state.engine.connect() as conn:
        reads.promise(request, answer, store.revision_of_all(conn))
    return answer

"""Bringing files in: a file is sent, previewed, corrected, committed, and may be taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from anyio import open_file
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from api import gate, sending
from api.actors import actor_of
from api.deps import Language, Reader
from api.routes.editing import Parts
from api.settings import ROOT, Settings
from geo import store
from geo.change import Edit
from geo.errors import BadInputError
from geo.imports import commit, spool
from geo.imports.commit import Done
from geo.imports.findings import Level
from geo.imports.kinds import MOST_BYTES
from geo.imports.options import Options
from geo.imports.spool import Upload
from geo.period import Period, today
from geo.query import Filter

router = APIRouter(prefix="/api/imports", tags=["imports"], dependencies=[Depends(gate.check)])
MOST_ROWS = 5_000  # of a file that is judged while its sender waits
_FRESH = {"cache-control": "no-store"}
_CHANGEABLE = ("sheet", "crs", "mapping", "constants", "mark", "as_of", "document", "accept")
_FAULTS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def _root(settings: Settings) -> Path:
    if store.is_address(settings.store):
        return ROOT / "var" / "imports"
    return Path(f"{settings.store}.imports")


def _upload(request: Request, import_id: str) -> Upload:
    return spool.find(_root(request.app.state.settings), import_id, actor_of(request).id)


def _asked(sight: Reader) -> Filter:
    return Filter(Period(today(), today()), sight=sight)


Asked = Annotated[Filter, Depends(_asked)]
Given = Annotated[Upload, Depends(_upload)]
Why = Annotated[str, Query(max_length=500, pattern=r"^[^\x00]*$", description="for the history")]


def _edit(request: Request, asked: Filter, reason: str) -> Edit:
    return Edit(actor_of(request).id, reason, asked.sight, asked.when)


def _fresh(told: Any, status: int = 200) -> JSONResponse:
    return JSONResponse(told, status, _FRESH)


@router.post("", status_code=201)
async def send_import(
    request: Request,
    asked: Asked,
    name: Annotated[str, Query(min_length=1, max_length=200, description="name of the file")],
    into: Annotated[str, Query(description="layer of its rows")] = "markers",
) -> Response:
    """Send a file as the body, and get its preview."""
    root = _root(request.app.state.settings)
    upload = await run_in_threadpool(spool.begin, root, name, Options(into), actor_of(request).id)
    try:
        await _receive(request, upload.file)
        engine = request.app.state.engine
        told = await run_in_threadpool(spool.judge, engine, upload, asked, MOST_ROWS)
    except BaseException:
        spool.drop(upload)
        raise
    answer = _fresh(told, 201)
    answer.headers["location"] = f"{request.url.path}/{upload.id}"
    return answer


async def _receive(request: Request, path: Path) -> None:
    """Write the body to disk. Raises TooLargeError."""
    async with await open_file(path, "wb") as file:
        async for piece in sending.pieces(request, MOST_BYTES):
            await file.write(piece)


@router.get("/{import_id}")
def get_import(upload: Given) -> Response:
    """Tell what an import would do, as a whole."""
    return _fresh(upload.told())


@router.get("/{import_id}/rows")
def import_rows(
    upload: Given,
    start: Annotated[int, Query(ge=0, le=1_000_000, description="rows to pass over")] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    level: Annotated[Level | None, Query(description="least level of their findings")] = None,
) -> Response:
    """List rows with their findings, and what would become of each."""
    return _fresh(upload.rows(start, limit, level))


@router.get("/{import_id}/map")
def import_map(upload: Given) -> Response:
    """Show where the rows lie."""
    answer = _fresh(upload.map())
    answer.headers["content-type"] = "application/geo+json"
    return answer


@router.get("/{import_id}/faults.{ending}")
def import_faults(
    request: Request, upload: Given, asked: Asked, lang: Language, ending: Literal["xlsx", "csv"]
) -> Response:
    """Download the sheet with what was found beside each row."""
    path = spool.write_faults(
        request.app.state.engine, upload, asked, ending=f".{ending}", lang=lang, most=MOST_ROWS
    )
    return FileResponse(
        path, headers=_FRESH, media_type=_FAULTS[ending], filename=f"faults.{ending}"
    )


@router.patch("/{import_id}")
def change_import(request: Request, upload: Given, asked: Asked, sent: Parts) -> Response:
    """Correct columns, coordinate system or constants, and get the preview anew."""
    options = _changed(upload.options, sent)
    changed = replace(upload, options=options)
    return _fresh(spool.judge(request.app.state.engine, changed, asked, MOST_ROWS))


def _changed(options: Options, sent: Any) -> Options:
    """Return the options with those that a JSON object names. Raises BadInputError."""
    if not isinstance(sent, dict) or set(sent) - set(_CHANGEABLE):
        raise BadInputError("An object of options is wanted", allowed=_CHANGEABLE)
    try:
        return Options.read(options.told() | sent).checked()
    except (TypeError, AttributeError, ValueError) as error:
        raise BadInputError(f"An option is not of its type: {error}") from error


@router.delete("/{import_id}", status_code=204)
def drop_import(upload: Given) -> Response:
    """Forget a file that was sent."""
    spool.drop(upload)
    return Response(None, 204)


@router.post("/{import_id}/commit")
def commit_import(
    request: Request, upload: Given, asked: Asked, reason: Why = "through the API"
) -> Response:
    """Write all rows as they were shown, or none."""
    edit = _edit(request, asked, reason)
    return _done(spool.keep(request.app.state.engine, upload, edit, asked, MOST_ROWS))


@router.post("/{import_id}/undo")
def undo_import(
    request: Request, import_id: str, asked: Asked, reason: Why = "through the API"
) -> Response:
    """Take a committed import back by a new change: all of it, or nothing."""
    with store.writing(request.app.state.engine) as conn:
        return _done(commit.undo(conn, import_id, _edit(request, asked, reason)))


def _done(done: Done) -> Response:
    return _fresh({"import": done.id, "written": done.written})

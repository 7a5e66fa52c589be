"""Long work: asked for, looked at, cancelled, its result fetched. Each sees his own jobs."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from api import errors, links, sending
from api.askers import Asker
from api.deps import Office, Reader, RegisterDep, SettingsDep
from api.logged import ASKED, ROWS
from geo.audience import EVERYTHING
from geo.errors import BadInputError, ConflictError, NotFoundError
from office import database, exporting, jobs, people
from office.actor import Actor, Role
from office.jobs import Job, State
from office.kinds import KINDS

router = APIRouter(prefix="/api/jobs", tags=["jobs"])
_PRIVATE = {"cache-control": "no-store"}
_OURS = ("sight", "acting", "owner", "key")  # that no one else need know
_MEMBERS = ("kind", "layer", "f", "query")
Sent = Annotated[Any, Depends(sending.sent(("application/json",)))]


@router.post("", status_code=202)
def submit_job(
    request: Request,
    asker: Asker,
    office: Office,
    register: RegisterDep,
    settings: SettingsDep,
    sight: Reader,
    sent: Sent,
) -> Response:
    """Ask for work that takes long: the export of a layer to a file."""
    given = _given(sent) | {"sight": exporting.written(sight)}
    exporting.ordered(register, settings.data, given)  # says at once what cannot be done
    with database.writing(office) as conn:
        key = jobs.submit(conn, exporting.KIND, given, asker)
        job = jobs.find(conn, key)
    answer = JSONResponse(told(request, job, asker.name), 202, _PRIVATE)
    answer.headers["location"] = _address(request, job)
    return answer


@router.get("")
def list_jobs(request: Request, asker: Asker, office: Office) -> Response:
    """Return one's own jobs, the newest first; an administrator sees all."""
    with office.connect() as conn:
        found = jobs.listed(conn, of=_owner(asker))
        names = people.logins_of(conn, (job.actor for job in found))
    all_told = [told(request, job, names.get(job.actor)) for job in found]
    return JSONResponse({"jobs": all_told}, headers=_PRIVATE)


@router.get("/{job_id}")
def get_job(request: Request, asker: Asker, office: Office, job_id: str) -> Response:
    """Return one job: its state, how far it is, what came of it."""
    with office.connect() as conn:
        job = jobs.find(conn, job_id, of=_owner(asker))
        names = people.logins_of(conn, (job.actor,))
    return JSONResponse(told(request, job, names.get(job.actor)), headers=_PRIVATE)


@router.delete("/{job_id}", status_code=204)
def cancel_job(asker: Asker, office: Office, job_id: str) -> Response:
    """Cancel a job that has not ended."""
    with database.writing(office) as conn:
        jobs.cancel(conn, job_id, of=_owner(asker))
    return Response(None, 204)


@router.get("/{job_id}/result")
def job_result(
    request: Request,
    asker: Asker,
    office: Office,
    settings: SettingsDep,
    sight: Reader,
    job_id: str,
) -> Response:
    """Return the file that came of a job, if its reader is still shown all that is in it."""
    with office.connect() as conn:
        job = jobs.find(conn, job_id, of=_owner(asker))
    if job.kind != exporting.KIND:
        raise NotFoundError("No file comes of such a job", parameter="job_id", value=job_id)
    if job.state is not State.DONE:
        said, vi = f"The job is {job.state.en}", f"việc {job.state.vi}"
        raise ConflictError(said, vi=vi, parameter="job_id", value=job_id)
    if sight not in (exporting.read(job.given["sight"]), EVERYTHING):
        raise ConflictError(
            "What you are shown has changed since; ask for the file anew",
            vi="quyền xem của bạn đã thay đổi, hãy yêu cầu lại tệp",
        )
    path = settings.folder_of_results() / (job.file or "")
    if job.result is None or not path.is_file():
        raise NotFoundError("No file came of the job", parameter="job_id", value=job_id)
    said = job.given["query"] | {name: job.given[name] for name in ("layer", "f")}
    request.scope.update({ROWS: job.result["count"], ASKED: urlencode(said)})  # for the log
    media, name = job.result["media_type"], job.result["name"]
    return FileResponse(path, media_type=media, filename=name, headers=_PRIVATE)


def _owner(asker: Actor) -> str | None:
    """Return whose jobs somebody sees; None means everybody's."""
    return None if asker.role is Role.ADMIN else asker.id


def _given(sent: Any) -> dict[str, Any]:
    """Return what an export job is given.

    Raises:
        BadInputError: the body is not as the OpenAPI document says.
    """
    if not isinstance(sent, dict) or not set(sent) <= set(_MEMBERS):
        raise BadInputError("An object is wanted", parameter="body", allowed=_MEMBERS)
    if sent.get("kind") != exporting.KIND:
        raise BadInputError("Not a kind of job", parameter="kind", allowed=[exporting.KIND])
    query = sent.get("query", {})
    if not isinstance(query, dict) or not all(isinstance(text, str) for text in query.values()):
        raise BadInputError("Texts by name are wanted", parameter="query")
    for name in ("layer", "f"):
        if not isinstance(sent.get(name), str):
            raise BadInputError("A text is wanted", parameter=name)
    if any("\0" in text for pair in query.items() for text in pair):
        raise BadInputError("A text holds a NUL", parameter="query")
    return {"layer": sent["layer"], "f": sent["f"], "query": query}


def _address(request: Request, job: Job) -> str:
    return f"{links.base(request)}/jobs/{job.id}"


def told(request: Request, job: Job, by: str | None) -> dict[str, Any]:
    """Return a job as its owner is told of it; `by` is his login, as the history names him."""
    kind, here = KINDS[job.kind], _address(request, job)
    made = [links.link("self", here, "application/json")]
    if job.state is State.DONE and job.file and job.result:
        made.append(links.link("enclosure", f"{here}/result", job.result["media_type"]))
    return {
        "id": job.id,
        "kind": job.kind,
        "title": {"vi": kind.vi, "en": kind.en},
        "actor": job.actor,
        "by": by or job.actor,
        "given": {name: value for name, value in job.given.items() if name not in _OURS},
        "state": job.state.value,
        "cancelling": job.cancel and job.state is State.RUNNING,
        "progress": {"done": job.done, "of": job.of, "vi": job.words_vi, "en": job.words_en},
        "tries": job.tries,
        "made": jobs.iso(job.made),
        "started": jobs.iso(job.started),
        "ended": jobs.iso(job.ended),
        "result": job.result,
        "problem": errors.of_job(request, job.problem),
        "links": made,
    }

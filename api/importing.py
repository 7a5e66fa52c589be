"""Imports as their senders see them: how far each is, and the jobs that work on long ones."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import uuid4

from fastapi import Request

from api import errors, links
from api.actors import office_of
from api.settings import Settings
from geo.audience import Sight
from geo.errors import BadInputError, ConflictError, NotFoundError
from geo.imports import guard, judging, spool
from geo.imports.findings import Level, Refusal, RowsError
from geo.imports.judging import Importer
from geo.imports.options import Options
from geo.imports.preview import LongFileError
from geo.imports.records import new_id
from geo.imports.spool import Upload
from geo.vocabulary import Vocabulary
from office import agreeing, database, importing, jobs
from office.actor import ANONYMOUS, OPERATOR, Actor
from office.deciding import Shown
from office.jobs import OPEN, Facts, Job

AT_ONCE = 2_000_000  # bytes of a file that is read while its sender waits
CHANGEABLE = ("sheet", "crs", "mapping", "constants", "mark", "as_of", "document", "accept")


class State(Vocabulary):
    """How far an import is."""

    JUDGING = "judging", "đang kiểm tra", "being checked"
    READY = "ready", "đã kiểm tra", "checked"
    FAILED = "failed", "không đọc được", "could not be checked"
    CANCELLED = "cancelled", "đã hủy", "cancelled"
    COMMITTING = "committing", "đang ghi", "being written"
    COMMITTED = "committed", "đã ghi", "written"
    PROPOSING = "proposing", "đang gửi đề nghị", "being proposed"
    PROPOSED = "proposed", "đã gửi đề nghị", "proposed"


_OF_PREVIEW = {
    jobs.State.WAITING: State.JUDGING,
    jobs.State.RUNNING: State.JUDGING,
    jobs.State.DONE: State.READY,
    jobs.State.FAILED: State.FAILED,
    jobs.State.CANCELLED: State.CANCELLED,
}
_OF_COMMIT = {
    jobs.State.WAITING: State.COMMITTING,
    jobs.State.RUNNING: State.COMMITTING,
    jobs.State.DONE: State.COMMITTED,
    jobs.State.FAILED: State.READY,
    jobs.State.CANCELLED: State.READY,
}
_OF_PROPOSAL = _OF_COMMIT | {
    jobs.State.WAITING: State.PROPOSING,
    jobs.State.RUNNING: State.PROPOSING,
    jobs.State.DONE: State.PROPOSED,
}
_BY_KIND = {importing.COMMIT: _OF_COMMIT, agreeing.PROPOSE: _OF_PROPOSAL}
BEING_DONE = (State.COMMITTING, State.PROPOSING)
DONE = (State.COMMITTED, State.PROPOSED)


class Import(NamedTuple):
    """An upload, and the last job that worked on it."""

    upload: Upload
    job: Job | None = None

    @property
    def state(self) -> State:
        """How far it is."""
        if self.job is None:
            return State.READY
        return _BY_KIND.get(self.job.kind, _OF_PREVIEW)[self.job.state]


def find(request: Request, key: str, owner: str) -> Import:
    """Return an import of this owner. Raises NotFoundError, StoreError."""
    upload = spool.find(_settings(request).folder_of_imports(), key, owner)
    if upload.job is None:
        return Import(upload)
    with suppress(NotFoundError), office_of(request).connect() as conn:
        return Import(upload, jobs.find(conn, upload.job))
    return Import(upload)


@contextmanager
def held(request: Request, one: Import, owner: str) -> Iterator[Import]:
    """Give an import that is ready to nobody else meanwhile, as whoever came before left it.

    Raises:
        NotFoundError, ConflictError: it is gone, or not ready.
    """
    with spool.alone(one.upload):
        now = find(request, one.upload.id, owner)
        if now.state is not State.READY:
            raise busy(now)
        yield now


def told(request: Request, one: Import, sight: Sight) -> dict[str, Any]:
    """Return what is known of an import, with its preview once there is one.

    Raises:
        ConflictError: what the reader is shown has changed since the preview was made.
    """
    upload, job = one
    known = {"id": upload.id, "file": upload.name, "options": upload.options.told()}
    if one.state is State.READY:
        known = upload.told(sight)
    elif one.state in BEING_DONE:
        with suppress(ConflictError):  # it is written and cleared, and its job about to end
            known = upload.told(sight)
    running = job is not None and job.state.value in OPEN
    return known | {
        "state": one.state.value,
        "job": f"{links.base(request)}/jobs/{job.id}" if job else None,
        "progress": _progress(job) if job and running else None,
        "problem": errors.of_job(request, job.problem) if job else None,
        "done": job.result if job and one.state in DONE else None,
    }


def _progress(job: Job) -> dict[str, Any]:
    return {"done": job.done, "of": job.of, "vi": job.words_vi, "en": job.words_en}


def judge(
    request: Request, actor: Actor, upload: Upload, who: Importer, options: Options
) -> Import:
    """Judge an upload by these options: at once if it is short, else by a job.

    Raises:
        FileError, BadInputError: it is refused; the options before are kept.
    """
    changed = replace(upload, options=options)
    try:
        if upload.file.stat().st_size > AT_ONCE:
            guard.check(upload.file, upload.name)
        else:
            engine, most = request.app.state.engine, _settings(request).import_rows
            judging.judge(engine, changed, who, most=most)
            return Import(spool.note(changed, job=None))
    except LongFileError:
        pass
    return _begun(request, actor, changed, importing.PREVIEW, {})


def commit(request: Request, actor: Actor, one: Import, sight: Sight, reason: str) -> Import:
    """Let a job write an import that was shown.

    Raises:
        RowsError: rows have errors, or need an approver.
    """
    _refuse(one.upload, sight, (Level.ERROR, Level.APPROVAL))
    given = {"reason": reason, "key": new_id()}
    return _begun(request, actor, one.upload, importing.COMMIT, given)


def propose(request: Request, actor: Actor, one: Import, sight: Sight, reason: str) -> Import:
    """Let a job draw up an import that was shown, for an approver.

    Raises:
        RowsError: rows have errors.
    """
    _refuse(one.upload, sight, (Level.ERROR,))
    given = {"reason": reason, "key": uuid4().hex}
    return _begun(request, actor, one.upload, agreeing.PROPOSE, given)


def _refuse(upload: Upload, sight: Sight, levels: Collection[Level]) -> None:
    """Refuse an import in which something of these levels was found."""
    found = upload.told(sight)
    of_sheet = [fault for fault in found["findings"] if fault["level"] in levels]
    counts = found["counts"]
    if of_sheet or counts["error"] or (Level.APPROVAL in levels and counts["approvals"]):
        faults = (fault for row in upload.found(sight).values() for fault in row)
        bad = [fault for fault in faults if fault["level"] in levels]
        raise RowsError(Refusal.FINDINGS, told=[*of_sheet, *bad])


def accept(
    request: Request, actor: Actor, one: Shown, rows: int, revision: int | None, note: str | None
) -> Job:
    """Let a job write a long import that waits, on the revisions that were looked at."""
    given = {"proposal": one.proposal.id, "file": one.proposal.asked.patch["file"], "rows": rows}
    given |= {"revision": revision, "note": note}
    return _submitted(request, actor, agreeing.ACCEPT, given)


def undo(request: Request, actor: Actor, key: str, reason: str) -> Job:
    """Let a job take a long import back. Raises ConflictError."""
    given = {"import": key, "reason": reason, "key": new_id()}
    return _submitted(request, actor, importing.UNDO, given)


def _begun(request: Request, actor: Actor, upload: Upload, kind: str, given: Facts) -> Import:
    about = {"import": upload.id, "file": upload.name, "layer": upload.options.layer}
    job = _submitted(request, actor, kind, about | {"owner": upload.owner} | given)
    return Import(spool.note(upload, job=job.id), job)


def _submitted(request: Request, actor: Actor, kind: str, given: Facts) -> Job:
    with database.writing(office_of(request)) as conn:
        whole = given | {"acting": importing.acting(actor)}
        return jobs.find(conn, jobs.submit(conn, kind, whole, _asker(actor)))


def _asker(actor: Actor) -> Actor:
    """Return whose the jobs are that somebody asks for."""
    return OPERATOR if actor is ANONYMOUS else actor


def busy(one: Import) -> ConflictError:
    """Return the error of what cannot be done to an import in its state."""
    said, vi = f"The import is {one.state.en}", f"tệp nhập {one.state.vi}"
    return ConflictError(said, vi=vi, parameter="import_id")


def leave(request: Request, one: Import) -> None:
    """Let nothing work on an import any more.

    Raises:
        ConflictError: it is being written, or has been.
    """
    if one.state in (*BEING_DONE, *DONE):
        raise busy(one)
    if one.state is State.JUDGING and one.job is not None:
        with suppress(ConflictError), database.writing(office_of(request)) as conn:
            jobs.cancel(conn, one.job.id)


def changed(options: Options, sent: Any) -> Options:
    """Return the options with those that a JSON object names. Raises BadInputError."""
    if not isinstance(sent, dict) or set(sent) - set(CHANGEABLE):
        raise BadInputError("An object of options is wanted", allowed=CHANGEABLE)
    try:
        return Options.read(options.told() | sent).checked()
    except (TypeError, AttributeError, ValueError) as error:
        raise BadInputError(f"An option is not of its type: {error}") from error


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings

"""The worker: takes jobs one after the other until it is told to end."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Timer
from types import FrameType
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from geo import store
from geo.errors import FullStoreError, GeoError, StoreError
from geo.imports import spool
from geo.imports.findings import FileError, RowsError
from geo.register import Register
from geo.rolls import Rolls
from geo.store import Target
from office import database, jobs
from office.chores import Chores, begin
from office.errors import RefusedError
from office.jobs import Job, State
from office.kinds import KINDS
from office.work import CancelledError, Kind, LostError, StoppingError, Task, Workshop

log = logging.getLogger(__name__)

POLL_S = 1.0  # between two looks for a job
AGAIN_S = 5.0  # before another try to reach the database
TIDY_S = 300.0  # between two rounds of throwing away
DUE_S = 15.0  # between two looks whether the installation has a job of its own to do
LAY_S = 20.0  # between two looks whether pages are to be laid ready anew
FIRST_S = 2.0  # until the first of them: who starts a server wants its first answer
YOUNG_S = 3600.0  # files so young are never thrown away
GRACE_S = 10.0  # that a job has to come to an end in when the worker is to stop


def opened(
    target: Target,
    office: Target,
    *,
    results: Path,
    data: Path,
    imports: Path | None = None,
    chores: Chores | None = None,
    rolls: Rolls | None = None,
) -> Workshop:
    """Open what jobs work with.

    Raises:
        StoreError: the register or the private database cannot be opened.
    """
    register = Register(store.open_store(target))
    private = database.open_office(office)
    own = chores or Chores()
    return Workshop(register, private, results, data, imports=imports, chores=own, rolls=rolls)


def run(shop: Workshop, kinds: Mapping[str, Kind] = KINDS) -> None:
    """Work until `shop.stop` is set; a database that is away is waited for."""
    token, tidied, looked = uuid4().hex, -TIDY_S, -DUE_S
    laid = time.monotonic() - LAY_S + FIRST_S
    while not shop.stop.is_set():
        try:
            if time.monotonic() - tidied >= TIDY_S:
                tidied = time.monotonic()  # before it: what cannot be done keeps no job waiting
                tidy(shop)
            if time.monotonic() - looked >= DUE_S:
                looked = time.monotonic()
                begin(shop.office, shop.chores)
            if shop.rolls is not None and time.monotonic() - laid >= LAY_S:
                laid = time.monotonic()
                shop.rolls.make_due(shop.register.engine)
            if not step(shop, token, kinds):
                shop.stop.wait(POLL_S)
        except (GeoError, SQLAlchemyError, OSError) as error:
            log.warning("no work can be had: %s", error)
            shop.stop.wait(AGAIN_S)


def run_until_told(shop: Workshop) -> None:
    """Work until SIGTERM or SIGINT; a job that does not come to an end then is left behind."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        shop.stop.set()
        last = Timer(GRACE_S, os._exit, [1])
        last.daemon = True
        last.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    run(shop)


def step(shop: Workshop, token: str, kinds: Mapping[str, Kind] = KINDS) -> bool:
    """Do one job; False if there is none."""
    with database.writing(shop.office) as conn:
        jobs.give_up(conn)
        job = jobs.claim(conn, token)
    if job is None:
        return False
    _do(Task(job, shop), kinds)
    return True


def _do(task: Task, kinds: Mapping[str, Kind]) -> None:
    try:
        with task.beating():
            task.save(task.job.saved)  # sees whether it was cancelled before it was taken up
            outcome = kinds[task.job.kind].run(task)
    except Exception as error:
        _undone(task, task.why or error)
        return
    _end(task, State.DONE, {"result": outcome.facts, "file": outcome.file})


def _undone(task: Task, error: Exception) -> None:
    """Write why a job came to no good end, or let it be tried again."""
    match error:
        case LostError():
            log.warning("job %s is held by another worker", task.job.id)
        case CancelledError():
            _end(task, State.CANCELLED, {})
        case StoppingError():
            _give_back(task, tried=False)
        case StoreError() if not isinstance(error, FullStoreError) and _may_try(task.job):
            log.warning("job %s will be tried again: %s", task.job.id, error)
            _give_back(task, tried=True)
        case GeoError():
            _end(task, State.FAILED, {"problem": _problem(error)})
        case _:
            log.error("job %s failed", task.job.id, exc_info=error)
            _end(task, State.FAILED, {"problem": {"code": "internal_error"}})


def _may_try(job: Job) -> bool:
    return job.tries < jobs.MOST_TRIES


def _problem(error: GeoError) -> dict[str, object]:
    """Return what the owner of a job is told; of the machine only the kind of trouble."""
    if isinstance(error, StoreError):
        return {"code": error.code}
    told = {"code": error.code, "detail": error.detail, "parameter": error.parameter}
    told |= {"value": None if error.value is None else str(error.value)}
    if isinstance(error, RowsError | FileError | RefusedError):
        told["reason"] = error.reason.value
    kept: dict[str, object] = {name: value for name, value in told.items() if value is not None}
    if isinstance(error, RowsError):
        kept["findings"] = error.told
    return kept


def _end(task: Task, state: State, facts: dict[str, object]) -> None:
    with database.writing(task.shop.office) as conn:
        if not jobs.end(conn, task.job, state, **facts):
            log.warning("job %s is held by another worker", task.job.id)


def _give_back(task: Task, *, tried: bool) -> None:
    with database.writing(task.shop.office) as conn:
        jobs.give_back(conn, task.job, tried=tried)


def tidy(shop: Workshop) -> None:
    """Throw away old jobs, and files that belong to none or were left by a try that died."""
    with database.writing(shop.office) as conn:
        jobs.forget(conn)
        kept = jobs.files(conn)
    if shop.imports is not None:
        spool.sweep(shop.imports)
    with suppress(FileNotFoundError):
        for path in shop.results.iterdir():
            young = path.stat().st_mtime > time.time() - YOUNG_S  # its job may be newer than `kept`
            if not young and not _wanted(path.name, kept):
                path.unlink(missing_ok=True)


def _wanted(name: str, kept: Mapping[str, str | None]) -> bool:
    """Say whether a file is a job's result, or of a job that has not ended."""
    key = name.lstrip(".").partition(".")[0]
    return key in kept and kept[key] in (None, name)

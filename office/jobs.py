"""Long work as rows of a table: who asked for it, how far it is, what came of it.

A worker claims a job by one statement and renews its heartbeat while it lives. A job whose heart
has stopped may be claimed again, at most MOST_TRIES times in all. Who holds a job is told apart by
the worker's token and the number of the try, so that one thought dead cannot spoil what another
does.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Double,
    Index,
    Insert,
    Integer,
    RowMapping,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from geo.errors import ConflictError, NotFoundError
from geo.tables import JsonText
from geo.vocabulary import Vocabulary
from office.actor import Actor
from office.database import metadata

MOST_TRIES = 3
MOST_OPEN = 20  # jobs of one person that wait or run
MOST_LISTED = 100
STALE_S = 30.0  # a heart that was silent so long has stopped
KEPT_S = 7 * 24 * 3600.0  # how long an ended job is kept, with what came of it


class State(Vocabulary):
    """Where a job is on its way."""

    WAITING = "waiting", "đang chờ", "waiting"
    RUNNING = "running", "đang chạy", "running"
    DONE = "done", "xong", "done"
    FAILED = "failed", "không thành", "failed"
    CANCELLED = "cancelled", "đã hủy", "cancelled"


_STATES = {state.value: state for state in State}
OPEN = (State.WAITING.value, State.RUNNING.value)
Facts = dict[str, Any]

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("given", JsonText, nullable=False),
    Column("actor", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("cancel", Boolean, nullable=False),  # somebody wants it to end
    Column("done", Integer, nullable=False),
    Column("of", Integer),
    Column("words_vi", Text, nullable=False),
    Column("words_en", Text, nullable=False),
    Column("saved", JsonText),  # the point from which another worker goes on
    Column("result", JsonText),
    Column("file", Text),  # name of the file that came of it, in the folder of results
    Column("problem", JsonText),
    Column("made", Double, nullable=False),  # times are seconds since 1970
    Column("started", Double),
    Column("ended", Double),
    Column("heartbeat", Double),
    Column("worker", Text),
    Column("tries", Integer, nullable=False),
    Index("jobs_state", "state", "made"),
    Index("jobs_actor", "actor", "made"),
)


@dataclass(frozen=True, slots=True)
class Job:
    """One job as its row tells it; times are seconds since 1970."""

    id: str
    kind: str
    given: Facts
    actor: str
    state: State
    cancel: bool
    done: int
    of: int | None
    words_vi: str
    words_en: str
    saved: Any
    result: Facts | None
    file: str | None
    problem: Facts | None
    made: float
    started: float | None
    ended: float | None
    heartbeat: float | None
    worker: str | None
    tries: int


def submit(conn: Connection, kind: str, given: Mapping[str, Any], actor: Actor) -> str:
    """Ask for work; returns the job's id.

    Raises:
        ConflictError: the actor has MOST_OPEN jobs that have not ended.
    """
    mine = (jobs.c.actor == actor.id) & jobs.c.state.in_(OPEN)
    if conn.execute(select(func.count()).where(mine)).scalar_one() >= MOST_OPEN:
        raise ConflictError(
            f"{MOST_OPEN} jobs of yours have not ended; wait, or cancel one",
            vi=f"bạn có {MOST_OPEN} việc chưa xong, hãy đợi hoặc hủy bớt một việc",
        )
    key = uuid4().hex
    conn.execute(_new(key, kind, given, actor.id))
    return key


def submit_once(
    conn: Connection, key: str, kind: str, given: Mapping[str, Any], actor: str
) -> bool:
    """Ask for work under an id of the caller's; False if somebody has asked for it already."""
    try:
        with conn.begin_nested():
            conn.execute(_new(key, kind, given, actor))
    except IntegrityError:
        return False
    return True


def _new(key: str, kind: str, given: Mapping[str, Any], actor: str) -> Insert:
    return insert(jobs).values(
        id=key, kind=kind, given=dict(given), actor=actor, state=State.WAITING.value,
        cancel=False, done=0, words_vi="", words_en="", made=time.time(), tries=0,
    )  # fmt: skip


def known(conn: Connection, keys: Sequence[str]) -> set[str]:
    """Return those of some ids that jobs have."""
    return set(conn.execute(select(jobs.c.id).where(jobs.c.id.in_(keys))).scalars())


def find(conn: Connection, key: str, *, of: str | None = None) -> Job:
    """Return a job; `of` is the id of the only actor whose job will do.

    Raises:
        NotFoundError: there is no such job.
    """
    found = conn.execute(select(jobs).where(_named(key, of))).mappings().first()
    if found is None:
        raise NotFoundError(f"There is no job {key!r}", parameter="job_id", value=key)
    return _job(found)


def listed(conn: Connection, *, of: str | None = None) -> list[Job]:
    """Return the newest jobs, at most MOST_LISTED; `of` keeps to those of one actor."""
    query = select(jobs).order_by(jobs.c.made.desc(), jobs.c.id).limit(MOST_LISTED)
    mine = query if of is None else query.where(jobs.c.actor == of)
    return [_job(row) for row in conn.execute(mine).mappings()]


def counted(conn: Connection) -> dict[str, int]:
    """Return how many jobs there are in each state."""
    rows = conn.execute(select(jobs.c.state, func.count().label("number")).group_by(jobs.c.state))
    return {state.value: 0 for state in State} | {row.state: row.number for row in rows}


def cancel(conn: Connection, key: str, *, of: str | None = None) -> None:
    """End a job that waits; one that runs ends when it next tells how far it is.

    Raises:
        NotFoundError: there is no such job.
        ConflictError: it has ended.
    """
    waiting = _named(key, of) & (jobs.c.state == State.WAITING.value)
    ended = {"state": State.CANCELLED.value, "cancel": True, "ended": time.time()}
    if conn.execute(update(jobs).where(waiting).values(**ended)).rowcount:
        return
    running = _named(key, of) & (jobs.c.state == State.RUNNING.value)
    if conn.execute(update(jobs).where(running).values(cancel=True)).rowcount == 0:
        state = find(conn, key, of=of).state
        said, vi = f"The job has ended: {state.en}", f"việc đã kết thúc: {state.vi}"
        raise ConflictError(said, vi=vi, parameter="job_id", value=key)


def claim(conn: Connection, worker: str) -> Job | None:
    """Take the job that has waited longest, or whose worker is dead; None if there is none.

    One statement, so that no job is taken twice.
    """
    now = time.time()
    free = and_(or_(jobs.c.state == State.WAITING.value, _stale(now)), jobs.c.tries < MOST_TRIES)
    first = (
        select(jobs.c.id)
        .where(free)
        .order_by(jobs.c.made, jobs.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = {
        "state": State.RUNNING.value,
        "worker": worker,
        "heartbeat": now,
        "started": func.coalesce(jobs.c.started, now),
        "tries": jobs.c.tries + 1,
    }
    query = update(jobs).where(jobs.c.id == first.scalar_subquery()).values(**taken)
    found = conn.execute(query.returning(jobs)).mappings().first()
    return None if found is None else _job(found)


def tell(conn: Connection, held: Job, **news: Any) -> bool | None:
    """Renew the heartbeat of a held job and write what is new of it.

    Returns whether it is to be cancelled, or None if this worker does not hold it any more.
    """
    query = update(jobs).where(_held(held)).values(heartbeat=time.time(), **news)
    found = conn.execute(query.returning(jobs.c.cancel)).first()
    return None if found is None else bool(found.cancel)


def end(conn: Connection, held: Job, state: State, **facts: Any) -> bool:
    """Write what came of a held job; False if this worker does not hold it any more."""
    values = {"state": state.value, "ended": time.time(), "worker": None, **facts}
    if state is State.DONE:
        values["done"] = func.coalesce(jobs.c.of, jobs.c.done)
    return conn.execute(update(jobs).where(_held(held)).values(**values)).rowcount == 1


def give_back(conn: Connection, held: Job, *, tried: bool) -> None:
    """Let another worker take a held job; `tried` says whether this counts as a try."""
    tries = held.tries if tried else held.tries - 1
    values = {"state": State.WAITING.value, "worker": None, "tries": tries}
    conn.execute(update(jobs).where(_held(held)).values(**values))


def give_up(conn: Connection) -> None:
    """Fail the jobs whose workers died too often."""
    now = time.time()
    problem = {"code": "worker_died", "detail": f"The worker died {MOST_TRIES} times"}
    lost = _stale(now) & (jobs.c.tries >= MOST_TRIES)
    values = {"state": State.FAILED.value, "ended": now, "worker": None, "problem": problem}
    conn.execute(update(jobs).where(lost).values(**values))


def forget(conn: Connection) -> None:
    """Delete the jobs that ended long ago."""
    old = jobs.c.state.not_in(OPEN) & (jobs.c.ended < time.time() - KEPT_S)
    conn.execute(delete(jobs).where(old))


def files(conn: Connection) -> dict[str, str | None]:
    """Return of each job the file that came of it; of one that has not ended, None."""
    query = select(jobs.c.id, jobs.c.state, jobs.c.file)
    return {key: None if state in OPEN else file or "" for key, state, file in conn.execute(query)}


def _named(key: str, of: str | None) -> ColumnElement[bool]:
    named: ColumnElement[bool] = jobs.c.id == key
    return named if of is None else and_(named, jobs.c.actor == of)


def _held(held: Job) -> ColumnElement[bool]:
    mine = (jobs.c.worker == held.worker, jobs.c.tries == held.tries)
    return and_(jobs.c.id == held.id, jobs.c.state == State.RUNNING.value, *mine)


def _stale(now: float) -> ColumnElement[bool]:
    """A heart that beats in the future belongs to a time before the clock was set back."""
    silent = or_(jobs.c.heartbeat < now - STALE_S, jobs.c.heartbeat > now + STALE_S)
    return and_(jobs.c.state == State.RUNNING.value, silent)


def _job(row: RowMapping) -> Job:
    return Job(**{**row, "state": _STATES[row["state"]]})


def iso(moment: float | None) -> str | None:
    """Return a time as ISO 8601 in UTC, to the millisecond."""
    if moment is None:
        return None
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")

"""What a kind of job works with: what was given, how to tell progress, where a result goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from geo.errors import GeoError
from geo.register import Register
from geo.rolls import Rolls
from office import database, jobs
from office.chores import Chores
from office.jobs import Facts, Job
from office.ticking import every

BEAT_S = 5.0  # between two heartbeats
TOLD_S = 0.25  # progress is written no oftener, but for the end


class CancelledError(Exception):
    """Somebody wants the job to end."""


class LostError(Exception):
    """Another worker holds the job by now."""


class StoppingError(Exception):
    """The worker has been told to end."""


class DiedError(GeoError):
    """The worker died too often at a job."""

    code = "worker_died"


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every job may use: the register, the private database, the folders."""

    register: Register
    office: Engine
    results: Path  # the files that come of jobs
    data: Path  # the embedded data set
    stop: Event = field(default_factory=Event)  # set when the worker is to end
    imports: Path | None = None  # the uploads that wait; None where none are taken
    chores: Chores = field(default_factory=Chores)
    rolls: Rolls | None = None  # the finished pages beside the register


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: facts, and the name of a file in the folder of results."""

    facts: Facts
    file: str | None = None


@dataclass(slots=True)
class Task:
    """One try at a job."""

    job: Job
    shop: Workshop
    why: Exception | None = None  # that the work was to end for, however it took it
    _cancel: bool = False
    _lost: bool = False
    _told: float = 0.0

    def progress(self, done: int, of: int | None, *, vi: str, en: str) -> None:
        """Tell how far the work is, in words too.

        Raises:
            CancelledError, LostError, StoppingError: the work is to end.
        """
        if done == of or time.monotonic() - self._told >= TOLD_S:
            self._tell(done=done, of=of, words_vi=vi, words_en=en)
        self.look()

    def save(self, point: Any) -> None:
        """Keep a point, a JSON value, from which another worker can go on; it is `job.saved` there.

        Raises:
            CancelledError, LostError, StoppingError: the work is to end.
        """
        self._tell(saved=point)
        self.look()

    def look(self) -> None:
        """Stop the work where it is not wanted any more.

        Raises:
            CancelledError, LostError, StoppingError: the work is to end.
        """
        reasons = (
            (self._lost, LostError),
            (self._cancel, CancelledError),
            (self.shop.stop.is_set(), StoppingError),
        )
        for is_so, kind in reasons:
            if is_so:
                self.why = kind(self.job.id)
                raise self.why

    def result(self, ending: str) -> Path:
        """Return where the file of this try goes; no other try writes there."""
        return self.shop.results / f"{self.job.id}.{self.job.tries}.{ending}"

    def _tell(self, **news: Any) -> None:
        with database.writing(self.shop.office) as conn:
            found = jobs.tell(conn, self.job, **news)
        self._cancel, self._lost = bool(found), found is None
        self._told = time.monotonic()

    def beating(self) -> AbstractContextManager[None]:
        """Renew the heartbeat while the block runs, however long it tells nothing."""
        return every(BEAT_S, self._beat, name="heartbeat")

    def _beat(self) -> None:
        with suppress(GeoError, SQLAlchemyError):  # away: the next beat may reach the database
            self._tell()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job; `run` does one and may be run again after it was cut off anywhere."""

    vi: str
    en: str
    run: Callable[[Task], Outcome]

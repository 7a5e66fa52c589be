"""The log of what was read that is not for everybody, and of exports: who, what, when, how much.

Entries wait for at most FLUSH_S before they are written, so that reading waits for nothing. Each
process says when it begins and when it ends its part of the log; one that was killed has a
beginning without an end, and what waited then is missing. What cannot be written is told in the
server's log.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Condition, Thread
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Column, Engine, Index, Integer, Select, Table, Text, insert, select, union

from geo.vocabulary import Classification
from office import database
from office.actor import SYSTEM, Actor
from office.can import acting_role
from office.sights import SHOWN

log = logging.getLogger(__name__)

FLUSH_S = 0.5  # seconds that an entry waits at most
PART = 1_000  # entries fetched at a time
MOST_WAITING = 5_000  # entries in memory while the database cannot be written
BEGUN, ENDED = "log begun", "log ended"
reads = Table(
    "reads",
    database.metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),  # UTC, ISO 8601
    Column("process", Text, nullable=False),
    Column("actor", Text, nullable=False),  # id, stays when the name changes
    Column("name", Text, nullable=False),
    Column("via", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("filter", Text, nullable=False),
    Column("rows", Integer),
    Index("reads_at", "at"),
    Index("reads_actor", "actor", "id"),
    Index("reads_name", "name", "id"),
)


class Read(NamedTuple):
    """One entry; `rows` is None where nobody counted."""

    at: str
    actor: str
    name: str
    via: str
    what: str
    filter: str
    rows: int | None


def counts(actor: Actor) -> bool:
    """Say whether what somebody reads is logged: whether he may see more than everybody does."""
    return SHOWN[acting_role(actor)] != (Classification.PUBLIC, Classification.PUBLIC)


class Reads:
    """The part of the log that one process writes."""

    def __init__(self, opened: Callable[[], Engine]) -> None:
        self._opened = opened
        self._name = f"{os.getpid()}-{uuid4().hex[:8]}"
        self._waiting: list[Read] = []
        self._changed = Condition()
        self._thread: Thread | None = None
        self._closed = False

    def note(self, actor: Actor, what: str, filter: str, rows: int | None = None) -> None:
        """Enter that somebody read or exported something; returns at once."""
        self._add(Read(_now(), actor.id, actor.name, actor.via, what, filter, rows))

    def _add(self, entry: Read) -> None:
        with self._changed:
            if self._thread is None:
                self._waiting.append(self._about(BEGUN))
                self._thread = Thread(target=self._run, name="reads", daemon=True)
                self._thread.start()
            self._waiting.append(entry)
            self._give_up_oldest()

    def _give_up_oldest(self) -> None:
        while len(self._waiting) > MOST_WAITING:
            log.critical("a read could not be logged: %s", self._waiting.pop(0))

    def _about(self, what: str) -> Read:
        return Read(_now(), SYSTEM, SYSTEM, "operator", what, "", None)

    def close(self) -> None:
        """Write what waits, and that the log ends here."""
        with self._changed:
            if self._thread is None:
                return
            self._waiting.append(self._about(ENDED))
            self._closed = True
            self._changed.notify()
        self._thread.join()
        for entry in self._waiting:
            log.critical("a read could not be logged: %s", entry)

    def _run(self) -> None:
        while not self._closed:
            with self._changed:
                if not self._closed:
                    self._changed.wait(FLUSH_S)
            self._flush()
        self._flush()  # what came while the last part was written

    def _flush(self) -> None:
        with self._changed:
            part, self._waiting = self._waiting, []
        if not part:
            return
        try:
            with database.writing(self._opened()) as conn:
                rows = [one._asdict() | {"process": self._name} for one in part]
                conn.execute(insert(reads), rows)
        except Exception as error:  # whatever it is, the next try may succeed
            log.warning("%d reads wait to be logged: %s", len(part), error)
            with self._changed:
                self._waiting = part + self._waiting
                self._give_up_oldest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are wanted; times are ISO 8601 in UTC, `until` is exclusive."""

    since: str | None = None
    until: str | None = None
    actor: str | None = None


def entries(engine: Engine, asked: Asked) -> Iterator[dict[str, Any]]:
    """Yield entries in the order in which they were written."""
    parts = _queries(asked)
    found = (parts[0] if len(parts) == 1 else union(*parts)).subquery()
    with engine.connect() as conn:
        for row in conn.execute(select(found).order_by(found.c.id)).mappings():
            yield {str(name): row[name] for name in row}


def page(
    engine: Engine, asked: Asked, *, most: int, before: int | None = None
) -> list[dict[str, Any]]:
    """Return the latest entries, the newest first; of those before a number, if one is given."""
    parts = [_latest(one, most, before) for one in _queries(asked)]
    query = parts[0] if len(parts) == 1 else _union(parts, most)
    with engine.connect() as conn:
        return [{str(name): row[name] for name in row} for row in conn.execute(query).mappings()]


def latest_first(engine: Engine, asked: Asked) -> Iterator[dict[str, Any]]:
    """Yield all entries, the newest first; no connection is held while they are used."""
    before = None
    while part := page(engine, asked, most=PART, before=before):
        yield from part
        before = part[-1]["id"]


def _latest(query: Select[Any], most: int, before: int | None) -> Select[Any]:
    older = query if before is None else query.where(reads.c.id < before)
    return older.order_by(reads.c.id.desc()).limit(most)


def _union(parts: Sequence[Select[Any]], most: int) -> Select[Any]:
    """Return the latest of several parts, each found by an index of its own."""
    found = union(*(select(part.subquery()) for part in parts)).subquery()
    return select(found).order_by(found.c.id.desc()).limit(most)


def _queries(asked: Asked) -> list[Select[Any]]:
    """Return what is asked for in parts; a person is meant by his id or by the name he had."""
    if asked.actor is None:
        return [_query(asked)]
    who = (reads.c.actor, reads.c.name)
    return [_query(asked).where(column == asked.actor) for column in who]


def _query(asked: Asked) -> Select[Any]:
    """Return the entries of a time."""
    c = reads.c
    query = select(reads)
    if asked.since is not None:
        query = query.where(c.at >= asked.since)
    if asked.until is not None:
        query = query.where(c.at < asked.until)
    return query

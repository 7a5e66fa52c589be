"""Single questions to PostgreSQL over connections that only read and hold no transaction.

One that asks by itself needs no BEGIN, no ROLLBACK and no look whether the connection is alive: a
connection that fails goes, and the caller asks again in a transaction, which looks. Plans are made
once for all values: with this many indexes to choose from, making one takes longer than the read.

A question that comes again is put to libpq itself, as a prepared statement: SQLAlchemy's pool and
psycopg's cursor take five times the processor time of the question.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer
from sqlalchemy import Dialect, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from geo.errors import AskAgainError, LongReadError, StoreError
from geo.types import READ_SECONDS

LINKS = 12  # connections that one process asks over at once
PREPARED_FROM = 3  # the time from which on a question is prepared; those before tell its values
MOST_PREPARED = 200  # statements of a connection
MOST_COUNTED = 1_000  # statements that were put too seldom yet
UNSAID, FLOAT8 = 0, 701  # types of values, as PostgreSQL numbers them
_CANCELED = b"57014"  # SQLSTATE
_MARK = re.compile(r"%%|%\((\w+)\)s")  # as SQLAlchemy writes for psycopg


class _Prepared(NamedTuple):
    name: bytes
    order: list[str]  # of its values


class _Link:
    """A connection, and the cursor of it that the last question was put to."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self.db = db
        self._cursor = db.cursor(binary=True)
        self._asked: Counter[str] = Counter()
        self._prepared: dict[str, _Prepared] = {}
        self._rows: list[Any] = []
        self._mode = ""  # of planning
        self._seconds = 0.0  # that a question may take, 0 = any time

    def execute(self, sql: str, values: Mapping[str, Any], *, anew: bool = False) -> None:
        """Put a question, planned `anew` for its values if they decide on the plan.

        Raises:
            AskAgainError: PostgreSQL refused it.
            LongReadError: it took too long.
            psycopg.Error: it refused it the first times, or is lost.
        """
        if anew or any(isinstance(one, bytes) for one in values.values()):  # bytes are shapes
            self._plan("force_custom_plan")
            self._rows = self._cursor.execute(sql, values, prepare=False).fetchall()
            return
        self._plan("force_generic_plan")
        found = self._prepared.get(sql)
        if found is None:
            if len(self._asked) >= MOST_COUNTED:
                self._asked.clear()
            self._asked[sql] += 1
            if self._asked[sql] < PREPARED_FROM:
                self._rows = self._cursor.execute(sql, values, prepare=False).fetchall()
                return
            found = self._prepare(sql, values)
        given: Any = [_text(values[name]) for name in found.order]
        result = self.db.pgconn.exec_prepared(found.name, given, None, pq.Format.BINARY)
        if result.error_field(pq.DiagnosticField.SQLSTATE) == _CANCELED:
            raise LongReadError
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise AskAgainError
        reader = Transformer(self.db)
        reader.set_pgresult(result)
        self._rows = reader.load_rows(0, result.ntuples, tuple)

    def bound(self, seconds: float) -> None:
        """Let no question from now on take longer."""
        if self._seconds != seconds:
            self.db.execute(f"SET statement_timeout = {milliseconds(seconds)}")
            self._seconds = seconds

    def _plan(self, mode: str) -> None:
        if self._mode != mode:
            self.db.execute(f"SET plan_cache_mode = {mode}")
            self._mode = mode

    def fetchall(self) -> list[Any]:
        """Return the rows of the answer."""
        return self._rows

    def _prepare(self, sql: str, values: Mapping[str, Any]) -> _Prepared:
        if len(self._prepared) >= MOST_PREPARED:
            self.db.execute("DEALLOCATE ALL")
            self._prepared.clear()
            self._asked.clear()
        order: list[str] = []

        def numbered(mark: re.Match[str]) -> str:
            name = mark[1]
            if name is None:
                return "%"
            if name not in order:
                order.append(name)
            return f"${order.index(name) + 1}"

        name = b"ask%d" % len(self._prepared)
        text = _MARK.sub(numbered, sql).encode()
        kinds = [FLOAT8 if isinstance(values[one], float) else UNSAID for one in order]
        result = self.db.pgconn.prepare(name, text, kinds)
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise AskAgainError
        found = self._prepared[sql] = _Prepared(name, order)
        return found

    @property
    def is_well(self) -> bool:
        """Say whether another question may be put."""
        return self.db.pgconn.transaction_status == pq.TransactionStatus.IDLE


def milliseconds(seconds: float) -> int:
    """Return a limit as PostgreSQL takes it, to whom 0 is none."""
    return math.ceil(seconds * 1000)


def _text(value: Any) -> bytes | None:
    """Return a value as PostgreSQL reads it. Raises AskAgainError for one that is not plain."""
    if value is None:
        return None
    if isinstance(value, str):
        if "\0" in value:
            raise AskAgainError
        try:
            return value.encode()
        except UnicodeEncodeError:
            raise AskAgainError from None
    if isinstance(value, int | float):
        return str(value).encode()
    raise AskAgainError


class _Links:
    """The connections of one process to a database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine  # makes them
        self.free: list[_Link] = []
        self.room = BoundedSemaphore(LINKS)

    def take(self) -> _Link:
        """Return one that nobody uses. Raises psycopg.Error, SQLAlchemyError, StoreError."""
        try:
            return self.free.pop()
        except IndexError:
            held = self.engine.raw_connection()
            db = cast("psycopg.Connection[Any]", held.driver_connection)
            held.detach()
            return _Link(db)

    def close(self) -> None:
        """Close those that nobody uses."""
        while self.free:
            self.free.pop().db.close()


_links: WeakKeyDictionary[Dialect, _Links] = WeakKeyDictionary()  # one for each pool


def prepare(engine: Engine, connected: Any) -> None:
    """Have connections of the same kind for single questions; `connected` readies a new one."""

    def on_connect(db: Any, record: object) -> None:
        connected(db, record)
        db.autocommit = True

    apart = create_engine(
        engine.url,
        poolclass=NullPool,
        connect_args={"application_name": "cotmoc", "connect_timeout": 10},  # seconds
    )
    event.listen(apart, "connect", on_connect)
    links = _links[engine.dialect] = _Links(apart)
    event.listen(engine, "engine_disposed", lambda _engine: links.close())


@contextmanager
def asking(engine: Engine) -> Iterator[Any]:
    """Give a cursor that asks single questions; bytes come as they are.

    Raises:
        AskAgainError: the database could not be reached, or refused a question.
        LongReadError: it took longer than the engine lets reads take, see geo.store.limited.
    """
    links = _links[engine.dialect]
    with links.room:
        link = None
        try:
            link = links.take()
            link.bound(engine.get_execution_options().get(READ_SECONDS, 0.0))
            yield link
        except psycopg.errors.QueryCanceled as error:
            raise LongReadError from error
        except (psycopg.Error, SQLAlchemyError, StoreError) as error:
            raise AskAgainError from error
        finally:
            if link is not None and link.is_well:
                links.free.append(link)
            elif link is not None:
                link.db.close()

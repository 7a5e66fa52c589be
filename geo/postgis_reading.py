"""Hot reads of PostgreSQL: the driver's own cursor, texts as the bytes that they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Engine, Select

from geo import postgis_asking as asking
from geo.errors import BadInputError, FullStoreError, LongReadError, StoreError
from geo.types import READ_SECONDS, Joined

_FULL = {"53100"}  # disk full
_LONG = {"57014"}  # canceled
# Undefined function and datatype mismatch: values that cannot be compared.
_MISFITS = {"42883", "42804"}


def explained(shown: str, error: BaseException, *, lost: bool = False) -> Exception | None:
    """Say in our own errors what a caller can mend: a lost database, a value that cannot be."""
    state = str(getattr(error, "sqlstate", None) or "")
    if state in _FULL:
        return FullStoreError(f"There is no room in {shown}: {first_line(error)}")
    if state in _LONG:
        return LongReadError()
    if lost or isinstance(error, psycopg.OperationalError):
        return StoreError(f"Cannot use {shown}: {first_line(error)}")
    if isinstance(error, psycopg.DataError) or state in _MISFITS:
        return BadInputError(f"A value cannot be used: {first_line(error)}")
    return None


def first_line(error: object) -> str:
    """Return what an error says first."""
    return (str(error).splitlines() or [type(error).__name__])[0]


@contextmanager
def reading(engine: Engine, _steps: int | None = None) -> Iterator[Any]:
    """Give a cursor on one state of the schema; bytes come as they are.

    Raises:
        StoreError: the database cannot be reached.
        BadInputError: it cannot use a value.
        LongReadError: it took longer than the engine lets reads take, see geo.store.limited.
    """
    db = None
    try:
        with _explaining(engine):
            db = engine.raw_connection()
            cursor = _cursor(db)
            if limit := within(engine.get_execution_options()):
                cursor.execute(limit)
            yield cursor
    finally:
        if db is not None:
            db.close()


def within(options: Mapping[str, Any]) -> str:
    """Return what bounds each statement of a transaction as its options say, if they do."""
    seconds = options.get(READ_SECONDS)
    return f"SET LOCAL statement_timeout = {asking.milliseconds(seconds)}" if seconds else ""


@contextmanager
def _explaining(engine: Engine) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        shown = engine.url.set(drivername="postgresql").render_as_string(hide_password=True)
        reason = StoreError(f"Cannot read {shown}: {first_line(error)}")
        raise explained(shown, error) or reason from error


def _cursor(held: Any) -> psycopg.Cursor[Any]:
    return cast("psycopg.Connection[Any]", held.driver_connection).cursor(binary=True)


def revision(cursor: Any) -> int:
    """Return the sum of the counters of all layers."""
    cursor.execute("SELECT sum(revision)::int8 FROM revisions", {})
    return int(cursor.fetchall()[0][0])


def joining(conn: Connection, texts: Select[Any], glue: str) -> Callable[[int, int], Joined]:
    """Return what reads the texts of a statement, as geo.store.joining says.

    The rows come one by one: to join them PostgreSQL takes longer than to send them.
    """
    made = texts.compile(dialect=conn.dialect, compile_kwargs={"render_postcompile": True})
    sql, fixed, between = str(made), made.params, glue.encode()

    def read(after: int, count: int) -> Joined:
        with _explaining(conn.engine):
            cursor = _cursor(conn.connection)
            rows = cursor.execute(sql, {**fixed, "after": after, "count": count}).fetchall()
        return Joined(len(rows), rows[-1][0] if rows else after, between.join([r[1] for r in rows]))

    return read

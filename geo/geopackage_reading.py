"""Hot reads of a GeoPackage: the driver's own cursor on one state of the file.

A read that must be short waits for no pool, which would take longer than the read itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Engine
from sqlalchemy.pool import PoolProxiedConnection

from geo.errors import BadInputError, LongReadError, StoreError
from geo.types import READ_SECONDS

_PARTS = 10  # times that a short read is looked at before it is given up
_LOOK_STEPS = 10_000  # of SQLite's machine between looks at the time: a millisecond or less
_BOUND = "bound"  # key of what is noted of a connection
_CACHE_KB = 8_192  # of a short reader, beyond what is mapped: more makes no read of a file quicker


@contextmanager
def reading(engine: Engine, steps: int | None = None) -> Iterator[Any]:
    """Give a cursor on one state of the file.

    Raises:
        StoreError: the file cannot be read.
        BadInputError: SQLite cannot use a value.
        LongReadError: it took more than about so many steps of SQLite's machine, or longer than
            the engine lets reads take, see geo.store.limited.
    """
    try:
        with _short(engine, steps) if steps else _pooled(engine) as cursor:
            cursor.execute("BEGIN")
            yield cursor
    except OverflowError as error:
        raise BadInputError(f"A value cannot be used: {error}") from error
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            raise LongReadError from error
        raise StoreError(f"Cannot read {engine.url.database}: {error}") from error


@contextmanager
def _pooled(engine: Engine) -> Iterator[Any]:
    held = engine.raw_connection()
    db: Any = held.driver_connection
    try:
        bound(held, engine.get_execution_options())
        yield db.cursor()
    finally:
        held.close()


def bound(held: PoolProxiedConnection, options: Mapping[str, Any]) -> None:
    """Let a connection read no longer from now on than its options say, until it is given back."""
    seconds = options.get(READ_SECONDS)
    if seconds:
        db: Any = held.driver_connection
        until = monotonic() + seconds
        db.set_progress_handler(lambda: monotonic() > until, _LOOK_STEPS)
        held.info[_BOUND] = True


def on_checkin(db: Any, record: Any) -> None:
    """Let whoever takes the connection next read for as long as it takes."""
    if record.info.pop(_BOUND, False) and db is not None:
        db.set_progress_handler(None, 0)


class _Short:
    """A connection for short reads alone."""

    def __init__(self, engine: Engine, steps: int) -> None:
        held = engine.raw_connection()
        db: Any = held.driver_connection
        held.detach()
        self.db, self.cursor = db, db.cursor()
        self.calls = 0
        db.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        self.db.set_progress_handler(self._stops, steps // _PARTS)

    def _stops(self) -> bool:
        """Stop a long read; SQLite counts on from one run of a statement to its next."""
        self.calls += 1
        return self.calls > _PARTS


_kept: WeakKeyDictionary[Dialect, list[_Short]] = WeakKeyDictionary()  # one for each pool


def let_go(engine: Engine) -> None:
    """Close the connections for short reads; what is read later opens others."""
    for one in _kept.pop(engine.dialect, ()):
        one.db.close()


@contextmanager
def _short(engine: Engine, steps: int) -> Iterator[Any]:
    kept = _kept.setdefault(engine.dialect, [])
    one = kept.pop() if kept else _Short(engine, steps)
    one.calls = 0
    try:
        yield one.cursor
    finally:
        try:
            one.db.rollback()
            kept.append(one)
        except sqlite3.Error:
            one.db.close()

"""Hot reads of a GeoPackage: the driver's own cursor on one state of the file.

A read that must be short waits for no pool, which would take longer than the read itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from geo.errors import BadInputError, LongReadError, StoreError

_PARTS = 10  # times that a short read is looked at before it is given up
_CACHE_KB = 8_192  # of a short reader, beyond what is mapped: more makes no read of a file quicker


@contextmanager
def reading(engine: Engine, steps: int | None = None) -> Iterator[Any]:
    """Give a cursor on one state of the file.

    Raises:
        StoreError: the file cannot be read.
        BadInputError: SQLite cannot use a value.
        LongReadError: it took more than about so many steps of SQLite's machine.
    """
    try:
        with _short(engine, steps) if steps else _pooled(engine) as cursor:
            cursor.execute("BEGIN")
            yield cursor
    except OverflowError as error:
        raise BadInputError(f"A value cannot be used: {error}") from error
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            raise LongReadError("The read takes long") from error
        raise StoreError(f"Cannot read {engine.url.database}: {error}") from error


@contextmanager
def _pooled(engine: Engine) -> Iterator[Any]:
    held = engine.raw_connection()
    db: Any = held.driver_connection
    try:
        yield db.cursor()
    finally:
        held.close()


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


_kept: WeakKeyDictionary[Engine, list[_Short]] = WeakKeyDictionary()


def let_go(engine: Engine) -> None:
    """Close the connections for short reads; what is read later opens others."""
    for one in _kept.pop(engine, ()):
        one.db.close()


@contextmanager
def _short(engine: Engine, steps: int) -> Iterator[Any]:
    kept = _kept.setdefault(engine, [])
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

"""Telling whether a file has changed, over and over, at next to no cost.

SQLite says whether another connection has written, in some microseconds and with two locks. That
is asked only when the head of the WAL index is another one: every commit changes it, and a reader
sees a commit by nothing else (sqlite.org/walformat.html, 2.2). It is read where SQLite has mapped
it already; to open that file once more would drop SQLite's locks when it is closed.
"""

from __future__ import annotations

import ctypes
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Engine

from geo.errors import StoreError

_HEAD_BYTES = 96  # two copies of the header
_PAGE_BYTES = 4096
_MAY_MOVE = 1  # MREMAP_MAYMOVE
Head = Callable[[], bytes]


def _nothing() -> bytes:
    return b""


def _head(database: str) -> Head:
    """Return what reads the head of a file's WAL index; b"" stands for not known.

    A connection to the file must be open and have read.
    """
    try:
        address = _mapping(f"{database}-shm")
        remap = ctypes.CDLL(None, use_errno=True).mremap
    except (OSError, AttributeError, ValueError):
        return _nothing
    remap.restype = ctypes.c_void_p
    remap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int)
    # Of no length: the same pages once more, ours for as long as the process lives.
    own = remap(address, 0, _PAGE_BYTES, _MAY_MOVE)
    if own in (None, ctypes.c_void_p(-1).value):
        return _nothing
    held = (ctypes.c_char * _HEAD_BYTES).from_address(own)
    return lambda: held.raw


def _mapping(path: str) -> int:
    """Return where this process has mapped the beginning of a file. Raises OSError, ValueError."""
    inode = str(Path(path).stat().st_ino)
    with Path("/proc/self/maps").open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            span, mode, offset, _, number, *name = line.split(maxsplit=5)
            begins = number == inode and "s" in mode and not int(offset, 16)
            if begins and name[0].endswith("-shm\n"):
                return int(span.partition("-")[0], 16)
    raise ValueError(path)


class _Eye:
    """A connection that only looks whether others have written."""

    def __init__(self, engine: Engine) -> None:
        held = engine.raw_connection()
        db: Any = held.driver_connection
        held.detach()
        self._db, self._cursor = db, db.cursor()
        self.revision()  # now the file is mapped
        self.head = _head(str(engine.url.database))

    def commits(self) -> int:
        """Return a number that is another one after each commit of others."""
        return self._first("PRAGMA data_version")

    def revision(self) -> int:
        """Return the register's revision."""
        return self._first("SELECT sum(revision) FROM revisions")

    def _first(self, sql: str) -> int:
        self._cursor.execute(sql)
        [(number,)] = self._cursor.fetchall()
        return int(number)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


class Watch:
    """Tells the revision of a file."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._eye: _Eye | None = None
        self._seen = b""  # the head when the revision was read
        self._commits = self._revision = -1
        self._lock = Lock()

    def revision(self) -> int | None:
        """Return the revision of now, or None if the file cannot be read."""
        eye = self._eye
        if eye is not None and self._seen and eye.head() == self._seen:
            return self._revision
        try:
            with self._lock:
                return self._read()
        except sqlite3.Error:
            self.close()
            return None

    def _read(self) -> int:
        if self._eye is None:
            self._eye, self._seen, self._commits = _Eye(self._engine), b"", -1
        head = self._eye.head()  # before the question: what is written between shows next time
        commits = self._eye.commits()
        if commits != self._commits:
            self._revision, self._commits = self._eye.revision(), commits
        self._seen = head  # last of all, for threads that look at it without the lock
        return self._revision

    def ask(self) -> int:
        """Return the revision. Raises StoreError."""
        found = self.revision()
        if found is None:
            raise StoreError(f"Cannot read {self._engine.url.database}")
        return found

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            eye, self._eye, self._seen = self._eye, None, b""
        if eye is not None:
            eye.close()

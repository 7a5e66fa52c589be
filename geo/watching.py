"""Telling whether a file has changed: SQLite says whether another connection has written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from threading import Lock
from typing import Any

from sqlalchemy import Engine

from geo.errors import StoreError


class Watch:
    """Tells the revision of a file: SQLite says at once whether another connection has written."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._db: Any = None
        self._version = self._revision = -1
        self._lock = Lock()

    def revision(self) -> int | None:
        """Return the revision of now, or None if the file cannot be read."""
        try:
            with self._lock:
                return self._seen()
        except sqlite3.Error:
            self.close()
            return None

    def _seen(self) -> int:
        if self._db is None:
            held = self._engine.raw_connection()
            self._db = held.driver_connection
            held.detach()
        version = self._db.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._revision = self._db.execute("SELECT sum(revision) FROM revisions").fetchone()[0]
            self._version = version
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
            db, self._db, self._version = self._db, None, -1
        if db is not None:
            db.close()


def look(engine: Engine) -> Callable[[], int]:
    """Return a look at the number by which SQLite tells a connection of others' commits."""
    db = engine.raw_connection()
    db.detach()
    cursor = db.cursor()
    lock = Lock()

    def looked() -> int:
        with lock:
            cursor.execute("PRAGMA data_version")
            [(number,)] = cursor.fetchall()
            return int(number)

    return looked

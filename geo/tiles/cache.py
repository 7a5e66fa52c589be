"""Finished tiles in an SQLite file of their own beside the store: they survive a restart.

What is kept can always be made anew, so a file that cannot be read or written is left alone and
the tiles are made each time. Several processes may share the file.
"""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from threading import Lock, Timer
from time import monotonic

from geo import files

log = logging.getLogger(__name__)

MAX_BYTES = 256 * 2**20
MOST_WAITING = 4 * 2**20  # bytes of tiles that wait to be written
PAUSE_S = 0.25  # between two writes of a process
BUSY_TIMEOUT_S = 0.2  # making a tile anew is quicker than waiting longer
_TABLE = """
CREATE TABLE IF NOT EXISTS tiles (
  address TEXT PRIMARY KEY, revision TEXT NOT NULL, made INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS tiles_made ON tiles (made);
"""
_PUT = (
    "INSERT INTO tiles VALUES (?, ?, (SELECT coalesce(max(made), 0) + 1 FROM tiles), ?)"
    " ON CONFLICT (address) DO UPDATE SET"
    " revision = excluded.revision, made = excluded.made, body = excluded.body"
    " WHERE revision <> excluded.revision"
)
_DROP = (
    "DELETE FROM tiles WHERE made <= (SELECT made FROM tiles ORDER BY made LIMIT 1"
    " OFFSET (SELECT count(*) / 8 FROM tiles))"
)
_USED = (
    "SELECT (page_count - freelist_count) * page_size"
    " FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
)


def beside(store: Path | str, *, folder: Path) -> Path:
    """Return where the tiles of a store are kept: beside its file; for a database, in `folder`."""
    return files.beside(store, "tiles", folder=folder)


@dataclass(slots=True)
class Cache:
    """Tiles by address; each is good for one revision only."""

    path: Path
    max_bytes: int = MAX_BYTES
    _db: sqlite3.Connection | None = None
    _lock: Lock = field(default_factory=Lock)
    _reader: sqlite3.Connection | None = None  # waits for no writer
    _reader_lock: Lock = field(default_factory=Lock)
    _waiting: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _waiting_lock: Lock = field(default_factory=Lock)
    _timer: Timer | None = None
    _size: int = 0
    _written: float = -inf

    def get(self, address: str, revision: str) -> bytes | None:
        """Return the tile if it is kept and of this revision; it may be empty."""
        waiting = self._waiting.get(address)
        if waiting is not None:
            return waiting[1] if waiting[0] == revision else None
        query = "SELECT body FROM tiles WHERE address = ? AND revision = ?"
        try:
            with self._reader_lock:
                self._reader = self._reader or self._open()
                row = self._reader.execute(query, (address, revision)).fetchone()
        except (sqlite3.Error, OSError) as error:
            log.debug("no tiles from %s: %s", self.path, error)
            return None
        return None if row is None else bytes(row[0])

    def put(self, address: str, revision: str, body: bytes, *, later: bool = False) -> None:
        """Keep a tile in place of the one of an older revision; the oldest eighth makes room.

        In a burst of tiles they are written together, a moment later; with `later` always.
        """
        with self._waiting_lock:
            self._waiting[address] = (revision, body)
            self._size += len(body)
            full = self._size >= min(MOST_WAITING, self.max_bytes // 8)
            if self._timer is not None and (later or not full):
                return
            if self._timer is None and (later or monotonic() - self._written < PAUSE_S):
                self._timer = Timer(PAUSE_S, self._write)
                self._timer.daemon = True
                self._timer.start()
                return
        self._write()

    def _write(self) -> None:
        with self._waiting_lock:
            tiles, self._timer, self._size = dict(self._waiting), None, 0
            self._written = monotonic()
        rows = [(address, revision, body) for address, (revision, body) in tiles.items()]
        try:
            with self._lock, self._writer() as db:
                db.executemany(_PUT, rows)
                for _ in rows:
                    if db.execute(_USED).fetchone()[0] <= self.max_bytes:
                        break
                    db.execute(_DROP)
        except (sqlite3.Error, OSError) as error:
            log.debug("cannot keep tiles in %s: %s", self.path, error)
        with self._waiting_lock:  # until now they could be read from here
            for address, tile in tiles.items():
                if self._waiting.get(address) is tile:
                    del self._waiting[address]

    def close(self) -> None:
        """Write what waits and let go of the file."""
        if self._waiting:
            self._write()
        with self._lock, self._reader_lock:
            for db in (self._reader, self._db):
                if db is not None:
                    db.close()
            self._reader = self._db = None

    def _writer(self) -> sqlite3.Connection:
        self._db = self._db or self._open()
        return self._db

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.executescript(_TABLE)
        except sqlite3.Error:
            db.close()
            raise
        return db

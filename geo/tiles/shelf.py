"""What tiles are made of, by place: held in memory, and kept in a file beside the store.

A piece is arrays that hold what lies in one square of the grid. It is good for one counter of
change, and for the days between which no row of its layer begins or ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import orjson
from numpy.typing import NDArray

from geo.tiles.cache import Cache

MOST_BYTES = 64 * 2**20  # of pieces held in one process
_ALIGNED = 8  # bytes
Columns: TypeAlias = tuple[NDArray[Any], ...]


class Piece(NamedTuple):
    """Arrays, and what they are good for."""

    revision: str
    since: str  # the first day, ISO
    until: str  # the day after the last
    columns: Columns

    def good(self, revision: str, day: str) -> bool:
        """Say whether it holds what is there at a revision on a day."""
        return self.revision == revision and self.since <= day < self.until


@dataclass(slots=True)
class Shelf:
    """Pieces by address; without a `file` they are held in memory alone."""

    file: Cache | None = None
    most_bytes: int = MOST_BYTES
    _held: dict[str, Piece] = field(default_factory=dict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, address: str, revision: str, day: str) -> Piece | None:
        """Return a piece that is held and good, those asked for last staying longest."""
        found = self._held.get(address)
        if found is None or not found.good(revision, day):
            return None
        with self._lock:
            if address in self._held:
                self._held[address] = self._held.pop(address)
        return found

    def put(self, address: str, piece: Piece) -> None:
        """Hold a piece."""
        with self._lock:
            old = self._held.pop(address, None)
            self._bytes += _size(piece) - (_size(old) if old else 0)
            self._held[address] = piece
            while self._bytes > self.most_bytes and len(self._held) > 1:
                self._bytes -= _size(self._held.pop(next(iter(self._held))))

    def read(self, address: str, revision: str, day: str) -> Piece | None:
        """Return a piece of the file that is good."""
        body = self.file.get(address, revision) if self.file else None
        found = None if body is None else unpacked(revision, body)
        return found if found and found.good(revision, day) else None

    def find(self, address: str, revision: str, day: str) -> Piece | None:
        """Return a piece that is good, held from now on."""
        found = self.get(address, revision, day)
        if found is None:
            found = self.read(address, revision, day)
            if found is not None:
                self.put(address, found)
        return found

    def write(self, address: str, piece: Piece) -> None:
        """Keep a piece in the file, a moment later."""
        if self.file is not None:
            self.file.put(address, piece.revision, packed(piece), later=True)


def _size(piece: Piece) -> int:
    return sum(column.nbytes for column in piece.columns)


def packed(piece: Piece) -> bytes:
    """Return a piece as bytes, all but its revision."""
    kinds = [[column.dtype.str, column.shape] for column in piece.columns]
    head = orjson.dumps([piece.since, piece.until, kinds])
    parts = [head, *(column.tobytes() for column in piece.columns)]
    return b"".join((len(head).to_bytes(_ALIGNED, "little"), *map(_aligned, parts)))


def _aligned(part: bytes) -> bytes:
    return part + bytes(-len(part) % _ALIGNED)


def unpacked(revision: str, body: bytes) -> Piece | None:
    """Return the piece of some bytes, or None if they hold none."""
    try:
        place = _ALIGNED + int.from_bytes(body[:_ALIGNED], "little")
        since, until, kinds = orjson.loads(body[_ALIGNED:place])
        return Piece(revision, since, until, tuple(_columns(body, place, kinds)))
    except (ValueError, TypeError):
        return None


def _columns(body: bytes, place: int, kinds: Sequence[Any]) -> Sequence[NDArray[Any]]:
    columns = []
    for kind, shape in kinds:
        place += -place % _ALIGNED
        count = int(np.prod(shape))
        column = np.frombuffer(body, np.dtype(kind), count, place).reshape(shape)
        columns.append(column)
        place += column.nbytes
    return columns

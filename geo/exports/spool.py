"""Between who makes a file and who takes it: a slow taker must keep no connection busy."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from threading import Condition, Thread

CHUNK = 1 << 20  # bytes handed on at once
Pieces = Generator[bytes, None, None]


def spooled(pieces: Pieces) -> Pieces:
    """Yield the same bytes, while a thread makes them at its own speed into a nameless file.

    What the maker raises is raised here. Whoever stops taking stops the maker too, and the
    file goes with the last of both.
    """
    spool = _Spool(pieces)
    spool.start()
    try:
        yield from spool.chunks()
    finally:
        spool.leave()


class _Spool(Thread):
    def __init__(self, pieces: Pieces) -> None:
        super().__init__(name="export", daemon=True)
        self._pieces = pieces
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 — closed by `_part`
        self._news = Condition()
        self._written, self._ended, self._left = 0, False, False
        self._error: Exception | None = None

    def run(self) -> None:
        """Write all pieces, unless nobody wants them any more."""
        try:
            with closing(self._pieces):
                for piece in self._pieces:
                    self._write(piece)
                    if self._left:
                        break
        except Exception as error:
            self._error = error
        with self._news:
            self._ended = True
            self._part()
            self._news.notify()

    def _write(self, piece: bytes) -> None:
        rest = memoryview(piece)
        while rest:
            rest = rest[self._file.write(rest) :]
        with self._news:
            self._written += len(piece)
            self._news.notify()

    def leave(self) -> None:
        """Take no more."""
        with self._news:
            self._left = True
            self._part()

    def _part(self) -> None:
        if self._ended and self._left:
            self._file.close()

    def chunks(self) -> Iterator[bytes]:
        """Yield what is written, as far as it is."""
        taken = 0
        while ready := self._wait(taken):
            chunk = os.pread(self._file.fileno(), min(CHUNK, ready), taken)
            taken += len(chunk)
            yield chunk
        if self._error is not None:
            raise self._error

    def _wait(self, taken: int) -> int:
        """Return how many more bytes there are, 0 at the end."""
        with self._news:
            self._news.wait_for(lambda: self._written > taken or self._ended)
            return self._written - taken

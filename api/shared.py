"""Memory that all processes of one server share, and a lock on it that dies with its holder."""

from __future__ import annotations

import fcntl
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from threading import Lock


class Shared:
    """So many bytes of zeros; processes that are forked later see what any of them writes."""

    def __init__(self, size: int) -> None:
        self.held = mmap.mmap(-1, size)
        self._threads = Lock()
        self._file = TemporaryFile()  # noqa: SIM115 - to lock; it lives as long as the memory

    @contextmanager
    def alone(self) -> Iterator[mmap.mmap]:
        """Give the memory while other threads and processes are kept out."""
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield self.held
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

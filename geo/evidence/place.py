"""Where files lie: a folder, or whatever else fsspec reaches, such as s3://bucket/folder.

A file is there whole or not at all: in a folder it is written under another name, flushed to the
disk and renamed; an object store shows an object only when all of it has arrived.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from fsspec.core import url_to_fs  # type: ignore[import-untyped]
from fsspec.implementations.local import (  # type: ignore[import-untyped]
    LocalFileSystem,
)

from geo.errors import FullStoreError, StoreError
from geo.files import sync

CHUNK = 1 << 18  # bytes handed on at once
INCOMING = ".incoming"  # folder of what has not arrived as a whole
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Place:
    """A place for files, which are named by letters, digits and points alone."""

    def __init__(self, address: Path | str) -> None:
        """Name a place; nothing is made there yet. Raises StoreError."""
        try:
            self._fs, self._root = url_to_fs(str(address))
        except (ImportError, ValueError) as error:
            raise StoreError(f"Files cannot be kept in {address}: {error}") from error
        self._folder = isinstance(self._fs, LocalFileSystem)

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """Give a file of this machine to write to; what is not put is thrown away.

        Raises:
            FullStoreError, StoreError: it cannot be written.
        """
        with _explained():
            beside = f"{self._root}/{INCOMING}" if self._folder else None
            if beside:
                os.makedirs(beside, mode=0o700, exist_ok=True)  # noqa: PTH103
            number, name = tempfile.mkstemp(dir=beside)
            os.close(number)
            try:
                yield Path(name)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(name)  # noqa: PTH108

    def put(self, path: Path, name: str) -> None:
        """Keep a file that `incoming` gave under a name; one that is there already is replaced.

        Raises:
            FullStoreError, StoreError: it cannot be kept.
        """
        with _explained():
            if not self._folder:
                self._fs.put_file(str(path), self._address(name))
                return
            there = Path(self._address(name))
            there.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync(path)
            path.replace(there)
            sync(there.parent)

    def open(self, name: str) -> BinaryIO:
        """Open a file to be read.

        Raises:
            FileNotFoundError: there is none of this name.
            StoreError: it cannot be read.
        """
        with _explained():
            found: Any = self._fs.open(self._address(name), "rb")
            return found  # type: ignore[no-any-return]

    def has(self, name: str) -> bool:
        """Say whether there is a file of this name. Raises StoreError."""
        with _explained():
            return bool(self._fs.exists(self._address(name)))

    def _address(self, name: str) -> str:
        return f"{self._root}/{name[:2]}/{name}"


@contextmanager
def _explained() -> Iterator[None]:
    """Say in our own errors that there is no room, or that the place cannot be used."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        kind = FullStoreError if error.errno in _FULL else StoreError
        raise kind(f"Files cannot be kept: {error}") from error

"""Where files lie: a folder, s3://bucket/folder, or whatever else fsspec reaches.

A file is there whole or not at all: in a folder it is written under another name, flushed to the
disk and renamed; an object store shows an object only when all of it has arrived. S3 is spoken by
pyarrow; endpoint, region and credentials are those of the AWS_* variables and files of its usual
clients, or stand in the address: s3://bucket/folder?endpoint_override=host:9000&scheme=http.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from geo.errors import FullStoreError, StoreError
from geo.files import FULL, sync
from geo.later import later

if TYPE_CHECKING:
    import fsspec.core  # type: ignore[import-untyped]
    from fsspec.implementations import arrow, local  # type: ignore[import-untyped]
else:
    fsspec = later("fsspec")
    arrow = later("fsspec.implementations.arrow")
    local = later("fsspec.implementations.local")

CHUNK = 1 << 18  # bytes handed on at once
INCOMING = ".incoming"  # folder of what has not arrived as a whole


class Place:
    """A place for files, which are named by letters, digits and points alone."""

    def __init__(self, address: Path | str) -> None:
        """Name a place; nothing is made there yet. Raises StoreError."""
        try:
            self._fs, self._root = _reached(str(address))
        except (ImportError, ValueError, OSError) as error:
            shown = without_secrets(str(address))
            raise StoreError(f"Files cannot be kept in {shown}: {error}") from error
        self._folder = isinstance(self._fs, local.LocalFileSystem)

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
                self._send(path, self._address(name))
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

    def names(self) -> Iterator[str]:
        """Yield the name of each file. Raises StoreError."""
        with _explained():
            for path in self._fs.find(str(self._root)):
                if f"/{INCOMING}/" not in path:
                    yield path.rpartition("/")[2]

    def _send(self, path: Path, there: str) -> None:
        """Write an object. What is read in full first cannot break off and be taken for all."""
        try:
            if isinstance(self._fs, arrow.ArrowFSWrapper):
                with self._fs.fs.open_output_stream(there, compression=None) as sent:
                    sent.write(path.read_bytes())
            else:
                self._fs.put_file(str(path), there)
        except FileNotFoundError as error:  # a bucket, not the file
            raise StoreError(f"Files cannot be kept: {error}") from error

    def _address(self, name: str) -> str:
        return f"{self._root}/{name[:2]}/{name}"


@lru_cache(8)
def _reached(address: str) -> tuple[Any, str]:
    """Return the file system of an address and the path in it."""
    if not address.startswith("s3://"):
        found: tuple[Any, str] = fsspec.core.url_to_fs(address)
        return found
    from pyarrow.fs import FileSystem  # noqa: PLC0415 - only servers that use it start its threads

    system, root = FileSystem.from_uri(_completed(address))
    return arrow.ArrowFSWrapper(system), root


def _completed(address: str) -> str:
    """Return an address of S3 with the endpoint that the environment names, unless it has one."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if not endpoint or "endpoint_override=" in address:
        return address
    scheme, _, host = endpoint.rpartition("://")
    asked = f"scheme={scheme or 'https'}&endpoint_override={quote(host.rstrip('/'), safe='')}"
    return f"{address}{'&' if '?' in address else '?'}{asked}"


def without_secrets(address: str) -> str:
    """Return an address without the name and password in it."""
    scheme, found, rest = address.partition("://")
    return f"{scheme}{found}{rest.rpartition('@')[2]}" if found else address


@contextmanager
def _explained() -> Iterator[None]:
    """Say in our own errors that there is no room, or that the place cannot be used."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        kind = FullStoreError if error.errno in FULL else StoreError
        raise kind(f"Files cannot be kept: {error}") from error

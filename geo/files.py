"""Writing a file whole or not at all, and where what belongs to a store lies."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.errors import FullStoreError, StoreError

FULL = (errno.ENOSPC, errno.EDQUOT)  # no room: on the disk, in the quota


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a name beside `path`; what is written there takes its place when the block ends well.

    Raises:
        FullStoreError: there is no room for it; whatever stood there before still does.
        StoreError: the file cannot be written; the same holds.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        kind = FullStoreError if error.errno in FULL else StoreError
        raise kind(
            f"Cannot write {path}: {error.strerror or error}; choose another folder"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until what a file holds, or the names that a folder holds, are on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def beside(store: Path | str, ending: str, *, folder: Path) -> Path:
    """Return the place of what belongs to a store: beside its file; for a database, in `folder`."""
    if "://" in str(store):
        name = hashlib.sha256(str(store).encode()).hexdigest()[:16]
        return folder / f"{name}.{ending}"
    return Path(store).with_name(f"{Path(store).name}.{ending}")

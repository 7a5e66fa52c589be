"""Writing a file whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.errors import StoreError


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a name beside `path`; what is written there takes its place when the block ends well.

    Raises:
        StoreError: the file cannot be written; whatever stood there before still does.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise StoreError(
            f"Cannot write {path}: {error.strerror or error}; choose another folder"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)

"""What came of the changes of one piece of work, such as a request: what may be said when it fails.

A connection that breaks while a transaction commits leaves open whether it was kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy import Connection

from geo.errors import StoreError, UnsureError


@dataclass(slots=True)
class Outcome:
    """Whether some change was kept, or may have been."""

    kept: bool = False


_current: ContextVar[Outcome | None] = ContextVar("outcome", default=None)


def begin() -> None:
    """Begin a piece of work, in this context and in those that are made of it."""
    _current.set(Outcome())


def nothing_kept() -> bool:
    """Say whether it is certain that this piece of work has changed nothing yet."""
    found = _current.get()
    return found is not None and not found.kept


def note_kept() -> None:
    """Note that a change was kept, or may have been."""
    found = _current.get()
    if found is not None:
        found.kept = True


@contextmanager
def aside() -> Iterator[None]:
    """Change what is no part of the work, such as when a session was last used."""
    before = _current.set(None)
    try:
        yield
    finally:
        _current.reset(before)


@contextmanager
def committing(conn: Connection) -> Iterator[None]:
    """Begin a transaction that commits at the end or not at all.

    Raises:
        UnsureError: the connection broke in the commit.
    """
    whole = False
    try:
        with conn.begin():
            yield
            whole = True
    except StoreError as error:
        if whole and conn.invalidated:
            raise UnsureError(f"{error.detail}, in the commit") from error
        raise
    except BaseException:
        if whole:
            note_kept()
        raise
    note_kept()

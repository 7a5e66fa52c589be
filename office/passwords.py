"""Passwords: argon2id (RFC 9106), and what is too easy to guess."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from office.errors import WeakPasswordError

LEAST, MOST = 12, 256  # characters
LEAST_DIFFERENT = 6  # characters
AT_ONCE = 2  # hashes in one process; each takes 64 MiB
hasher = PasswordHasher()  # the second recommended option of RFC 9106: t=3, m=64 MiB, p=4
_room = BoundedSemaphore(AT_ONCE)


def check_strength(password: str, *names: str) -> None:
    """Refuse a password that is short, even, or holds one of the person's names.

    Raises:
        WeakPasswordError: with the reason.
    """
    if not LEAST <= len(password) <= MOST:
        raise _weak(f"A password has {LEAST} to {MOST} characters")
    if len(set(password)) < LEAST_DIFFERENT:
        raise _weak(f"A password has {LEAST_DIFFERENT} different characters at least")
    folded = password.casefold()
    if any(len(name) > 2 and name.casefold() in folded for name in names):
        raise _weak("A password does not hold the name of its owner")


def _weak(why: str) -> WeakPasswordError:
    return WeakPasswordError(why, parameter="password")


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _room:
        return hasher.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Say whether a password is the one that was kept.

    Where none was kept, the same work is done for a hash that nothing fits.
    """
    with _room:
        try:
            hasher.verify(kept or _dummy(hasher), password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_old(kept: str) -> bool:
    """Say whether a hash was made with other parameters than those of today."""
    return hasher.check_needs_rehash(kept)


@cache
def _dummy(made_by: PasswordHasher) -> str:
    return made_by.hash("the password of nobody")


def prepare() -> None:
    """Make the hash for unknown accounts ahead, so that the first of them takes no longer."""
    _dummy(hasher)

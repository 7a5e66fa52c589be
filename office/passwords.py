"""Passwords: argon2id (RFC 9106), and what is too easy to guess."""

from __future__ import annotations

import secrets
from base64 import b64encode
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

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
            hasher.verify(kept or _of_nobody(hasher), password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_old(kept: str) -> bool:
    """Say whether a hash was made with other parameters than those of today."""
    return hasher.check_needs_rehash(kept)


def _of_nobody(made_by: PasswordHasher) -> str:
    """Return a hash that no password is known for; to make it takes no work, to try it does."""
    cost = f"m={made_by.memory_cost},t={made_by.time_cost},p={made_by.parallelism}"
    sizes = made_by.salt_len, made_by.hash_len
    salt, digest = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in sizes)
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"

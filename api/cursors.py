"""Cursors of pages: keys of the store in disguise, so that a gap between two tells nothing.

Rows that a reader may not see have keys too. The disguise is a permutation of the whole numbers
below 2**56: a Feistel network of three rounds (Luby and Rackoff, 1988) keyed by the register.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

_HALF = 28  # bits
_MASK = (1 << _HALF) - 1
_BEYOND = 1 << 2 * _HALF
_BYTES = 4
_ROUNDS = 3
KEPT = 20_000  # cursors that a process remembers: one that is shown is mostly asked for next


class Cursors:
    """Turns keys into cursors and back."""

    def __init__(self, secret: str) -> None:
        key = blake2b(secret.encode(), digest_size=32).digest()
        self._rounds = [
            blake2b(key=key, salt=bytes([n]), digest_size=_BYTES) for n in range(_ROUNDS)
        ]
        self._shown: dict[int, int] = {}
        self._keys: dict[int, int] = {}

    def shown(self, key: int) -> int:
        """Return the cursor of a key; 0 and what lies beyond all keys stay as they are."""
        if not 0 < key < _BEYOND:
            return key
        return self._shown.get(key) or self._keep(key, self._disguised(key))[1]

    def key(self, cursor: int) -> int:
        """Return the key of a cursor; any number below 2**56 is that of some key."""
        if not 0 < cursor < _BEYOND:
            return cursor
        return self._keys.get(cursor) or self._keep(self._revealed(cursor), cursor)[0]

    def _keep(self, key: int, cursor: int) -> tuple[int, int]:
        if len(self._shown) >= KEPT:
            self._shown, self._keys = {}, {}
        self._shown[key], self._keys[cursor] = cursor, key
        return key, cursor

    def _disguised(self, key: int) -> int:
        left, right = key >> _HALF, key & _MASK
        for mixer in self._rounds:
            left, right = right, left ^ _mixed(mixer, right)
        return left << _HALF | right

    def _revealed(self, cursor: int) -> int:
        left, right = cursor >> _HALF, cursor & _MASK
        for mixer in reversed(self._rounds):
            left, right = right ^ _mixed(mixer, left), left
        return left << _HALF | right


def _mixed(mixer: Any, half: int) -> int:
    made = mixer.copy()
    made.update(half.to_bytes(_BYTES, "big"))
    return int.from_bytes(made.digest(), "big") & _MASK

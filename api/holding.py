"""Finished answers in memory, within a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Protocol


class Held(Protocol):
    """What is held: made at a revision of the register, so many bytes large."""

    @property
    def revision(self) -> int:
        """The revision that it was made from."""

    @property
    def size(self) -> int:
        """How many bytes of memory it takes, about."""


@dataclass(slots=True)
class Holding:
    """Answers by their keys; the one not asked for the longest goes first."""

    max_bytes: int
    _held: OrderedDict[Hashable, Held] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def holds(self, key: Hashable) -> bool:
        """Say whether there is an answer for a key, of whichever revision."""
        return key in self._held

    def get(self, key: Hashable, revision: int | None) -> Held | None:
        """Return the answer if it is held and of this revision."""
        found = self._held.get(key)
        if found is None or found.revision != revision:
            return None
        self._held.move_to_end(key)
        return found

    def put(self, key: Hashable, answer: Held) -> None:
        """Hold an answer in place of an older one."""
        if answer.size > self.max_bytes // 4:
            return
        old = self._held.pop(key, None)
        self._bytes += answer.size - (old.size if old else 0)
        self._held[key] = answer
        while self._bytes > self.max_bytes:
            self._bytes -= self._held.popitem(last=False)[1].size

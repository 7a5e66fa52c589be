"""Which rows have a value of a property, a bit for each row: what several narrow is their AND."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from geo.query import NOTHING

MOST_VALUES = 64  # of a property; one that has more is left to the indexes of the store
_BITS = 64  # of a word
Words: TypeAlias = NDArray[np.uint64]
Places: TypeAlias = NDArray[Any]  # of rows, whole numbers
Wanted: TypeAlias = Mapping[str, Sequence[str]]  # property to the values that will do


class Bitmaps:
    """The bits of several values, as `made` makes them, one after the other."""

    def __init__(self, values: Sequence[Sequence[str]], words: Words) -> None:
        each = np.split(words, len(values)) if values else []
        self._of = {(name, value): own for (name, value), own in zip(values, each, strict=True)}

    def found(self, wanted: Wanted) -> Words | None:
        """Return the rows that have a wanted value of each property; None where it is not known."""
        parts = []
        for name, texts in wanted.items():
            own = [self._of.get((name, text)) for text in texts]
            known = [bits for bits in own if bits is not None]
            if not known or len(known) < len(own):
                return None
            parts.append(reduce(np.bitwise_or, known))
        return reduce(np.bitwise_and, parts)


class Coded:
    """A property's values, row after row, as numbers."""

    def __init__(self) -> None:
        self._codes: dict[str | None, int] = {}
        self._parts = [np.zeros(0, np.int32)]

    def add(self, column: Sequence[str | None]) -> None:
        """Go on with some rows."""
        codes = self._codes
        part = (codes.setdefault(value, len(codes)) for value in column)
        self._parts.append(np.fromiter(part, np.int32, len(column)))

    def bits(self) -> Iterator[tuple[str, Words]]:
        """Yield each value with its rows, unless there are many."""
        if len(self._codes) > MOST_VALUES:
            return
        column = np.concatenate(self._parts)
        for value, code in self._codes.items():
            packed = np.packbits(column == code, bitorder="little")
            if value is not None and value not in NOTHING:
                yield value, np.pad(packed, (0, -len(packed) % (_BITS // 8))).view(np.uint64)


def made(columns: Mapping[str, Coded]) -> tuple[list[list[str]], Words]:
    """Return values, each with its property, and their bits, as `Bitmaps` takes them."""
    found = [(name, *one) for name, column in columns.items() for one in column.bits()]
    words = [np.zeros(0, np.uint64), *(words for _, _, words in found)]
    return [[name, value] for name, value, _ in found], np.concatenate(words)


class Chosen:
    """Rows that were chosen, ready to be paged through."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._full = np.flatnonzero(words)
        sizes = np.bitwise_count(words[self._full])
        self._before = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
        self.number = int(self._before[-1])

    def first(self, begin: int, count: int) -> Places:
        """Return the first places of rows from one on, in order."""
        start = int(self._full.searchsorted(begin // _BITS))
        # The word in which the first row lies may hold others that come before.
        end = int(self._before.searchsorted(self._before[start] + count + _BITS))
        full = self._full[start:end]
        bits = np.unpackbits(self._words[full].view(np.uint8), bitorder="little")
        row, bit = np.nonzero(bits.reshape(-1, _BITS))
        places = full[row] * _BITS + bit
        return places[places >= begin][:count]

    def among(self, places: Places) -> NDArray[np.bool_]:
        """Say of each place whether its row is there."""
        found: NDArray[np.bool_] = self._words[places // _BITS] & _bit(places) != 0
        return found


def without(words: Words, places: Places) -> Words:
    """Return the rows but for those at some places."""
    left = words.copy()
    np.bitwise_and.at(left, places // _BITS, ~_bit(places))
    return left


def _bit(places: Places) -> Words:
    return np.uint64(1) << (places % _BITS).astype(np.uint64)

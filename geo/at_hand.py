"""Rows that were read lately, held in memory for as long as the register stays as it is.

A page that begins elsewhere than those before it, or is longer, mostly holds rows that they held.
They lie in stretches: rows that follow each other in the order of their keys, and the key of the
row after them. Of a page that begins where nobody read before only its ends are noted, so that who
reads a layer from end to end pays nothing for it; one that begins within such a page is kept.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple

GLUE = b",\n"  # between the texts of two rows, and in none of them
MOST_BYTES = 32 << 20  # of one process
MERGED_BYTES = 64 << 10  # up to which a stretch grows by pieces of others
MOST_KEY = 2**63 - 1
MOST_NOTED = 1_000  # pages of a selection of which the ends are known
_ROW_BYTES, _STRETCH_BYTES = 100, 1_000  # that they take besides their texts, about


class Sheet(NamedTuple):
    """A page of finished features as one text, UTF-8, a comma and a line feed between them.

    The keys lead on and back, None at an end.
    """

    text: bytes | memoryview
    returned: int
    next_after: int | None
    prev_before: int | None
    matched: int
    revision: int


class Stretch:
    """So many rows, the first of which is the first beyond the key `since`.

    `told` are their keys, perhaps with commas between. There and in the `text` one row more may
    follow, whose key is `following`; that is 0 at the end of all.
    """

    def __init__(
        self,
        since: int,
        first: int,
        following: int,
        number: int,
        told: str | Sequence[int],
        text: bytes,
    ) -> None:
        self.since = since
        self.first = first
        self.following = following
        self.number = number
        self.told = told
        self.text = text

    @cached_property
    def keys(self) -> list[int]:
        """The keys of the rows."""
        told = self.told.split(",") if isinstance(self.told, str) else self.told
        self.told = ""
        return [*map(int, told)][: self.number]

    @cached_property
    def ends(self) -> list[int]:
        """Where the text of each row ends."""
        found, at = list[int](), 0
        for _ in range(self.number):
            end = self.text.find(GLUE, at)
            at = end + len(GLUE)
            found.append(end)
        if found[-1] < 0:
            found[-1] = len(self.text)
        return found

    @property
    def size(self) -> int:
        """How many bytes of memory it takes, about."""
        return len(self.text) + self.number * _ROW_BYTES + _STRETCH_BYTES

    def covers(self, key: int) -> bool:
        """Say whether it tells which row is the first beyond a key that is not below `since`."""
        return not self.following or key < self.following

    def ends_before(self, key: int) -> bool:
        """Say whether no row of it has this key or a greater one, as far as that is known."""
        return 0 < self.following <= key

    def after(self, place: int) -> int:
        """Return the key of the row at a place, or of the one that follows all."""
        return self.keys[place] if place < self.number else self.following

    def sheet(self, matched: int, revision: int) -> Sheet:
        """Return it as a page."""
        text: bytes | memoryview = self.text
        if self.following:  # so does one row more
            text = memoryview(self.text)[: self.text.rfind(GLUE)]
        back = self.first if self.since > 0 and self.number else None
        return Sheet(text, self.number, _onward(self.following), back, matched, revision)

    def part(self, begin: int, end: int) -> memoryview:
        """Return the text of some of the rows, by their places."""
        start = self.ends[begin - 1] + len(GLUE) if begin else 0
        return memoryview(self.text)[start : self.ends[end - 1]]

    def cut(self, since: int, beyond: int) -> Stretch | None:
        """Return the rows beyond the key `since` and below that of the row `beyond`."""
        begin = bisect_right(self.keys, since)
        end = bisect_left(self.keys, beyond) if beyond else self.number
        if begin >= end:
            return None
        keys, text = self.keys[begin:end], bytes(self.part(begin, end))
        return Stretch(since, keys[0], self.after(end), len(keys), keys, text)

    def then(self, other: Stretch) -> Stretch:
        """Return the rows of both."""
        text = GLUE.join((self.part(0, self.number), other.part(0, other.number)))
        keys = self.keys + other.keys
        return Stretch(self.since, self.first, other.following, len(keys), keys, text)


def _onward(following: int) -> int | None:
    """Return the key to go on from: none will ever lie between it and that of the next row."""
    return following - 1 if following else None


class Shelf:
    """The stretches of one selection in order; none overlaps another."""

    def __init__(self) -> None:
        self.matched = 0  # rows of the selection
        self.noted: list[tuple[int, int]] = []  # keys before pages, and of the rows after them
        self.sinces: list[int] = []
        self.stretches: list[Stretch] = []

    def sheet(self, after: int, limit: int, revision: int) -> Sheet | None:
        """Return the first rows beyond a key, or None where one that is wanted is not here."""
        at = bisect_right(self.sinces, after) - 1
        if at < 0 or self.stretches[at].ends_before(after + 1):
            return None
        one, left, parts = self.stretches[at], limit, list[memoryview]()
        begin, first = bisect_right(one.keys, after), 0
        while True:
            end = min(begin + left, one.number)
            if begin < end:
                first = first or one.keys[begin]
                parts.append(one.part(begin, end))
                left -= end - begin
            following, at, begin = one.after(end), at + 1, 0
            if not (left and following):
                break
            if at == len(self.stretches) or self.stretches[at].first != following:
                return None
            one = self.stretches[at]
        if not parts:
            return None
        text, back = parts[0] if len(parts) == 1 else GLUE.join(parts), first if after else None
        return Sheet(text, limit - left, _onward(following), back, self.matched, revision)

    def wants(self, after: int) -> bool:
        """Say whether a page beyond a key begins within one that was read before."""
        at = bisect_right(self.noted, (after, MOST_KEY)) - 1
        return at >= 0 and (not self.noted[at][1] or after < self.noted[at][1] - 1)

    def note(self, after: int, following: int) -> None:
        """Note the ends of a page."""
        if len(self.noted) >= MOST_NOTED:
            self.noted.clear()
        insort(self.noted, (after, following))

    def put(self, read: Stretch) -> tuple[int, int | None]:
        """Take in what is not here yet; return the bytes held more by that, and where it begins."""
        freed = self._free(read)
        at = bisect_right(self.sinces, read.since)
        before = self.stretches[at - 1] if at else None
        ahead = self.stretches[at] if at < len(self.stretches) else None
        held = before is not None and before.covers(read.since)
        since = before.following - 1 if before and held else read.since
        beyond = ahead.first if ahead and read.covers(ahead.first) else 0
        whole = since == read.since and not beyond
        new = read if whole else read.cut(since, beyond) if since >= 0 else None
        if new is None and ahead and not held:  # the same row is the first from further back on
            ahead.since = self.sinces[at] = read.since
            return -freed, read.since
        if new is None:
            return -freed, None
        if before and held and not whole and before.size + new.size < MERGED_BYTES:
            self.stretches[at - 1] = before.then(new)
            return self.stretches[at - 1].size - before.size - freed, None
        self.sinces.insert(at, new.since)
        self.stretches.insert(at, new)
        return new.size - freed, new.since

    def _free(self, read: Stretch) -> int:
        """Let go of what lies wholly within something that was read; return how many bytes."""
        begin = end = bisect_left(self.sinces, read.since)
        while end < len(self.stretches) and _within(self.stretches[end], read):
            end += 1
        freed = sum(one.size for one in self.stretches[begin:end])
        del self.sinces[begin:end], self.stretches[begin:end]
        return freed

    def drop(self, since: int) -> int:
        """Let go of the stretch that begins there, if there is one; return how many bytes."""
        at = bisect_left(self.sinces, since)
        if at == len(self.sinces) or self.sinces[at] != since:
            return 0
        del self.sinces[at]
        return self.stretches.pop(at).size


def _within(one: Stretch, other: Stretch) -> bool:
    return not other.following or 0 < one.following <= other.following


class AtHand:
    """Rows of selections at one revision of the register; the oldest go first."""

    def __init__(self, revision: int) -> None:
        self.revision = revision
        self.bytes = 0
        self._shelves: dict[Hashable, Shelf] = {}
        self._order: deque[tuple[Shelf, int]] = deque()
        self._lock = Lock()

    def sheet(self, selection: Hashable, after: int, limit: int) -> Sheet | None:
        """Return the first rows of a selection beyond a key, or None if not all are here."""
        shelf = self._shelves.get(selection)
        if shelf is None:
            return None
        with self._lock:
            return shelf.sheet(after, limit, self.revision)

    def wants(self, selection: Hashable, after: int) -> bool:
        """Say whether a page of a selection beyond a key is worth keeping."""
        shelf = self._shelves.get(selection)
        if shelf is None:
            return False
        with self._lock:
            return shelf.wants(after)

    def note(self, selection: Hashable, after: int, following: int) -> None:
        """Note the ends of a page that was read: the key before it, that of the row after it."""
        with self._lock:
            self._shelves.setdefault(selection, Shelf()).note(after, following)

    def keep(self, selection: Hashable, read: Stretch, matched: int) -> None:
        """Keep rows that were read of a selection, which has so many."""
        if not read.number or read.size > MOST_BYTES // 4:
            return
        with self._lock:
            shelf = self._shelves.setdefault(selection, Shelf())
            shelf.matched = matched
            more, since = shelf.put(read)
            self.bytes += more
            if since is not None:
                self._order.append((shelf, since))
            while self.bytes > MOST_BYTES:
                oldest, begin = self._order.popleft()
                self.bytes -= oldest.drop(begin)


@dataclass(slots=True)
class Known:
    """What has been found out about the register at one revision."""

    revision: int
    settled: dict[str, str] = field(default_factory=dict)  # layer to the last day of a change
    begun: dict[str, str] = field(default_factory=dict)  # layer to the last day that a row begins
    counts: dict[tuple[Any, ...], int] = field(default_factory=dict)
    at_hand: AtHand = field(init=False)

    def __post_init__(self) -> None:
        """Have no rows at hand."""
        self.at_hand = AtHand(self.revision)

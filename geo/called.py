"""What of the finished rows beside a store still holds at a revision of the register."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cache, reduce
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Dialect, Select, Text, bindparam, func, select

from geo import bitmaps, statements, touched
from geo.bitmaps import Chosen, Places, Wanted
from geo.layers import LAYERS
from geo.pages import Item, Sheet
from geo.period import Period
from geo.query import Filter, crosses
from geo.roll import Roll, inside
from geo.schema import Kind, Layer
from geo.statements import Values
from geo.tables import SCHEMA_VERSION, SHARED, VIEWS, history
from geo.tables import register as facts_of
from geo.tables import touched as stamps

CHOSEN_KEPT = 32  # 0.4 MB each of a million rows
MOST_PLACED = 2_000  # runs of written keys whose rows are looked for by place
Run: TypeAlias = Callable[[str, Values], Sequence[Any]]  # executes SQL, returns all rows
_LAYER = bindparam("layer", type_=Text)
_SINCE = bindparam("since", type_=BigInteger)


class Written(NamedTuple):
    """What was written since a file was made."""

    runs: Sequence[int]  # of keys, in order
    known: frozenset[int]  # the same
    gone: Places  # of the rows in the file that were written
    now: Mapping[str, NDArray[Any]] | None  # their columns as they are now; None stands for any

    def has_any(self, after: int, following: int) -> bool:
        """Say whether a row may have been written beyond a key and up to another, 0 being none."""
        at = bisect_left(self.runs, (after + 1) >> touched.BITS)
        return at < len(self.runs) and (not following or self.runs[at] <= following >> touched.BITS)

    def may_match(self, asked: Filter) -> bool:
        """Say whether a row that was written may be one that a filter wants."""
        if not self.runs:
            return False
        if self.now is None or not self.now.keys() >= asked.values.keys():
            return True
        parts = [np.isin(self.now[name], texts) for name, texts in asked.values.items()]
        if asked.bbox is not None:
            parts.append(inside(self.now["w"], self.now["s"], asked.bbox))
        return bool(reduce(np.logical_and, parts).any())


class Called(NamedTuple):
    """Finished rows as they hold for one revision of the register."""

    roll: Roll
    written: Written | None  # None: they tell of another register, or of a state it never was in
    matched: int  # rows that there are
    revision: int
    chosen: dict[Hashable, Chosen | None]  # by values, those asked for last

    def sheet(self, when: Period | None, after: int, limit: int) -> Sheet | None:
        """Return the first rows beyond a key, or None where the store has to be asked."""
        if self.written is None or not self.roll.holds(when):
            return None
        keys = self.roll.key
        begin = bisect_right(keys, after)
        end = min(begin + limit, len(keys))
        following = keys[end] if end < len(keys) else 0
        if begin == end or self.written.has_any(after, following):
            return None
        back = after + 1 if after > 0 else None
        onward = following - 1 if following else None
        text = self.roll.part(begin, end)
        return Sheet(text, end - begin, onward, back, self.matched, self.revision)

    def narrowed(self, asked: Filter, after: int, limit: int) -> Sheet | None:
        """Return the first rows in a box, or with some values, or None as `sheet` does."""
        written, box = self.written, asked.bbox
        if written is None or not self.roll.holds(asked.when) or (box and crosses(box)):
            return None
        chosen = self._chosen(asked.values, written.gone) if asked.values else None
        if (asked.values and chosen is None) or written.may_match(asked):
            return None
        begin = int(self.roll.keys.searchsorted(after, "right"))
        if chosen is not None and box is None:
            places = chosen.first(begin, limit + 1)
            return self._page(places, limit, chosen.number, after)
        there = None if box is None else self.roll.within(box)
        if there is None:
            return None
        if chosen is not None:
            there = there[chosen.among(there)]
        elif written.runs:
            there = there[~np.isin(there, written.gone)]
        start = int(there.searchsorted(begin))
        places = there[start : start + limit + 1]
        return self._page(places, limit, len(there), after)

    def _chosen(self, values: Wanted, gone: Places) -> Chosen | None:
        """Return the rows that have some values: for the pages of a filter they stay the same."""
        key = tuple((name, *texts) for name, texts in values.items())
        if key not in self.chosen:
            words = self.roll.having(values)
            if len(self.chosen) >= CHOSEN_KEPT:
                self.chosen.pop(next(iter(self.chosen)), None)
            self.chosen[key] = words if words is None else Chosen(bitmaps.without(words, gone))
        return self.chosen.get(key)

    def _page(self, places: Places, limit: int, matched: int, after: int) -> Sheet:
        """Return the rows at some places, one of which may be that which follows the page."""
        keys, shown = self.roll.keys, places[:limit]
        back = after + 1 if matched and after > 0 else None
        if not len(shown):
            return Sheet(b"", 0, None, back, matched, self.revision)
        onward = int(keys[places[limit]]) - 1 if len(places) > limit else None
        text = self.roll.joined(shown)
        return Sheet(text, len(shown), onward, back, matched, self.revision)

    def item(self, feature_id: str, when: Period | None) -> Item | None:
        """Return the feature of an id, or None as `sheet` does."""
        if self.written is None or not self.roll.holds(when):
            return None
        place = self.roll.named(feature_id)
        if place is None or int(self.roll.keys[place]) >> touched.BITS in self.written.known:
            return None
        return Item(bytes(self.roll.part(place, place + 1)), self.revision)

    def texts(self, keys: Sequence[int]) -> bytes | None:
        """Return the texts of the rows with these keys, or None unless all of them lie ready."""
        if not keys:
            return b""
        written, held = self.written, self.roll.keys
        if written is None or not written.known.isdisjoint(key >> touched.BITS for key in keys):
            return None
        at = held.searchsorted(keys)
        if at.max() == len(held) or (held[at] != keys).any():
            return None
        return self.roll.joined(at)


@cache
def _state() -> Select[Any]:
    """Ask for what tells a register, and a state of it, from all others; for a layer's last stamp.

    One that was put back from a copy comes by the same stamps once more, not by the same history.
    """
    facts = [
        func.coalesce(select(facts_of.c.value).where(facts_of.c.key == key).scalar_subquery(), "")
        for key in ("identity", "era")
    ]
    name = facts[0].concat("/").concat(facts[1]).concat(f"/{SCHEMA_VERSION}")
    last = select(func.coalesce(func.max(stamps.c.stamp), 0)).where(stamps.c.layer == _LAYER)
    seq = bindparam("seq", type_=BigInteger)
    entry = select(history.c.hash).where(history.c.seq == seq).scalar_subquery()
    return select(name, entry, last.scalar_subquery())


def name_of(run: Run, layer: Layer, seq: int, dialect: Dialect) -> tuple[str, int]:
    """Return what tells a register, with an entry of its history, and a layer's last stamp."""
    told = statements.constant(_state(), dialect)
    [(name, entry, last)] = run(told.sql, told.values({"layer": layer.name, "seq": seq}))
    return f"{name}/{bytes(entry or b'').hex()}", int(last)


@cache
def _written() -> Select[Any]:
    """Ask for the runs of keys of a layer's view that have a later stamp than one, in order."""
    c = stamps.c
    return select(c.run).where(c.layer == _LAYER, c.stamp > _SINCE).order_by(c.run)


def runs_since(run: Run, layer: Layer, found: Roll, dialect: Dialect) -> list[int] | None:
    """Return the runs of keys that were written since a file was made, in order.

    None where it tells of another register, or of a state that this one never was in.
    """
    later = statements.constant(_written(), dialect)
    name, last = name_of(run, layer, found.about.seq, dialect)
    if name != found.about.register or last < found.about.stamp:
        return None
    given = {"layer": layer.name, "since": found.about.stamp}
    return [one for (one,) in run(later.sql, later.values(given))]


def written(run: Run, layer: Layer, found: Roll, dialect: Dialect) -> Written | None:
    """Return what was written since a file was made, or None as `runs_since` does."""
    runs = runs_since(run, layer, found, dialect)
    if runs is None:
        return None
    firsts = np.array(runs, np.int64) << touched.BITS
    gone = found.between(firsts, firsts + (1 << touched.BITS))
    now = None
    if len(runs) <= MOST_PLACED:
        there = statements.constant(_standing(layer.name, touched.BITS), dialect)
        given = {"layer": layer.name, "since": found.about.stamp}
        rows = run(there.sql, there.values(given)) if runs else ()
        now = dict(zip(_told(layer), _columns(layer, rows), strict=True))
    return Written(runs, frozenset(runs), gone, now)


def told_by(layer: Layer) -> list[str]:
    """Return the properties of a layer of whose values a file tells which rows have them."""
    names = {one.name for one in layer.fields if one.kind == Kind.TEXT}
    return sorted(names & SHARED - {"border"})  # a row may stand on other borders besides


def _told(layer: Layer) -> list[str]:
    return [*told_by(layer), "w", "s"]


def _columns(layer: Layer, rows: Sequence[Any]) -> Iterator[NDArray[Any]]:
    for place, name in enumerate(_told(layer)):
        kind = np.float64 if name in ("w", "s") else np.object_
        yield np.array([row[place] for row in rows], kind)


@cache
def _standing(name: str, bits: int) -> Select[Any]:
    """Ask for the rows of these runs, of any time and for anybody."""
    view, c = VIEWS[name].c, stamps.c
    first = c.run * (1 << bits)
    own = view.vid.between(first, first + ((1 << bits) - 1))
    found = select(*(view[one] for one in _told(LAYERS[name])))
    return found.join_from(stamps, VIEWS[name], own).where(c.layer == _LAYER, c.stamp > _SINCE)

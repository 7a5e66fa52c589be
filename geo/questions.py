"""What readers ask of one state of a store: keys, texts, numbers of what matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from geo import boxes, called, pages, statements
from geo.audience import PUBLIC
from geo.called import Called
from geo.errors import AskAgainError
from geo.known import Known
from geo.pages import Page, Sheet
from geo.period import Period
from geo.query import Filter, crosses
from geo.roll import GLUE, Roll
from geo.schema import Layer
from geo.statements import Maker, Statement, Values
from geo.tables import EARLIEST, TESTED
from geo.types import BBox

COUNTS_KEPT = 2_000
RARE = 2_000  # rows up to which a walk past others to the first of them may be too long
SHARE = 0.01  # of all rows: less rare ones are never far, and asked for by the same statement


def _is_broad(box: BBox) -> bool:
    """Say whether many rows may lie in a box, so that its index is not the way to them."""
    return crosses(box) or max(box[2] - box[0], box[3] - box[1]) >= boxes.BROAD


def _leads(asked: Filter) -> bool:
    """Say whether an index leads to no other rows than those of a filter, few or many."""
    return all(len(asked.values.get(name, ())) == 1 for name in TESTED)


class State:
    """One state of the store while it is read."""

    forth: Maker = staticmethod(statements.page)
    back: Maker = staticmethod(statements.page_before)

    def __init__(self, cursor: Any, dialect: Any, known: Known) -> None:
        self.cursor = cursor
        self.dialect = dialect
        revision = self._ask(statements.constant(statements.REVISION, dialect), {})[0][0]
        self.known = known if known.revision == revision else Known(int(revision))

    def page(self, layer: Layer, asked: Filter, limit: int, after: int, before: int | None) -> Page:
        """Return a page, as Reader.page says."""
        asked, number = self._sought(layer, asked)
        if number == 0:
            return Page([], None, None, 0, self.known.revision)
        if before is None:
            least = max(after, asked.near[0] - 1) if asked.runs else after  # SQLite heeds but one
            rows = self.rows(self.forth, layer, asked, after=least, count=limit + 1)
            shown, more, less = rows[:limit], len(rows) > limit, after > 0
        else:
            most = min(before, asked.near[1] + 1) if asked.runs else before
            rows = self.rows(self.back, layer, asked, before=most, count=limit + 1)
            shown, more, less = rows[:limit][::-1], True, len(rows) > limit
        whole = not (more or less) and before is None
        if number is None:
            number = len(shown) if whole else self.matched(layer, asked)
        onward, back = pages.ends([row[0] for row in shown], after, before)
        return Page(
            [bytes(row[1]) for row in shown],
            onward if more and number else None,
            back if less and number else None,
            number,
            self.known.revision,
        )

    def sheet(self, layer: Layer, asked: Filter, limit: int, after: int) -> Sheet:
        """Return a page as one text, as Reader.sheet says."""
        asked, number = self._sought(layer, asked)
        if number == 0:
            return Sheet(b"", 0, None, None, 0, self.known.revision)
        found, last, text = self._joined(layer, asked, after, limit + 1)
        onward = last - 1 if found > limit else None
        if onward is not None:  # the last text is that of the row that follows
            found, text = limit, memoryview(text)[: text.rfind(GLUE)]
        if number is None:
            whole = onward is None and after <= 0
            number = found if whole else self.matched(layer, asked)
        back = after + 1 if number and after > 0 else None
        return Sheet(text, found, onward, back, number, self.known.revision)

    def _joined(self, layer: Layer, asked: Filter, after: int, count: int) -> tuple[Any, ...]:
        """Return the number of the first rows beyond a key, their last key, and their texts."""
        more = {"after": max(after, asked.near[0] - 1) if asked.runs else after, "count": count}
        if boxes.has_tree(self.dialect):
            found, last, text = self.first(statements.page_joined, layer, asked, **more)
            return found, last, text or b""
        rows, text = self._ready(layer, asked, more)
        if text is None:
            rows = self.rows(self.forth, layer, asked, **more)
            text = GLUE.join([row[1] for row in rows])
        return len(rows), rows[-1][0] if rows else None, text

    def _ready(self, layer: Layer, asked: Filter, more: Any) -> tuple[list[Any], bytes | None]:
        """Return rows of keys, and their texts if they lie ready; a file gives both sooner."""
        ready = self.known.called.get(layer.name)
        if ready is None or not ready.roll.holds(asked.when) or asked.sight is not PUBLIC:
            return [], None
        rows = self.rows(statements.page_keys, layer, asked, **more)
        return rows, ready.texts([row[0] for row in rows])

    def call(self, layer: Layer, when: Period | None, found: Roll) -> Called:
        """Find out what of the rows that lie ready holds now."""
        written = called.written(self._run, layer, found, self.dialect)
        number = self.matched(layer, self.reached(layer, Filter(when)))
        return Called(found, written, number, self.known.revision, {})

    def _sought(self, layer: Layer, asked: Filter) -> tuple[Filter, int | None]:
        """Find out the shortest way to the rows, and how many match where that is known sooner."""
        asked = self.reached(layer, asked)
        number = self._beforehand(layer, asked)
        return (replace(asked, rare=True) if self._is_rare(layer, asked, number) else asked), number

    def _is_rare(self, layer: Layer, asked: Filter, number: int | None) -> bool:
        if number is None or not 0 < number < RARE:
            return False
        every = replace(asked, bbox=None, near=None, units=None, values={}, expression=None)
        return number < SHARE * self.matched(layer, every)

    def _beforehand(self, layer: Layer, asked: Filter) -> int | None:
        """Return how many rows match where that tells a shorter way to them."""
        if not (asked.values or asked.expression is not None) or _leads(asked):
            return None
        known = statements.is_summed(layer, asked) or statements.is_told(layer, asked)
        return self.matched(layer, asked) if known else None

    def counts(
        self, layer: Layer, asked: Filter, by: Sequence[str], distinct: Sequence[str]
    ) -> tuple[list[Any], Sequence[Any]]:
        """Return the rows of counts by values, and the numbers of different values."""
        asked = self.reached(layer, asked)
        found = self.rows(statements.grouped(tuple(by), tuple(distinct)), layer, asked)
        groups = [row for row in found if row[len(by)] is not None]
        numbers = [row[len(by) + 1 :] for row in found if row[len(by)] is None]
        return groups, numbers[0] if distinct else ()

    def _ask(self, statement: Statement, given: dict[str, Any]) -> list[Any]:
        return self._run(statement.sql, statement.values(given))

    def rows(self, make: Maker, layer: Layer, asked: Filter, **more: Any) -> list[Any]:
        """Run a statement on a filter."""
        statement = statements.statement(make, layer, asked, self.dialect)
        return self._ask(statement, statements.given(layer, asked) | more)

    def first(self, make: Maker, layer: Layer, asked: Filter, **more: Any) -> Any:
        """Run a statement on a filter; return its first row, or None."""
        return next(iter(self.rows(make, layer, asked, **more)), None)

    def narrowed(self, layer: Layer, asked: Filter) -> Filter:
        """Promise that nothing follows a row by the end of the period, where that is so."""
        if asked.when is None or not statements.has_index(layer, asked):
            return asked
        settled = self.known.settled.get(layer.name)
        if settled is None:
            settled, begun = self._settled(layer), self._begun(layer)
            self.known.begun[layer.name] = begun  # first: other threads look for the other
            self.known.settled[layer.name] = settled
        if asked.when.end < settled:
            return asked
        return replace(asked, latest=True, begun=asked.when.end >= self.known.begun[layer.name])

    def reached(self, layer: Layer, asked: Filter) -> Filter:
        """Find out what tells the shortest way to the rows of a filter."""
        asked = self.narrowed(layer, asked)
        if asked.bbox is None or not layer.geometry or not boxes.has_tree(self.dialect):
            return asked
        if crosses(asked.bbox):
            return replace(asked, near="") if asked.latest else asked
        return self._placed(layer, asked, asked.bbox)

    def _placed(self, layer: Layer, asked: Filter, bbox: BBox) -> Filter:
        days = [boxes.day_number(asked.when.end)] * 2 if asked.when else []
        values, timed = (*boxes.window(bbox), *days), bool(days)
        [(number, low, high)] = self._run(boxes.run_near(layer, timed=timed), values)
        if number > boxes.FEW:
            return replace(asked, near="") if asked.latest else asked
        if number and asked.latest and high - low <= boxes.DENSE * number:
            return replace(asked, near=(low, high))
        keys = self._run(boxes.keys_near(layer, timed=timed), values) if number else []
        return replace(asked, near=orjson.dumps([key for (key,) in keys]).decode())

    def _run(self, sql: str, values: Values) -> list[Any]:
        self.cursor.execute(sql, values)
        found: list[Any] = self.cursor.fetchall()
        return found

    def _settled(self, layer: Layer) -> str:
        """Return the day of the last change that the layer knows of, past or to come."""
        last = statements.finished(statements.last_change(layer), self.dialect)
        return self._ask(last, {})[0][0] or EARLIEST

    def _begun(self, layer: Layer) -> str:
        """Return the last day on which a row begins that nothing follows."""
        last = statements.finished(statements.last_begun(layer), self.dialect)
        return self._ask(last, {})[0][0] or EARLIEST

    def matched(self, layer: Layer, asked: Filter) -> int:
        """Count what matches, or remember how many it was."""
        given = statements.given(layer, asked)
        for name in (boxes.LISTED, boxes.LOW, boxes.HIGH):  # follow from the box
            given.pop(name, None)
        key = (statements.shape(layer, asked), tuple(given.items()), asked.bbox)
        counts = self.known.counts
        number = counts.get(key)
        if number is None:
            number = int(self.first(statements.matched, layer, asked)[0])
            if len(counts) >= COUNTS_KEPT:
                counts.pop(next(iter(counts)), None)
            counts[key] = number
        return number


class Apart(State):
    """A store asked question by question, all of which must tell of the revision that is known.

    Raises AskAgainError where one does not, or cannot tell.
    """

    forth: Maker = staticmethod(statements.page_at_once)
    back: Maker = staticmethod(statements.page_before_at_once)

    def __init__(self, cursor: Any, dialect: Any, known: Known) -> None:
        self.cursor, self.dialect, self.known = cursor, dialect, known
        self.anew = False  # whether the values of a question decide on its plan

    def rows(self, make: Maker, layer: Layer, asked: Filter, **more: Any) -> list[Any]:
        """Run a statement on a filter."""
        self.anew = asked.bbox is not None and _is_broad(asked.bbox)
        found = super().rows(statements.told(make), layer, asked, **more)
        if (found[0][-1] if found else self._revision()) != self.known.revision:
            raise AskAgainError
        return found

    def _revision(self) -> Any:
        """Return the revision after nothing was found: it only grows, so it was no later then."""
        self.anew = False
        return self._ask(statements.constant(statements.REVISION, self.dialect), {})[0][0]

    def _run(self, sql: str, values: Values) -> list[Any]:
        self.cursor.execute(sql, values, anew=self.anew)
        found: list[Any] = self.cursor.fetchall()
        return found

    def reached(self, layer: Layer, asked: Filter) -> Filter:
        """Find out what tells the shortest way to the rows of a filter."""
        asked = self.narrowed(layer, asked)
        box = asked.bbox
        if box is None or not asked.latest or layer.geometry != "Point":
            return asked
        if not _is_broad(box):
            return asked
        placed = replace(asked, values={}, expression=None)
        [number, *_] = self.first(statements.near, layer, placed, few=boxes.FEW + 1)
        return replace(asked, near="") if number > boxes.FEW else asked

    def _settled(self, layer: Layer) -> str:  # noqa: ARG002
        raise AskAgainError

"""Reading a store fast: pages, single features and their number, as finished bytes.

Every answer carries the revision of the state that was really read. What is counted is kept for
as long as the register stays at that revision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Dialect, Engine

from geo import statements, store
from geo.called import Called
from geo.errors import AskAgainError, NotFoundError
from geo.known import Known
from geo.pages import Counts, Item, Page, Sheet
from geo.query import Filter
from geo.questions import Apart, State
from geo.rolls import Rolls
from geo.schema import Layer
from geo.tables import VIEWS

T = TypeVar("T")
BRIEF_STEPS = 300_000  # of SQLite's machine: about 10 ms, ten pages of 1,000


@dataclass(slots=True)
class _Memory:
    known: Known = field(default_factory=lambda: Known(-1))


class Reader:
    """Reads one store; threads may share it."""

    def __init__(
        self, engine: Engine, *, steps: int | None = None, rolls: Rolls | None = None
    ) -> None:
        self.engine = engine
        self.rolls = rolls
        self._steps = steps
        self._memory = _Memory()

    def brief(self) -> Reader:
        """Return a reader that gives up a read of a file that takes more than BRIEF_STEPS.

        It raises LongReadError then.
        """
        made = Reader(self.engine, steps=BRIEF_STEPS, rolls=self.rolls)
        made._memory = self._memory
        return made

    def revision(self) -> int:
        """Return the register's counter of changes."""
        with self._state() as state:
            return state.known.revision

    def item(self, layer: Layer, feature_id: str, asked: Filter) -> Item:
        """Return one feature.

        Raises:
            NotFoundError: this reader sees no row of this id in that period.
        """

        def found(state: State) -> Any:
            return state.first(statements.one, layer, asked, id=feature_id)

        row, revision = self._read(found)
        self._call(layer, asked)
        if row is None:
            raise NotFoundError(
                f"There is no {layer.name} {feature_id!r}", parameter="id", value=feature_id
            )
        return Item(bytes(row[0]), revision)

    def page(
        self, layer: Layer, asked: Filter, *, limit: int, after: int = 0, before: int | None = None
    ) -> Page:
        """Return at most `limit` features beyond the key `after`, or just ahead of `before`.

        Rows that are added meanwhile neither repeat nor hide a feature.
        """
        paged, _ = self._read(lambda state: state.page(layer, asked, limit, after, before))
        return paged

    def sheet(self, layer: Layer, asked: Filter, *, limit: int, after: int = 0) -> Sheet:
        """Return at most `limit` features beyond the key `after` as one text."""
        found, _ = self._read(lambda state: state.sheet(layer, asked, limit, after))
        self._call(layer, asked)
        return found

    def sheet_at_hand(
        self, layer: Layer, asked: Filter, revision: int, *, limit: int, after: int = 0
    ) -> Sheet | None:
        """Return what `sheet` does at a revision if it lies ready beside the store, else None.

        The store is not asked.
        """
        ready = self._at_hand(layer, revision)
        if ready is None or not asked.is_everyones:
            return None
        if asked.bbox is None and not asked.values:
            return ready.sheet(asked.when, after, limit)
        return ready.narrowed(asked, after, limit)

    def item_at_hand(
        self, layer: Layer, feature_id: str, asked: Filter, revision: int
    ) -> Item | None:
        """Return what `item` does in the same way, else None."""
        ready = self._at_hand(layer, revision)
        if ready is None or asked.bbox or asked.values or not asked.is_everyones:
            return None
        return ready.item(feature_id, asked.when)

    def _at_hand(self, layer: Layer, revision: int) -> Called | None:
        """Return the rows that lie ready, if it is known what of them holds at a revision."""
        known = self._memory.known
        return known.called.get(layer.name) if known.revision == revision else None

    def _call(self, layer: Layer, asked: Filter) -> None:
        """Find out what of the rows that lie ready still holds, if that is not known."""
        found = self.rolls.find(layer.name) if self.rolls else None
        if found is None or not found.holds(asked.when):
            return
        own = self._memory.known.called.get(layer.name)
        if own is None or own.roll is not found:
            with self._state() as state:
                state.known.called[layer.name] = state.call(layer, asked.when, found)

    def counts(
        self, layer: Layer, asked: Filter, by: Sequence[str], distinct: Sequence[str] = ()
    ) -> Counts:
        """Count what matches for each combination of values, and the different values of others.

        The names are those of properties that the layer has.
        """
        found, revision = self._read(lambda state: state.counts(layer, asked, by, distinct))
        groups, several = found
        kinds = [_decoder(layer, name, self.engine.dialect) for name in by]
        values = [[decode(one) for decode, one in zip(kinds, row, strict=False)] for row in groups]
        counted = [
            {**dict(zip(by, row, strict=True)), "count": group[len(by)]}
            for row, group in zip(values, groups, strict=True)
        ]
        return Counts(counted, dict(zip(distinct, several, strict=False)), revision)

    def _read(self, read: Callable[[State], T]) -> tuple[T, int]:
        """Return what is read of one state, and its revision."""
        known, asking = self._memory.known, store.asking(self.engine)
        if asking is not None and known.revision >= 0:
            with suppress(AskAgainError), asking as cursor:
                return read(Apart(cursor, self.engine.dialect, known)), known.revision
        with self._state() as state:
            return read(state), state.known.revision

    @contextmanager
    def _state(self) -> Iterator[State]:
        """Give one state of the store, the same for all that is asked of it."""
        with store.reading(self.engine, self._steps) as cursor:
            state = State(cursor, self.engine.dialect, self._memory.known)
            self._memory.known = state.known
            yield state


def _decoder(layer: Layer, name: str, dialect: Dialect) -> Callable[[Any], Any]:
    """Return what turns a value as the driver gives it into the property's."""
    kind = VIEWS[layer.name].c[name].type.dialect_impl(dialect)
    return kind.result_processor(dialect, None) or (lambda value: value)

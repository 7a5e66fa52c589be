"""What a reader may see of rows as they once were: never more than of what they are now."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, or_, select

from geo import query, records, scope
from geo.audience import Audience, Sight, hides, level, may_see, project
from geo.history.states import row_of
from geo.layers import MARKERS
from geo.rules import OF_STEPS
from geo.schema import Layer
from geo.tables import RECORDS, VIEWS, history
from geo.types import Row
from geo.vocabulary import Classification

_OPENNESS = list(Classification).index


class Lens:
    """What a reader sees through on the rows of old.

    A row is read as the least of the audiences that he reads it as: where it was then, and where
    it is now, or was last. What is hidden from him now he does not see as it was before.
    """

    def __init__(self, conn: Connection, sight: Sight) -> None:
        self._conn, self._sight = conn, sight
        self._now: dict[tuple[str, str], tuple[Audience, bool]] = {}

    def __call__(self, layer: Layer, row: Row) -> Row | None:
        """Return what of a row, as it once was recorded, is shown, None if nothing.

        What follows from events and inspections is told only to who sees all of them.
        """
        seen = self.settled(layer, row)
        all_seen = self.audience(layer, row) is Classification.RESTRICTED
        if seen is None or layer is not MARKERS or all_seen:
            return seen
        values = {name: value for name, value in seen.properties.items() if name not in OF_STEPS}
        return seen._replace(properties=values)

    def settled(self, layer: Layer, row: Row) -> Row | None:
        """Return what is shown of a row that was completed for its audience alone."""
        return project(layer, row, self.audience(layer, row)) if self._at(layer, row)[1] else None

    def whole(self, layer: Layer, row: Row) -> bool:
        """Say whether the reader is of those from whom nothing of such a row is hidden."""
        return not hides(layer, self.audience(layer, row))

    def lets_ask(self, layer: Layer) -> ColumnElement[bool]:
        """Return the condition that the row of an entry of the history is seen now, or gone.

        So a row that is hidden is asked for as one that never was, by the same statements.
        """
        view, held, own = VIEWS[layer.name], RECORDS[layer.name], history.c.feature_id
        seen = select(view.c.vid).where(view.c.id == own, query.visible(layer, self._sight))
        return or_(seen.exists(), ~select(held.c.id).where(held.c.id == own).exists())

    def audience(self, layer: Layer, row: Row) -> Audience:
        """Return the audience that the reader reads a row of old as."""
        then = scope.reads_as(self._conn, layer, row, self._sight)
        return min(self._at(layer, row)[0], then, key=_OPENNESS)

    def _at(self, layer: Layer, row: Row) -> tuple[Audience, bool]:
        """Return as what he reads the row of today, and whether he sees it at all."""
        found = self._now.get((layer.name, row.id))
        if found is None:
            found = self._now[layer.name, row.id] = self._look(layer, row.id)
        return found

    def _look(self, layer: Layer, feature_id: str) -> tuple[Audience, bool]:
        held = _latest(self._conn, layer, feature_id)
        read = [(scope.reads_as(self._conn, layer, row, self._sight), level(row)) for row in held]
        least = min((one for one, _ in read), key=_OPENNESS, default=self._sight.widest)
        return least, all(may_see(audience, kept) for audience, kept in read)


def look(conn: Connection, sight: Sight) -> Lens:
    """Return what a reader sees through on the rows of old."""
    return Lens(conn, sight)


def _latest(conn: Connection, layer: Layer, feature_id: str) -> list[Row]:
    """Return the versions that a row has, or the last one that it had."""
    held = records.rows(conn, layer, [feature_id])
    if held:
        return held
    c = history.c
    own = (c.layer == layer.name) & (c.feature_id == feature_id) & c.before.is_not(None)
    last = conn.execute(select(c.before).where(own).order_by(c.seq.desc()).limit(1)).scalar()
    row = row_of(layer, feature_id, last)
    return [] if row is None else [row]

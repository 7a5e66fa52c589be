"""What a reader may see of rows as they once were: never more than of what they are now."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from sqlalchemy import Connection, select

from geo import records, scope
from geo.audience import Audience, Sight, level, may_see, project
from geo.history.states import row_of
from geo.layers import LAYERS
from geo.schema import Layer
from geo.tables import history
from geo.types import Row
from geo.vocabulary import Classification

Lens: TypeAlias = Callable[
    [Layer, Row], Row | None
]  # a row to what of it is shown, None if nothing
_OPENNESS = list(Classification).index


def look(conn: Connection, sight: Sight) -> Lens:
    """Return what a reader sees through on the rows of old.

    A row is read as the least of the audiences that he reads it as: where it was then, and where
    it is now, or was last. What is hidden from him now he does not see as it was before.
    """

    @cache
    def now(layer: str, feature_id: str) -> tuple[Audience, bool]:
        held = _latest(conn, LAYERS[layer], feature_id)
        read = [(scope.reads_as(conn, LAYERS[layer], row, sight), level(row)) for row in held]
        least = min((one for one, _ in read), key=_OPENNESS, default=sight.widest)
        return least, all(may_see(audience, kept) for audience, kept in read)

    def seen(layer: Layer, row: Row) -> Row | None:
        audience, shown = now(layer.name, row.id)
        then = scope.reads_as(conn, layer, row, sight)
        return project(layer, row, min(audience, then, key=_OPENNESS)) if shown else None

    return seen


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

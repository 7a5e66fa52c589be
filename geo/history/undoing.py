"""Undoing changes: each undo is a change itself, made only where nothing has come since."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from geo import change, derived, records
from geo.change import Edit, Saved
from geo.errors import ConflictError, GeoError, NotFoundError
from geo.history.difference import changed
from geo.history.lens import Lens
from geo.history.reading import Entry, one
from geo.history.states import row_of
from geo.layers import LAYERS
from geo.schema import Layer
from geo.tables import history
from geo.types import Row


class ChangedSinceError(ConflictError):
    """What is to be undone has changed since; `allowed` names the fields."""

    code = "changed_since"


def undo(conn: Connection, numbers: Iterable[int], edit: Edit, lens: Lens) -> list[Saved]:
    """Undo changes by their numbers, the latest first: all of them or, on an error, none.

    Fields that the change did not touch stay as they are now. The caller's transaction is that
    of store.writing.

    Raises:
        NotFoundError: there is no such change, or the writer does not see the whole of it.
        ChangedSinceError: some of what it changed has changed since.
        FeatureError, ConflictError: what was before is not possible any more.
    """
    return [_undo(conn, number, edit, lens) for number in sorted(set(numbers), reverse=True)]


def possible(conn: Connection, entry: Entry, edit: Edit) -> bool:
    """Say whether a change could be undone now, and by the writer of the edit.

    What the row of before would break in the register of today is found only when it is undone.
    """
    if not entry.whole:
        return False
    try:
        layer, now, wanted = _sides(conn, entry)
        change.check_put_back(conn, layer, now, wanted, edit, own=entry.actor == edit.actor)
    except GeoError:
        return False
    return True


def _undo(conn: Connection, number: int, edit: Edit, lens: Lens) -> Saved:
    entry = one(conn, number, lens)
    if not entry.whole:
        raise NotFoundError(f"There is no change {number}", parameter="seq", value=number)
    layer, now, wanted = _sides(conn, entry)
    return change.put_back(conn, layer, now, wanted, edit, own=entry.actor == edit.actor)


def _sides(conn: Connection, entry: Entry) -> tuple[Layer, Row | None, Row | None]:
    """Return the row of a change as it is now, and as it would be without the change.

    Raises:
        ChangedSinceError: as of `undo`.
    """
    c = history.c
    raw = conn.execute(select(c.before, c.after).where(c.seq == entry.seq)).one()
    layer = LAYERS[entry.layer]
    was, became = (row_of(layer, entry.id, text) for text in raw)
    now = None if became is None else _now(conn, layer, became)
    _check_unchanged(layer, was, became, now, entry.seq)
    return layer, now, was if was is None or now is None else _mixed(layer, was, became, now)


def _now(conn: Connection, layer: Layer, became: Row) -> Row | None:
    versions = records.rows(conn, layer, [became.id])
    same = (row for row in versions if records.version(row) == records.version(became))
    return next(same, None)


def _check_unchanged(
    layer: Layer, was: Row | None, became: Row | None, now: Row | None, number: int
) -> None:
    """Check that all the fields which the change set are still as it set them."""
    touched = set(changed(layer, was, became)) if was and became else None
    since = [
        name
        for name in changed(layer, became, now)
        if (touched is None or name in touched) and name not in _following(layer, became, now)
    ]
    if since:
        raise ChangedSinceError(
            f"Change {number} cannot be undone: {', '.join(since)} changed since",
            parameter="seq",
            value=number,
            allowed=since,
        )


def _following(layer: Layer, *rows: Row | None) -> frozenset[str]:
    """Return the fields that follow from other rows, which may change by themselves."""
    origins = {row.properties.get("province_origin_id") for row in rows if row is not None}
    return frozenset().union(*(derived.names(layer, origin) for origin in origins))


def _mixed(layer: Layer, was: Row, became: Row | None, now: Row) -> Row:
    """Return the present row with the fields that the change touched as they were."""
    touched = changed(layer, was, became)
    values = {name: was.properties[name] for name in touched if name in was.properties}
    shape = was.geometry if "geometry" in touched else now.geometry
    return Row(now.id, now.properties | values, shape)

"""What takes more than one person: to change, to open or to take away what is restricted.

What an identity stood for as restricted stays so, also when its row is taken out and made anew:
the history knows. Only a change that whoever agrees to such changes has made opens it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from geo import scope
from geo.audience import PUBLIC, Sight, level
from geo.history.states import row_of
from geo.layers import MARKERS
from geo.schema import Layer
from geo.tables import RECORDS, history
from geo.types import Properties, Row
from geo.vocabulary import Classification

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:-]{0,99}")
KEPT = Classification.RESTRICTED
_AT_ONCE = 500  # identifiers of one statement
_SAID = f'%"classification":"{KEPT.value}"%'  # in a state of the history; quotes in texts differ


def is_guarded(
    layer: Layer, before: Row | None, after: Row | None, shut: frozenset[str] = frozenset()
) -> bool:
    """Say whether a change touches a restricted field, or opens or takes away what is restricted.

    `shut` are identities that stand for what is restricted, see `shut_of`; with none of them a
    new row touches nothing.
    """
    if after is None:
        return before is not None and level(before) is KEPT
    if level(after) is not KEPT and shut & _claimed(layer, before, after):
        return True
    if before is None:
        return False
    if level(before) is KEPT and level(after) is not KEPT:
        return True
    closed = [field.name for field in layer.fields if field.audience is KEPT]
    return any(before.properties[name] != after.properties[name] for name in closed)


def blank(layer: Layer, key: str) -> Row:
    """Return what stands for no row where one is put back: all its fields are new."""
    nothing = {field.name: None for field in layer.fields}
    return Row(key, nothing | {"classification": PUBLIC.outside.value})


def shut_of(
    conn: Connection, layer: Layer, changes: Iterable[tuple[Row | None, Row | None]], sight: Sight
) -> frozenset[str]:
    """Return which identities that these changes claim stand for what is restricted.

    `changes` are pairs of a version before and after. What the writer is not shown is not among
    them: who does not know it opens nothing, and is not told that it is there.
    """
    opening = ((was, now) for was, now in changes if now is not None and level(now) is not KEPT)
    keys = sorted({key for was, now in opening for key in _claimed(layer, was, now)})
    parts = (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
    found = (row for part in parts for row in _closed(conn, layer, part))
    return frozenset(row.id for row in found if scope.sees(conn, layer, row, sight))


def numbered(given: Properties) -> str | None:
    """Return the identity border.main.auxiliary.k of a marker, 0 for none; None if it lacks one."""
    border, parts = given.get("border"), [given.get(name) for name in ("main", "aux", "k")]
    if not isinstance(border, str) or not isinstance(parts[0], int):
        return None
    found = ".".join([border.lower(), *(str(part or 0) for part in parts)])
    return found if IDENTIFIER.fullmatch(found) else None


def _claimed(layer: Layer, before: Row | None, after: Row) -> frozenset[str]:
    """Return the identities that a change gives to a row which it did not have."""
    return _identities(layer, after) - (_identities(layer, before) if before else frozenset())


def _identities(layer: Layer, row: Row) -> frozenset[str]:
    number = numbered(row.properties) if layer is MARKERS else None
    return frozenset({row.id, number} - {None})  # type: ignore[arg-type]


def _closed(conn: Connection, layer: Layer, keys: Sequence[str]) -> list[Row]:
    """Return restricted rows of these identities: versions that are there, or the last ones."""
    table = RECORDS[layer.name]
    own = table.c.id.in_(keys) & (table.c.classification == KEPT.value)
    held = [dict(row._mapping) for row in conn.execute(select(table).where(own))]
    names = [field.name for field in layer.fields]
    there = [Row(row["id"], {name: row[name] for name in names}) for row in held]
    return [*there, *_taken_out(conn, layer, keys)]


def _taken_out(conn: Connection, layer: Layer, keys: Sequence[str]) -> list[Row]:
    """Return what was restricted when it was taken out, unless it was opened after that."""
    c = history.c
    left = func.max(case((and_(c.after.is_(None), c.before.like(_SAID)), c.seq)))
    opened = func.max(case((_opens(), c.seq), else_=0))
    own = (c.layer == layer.name) & c.feature_id.in_(keys)
    query = select(left).where(own).group_by(c.feature_id).having(left > opened)
    last = list(conn.execute(query).scalars())
    rows = conn.execute(select(c.feature_id, c.before).where(c.seq.in_(last)))
    return [row for key, text in rows if (row := row_of(layer, key, text)) is not None]


def _opens() -> ColumnElement[bool]:
    c = history.c
    anew = or_(c.before.is_(None), c.before.like(_SAID))
    return and_(c.after.is_not(None), c.after.not_like(_SAID), anew)

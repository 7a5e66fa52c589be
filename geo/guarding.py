"""What takes more than one person: to change, to open or to take away what is restricted.

A layer may also guard what everybody sees, such as where a marker stands: it is not changed alone,
nor by another version of its row, nor by taking that out, except by whoever brought it in and
undoes that. A new row waits for nobody.

What an identity stood for as restricted stays so, also when its row is taken out and made anew:
the history knows. Only a change that whoever agrees to such changes has made opens it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from geo import scope
from geo.audience import PUBLIC, Sight, level
from geo.fields import UNSAID
from geo.history.states import row_of
from geo.layers import MARKERS
from geo.schema import GEOMETRY, Layer
from geo.tables import RECORDS, history
from geo.types import Properties, Row
from geo.vocabulary import Classification, PositionQuality

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:-]{0,99}")
KEPT = Classification.RESTRICTED
QUALITY = "position_quality"
# A place of which nothing is said is indicative, which is noted with whatever change comes first.
_NOTED = (PositionQuality.INDICATIVE.value, PositionQuality.UNKNOWN.value)
_AT_ONCE = 500  # identifiers of one statement
_SAID = f'%"classification":"{KEPT.value}"%'  # in a state of the history; quotes in texts differ


def guarded(layer: Layer) -> frozenset[str]:
    """Return the names of what nobody changes alone, the geometry among them where it is."""
    return frozenset(f.name for f in layer.fields if f.audience is KEPT) | layer.guarded


def touched(layer: Layer, before: Row, after: Row, *, own: bool = False) -> list[str]:
    """Return the names of what is guarded and differs between two states of a version.

    What a layer guards is not counted where the row is the writer's `own`.
    """
    closed = guarded(layer) - layer.guarded if own else guarded(layer)
    held, given = before.properties, after.properties
    names = [name for name in held if name in closed and held[name] != given[name]]
    if QUALITY in names and held[QUALITY] in UNSAID and given[QUALITY] in _NOTED:
        names.remove(QUALITY)
    if level(before) is KEPT and level(after) is not KEPT:
        names.append("classification")
    return [GEOMETRY, *names] if GEOMETRY in closed and not _alike(before, after) else names


def _alike(before: Row, after: Row) -> bool:
    one, other = before.geometry, after.geometry
    return one is other or (one is not None and other is not None and one.equals_exact(other, 0))


def waits(
    layer: Layer,
    before: Row | None,
    after: Row,
    shut: frozenset[str],
    versions: Collection[Row] = (),
) -> bool:
    """Say whether a version is not written alone; `versions` are those that its writer sees."""
    again = before is None and bool(layer.guarded and versions)
    return again or is_guarded(layer, before, after, shut)


def undoes(
    layer: Layer, now: Row | None, wanted: Row | None, shut: frozenset[str], *, own: bool
) -> bool:
    """Say whether putting a version back waits; `own`: who undoes it made the change himself."""
    own = own and (now is None or wanted is None)
    was = now or (blank(layer, wanted.id) if wanted else None)
    return is_guarded(layer, now, wanted, shut, own=own) or is_guarded(layer, was, wanted, own=own)


def is_guarded(
    layer: Layer,
    before: Row | None,
    after: Row | None,
    shut: frozenset[str] = frozenset(),
    *,
    own: bool = False,
) -> bool:
    """Say whether a change touches what is guarded, or opens or takes away what is restricted.

    `shut` are identities that stand for what is restricted, see `shut_of`; with none of them a
    new row touches nothing. `own` as of `touched`.
    """
    if after is None:
        settled = bool(layer.guarded) and not own
        return before is not None and (settled or level(before) is KEPT)
    if level(after) is not KEPT and shut & _claimed(layer, before, after):
        return True
    return before is not None and bool(touched(layer, before, after, own=own))


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

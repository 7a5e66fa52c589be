"""Where a row lies: which administrative units hold it, and on which stretch it stands.

An event or an inspection lies where its marker does. A row whose versions lie in several places
is inside only where all of them are.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Text,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy import type_coerce as coerce

from geo import records
from geo.audience import Audience, Sight, bit, level, may_see
from geo.functions import by_index
from geo.layers import ADMIN_UNITS, BORDERS, INSPECTIONS, MARKER_EVENTS, MARKERS
from geo.schema import Layer
from geo.tables import LATEST, SHARED, VIEWS, latest_index
from geo.types import Row

UNIT = ("province_id", "province_origin_id", "partner_id")  # properties that name one unit
UNITS = ("unit_ids", "partner_ids")  # that name several
_LAST: ColumnElement[str] = literal_column(f"'{LATEST}'")  # as the indexes spell it
STRETCH, STRETCHES = ("border_id",), ("border_ids",)
OF_MARKERS = (MARKER_EVENTS, INSPECTIONS)  # layers whose rows lie where their marker does


class Place(NamedTuple):
    """Identifiers of the units that hold a row, and of the stretches of border it stands on."""

    units: frozenset[str]
    borders: frozenset[str]

    def within(self, sight: Sight) -> bool:
        """Say whether a reader sees what lies here as his own."""
        return bool(self.units & sight.units or self.borders & sight.borders)


def mask(layer: Layer, sight: Sight) -> ColumnElement[int] | int:
    """Return the bit that a view row must have, which depends on where it lies."""
    if sight.uniform:
        return bit(sight.outside)
    return case((inside(layer, sight), bit(sight.inside)), else_=bit(sight.outside))


def inside(layer: Layer, sight: Sight) -> ColumnElement[bool]:
    """Return the condition, true, false or null, that a view row lies in the reader's places."""
    view = VIEWS[layer.name]
    if layer in OF_MARKERS:
        return always_inside(MARKERS, view.c.marker_id, sight)
    found = [held_by(layer, view, sight.units)] if sight.units else []
    if sight.borders:
        found.append(_stands_on(layer, view, sight.borders))
    return or_(false(), *found)


def always_inside(layer: Layer, key: ColumnElement[str], sight: Sight) -> ColumnElement[bool]:
    """Return the condition that all views of the row with this id lie in the reader's places."""
    view = VIEWS[layer.name]
    least = func.min(case((inside(layer, sight), 1), else_=0))
    of_row: ColumnElement[int] = select(least).where(view.c.id == key).scalar_subquery()
    return of_row == 1


def held_by(layer: Layer, view: Table, units: frozenset[str]) -> ColumnElement[bool]:
    """Return the condition that one of the units holds or held a view row."""
    if layer.name == ADMIN_UNITS.name:
        return view.c.id.in_(sorted(units))
    return _names(view, UNIT, UNITS, units)


def is_walked(layer: Layer) -> bool:
    """Say whether indexes tell all the units that hold a row, so that `latest_held_by` does."""
    columns = VIEWS[layer.name].c
    named = {name for name in (*UNIT, *UNITS) if name in columns}
    return layer.name != ADMIN_UNITS.name and bool(named) and named <= SHARED


def latest_held_by(view: Table, units: frozenset[str]) -> ColumnElement[bool]:
    """Return the condition of `held_by` on rows that nothing follows, told by indexes alone."""
    runs = []
    for name in (name for name in UNIT if name in view.c):
        same = view.alias()
        run = select(same.c.vid).where(same.c[name].in_(sorted(units)), same.c.t_next == _LAST)
        runs.append(by_index(run, same, latest_index(view, name)))
    return view.c.vid.in_(union(*runs))


def _stands_on(layer: Layer, view: Table, borders: frozenset[str]) -> ColumnElement[bool]:
    if layer.name == BORDERS.name:
        return view.c.id.in_(sorted(borders))
    return _names(view, STRETCH, STRETCHES, borders)


def _names(
    view: Table, single: tuple[str, ...], several: tuple[str, ...], keys: frozenset[str]
) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [
        view.c[name].in_(sorted(keys)) for name in single if name in view.c
    ]
    for name in several:
        if name in view.c:
            found += [listed(view, name, key) for key in sorted(keys)]
    return or_(*found) if found else false()


def listed(view: Table, name: str, value: str) -> ColumnElement[bool]:
    """Return the condition that a list holds a value."""
    quoted = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    raw = func.coalesce(coerce(view.c[name], Text), "")
    return raw.like(f'%"{quoted}"%', escape="\\")


def places(conn: Connection, layer: Layer, row: Row) -> list[Place]:
    """Return where a row lies; an event or inspection lies where the versions of its marker do."""
    if layer in OF_MARKERS:
        held = records.rows(conn, MARKERS, [row.properties["marker_id"] or ""])
        return [_place(MARKERS, version) for version in held]
    return [_place(layer, row)]


def holders(conn: Connection, layer: Layer, row: Row) -> frozenset[str]:
    """Return the ids of the units that hold a row."""
    return frozenset[str]().union(*(place.units for place in places(conn, layer, row)))


def _place(layer: Layer, row: Row) -> Place:
    if layer.name == ADMIN_UNITS.name:
        return Place(frozenset([row.id]), frozenset())
    borders = _named(row, STRETCH, STRETCHES)
    return Place(_named(row, UNIT, UNITS), borders | {row.id} if layer is BORDERS else borders)


def _named(row: Row, single: tuple[str, ...], several: tuple[str, ...]) -> frozenset[str]:
    values = row.properties
    found = {values[name] for name in single if values.get(name)}
    return frozenset(found.union(*(values.get(name) or () for name in several)))


def reads_as(conn: Connection, layer: Layer, row: Row, sight: Sight) -> Audience:
    """Return the audience whose projection of a row a reader is shown."""
    if sight.uniform:
        return sight.outside
    found = places(conn, layer, row)
    own = bool(found) and all(place.within(sight) for place in found)
    return sight.inside if own else sight.outside


def sees(conn: Connection, layer: Layer, row: Row, sight: Sight) -> bool:
    """Say whether a reader is shown a row at all."""
    return may_see(reads_as(conn, layer, row, sight), level(row))


def stretches(conn: Connection, partners: frozenset[str]) -> list[str]:
    """Return the ids of the stretches of border at which one of these partner provinces lies."""
    view = VIEWS[BORDERS.name]
    facing = select(view.c.id).where(view.c.partner_id.in_(sorted(partners))).distinct()
    return list(conn.execute(facing.order_by(view.c.id)).scalars())

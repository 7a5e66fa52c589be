"""Which properties hold identifiers of other rows, and whether those rows are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, Text, func, select, type_coerce

from geo import query
from geo.audience import Sight
from geo.layers import LAYERS
from geo.schema import Kind, Layer
from geo.tables import RECORDS, VIEWS
from geo.types import Properties

_AT_ONCE = 500  # identifiers of one statement


class Reference(NamedTuple):
    """A property whose values are identifiers of rows of another layer."""

    layer: str
    name: str
    target: str

    @property
    def many(self) -> bool:
        """Whether the property is a list."""
        field = LAYERS[self.layer].field(self.name)
        return field is not None and field.kind == Kind.LIST


REFERENCES = tuple(
    Reference(layer.name, field.name, field.refers)
    for layer in LAYERS.values()
    for field in layer.fields
    if field.refers is not None
)


def lost(
    conn: Connection, layer: Layer, values: Properties, before: Properties, sight: Sight
) -> Iterator[tuple[str, str]]:
    """Yield each property of a row that newly names a row which its writer cannot see.

    To him such a row is not there, whether it is or not.
    """
    for one in REFERENCES:
        if one.layer == layer.name and values.get(one.name):
            names = _set(values[one.name]) - _set(before.get(one.name))
            for name in sorted(names - _seen(conn, LAYERS[one.target], names, sight)):
                yield one.name, name


def _set(named: Any) -> set[str]:
    return set(named) if isinstance(named, list) else {named} - {None}


def _seen(conn: Connection, layer: Layer, ids: Iterable[str], sight: Sight) -> set[str]:
    column, wanted = VIEWS[layer.name].c.id, sorted(ids)
    seen = query.visible(layer, sight)
    found: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        part = column.in_(wanted[start : start + _AT_ONCE])
        found |= set(conn.execute(select(column).where(part, seen)).scalars())
    return found


def is_named(conn: Connection, layer: Layer, feature_id: str) -> bool:
    """Say whether any other row names this row."""
    found = _holders(conn, layer, feature_id, RECORDS)
    return next(found, None) is not None


def holders(conn: Connection, layer: Layer, feature_id: str, sight: Sight) -> list[tuple[str, str]]:
    """Return layer and id of other rows that name this row and a reader sees, one a property."""
    return list(_holders(conn, layer, feature_id, VIEWS, sight))


def _holders(
    conn: Connection,
    layer: Layer,
    feature_id: str,
    tables: Mapping[str, Table],
    sight: Sight | None = None,
) -> Iterator[tuple[str, str]]:
    for one in REFERENCES:
        if one.target == layer.name:
            table = tables[one.layer]
            wanted = select(table.c.id).where(_names(one, table, feature_id))
            if one.layer == layer.name:
                wanted = wanted.where(table.c.id != feature_id)
            if sight is not None:
                wanted = wanted.where(query.visible(LAYERS[one.layer], sight))
            found = conn.execute(wanted.limit(1)).scalar()
            if found is not None:
                yield one.layer, str(found)


def naming(conn: Connection, layer: Layer, ids: set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield layer and id of every row that names one of these rows, and the one that it names."""
    for one in REFERENCES:
        if one.target == layer.name:
            record = RECORDS[one.layer]
            held = record.c[one.name]
            for key, value in conn.execute(select(record.c.id, held).where(held.is_not(None))):
                for named in ids.intersection(value if one.many else (value,)):
                    yield one.layer, str(key), named


def missing(
    conn: Connection, layer: Layer, rows: Iterable[tuple[Properties, Properties]], sight: Sight
) -> set[tuple[str, str]]:
    """Return each property and name in it by which rows newly name what a writer cannot see.

    The rows come as they were, or empty, and as they shall be.
    """
    found: set[tuple[str, str]] = set()
    several = list(rows)
    for one in REFERENCES:
        if one.layer == layer.name:
            names = {
                name
                for before, after in several
                if after.get(one.name)
                for name in _set(after[one.name]) - _set(before.get(one.name))
            }
            seen = _seen(conn, LAYERS[one.target], names, sight)
            found |= {(one.name, name) for name in names - seen}
    return found


def _names(one: Reference, table: Table, feature_id: str) -> ColumnElement[bool]:
    column: Any = table.c[one.name]
    if not one.many:
        same: ColumnElement[bool] = column == feature_id
        return same
    quoted = feature_id.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    held = func.coalesce(type_coerce(column, Text), "")
    return held.like(f'%"{quoted}"%', escape="\\")


def dangling(conn: Connection) -> Iterator[str]:
    """Yield in words each row that names a row which is not there."""
    for one in REFERENCES:
        record, known = RECORDS[one.layer], select(RECORDS[one.target].c.id)
        held = record.c[one.name]
        if one.many:
            yield from _dangling_lists(conn, one)
            continue
        rows = select(record.c.id, held).where(held.is_not(None), held.not_in(known))
        for key, value in conn.execute(rows):
            yield f"{one.layer}: {key} names {one.name} {value}, which is not there"


def _dangling_lists(conn: Connection, one: Reference) -> Iterator[str]:
    record = RECORDS[one.layer]
    known = set(conn.execute(select(RECORDS[one.target].c.id)).scalars())
    lists = select(record.c.id, record.c[one.name]).where(record.c[one.name].is_not(None))
    for key, values in conn.execute(lists):
        for value in sorted(set(values) - known):
            yield f"{one.layer}: {key} names {one.name} {value}, which is not there"

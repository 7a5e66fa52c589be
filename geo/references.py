"""Which properties hold identifiers of other rows, and whether those rows are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Text, func, select, type_coerce

from geo.layers import LAYERS
from geo.schema import Kind, Layer
from geo.tables import RECORDS
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


def lost(conn: Connection, layer: Layer, values: Properties) -> Iterator[tuple[str, str]]:
    """Yield each property of a row that names a row which is not there, with that name."""
    for one in REFERENCES:
        if one.layer == layer.name and values.get(one.name):
            named = values[one.name]
            names = set(named) if isinstance(named, list) else {named}
            for name in sorted(names - _held(conn, one.target, names)):
                yield one.name, name


def _held(conn: Connection, layer: str, ids: Iterable[str]) -> set[str]:
    column, wanted = RECORDS[layer].c.id, sorted(ids)
    found: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        part = column.in_(wanted[start : start + _AT_ONCE])
        found |= set(conn.execute(select(column).where(part)).scalars())
    return found


def holders(conn: Connection, layer: Layer, feature_id: str) -> Iterator[tuple[str, str]]:
    """Yield layer and id of the other rows that name this row, one of each property."""
    for one in REFERENCES:
        if one.target == layer.name:
            record = RECORDS[one.layer]
            query = select(record.c.id).where(_names(one, feature_id))
            if one.layer == layer.name:
                query = query.where(record.c.id != feature_id)
            found = conn.execute(query.limit(1)).scalar()
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


def missing(conn: Connection, layer: Layer, rows: Iterable[Properties]) -> set[tuple[str, str]]:
    """Return each property and name in it by which any of these rows names what is not there."""
    found: set[tuple[str, str]] = set()
    several = list(rows)
    for one in REFERENCES:
        if one.layer == layer.name:
            values = [row[one.name] for row in several if row.get(one.name)]
            names = {n for value in values for n in (value if one.many else (value,))}
            found |= {(one.name, name) for name in names - _held(conn, one.target, names)}
    return found


def _names(one: Reference, feature_id: str) -> ColumnElement[bool]:
    column: Any = RECORDS[one.layer].c[one.name]
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

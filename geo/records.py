"""The record tables: what is known of each row, one record for each version of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from geo import store
from geo.layers import ADMIN_UNITS
from geo.schema import Layer
from geo.tables import RECORDS
from geo.types import Row
from geo.units import Units, from_rows


def values(layer: Layer, row: Row) -> dict[str, Any]:
    """Return the columns of a row's record."""
    shape = {"geom": row.geometry} if layer.geometry else {}
    return {"id": row.id, **row.properties, **shape}


def rows(
    conn: Connection, layer: Layer, ids: Iterable[str], only: Sequence[str] | None = None
) -> list[Row]:
    """Return every version of these rows, those of one id together and in order of time.

    With `only` they come with these properties alone, valid_from among them, and no geometry.
    """
    table, names = RECORDS[layer.name], only or [f.name for f in layer.fields]
    placed = layer.geometry and not only
    columns = [table.c[name] for name in ("id", *names, *(("geom",) if placed else ()))]
    found = conn.execute(select(*columns).where(table.c.id.in_(list(ids)))).all()
    if placed:
        made = [Row(key, dict(zip(names, held, strict=True)), geom) for key, *held, geom in found]
    else:
        made = [Row(key, dict(zip(names, held, strict=True))) for key, *held in found]
    return sorted(made, key=lambda row: (row.id, version(row)))


def version(row: Row) -> str:
    """Return what tells the versions of one id apart: the start of their validity."""
    return row.properties["valid_from"] or ""


def add(conn: Connection, layer: Layer, row: Row) -> None:
    """Add the record of a new version."""
    conn.execute(insert(RECORDS[layer.name]).values(values(layer, row)))


def add_many(conn: Connection, layer: Layer, rows: Iterable[Row]) -> None:
    """Add the records of many new versions at once."""
    fields = [f.name for f in layer.fields]
    names = ["id", *fields, *(("geom",) if layer.geometry else ())]

    def values(row: Row) -> tuple[Any, ...]:
        shape = (row.geometry,) if layer.geometry else ()
        return (row.id, *map(row.properties.get, fields), *shape)

    store.put(conn, RECORDS[layer.name], names, [values(row) for row in rows])


def put(conn: Connection, layer: Layer, before: Row, after: Row) -> None:
    """Put a version's new record in the place of its old one."""
    conn.execute(update(RECORDS[layer.name]).where(_is(layer, before)).values(values(layer, after)))


def put_many(conn: Connection, layer: Layer, pairs: Iterable[tuple[Row, Row]]) -> None:
    """Put new records in the place of old ones, by one statement; each id comes once at most."""
    given = [
        {"key": before.id, "start": version(before)}
        | {f"new_{name}": value for name, value in values(layer, after).items()}
        for before, after in pairs
    ]
    if given:
        names = (name.removeprefix("new_") for name in given[0] if name.startswith("new_"))
        new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        conn.execute(update(RECORDS[layer.name]).where(_same(layer)).values(new), given)


def drop(conn: Connection, layer: Layer, row: Row) -> None:
    """Take a version's record away."""
    conn.execute(delete(RECORDS[layer.name]).where(_is(layer, row)))


def drop_many(conn: Connection, layer: Layer, rows: Iterable[Row]) -> None:
    """Take the records of versions away."""
    given = [{"key": row.id, "start": version(row)} for row in rows]
    if given:
        conn.execute(delete(RECORDS[layer.name]).where(_same(layer)), given)


def _same(layer: Layer) -> ColumnElement[bool]:
    """Return the condition that a record is of the id `key` and begins at `start`."""
    c = RECORDS[layer.name].c
    return and_(c.id == bindparam("key"), func.coalesce(c.valid_from, "") == bindparam("start"))


def _is(layer: Layer, row: Row) -> ColumnElement[bool]:
    c = RECORDS[layer.name].c
    return and_(c.id == row.id, func.coalesce(c.valid_from, "") == version(row))


def units(conn: Connection) -> Units:
    """Return all administrative units, without their shapes."""
    table = RECORDS[ADMIN_UNITS.name]
    columns = [table.c.id, *(table.c[f.name] for f in ADMIN_UNITS.fields)]
    found = (dict(row._mapping) for row in conn.execute(select(*columns).order_by(table.c.fid)))
    return from_rows(Row(row.pop("id"), row) for row in found)

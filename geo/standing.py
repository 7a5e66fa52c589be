"""Tables as they stand in a database, of whichever version, in the words of another database."""

from __future__ import annotations

import warnings
from typing import Any

from sqlalchemy import Connection, MetaData, Table, inspect
from sqlalchemy.exc import SAWarning
from sqlalchemy.types import NullType, TypeEngine


def tables(conn: Connection, declared: MetaData, schema: str | None = None) -> MetaData:
    """Return the tables of a schema, the first that the connection looks for names in.

    Columns that are `declared` have the types of now.
    """
    held, found = MetaData(), MetaData()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # of types that only PostGIS knows
        held.reflect(conn, only=inspect(conn).get_table_names(schema=schema))
    for table in held.sorted_tables:
        _plain(table, declared.tables.get(table.name)).to_metadata(found)
    return found


def _plain(table: Table, declared: Table | None) -> Table:
    """Take away what only the one database has: its types, and where it counts rows."""
    for column in table.columns:
        known = None if declared is None else declared.columns.get(column.name)
        column.type = _generic(column.type) if known is None else known.type
        column.server_default = None
    return table


def _generic(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind if isinstance(kind, NullType) else kind.as_generic()

"""The texts of the search in PostgreSQL, indexed by its extension pg_trgm where that can be had."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.exc import SQLAlchemyError

from geo.tables import search_index

NAME = "search_index_words"
_SCHEMA = """SELECT quote_ident(nspname) FROM pg_extension e
             JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pg_trgm'"""


def create(conn: Connection) -> None:
    """Make the index, unless there is one, if the database has the extension or lets us have it."""
    if is_there(conn):
        return
    schema = _schema(conn) or _extended(conn)
    if schema:
        conn.exec_driver_sql(
            f"CREATE INDEX {NAME} ON search_index USING gin (folded {schema}.gin_trgm_ops)"
        )


def drop(conn: Connection) -> None:
    """Take the index away, if there is one."""
    conn.exec_driver_sql(f"DROP INDEX IF EXISTS {NAME}")


def _schema(conn: Connection) -> str | None:
    found = conn.exec_driver_sql(_SCHEMA).scalar()
    return None if found is None else str(found)


def _extended(conn: Connection) -> str | None:
    """Let the database have the extension; somebody may forbid it, or have just done so too."""
    with suppress(SQLAlchemyError), conn.begin_nested():
        conn.exec_driver_sql("CREATE EXTENSION pg_trgm SCHEMA public")
    return _schema(conn)


def is_there(conn: Connection) -> bool:
    """Say whether there is an index."""
    return conn.exec_driver_sql(f"SELECT to_regclass('{NAME}')").scalar() is not None


def holding(found: Select[Any], _texts: Sequence[str], keys: tuple[int, int]) -> Select[Any]:
    """Keep a statement on `search_index` to the rows of `keys`, in order of `seq`.

    What texts they hold its own conditions say: the planner sees to it whether the index helps.
    """
    c = search_index.c
    return found.where(c.seq.between(*keys)).order_by(c.seq)

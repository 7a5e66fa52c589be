"""The texts of the search in a GeoPackage, indexed by every three letters in a row.

It is an FTS5 table beside `search_index`, which triggers keep up with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Select, column, select, table

from geo.tables import SCHEMA_VERSION, register, search_index

NAME = "search_words"
TOGETHER = 1_000  # rows of one statement, which may hold 32,766 values
LETTERS = 3  # of the shortest text that the index finds
_words = table(NAME, column("rowid"), column("folded"))
_HELD = f"INSERT INTO {NAME} (rowid, folded) VALUES (new.seq, new.folded)"  # noqa: S608
_GONE = (
    f"INSERT INTO {NAME} ({NAME}, rowid, folded)"  # noqa: S608
    " VALUES ('delete', old.seq, old.folded)"
)
_TRIGGERS = {
    f"{NAME}_in": f"AFTER INSERT ON search_index BEGIN {_HELD}; END",
    f"{NAME}_out": f"AFTER DELETE ON search_index BEGIN {_GONE}; END",
    f"{NAME}_on": f"AFTER UPDATE ON search_index BEGIN {_GONE}; {_HELD}; END",
}


def create(conn: Connection) -> None:
    """Make the index of the rows that are there, unless there is one."""
    if _lies_in(conn):
        return
    conn.exec_driver_sql(
        f"CREATE VIRTUAL TABLE {NAME} USING fts5(folded, content='search_index',"
        " content_rowid='seq', columnsize=0, tokenize='trigram case_sensitive 1')"
    )
    conn.exec_driver_sql(f"INSERT INTO {NAME} ({NAME}) VALUES ('rebuild')")  # noqa: S608
    for name, work in _TRIGGERS.items():
        conn.exec_driver_sql(f"CREATE TRIGGER {name} {work}")


def drop(conn: Connection) -> None:
    """Take the index away, if there is one."""
    for name in _TRIGGERS:
        conn.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    conn.exec_driver_sql(f"DROP TABLE IF EXISTS {NAME}")


def put(conn: Connection, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows to `search_index`, many by one statement: the index is written out after each."""
    for start in range(0, len(rows), TOGETHER):
        part = rows[start : start + TOGETHER]
        marks = ", ".join(["(" + ", ".join("?" * len(part[0])) + ")"] * len(part))
        sql = f"INSERT INTO search_index ({columns}) VALUES {marks}"  # noqa: S608
        conn.exec_driver_sql(sql, tuple(chain.from_iterable(part)))


def is_there(_conn: Connection) -> bool:
    """Say whether there is an index: every file has one."""
    return True


def holding(found: Select[Any], texts: Sequence[str], keys: tuple[int, int]) -> Select[Any]:
    """Narrow a statement on `search_index` to rows with these texts in them, in order of `seq`.

    `keys` are the least and the most of those rows. What is too short for the index is left out.
    """
    c = search_index.c
    long = [text for text in texts if len(text) >= LETTERS]
    if not long:
        return found.where(c.seq.between(*keys)).order_by(c.seq)
    wanted = " AND ".join('"' + text.replace('"', '""') + '"' for text in long)
    w = _words.c
    narrowed = found.join(_words, w.rowid == c.seq).where(w.folded.op("MATCH")(wanted))
    return narrowed.where(w.rowid.between(*keys)).order_by(w.rowid)


def problems(conn: Connection) -> Iterator[str]:
    """Say whether the index is that of the texts; SQLite compares them in a write of nothing.

    What cannot be written is not compared, nor is what a register of an older version lacks.
    """
    if not _lies_in(conn):
        if _version(conn) == SCHEMA_VERSION:
            yield f"{NAME}: it is missing"
        return
    alone = conn.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal"  # who reads locks it
    if alone or conn.get_execution_options().get("immediate"):
        yield from _compared(conn.connection.driver_connection)
        return
    with closing(conn.engine.raw_connection()) as held:  # not to keep writers out for longer
        yield from _compared(held.driver_connection)


def _lies_in(conn: Connection) -> bool:
    asked = "SELECT count(*) FROM sqlite_schema WHERE name = ?"
    return bool(conn.exec_driver_sql(asked, (NAME,)).scalar())


def _version(conn: Connection) -> str | None:
    asked = select(register.c.value).where(register.c.key == "schema")
    found: str | None = conn.execute(asked).scalar()
    return found


def _compared(db: Any) -> list[str]:
    try:
        db.execute(f"INSERT INTO {NAME} ({NAME}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except sqlite3.Error as error:
        unwritten = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY
        return [] if unwritten else [f"{NAME}: it is not the index of search_index ({error})"]
    return []

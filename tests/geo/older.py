"""A register as versions 3 to 7 of the schema made it, out of one of today."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Table, text

from geo import store
from geo.geopackage import engine_of as file_engine_of
from geo.geopackage import indexes as file_indexes
from geo.postgis import engine_of
from geo.postgis import indexes as schema_indexes
from geo.store import Target

NAMED_FILES = ("marker_events", "inspections", "agreements", "commitments", "sources")
SAID = (
    "seq", "at", "actor", "action", "layer", "feature_id", "revision", "reason", "before", "after",
)  # fmt: skip


def make(target: Target, schema: str) -> None:
    """Take from a register of version 8 what 7 lacked, and on to what the wanted one lacked."""
    engine = store.open_store(target)
    with store.writing(engine) as conn:
        conn.execute(text("DROP TABLE touched"))
        if schema < "7":
            _without_words(conn)
        if schema < "6":
            _without_sums(conn)
        if schema < "5":
            _without_files(conn)
            _forget_files(conn)
        if schema == "3":
            _with_fewer_indexes(conn)
        store.set_value(conn, "schema", schema)
    engine.dispose()


def _without_words(conn: Connection) -> None:
    if conn.dialect.name == "sqlite":
        for name in ("in", "out", "on"):
            conn.execute(text(f"DROP TRIGGER search_words_{name}"))
        conn.execute(text("DROP TABLE search_words"))
    else:
        conn.execute(text("DROP INDEX search_index_words"))
    for layer in ("positions", "markers"):
        conn.execute(text(f"ALTER TABLE {layer}_sums DROP COLUMN province"))
    plain = "replace(substr(folded, 3), '  ', ' ')"
    conn.execute(text(f"UPDATE search_index SET seq = -seq, folded = {plain}"))


def _without_sums(conn: Connection) -> None:
    for layer in ("positions", "markers", "marker_events", "inspections"):
        conn.execute(text(f"DROP TABLE {layer}_sums"))
    for name in ("positions_view_latest_number", "markers_view_apart", "markers_view_sorted_stage"):
        conn.execute(text(f"DROP INDEX {name}"))
    for name in ("kind", "number", "post_id"):
        conn.execute(text(f"DROP INDEX markers_view_latest_{name}"))


def _without_files(conn: Connection) -> None:
    conn.execute(text("DROP TABLE evidence"))
    for layer in NAMED_FILES:
        for table in (layer, f"{layer}_view"):
            conn.execute(text(f"ALTER TABLE {table} DROP COLUMN files"))
        cut = text(f"UPDATE {layer}_view SET geojson = replace(geojson, :files, '')")
        conn.execute(cut, {"files": '"files":null,'})


def _forget_files(conn: Connection) -> None:
    """Write the history as a program wrote it that knew of no files, its chain by our own hand."""
    previous = bytes(32)
    for row in conn.execute(text("SELECT * FROM history ORDER BY seq")).mappings().all():
        said = {name: row[name] for name in SAID}
        for side in ("before", "after"):
            if said[side] is not None:
                state = orjson.loads(said[side])
                state["properties"].pop("files", None)
                said[side] = orjson.dumps(state, option=orjson.OPT_SORT_KEYS).decode()
        content = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
        own = hashlib.sha256(previous + content).digest()
        conn.execute(
            text(
                "UPDATE history SET before = :before, after = :after, previous_hash = :p, hash = :h"
                " WHERE seq = :seq"
            ),
            {"before": said["before"], "after": said["after"], "seq": row["seq"]}
            | {"p": previous, "h": own},
        )
        previous = own


def _with_fewer_indexes(conn: Connection) -> None:
    side = file_indexes if conn.dialect.name == "sqlite" else schema_indexes
    for name in side(conn):
        if "_view_sorted_" in name or name.endswith("_view_texts"):
            conn.execute(text(f"DROP INDEX {name}"))
    conn.execute(text("DROP INDEX markers_view_latest"))
    conn.execute(
        text(
            "CREATE INDEX markers_view_latest ON markers_view"
            " (vid, t_from, t_to, audiences, t_next, stage, condition) WHERE t_next = '9999-12-31'"
        )
    )


def digest(tables: Iterable[Table]) -> str:
    """Return a text that is another one when a column comes, goes or changes."""
    told = sorted(f"{table.name}: {', '.join(sorted(map(_told, table.c)))}" for table in tables)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:8]


def _told(column: Column[Any]) -> str:
    marks = " key" * column.primary_key + " not null" * (not column.nullable)
    return f"{column.name} {column.type}{marks}"


def structure(conn: Connection) -> set[tuple[object, ...]]:
    """Return all that the database says of its tables, but for the order of columns."""
    if conn.dialect.name == "sqlite":
        return _of_file(conn)
    asked = (
        """SELECT table_name, column_name, data_type, udt_name, collation_name, is_nullable,
             replace(column_default, current_schema() || '.', '')
           FROM information_schema.columns WHERE table_schema = current_schema()""",
        """SELECT indexname, replace(indexdef, current_schema() || '.', '')
           FROM pg_indexes WHERE schemaname = current_schema()""",
        """SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid)
           FROM pg_constraint WHERE connamespace = current_schema()::regnamespace""",
        """SELECT proname, prosrc FROM pg_proc
           WHERE pronamespace = current_schema()::regnamespace""",
    )
    return {tuple(row) for sql in asked for row in conn.execute(text(sql))}


def _of_file(conn: Connection) -> set[tuple[object, ...]]:
    held = conn.execute(text("SELECT type, name, sql FROM sqlite_master")).all()
    found: set[tuple[object, ...]] = set()
    for kind, name, sql in held:
        if kind != "table" or name.startswith("sqlite_"):
            found.add((kind, name, sql))
            continue
        columns = conn.execute(text(f"PRAGMA table_xinfo({name})")).all()
        found |= {(name, *tuple(column)[1:]) for column in columns}
        lists = conn.execute(text(f"PRAGMA index_list({name})")).all()
        found |= {(name, *tuple(one)[1:]) for one in lists}
        keys = conn.execute(text(f"PRAGMA foreign_key_list({name})")).all()
        found |= {(name, "refers", *tuple(one)) for one in keys}
    return found


def structure_of(target: Target) -> set[tuple[object, ...]]:
    engine = engine_of(str(target)) if store.is_address(target) else file_engine_of(Path(target))
    with engine.connect() as conn:
        found = structure(conn)
    engine.dispose()
    return found

"""The store as one GeoPackage file (OGC 12-128r18) read by Python's sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    FromClause,
    MetaData,
    Select,
    Table,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import SQLAlchemyError

from geo import boxes, functions, tables, versions
from geo import geopackage_words as words
from geo.errors import (
    ForeignStoreError,
    FullStoreError,
    LongReadError,
    StoreError,
)
from geo.files import sync
from geo.functions import RawUtf8
from geo.geopackage_reading import bound, let_go, on_checkin, reading
from geo.layers import LAYERS
from geo.types import BBox, Joined
from geo.watching import Watch

__all__ = ["Watch", "reading"]  # what geo.store asks of either side

GPKG_APPLICATION_ID = 0x47504B47  # "GPKG"
GPKG_USER_VERSION = 10300  # GeoPackage 1.3.0
BUSY_TIMEOUT_MS = 10_000
PAGE_BYTES = 8192  # of the file; a row of markers with its GeoJSON takes 1.5 kB
ANALYSED = 100_000  # rows of an index that statistics are gathered from
_HEADER_BYTES = 100
_UNUSABLE = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB,
}  # fmt: skip
_APPLICATION_ID_AT = slice(68, 72)
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_GPKG_DDL = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""
_WIDEN = """
UPDATE gpkg_contents SET
  min_x = min(:w, coalesce(min_x, :w)), min_y = min(:s, coalesce(min_y, :s)),
  max_x = max(:e, coalesce(max_x, :e)), max_y = max(:n, coalesce(max_y, :n))
WHERE table_name = :t
"""
_SRS_ROWS = (
    ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", None),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
    ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84, "longitude, latitude in degrees"),
)


@contextmanager
def making(path: Path, declared: MetaData = tables.metadata) -> Iterator[Connection]:
    """Give a write transaction on an empty register; the file is there when it ends well.

    One that is `declared` as an older version has no indexes.

    Raises:
        StoreError: the file exists already or cannot be written.
    """
    if path.exists():
        raise StoreError(f"{path} exists already; choose another name or delete it first")
    part = path.with_name(f".{path.name}.part")
    try:
        _discard(part)
        _create(part)
        engine = engine_of(part)
        event.listen(engine, "connect", _on_connect_making)
        try:
            with engine.connect().execution_options(immediate=True) as conn, conn.begin():
                _create_tables(conn, declared)
                yield conn
                if declared is tables.metadata:
                    create_indexes(conn)
            _settle(engine)
        finally:
            engine.dispose()
        sync(part)
        part.replace(path)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        raise StoreError(f"Cannot write {path}: {error}") from error
    finally:
        _discard(part)


def _discard(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _on_connect_making(db: Any, _record: object) -> None:
    """A file that nobody reads yet needs no log and no syncing until it is whole."""
    db.execute("PRAGMA journal_mode=MEMORY")
    db.execute("PRAGMA synchronous=OFF")


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA page_size={PAGE_BYTES}")
        db.execute(f"PRAGMA application_id={GPKG_APPLICATION_ID}")
        db.execute(f"PRAGMA user_version={GPKG_USER_VERSION}")
        db.executescript(_GPKG_DDL)
        rows = "INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)"
        db.executemany(rows, _SRS_ROWS)
        db.commit()


def open_store(path: Path, *, older: bool = False) -> Engine:
    """Open a register that exists; the file is looked at before anything could write to it.

    Raises:
        StoreError: there is no such file, or it cannot be read.
        OldStoreError: it has to be upgraded first, and `older` does not allow for that.
        ForeignStoreError: it is damaged, or not a register of ours.
    """
    _inspect(path, older=older)
    return engine_of(path)


def _inspect(path: Path, *, older: bool) -> None:
    try:
        head = path.open("rb").read(_HEADER_BYTES)
    except FileNotFoundError:
        raise StoreError(f"There is no file {path}; make one with: cotmoc init {path}") from None
    except OSError as error:
        raise StoreError(f"Cannot read {path}: {error}") from error
    ours = GPKG_APPLICATION_ID.to_bytes(4, "big")
    if not head.startswith(b"SQLite format 3\0") or head[_APPLICATION_ID_AT] != ours:
        raise ForeignStoreError(f"{path} is not a GeoPackage; it was left as it is")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            found = db.execute("SELECT value FROM register WHERE key='schema'").fetchone()
    except sqlite3.Error as error:
        raise ForeignStoreError(
            f"{path} is not a Cột Mốc register, or it is damaged ({error}); it was left as it is"
        ) from error
    versions.check(found and found[0], str(path), older=older)


class _Compiler(SQLiteCompiler):
    """Writes INDEXED BY after a table, which SQLAlchemy leaves out for SQLite."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002
        """Return the hint as it was given."""
        return text


def engine_of(path: Path) -> Engine:
    """Return an engine on the file, unseen."""
    engine = create_engine(
        f"sqlite:///{path}", pool_size=8, connect_args={"check_same_thread": False}
    )
    engine.dialect.statement_compiler = _Compiler
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", on_begin)
    event.listen(engine, "checkin", on_checkin)
    event.listen(engine, "handle_error", partial(on_error, path))
    event.listen(engine, "engine_disposed", let_go)
    return engine


def on_error(path: Path, context: ExceptionContext) -> Exception | None:
    """Say in our own errors what only the machine's operator can mend."""
    error = context.original_exception
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind
    if code == sqlite3.SQLITE_FULL:
        return FullStoreError(f"There is no room for {path} to grow: {error}")
    if code == sqlite3.SQLITE_INTERRUPT:
        return LongReadError()
    if code in _UNUSABLE:
        return StoreError(f"Cannot use {path}: {error}")
    return None


def _on_connect(db: Any, _record: object) -> None:
    db.isolation_level = None  # transactions are begun by on_begin alone
    functions.register(db)
    for pragma in (
        "foreign_keys=ON",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "mmap_size=2147418112",  # bytes, the most that SQLite maps
        "cache_size=-65536",  # KiB
    ):
        db.execute(f"PRAGMA {pragma}")


def joining(conn: Connection, texts: Select[Any], glue: str) -> Callable[[int, int], Joined]:
    """Return what reads the texts of a statement, as geo.store.joining says.

    SQLite joins them, so that none is touched here.
    """
    part = texts.subquery()
    key, text = part.c
    joined = RawUtf8(func.aggregate_strings(text, glue))
    wanted = select(func.count(), func.max(key), joined)

    def read(after: int, count: int) -> Joined:
        found = conn.execute(wanted, {"after": after, "count": count}).one()
        return Joined(found[0], found[1] or after, found[2] or b"")

    return read


def spare(conn: Connection) -> None:
    """Let a connection, to be used once, read much and keep little: neither mapped nor cached."""
    conn.detach()
    for pragma in ("mmap_size=0", "cache_size=-2048"):
        conn.exec_driver_sql(f"PRAGMA {pragma}")


def on_begin(conn: Connection) -> None:
    """Begin a transaction, at once as a writer where the option `immediate` says so."""
    options = conn.get_execution_options()
    bound(conn.connection, options)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if options.get("immediate") else "BEGIN")


def execute(conn: Connection, statements: Iterable[str]) -> None:
    """Execute some statements."""
    for sql in statements:
        conn.exec_driver_sql(sql)


def _create_tables(conn: Connection, declared: MetaData) -> None:
    execute(conn, tables.table_statements(conn.dialect, declared))
    for layer in (layer for name, layer in LAYERS.items() if name in declared.tables):
        if layer.geometry:
            boxes.create(conn, layer)
            _register_features(conn, layer.name, layer.geometry)
        else:
            _register_contents(conn, layer.name, "attributes", None)


def indexes(conn: Connection) -> list[str]:
    """Return the names of the indexes that `create_indexes` made, in whichever version."""
    ours = tuple(tables.metadata.tables)
    held = conn.exec_driver_sql(
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    )
    return [name for name, table in held if table in ours]


def index_statements(dialect: Dialect) -> dict[str, dict[str, str]]:
    """Return what creates each index but that of the words, by its table and its own name."""
    found = tables.index_statements(dialect)
    points = (tables.VIEWS[name] for name, one in LAYERS.items() if one.geometry == "Point")
    for view in points:
        found[view.name][tables.texts_index(view)] = _texts_statement(view)
    return found


def create_indexes(conn: Connection) -> None:
    """Create the indexes of every table."""
    for own in index_statements(conn.dialect).values():
        execute(conn, own.values())
    words.create(conn)


def _texts_statement(view: Table) -> str:
    """Index the latest points with their texts: a window reads them side by side, not scattered.

    PostgreSQL has no room for a text in an index.
    """
    columns = ", ".join(column.name for column in tables.texts_columns(view))
    return (
        f"CREATE INDEX {tables.texts_index(view)} ON {view.name} ({columns})"
        f" WHERE t_next = '{tables.LATEST}'"
    )


def _register_features(conn: Connection, name: str, kind: str) -> None:
    _register_contents(conn, name, "features", 4326)
    conn.execute(
        text("INSERT INTO gpkg_geometry_columns VALUES (:t, 'geom', :kind, 4326, 0, 0)"),
        {"t": name, "kind": kind.upper()},
    )


def _register_contents(conn: Connection, name: str, kind: str, srs: int | None) -> None:
    conn.execute(
        text(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
            " VALUES (:t, :kind, :t, :title, :srs)"
        ),
        {"t": name, "kind": kind, "title": LAYERS[name].title.en, "srs": srs},
    )


def note_extent(conn: Connection, layer: str, extent: BBox | None) -> None:
    """Widen the box of a layer, where other programs look for it, by one more."""
    if extent is not None:
        sides = dict(zip("wsen", extent, strict=True))
        conn.execute(text(_WIDEN), {**sides, "t": layer})


def put(conn: Connection, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows of values that SQLite takes as they are, in the order of `names`."""
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    given = [tuple(row) for row in rows]
    if table == tables.search_index.name:
        words.put(conn, columns, given)
    elif given:
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
        conn.exec_driver_sql(sql, given)


def empty(conn: Connection, table: str) -> None:
    """Take all rows out of a table."""
    conn.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - a name of ours


def note_change(conn: Connection, layer: str, box: BBox | None) -> None:
    """Write for other programs that a layer has changed and now reaches this far too."""
    sides = zip(("min_x", "min_y", "max_x", "max_y"), "wsen", strict=True)
    wider = [f"{side} = {side[:3]}(coalesce({side}, :{k}), :{k})" for side, k in sides if box]
    now = "last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')"
    sql = f"UPDATE gpkg_contents SET {', '.join([now, *wider])} WHERE table_name = :t"  # noqa: S608
    conn.execute(text(sql), {"t": layer, **dict(zip("wsen", box or (), strict=False))})


def problems(conn: Connection) -> Iterator[str]:
    """Yield what is wrong with the file itself."""
    for line in conn.exec_driver_sql("PRAGMA integrity_check").scalars():
        if line != "ok":
            yield f"file: {line}"
    yield from words.problems(conn)


def snapshot(engine: Engine, path: Path) -> None:
    """Write a consistent copy for programs with an SQLite of their own, such as GDAL."""
    _outside_transaction(engine, ("VACUUM INTO ?", (str(path),)))


def gather_statistics(conn: Connection) -> None:
    """Gather what the query planner goes by."""
    conn.exec_driver_sql(f"PRAGMA analysis_limit={ANALYSED}")
    conn.exec_driver_sql("ANALYZE")


def _settle(engine: Engine) -> None:
    """Gather statistics for the query planner and let readers and a writer go side by side."""
    _outside_transaction(
        engine,
        (f"PRAGMA analysis_limit={ANALYSED}", ()),
        ("ANALYZE", ()),
        ("PRAGMA journal_mode=WAL", ()),
    )


def _outside_transaction(engine: Engine, *statements: tuple[str, tuple[str, ...]]) -> None:
    with closing(engine.raw_connection()) as db:
        for sql, values in statements:
            db.cursor().execute(sql, values).fetchall()

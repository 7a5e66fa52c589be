"""Opening and creating a store: one GeoPackage file (OGC 12-128r18) read by Python's sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, event, func, insert, select, text, update

from geo import functions, tables
from geo.errors import ForeignStoreError, StoreError
from geo.layers import LAYERS

SCHEMA_VERSION = "2"
GPKG_APPLICATION_ID = 0x47504B47  # "GPKG"
GPKG_USER_VERSION = 10300  # GeoPackage 1.3.0
BUSY_TIMEOUT_MS = 10_000
_HEADER_BYTES = 100
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
_SRS_ROWS = (
    ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", None),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
    ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84, "longitude, latitude in degrees"),
)


def create(path: Path) -> Engine:
    """Make an empty register in a new file.

    Raises:
        StoreError: the file exists already or cannot be written.
    """
    if path.exists():
        raise StoreError(f"{path} exists already; choose another name or delete it first")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute(f"PRAGMA application_id={GPKG_APPLICATION_ID}")
            db.execute(f"PRAGMA user_version={GPKG_USER_VERSION}")
            db.executescript(_GPKG_DDL)
            rows = "INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)"
            db.executemany(rows, _SRS_ROWS)
            db.commit()
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"Cannot write {path}: {error}") from error
    engine = _engine(path)
    with writing(engine) as conn:
        _create_tables(conn)
    return engine


def open_store(path: Path) -> Engine:
    """Open a register that exists; the file is looked at before anything could write to it.

    Raises:
        StoreError: there is no such file, or it cannot be read.
        ForeignStoreError: it is damaged, or not a register of ours.
    """
    _inspect(path)
    return _engine(path)


def _inspect(path: Path) -> None:
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
    if found is None or found[0] != SCHEMA_VERSION:
        raise ForeignStoreError(
            f"{path} has schema {found and found[0]}, this program needs {SCHEMA_VERSION}"
        )


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", pool_size=8, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(db: Any, _record: object) -> None:
    db.isolation_level = None  # transactions are begun by _on_begin alone
    functions.register(db)
    for pragma in (
        "foreign_keys=ON",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "mmap_size=268435456",  # bytes
        "cache_size=-65536",  # KiB
    ):
        db.execute(f"PRAGMA {pragma}")


def _on_begin(conn: Connection) -> None:
    immediate = conn.get_execution_options().get("immediate")
    conn.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in one write transaction; it commits at the end or not at all."""
    with engine.connect().execution_options(immediate=True) as conn, conn.begin():
        yield conn


def _create_tables(conn: Connection) -> None:
    tables.metadata.create_all(conn)
    for layer in LAYERS.values():
        if layer.geometry:
            box = tables.box_table(layer.name)
            conn.exec_driver_sql(f"CREATE VIRTUAL TABLE {box} USING rtree(vid, w, e, s, n)")
            _register_features(conn, layer.name, layer.geometry)
        else:
            _register_contents(conn, layer.name, "attributes", None)
    conn.execute(insert(tables.revisions), [{"layer": n, "revision": 0} for n in LAYERS])
    set_value(conn, "schema", SCHEMA_VERSION)
    set_value(conn, "identity", uuid4().hex)  # tells this register from another at its path


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


def set_value(conn: Connection, key: str, value: str) -> None:
    """Set a fact about the register as a whole."""
    table = tables.register
    if conn.execute(update(table).where(table.c.key == key).values(value=value)).rowcount == 0:
        conn.execute(insert(table).values(key=key, value=value))


def get_value(conn: Connection, key: str, default: str = "") -> str:
    """Return a fact about the register as a whole."""
    table = tables.register
    found = conn.execute(select(table.c.value).where(table.c.key == key)).scalar()
    return default if found is None else str(found)


def revision(conn: Connection, layer: str) -> int:
    """Return the counter that grows with every change to the layer."""
    table = tables.revisions
    return int(conn.execute(select(table.c.revision).where(table.c.layer == layer)).scalar_one())


def revision_of_all(conn: Connection) -> int:
    """Return a counter that grows with every change to any layer; it fails if none can be read."""
    return int(conn.execute(select(func.sum(tables.revisions.c.revision))).scalar_one())


def snapshot(engine: Engine, path: Path) -> None:
    """Write a consistent copy for programs with an SQLite of their own, such as GDAL."""
    _outside_transaction(engine, ("VACUUM INTO ?", (str(path),)))


def settle(engine: Engine) -> None:
    """Fold the write-ahead log into the file and gather statistics for the query planner."""
    _outside_transaction(engine, ("ANALYZE", ()), ("PRAGMA wal_checkpoint(TRUNCATE)", ()))


def _outside_transaction(engine: Engine, *statements: tuple[str, tuple[str, ...]]) -> None:
    with closing(engine.raw_connection()) as db:
        for sql, values in statements:
            db.cursor().execute(sql, values).fetchall()

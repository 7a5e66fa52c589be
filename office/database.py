"""The private database of an installation: accounts, sessions, work; never a row of the register.

A file beside the store that only the server's own user may read, or a schema of the same
PostgreSQL database. Each module declares its tables on `metadata` and stands in DECLARING.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, inspect

from geo import geopackage, migrating, outcome, store
from geo.errors import ForeignStoreError, OldStoreError, StoreError, UnsureError
from geo.later import later
from geo.migrating import Step
from geo.store import Target, is_address
from office import sealing
from office.sealing import Seal

if TYPE_CHECKING:
    from geo import postgis
else:
    postgis = later("geo.postgis")

metadata = MetaData()
# Modules that declare tables.
DECLARING = (
    "office.events",
    "office.invitations",
    "office.jobs",
    "office.oidc",
    "office.people",
    "office.proposals",
    "office.reads",
    "office.second_factor",
    "office.sessions",
    "office.throttle",
    "office.tokens",
)
ENDING = ".office.sqlite3"
KEY_ENDING = ".key"
_KEY = Path(__file__).parent.parent / "var" / f"office{KEY_ENDING}"  # where there is no file
SCHEMA_ENDING = "_office"
MODE = 0o600
SCRIPTS = Path(__file__).parent / "migrations" / "versions"  # changes to tables that are there
VERSION = "3"  # of the tables, the last of the scripts
BASELINE = "1"  # version of the tables from before versions were noted
POOL_SIZE = 4  # connections kept open by one process
_MAKING = 0x434D_0F1C  # key of the lock under which one process at a time makes what is missing


def beside(store: Target) -> Target:
    """Return where the private database of a store lies unless the operator names another place.

    Raises:
        StoreError: the store is an address, but not that of a PostgreSQL database.
    """
    if not is_address(store):
        path = Path(store)
        return path.with_name(path.name + ENDING)
    url, schema = postgis.parts(str(store))
    named = url.update_query_dict({"schema": schema + SCHEMA_ENDING})
    return named.render_as_string(hide_password=False)


def key_of(target: Target) -> Path:
    """Return where the key of a private database lies unless the operator names another place."""
    return _KEY if is_address(target) else Path(target).with_suffix(KEY_ENDING)


def open_office(target: Target, *, upgrade: bool = False, key: Path | None = None) -> Engine:
    """Open the private database, a path or an address; tables that are missing are made.

    Tables that are there are changed only if told to `upgrade`. `key` is the file of what seals
    secrets in it, see office.sealing.

    Raises:
        OldStoreError: it has to be upgraded first.
        ForeignStoreError: a newer program made it.
        StoreError: it cannot be reached, read or written.
    """
    engine = engine_of(target)
    engine.update_execution_options(**{sealing.OPTION: Seal(key or key_of(target))})
    try:
        with writing(engine) as conn:
            if conn.dialect.name != "sqlite":
                conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
                _, schema = postgis.parts(str(target))
                conn.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
            _bring_up(conn, store.shown(target), upgrade=upgrade)
            metadata.create_all(conn)
    except BaseException:
        engine.dispose()
        raise
    return engine


def engine_of(target: Target) -> Engine:
    """Return an engine on the private database as it is, unseen. Raises StoreError."""
    for name in DECLARING:
        import_module(name)
    return _schema(str(target)) if is_address(target) else _file(Path(target))


def steps(target: Target) -> tuple[str, list[Step]]:
    """Return the version of the tables that are there, and what there is to do to them.

    Raises:
        ForeignStoreError: a newer program made it.
        StoreError: it cannot be read.
    """
    if not is_address(target) and not Path(target).exists():
        return VERSION, []
    engine = engine_of(target)
    try:
        with engine.connect() as conn:
            found = _version(conn) or VERSION
    finally:
        engine.dispose()
    return found, _steps(found, store.shown(target))


def _version(conn: Connection) -> str | None:
    there = set(inspect(conn).get_table_names()) & set(metadata.tables)
    return migrating.marked(conn) or (BASELINE if there else None)


def _steps(found: str, shown: str) -> list[Step]:
    if found == VERSION:
        return []
    if not migrating.known(SCRIPTS, found):
        raise ForeignStoreError(
            f"The private database {shown} has version {found}, this program needs {VERSION}. "
            "A newer version made it: put that version in place"
        )
    return migrating.steps(SCRIPTS, found)


def _bring_up(conn: Connection, shown: str, *, upgrade: bool) -> None:
    """See that the tables which are there are those of this program."""
    found = _version(conn) or VERSION
    if _steps(found, shown):
        if not upgrade:
            raise OldStoreError(
                f"The private database {shown} has version {found}, this program needs {VERSION}. "
                "An older version made it: stop what uses it, then say: cotmoc upgrade"
            )
        migrating.run(conn, SCRIPTS, found)
    elif migrating.marked(conn) is None:
        migrating.mark(conn, SCRIPTS, VERSION)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in one write transaction; it commits at the end or not at all.

    In a file writers wait for each other; in PostgreSQL a statement sees what others committed.

    Raises:
        StoreError: it cannot be written; nothing was kept.
        UnsureError: it was lost in the commit; nobody knows whether that was kept.
    """
    try:
        with engine.connect().execution_options(immediate=True) as conn, outcome.committing(conn):
            yield conn
    except UnsureError:
        outcome.note_kept()
        raise


def _file(path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, MODE))
        path.chmod(MODE)  # its -wal and -shm get the same
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA journal_mode=WAL")
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"Cannot use the private database {path}: {error}") from error
    engine = create_engine(
        f"sqlite:///{path}",
        pool_size=POOL_SIZE,
        hide_parameters=True,  # an error may be logged
        connect_args={"check_same_thread": False},
    )
    event.listen(engine, "connect", _on_connect_file)
    event.listen(engine, "begin", geopackage.on_begin)
    event.listen(engine, "handle_error", partial(geopackage.on_error, path))
    return engine


def _on_connect_file(db: Any, _record: object) -> None:
    db.isolation_level = None  # transactions are begun by on_begin alone
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("PRAGMA synchronous=FULL")
    db.execute(f"PRAGMA busy_timeout={geopackage.BUSY_TIMEOUT_MS}")


def _schema(address: str) -> Engine:
    url, schema = postgis.parts(address)
    shown = postgis.shown(address)
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"application_name": "cotmoc-office", "connect_timeout": 10},  # seconds
    )
    event.listen(engine, "connect", partial(_on_connect_schema, schema))
    event.listen(engine, "handle_error", partial(postgis.on_error, shown))
    return engine


def _on_connect_schema(schema: str, db: Any, _record: object) -> None:
    db.autocommit = True
    settings = "SELECT set_config('search_path', quote_ident(%s), false)"
    db.execute(settings, (schema,))
    db.execute("SELECT set_config('lock_timeout', %s, false)", (postgis.BUSY_TIMEOUT,))
    db.autocommit = False

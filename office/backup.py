"""Backups of an installation: a folder with a manifest, whole or not there at all.

The register comes as a GeoPackage whichever store it lies in, the private database as an SQLite
file, evidence as files. Everything is taken while the server goes on writing.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData, Table, delete, func, insert, select, text

from geo import geopackage, info, standing, store
from geo.errors import OldStoreError
from geo.evidence.place import INCOMING, Place
from geo.files import sync
from geo.history import checkpoints
from geo.history.chain import now
from geo.later import later
from geo.store import Target, is_address
from office import database
from office.manifest import (
    EVIDENCE,
    FORMAT,
    MANIFEST,
    OFFICE,
    REGISTER,
    BackupError,
    Manifest,
    files,
    told,
)

if TYPE_CHECKING:
    from geo import copying, postgis
else:
    copying = later("geo.copying")
    postgis = later("geo.postgis")

BATCH = 1_000  # rows held in memory
_PRIVATE = 0o700  # accounts may lie in it


def backup(
    source: Target, to: Path, *, office: Target | None = None, evidence: Path | str | None = None
) -> Manifest:
    """Write a backup of a register to a new folder, with the private database and evidence if told.

    Evidence lies in a folder, or at an address as geo.evidence.place takes it.

    Raises:
        BackupError: the folder is there already or cannot be written, or what was taken is not
            sound; then nothing stays.
        StoreError: the register or the evidence cannot be read.
    """
    if to.exists():
        raise BackupError(f"{to} exists already; choose another name")
    part = to.with_name(f".{to.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True, mode=_PRIVATE)
        if office is not None:
            _take_office(office, part / OFFICE)  # first: it says only what the register holds
        _take(source, part / REGISTER)
        if evidence is not None:
            _take_evidence(evidence, part / EVIDENCE)
        made = _manifest(part)
        _keep(part / MANIFEST, json.dumps(asdict(made), indent=1).encode())
        sync(part)
        part.rename(to)
        sync(to.parent)
    except OSError as error:
        raise BackupError(f"Cannot write {to}: {error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return made


def _take_evidence(source: Path | str, to: Path) -> None:
    if is_address(source):
        for name in (place := Place(source)).names():
            there = to / name[:2] / name
            there.parent.mkdir(parents=True, exist_ok=True)
            with place.open(name) as held, there.open("wb") as file:
                shutil.copyfileobj(held, file)
    elif Path(source).exists():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns(INCOMING))


def _take(source: Target, path: Path) -> None:
    if is_address(source):
        _take_schema(str(source), path)
        return
    engine = store.open_store(source, older=True)
    try:
        geopackage.snapshot(engine, path)
    finally:
        engine.dispose()


def _take_schema(source: str, path: Path) -> None:
    try:
        copying.copy(source, path)
    except OldStoreError:
        copying.keep_as_it_is(source, path)


def _take_office(source: Target, path: Path) -> None:
    """Take the private database as it is, of whichever version."""
    held, made = database.engine_of(source), database.engine_of(path)
    try:
        with _one_state(held) as taken, database.writing(made) as conn:
            schema = postgis.parts(str(source))[1] if is_address(source) else None
            found = standing.tables(taken, database.metadata, schema)
            found.create_all(conn)
            _copy(taken, conn, found)
        with made.connect() as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        held.dispose()
        made.dispose()
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def copy_office(source: Engine, target: Engine) -> None:
    """Put the rows of one private database in the place of those of another, as of one moment."""
    tables = database.metadata.sorted_tables
    with _one_state(source) as held, database.writing(target) as made:
        for table in reversed(tables):
            made.execute(delete(table))
        _copy(held, made, database.metadata)
        if target.dialect.name != "sqlite":
            _number_on(made, tables)


def _copy(held: Connection, made: Connection, tables: MetaData) -> None:
    for table in tables.sorted_tables:
        rows = held.execute(select(table)).mappings()
        while part := rows.fetchmany(BATCH):
            made.execute(insert(table), [dict(row) for row in part])


@contextmanager
def _one_state(engine: Engine) -> Iterator[Connection]:
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**level) as conn, conn.begin():
        yield conn


def _number_on(conn: Connection, tables: Iterable[Table]) -> None:
    """Let numbering go on after rows that came with their numbers."""
    for table in tables:
        for column in table.primary_key.columns:
            names = {"table": table.name, "column": column.name}
            found = text("SELECT pg_get_serial_sequence(:table, :column)")
            sequence = conn.execute(found, names).scalar()
            last = conn.execute(select(func.max(column))).scalar()
            if sequence is not None and last is not None:
                conn.execute(text("SELECT setval(:name, :last)"), {"name": sequence, "last": last})


def _manifest(folder: Path) -> Manifest:
    """Prove what was taken, and say what it is.

    Raises:
        BackupError: the register's file or its history is not sound.
    """
    engine = store.open_store(folder / REGISTER, older=True)
    try:
        with engine.connect() as conn:
            wrong = [*store.problems(conn)]
            audit = checkpoints.verify(conn)
            identity = store.get_value(conn, "identity")
    finally:
        engine.dispose()
    wrong += [str(audit.fault)] if audit.fault else []
    if wrong:
        raise BackupError(f"The backup would not be sound: {wrong[0]}")
    made_at = now().isoformat(timespec="seconds")
    found = [told(folder, path) for path in files(folder)]
    return Manifest(FORMAT, made_at, info.version(), identity, audit.entries, found)


def _keep(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

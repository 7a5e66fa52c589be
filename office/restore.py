"""Putting a backup in its place: proved first, then put there whole or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from geo import copying, store, upgrading
from geo.evidence.place import Place
from geo.files import sync
from geo.history import checkpoints
from geo.history.chain import now
from geo.store import Target, is_address
from geo.tables import SCHEMA_VERSION
from office import database
from office.backup import copy_office
from office.manifest import EVIDENCE, OFFICE, REGISTER, BackupError, Manifest, proved

_OTHERS = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a file
_MODE = 0o600


def restore(
    source: Path,
    to: Target,
    *,
    office: Target | None = None,
    evidence: Path | str | None = None,
    replace: bool = False,
    key: Path | None = None,
) -> Manifest:
    """Make a register, and the private database and evidence if told, of a backup.

    `key` is the file of what seals secrets, see office.database; it is in no backup.
    No server may use what is replaced. A file that stands at the place stays beside it under a
    name that tells the time; a schema has to be empty. Evidence goes to a folder, or to an address
    as geo.evidence.place takes it: there files come to those that are there, as each is named by
    its content.

    Raises:
        BackupError: the backup is not whole, lacks what is wanted, or the place is taken.
        StoreError: the place cannot be written.
    """
    made = proved(source)
    for wanted, name in ((office, OFFICE), (evidence, EVIDENCE)):
        if wanted is not None and not made.holds(name):
            raise BackupError(f"{source} was made without {name}")
    if not replace:
        for place in (to, office, evidence):
            if place is not None and not is_address(place) and Path(place).exists():
                raise BackupError(f"{place} exists already; say --replace to put it aside")
    with ExitStack() as whole:  # no file takes its place before all of them are made
        _register(source / REGISTER, to, made, whole)
        if evidence is not None:
            _evidence(source / EVIDENCE, evidence, whole)
        if office is not None:
            _office(source / OFFICE, office, key or database.key_of(office), whole)
    return made


def _evidence(folder: Path, to: Path | str, whole: ExitStack) -> None:
    if not is_address(to):
        shutil.copytree(folder, whole.enter_context(_placing(Path(to))))
        return
    place = Place(to)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        with place.incoming() as part:
            shutil.copyfile(file, part)
            place.put(part, file.name)


def _register(file: Path, to: Target, made: Manifest, whole: ExitStack) -> None:
    if is_address(to):
        _into_schema(file, to)
        return
    part = whole.enter_context(_placing(Path(to)))
    shutil.copyfile(file, part)
    with closing(sqlite3.connect(part)) as db:
        db.execute("PRAGMA journal_mode=WAL")
    with _opened(part) as engine, engine.connect() as conn:
        found = checkpoints.verify(conn)
    if found.fault or found.entries != made.entries:
        raise BackupError(f"The register in the backup is not sound: {found.fault}")
    _begin_anew(part)


@contextmanager
def _opened(place: Target) -> Iterator[Engine]:
    engine = store.open_store(place, older=True)
    try:
        yield engine
    finally:
        engine.dispose()


def _begin_anew(place: Target) -> None:
    with _opened(place) as engine, store.writing(engine) as conn:
        store.begin_anew(conn)


def _into_schema(file: Path, to: Target) -> None:
    if upgrading.version(file) != SCHEMA_VERSION:
        raise BackupError(
            "The backup is of an older version: restore it to a file, say cotmoc upgrade there, "
            "and then cotmoc copy"
        )
    copying.copy(file, to)
    _begin_anew(to)


def _office(file: Path, to: Target, key: Path, whole: ExitStack) -> None:
    if not is_address(to):
        part = whole.enter_context(_placing(Path(to)))
        shutil.copyfile(file, part)
        part.chmod(_MODE)
        return
    with TemporaryDirectory() as name:  # opening it may complete it, and the backup stays as it is
        copied = shutil.copyfile(file, Path(name) / OFFICE)
        held = database.open_office(copied, upgrade=True, key=key)
        made = database.open_office(to)
        try:
            copy_office(held, made)
        finally:
            held.dispose()
            made.dispose()


@contextmanager
def _placing(path: Path) -> Iterator[Path]:
    """Give a name beside a place; what is made there takes the place, what stood there goes aside.

    Raises:
        BackupError: it cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _discard(part)
        yield part
        for ending in _OTHERS:
            part.with_name(part.name + ending).unlink(missing_ok=True)
        _put_aside(path)
        part.rename(path)
        sync(path.parent)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"Cannot write {path}: {error}") from error
    finally:
        _discard(part)


def _put_aside(path: Path) -> None:
    """Give what stands at a place another name, with what SQLite keeps beside it."""
    if not path.exists():
        return
    name = f"{path.name}.before-{now():%Y%m%dT%H%M%S%f}"
    for ending in _OTHERS:
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(path.with_name(name + ending))
    path.rename(path.with_name(name))


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    for ending in ("", *_OTHERS):
        path.with_name(path.name + ending).unlink(missing_ok=True)

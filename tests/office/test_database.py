"""The private database: made where it belongs, closed to others, both kinds alike."""

import sqlite3
import stat
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, MetaData, Table, Text, inspect, select

from geo.errors import StoreError
from geo.store import Target
from office import database

_METADATA = MetaData()
NOTES = Table("notes", _METADATA, Column("word", Text, primary_key=True))


def test_it_lies_beside_the_register(tmp_path: Path) -> None:
    assert database.beside(tmp_path / "r.gpkg") == tmp_path / "r.gpkg.office.sqlite3"
    address = database.beside("postgresql://me:secret@host:5433/db?schema=exercise")
    assert str(address).startswith("postgresql+psycopg://me:secret@host:5433/db?")
    assert "schema=exercise_office" in str(address)
    assert "schema=cotmoc_office" in str(database.beside("postgresql://host/db"))


def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "office.sqlite3"
    engine = database.open_office(path)
    with database.writing(engine) as conn:
        _METADATA.create_all(conn)
        files = sorted(path.parent.iterdir())
        assert len(files) == 3  # with its -wal and -shm
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    engine.dispose()
    path.chmod(0o644)
    database.open_office(path).dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_written_is_there_and_what_fails_is_not(office: Engine) -> None:
    with database.writing(office) as conn:
        _METADATA.create_all(conn)
        conn.execute(NOTES.insert().values(word="kept"))
    with suppress(ZeroDivisionError), database.writing(office) as conn:
        conn.execute(NOTES.insert().values(word="lost"))
        raise ZeroDivisionError
    with office.connect() as conn:
        assert conn.execute(select(NOTES.c.word)).scalars().all() == ["kept"]


def test_it_is_made_once_and_kept(office: Engine, office_place: Target) -> None:
    with database.writing(office) as conn:
        _METADATA.create_all(conn)
        conn.execute(NOTES.insert().values(word="kept"))
    again = database.open_office(office_place)
    with again.connect() as conn:
        assert conn.execute(select(NOTES.c.word)).scalars().all() == ["kept"]
        assert set(database.metadata.tables) <= set(inspect(conn).get_table_names())
    again.dispose()


def test_servers_that_start_together_make_one(office_place: Target) -> None:
    failed: list[BaseException] = []

    def start() -> None:
        try:
            database.open_office(office_place).dispose()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("this is no database, but a text that is long enough")
    with pytest.raises(StoreError, match="private database"):
        database.open_office(tmp_path / "text")
    with pytest.raises(StoreError):
        database.open_office("mysql://host/db")


def test_a_file_in_use_is_waited_for_no_longer_than_told(tmp_path: Path) -> None:
    engine = database.open_office(tmp_path / "o")
    with engine.connect() as conn:
        timeout = conn.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
        assert 1_000 <= timeout <= 10_000
        assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()
    with sqlite3.connect(tmp_path / "o") as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)

"""A backup is taken while others write, is whole or nothing, and proved before it is put back."""

import json
import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select

from api.app import create_app
from api.settings import Settings
from geo import change, check, history, store
from geo.register import Register
from geo.store import Target
from geo.tables import RECORDS
from office import backup as taking
from office import database
from office.backup import backup
from office.manifest import BackupError, proved
from office.restore import restore
from tests.conftest import Places
from tests.geo import edits
from tests.geo.edits import MARKERS, do, feature

FIRST = "vn-kh.48.0.1"
ITEMS = "/api/collections/markers/items"


@pytest.fixture
def register(place: Target) -> Iterator[Register]:
    made = edits.make(place)
    yield made
    made.engine.dispose()


@pytest.fixture
def some_table(monkeypatch: pytest.MonkeyPatch) -> Table:
    """A private database with one table of its own."""
    metadata = MetaData()
    table = Table("notes", metadata, Column("id", Integer, primary_key=True), Column("text", Text))
    monkeypatch.setattr(database, "metadata", metadata)
    monkeypatch.setattr(database, "DECLARING", ())
    return table


def markers(place: Target) -> set[str]:
    engine = store.open_store(place)
    assert check.check(engine) == []
    with engine.connect() as conn:
        found = set(conn.execute(select(RECORDS["markers"].c.id)).scalars())
    engine.dispose()
    return found


def test_a_backup_is_restored_into_either_store(
    register: Register, place: Target, places: Places, tmp_path: Path
) -> None:
    made = backup(place, tmp_path / "b")
    edits.patch(register, FIRST, note="sau")
    for there in (tmp_path / "there.gpkg", places()):
        assert restore(tmp_path / "b", there) == made
        engine = store.open_store(there)
        again = Register(engine)
        assert edits.read(again, MARKERS, FIRST)["properties"]["note"] is None
        edits.patch(again, FIRST, note="lại")  # the chain goes on
        with engine.connect() as conn:
            assert history.first_broken(conn) is None
        assert check.check(engine) == []
        engine.dispose()


def test_it_is_taken_while_others_write(register: Register, place: Target, tmp_path: Path) -> None:
    stop, told = Event(), list[str]()

    def write() -> None:
        engine = store.open_store(place)
        while not stop.is_set():
            told.append(do(Register(engine), change.create, MARKERS, feature(number="x")).id)
        engine.dispose()

    writer = Thread(target=write)
    writer.start()
    try:
        while len(told) < 2:
            time.sleep(0.01)
        before = set(told)
        backup(place, tmp_path / "b")
        after = len(told)
        while len(told) < after + 2:
            time.sleep(0.01)
    finally:
        stop.set()
        writer.join()
    restore(tmp_path / "b", tmp_path / "there.gpkg")
    held = markers(tmp_path / "there.gpkg")
    assert before <= held
    assert held < markers(place)


def test_a_backup_that_is_not_whole_is_refused(
    register: Register, place: Target, tmp_path: Path
) -> None:
    whole, there = tmp_path / "whole", tmp_path / "there.gpkg"
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"a photo")
    (tmp_path / "photos" / ".incoming").mkdir()
    (tmp_path / "photos" / ".incoming" / "tmp1").write_bytes(b"half of")
    backup(place, whole, evidence=tmp_path / "photos")
    held = [file.path for file in proved(whole).files]
    assert held == ["evidence/a.jpg", "register.gpkg"]  # nothing of what is only arriving

    def broken(name: str) -> Path:
        return Path(shutil.copytree(whole, tmp_path / name))

    (one := broken("1") / "manifest.json").write_text(one.read_text()[:-20])
    (broken("2") / "manifest.json").unlink()
    (broken("3") / "evidence" / "a.jpg").unlink()
    (broken("4") / "evidence" / "a.jpg").write_bytes(b"other")
    (broken("5") / "evidence" / "b.jpg").write_bytes(b"one more")
    with (broken("6") / "register.gpkg").open("r+b") as file:
        file.seek(30_000)
        file.write(b"x")
    told = {"1": "cannot be read", "2": "cannot be read", "3": "missing", "4": "not what it was",
            "5": "does not name", "6": "not what it was"}  # fmt: skip
    for name, why in told.items():
        with pytest.raises(BackupError, match=why):
            restore(tmp_path / name, there)
    assert not there.exists()


def test_nothing_stays_of_a_backup_that_fails(
    register: Register, place: Target, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(BackupError, match="exists"):
        backup(place, tmp_path / "there")
    with store.writing(register.engine) as conn:
        conn.exec_driver_sql("UPDATE history SET reason = 'x' WHERE seq = 2")
    with pytest.raises(BackupError, match="not be sound: history 2"):
        backup(place, tmp_path / "b")
    assert {path.name for path in tmp_path.iterdir()} == {"there"}


def test_what_stands_at_the_place_is_kept(
    register: Register, place: Target, tmp_path: Path
) -> None:
    there = tmp_path / "there.gpkg"
    backup(place, tmp_path / "b")
    restore(tmp_path / "b", there)
    engine = store.open_store(there)
    edits.patch(Register(engine), FIRST, note="của họ")
    engine.dispose()
    with pytest.raises(BackupError, match="--replace"):
        restore(tmp_path / "b", there)
    restore(tmp_path / "b", there, replace=True)
    [aside] = tmp_path.glob("there.gpkg.before-*[0-9]")
    notes = {}
    for path in (there, aside):
        engine = store.open_store(path)
        notes[path] = edits.read(Register(engine), MARKERS, FIRST)["properties"]["note"]
        engine.dispose()
    assert notes == {there: None, aside: "của họ"}


def test_what_was_kept_of_the_register_before_is_not_shown_of_the_restored(
    register: Register, place: Target, tmp_path: Path
) -> None:
    """Its counters come by the same numbers once more, with other rows under them."""
    there, made = tmp_path / "there.gpkg", tmp_path / "b"
    client = {"accept-encoding": "identity"}

    def asked(note: str) -> tuple[Response, Response]:
        with TestClient(create_app(Settings(store=there)), headers=client) as server:
            edits.patch(server.app.state.register, FIRST, locality=note)  # type: ignore[attr-defined]
            paths = ("/api/tiles/WebMercatorQuad/0/0/0?collections=markers", f"{ITEMS}?limit=100")
            answers = tuple(server.get(path) for path in paths)
            server.app.state.engine.dispose()  # type: ignore[attr-defined]
        return answers  # type: ignore[return-value]

    backup(place, made)
    restore(made, there)
    engine = store.open_store(there)
    do(Register(engine), change.create, MARKERS, feature(number="bí mật"))
    engine.dispose()
    before = asked("một")
    restore(made, there, replace=True)
    engine = store.open_store(there)
    edits.patch(Register(engine), FIRST, locality="hai")
    engine.dispose()
    after = asked("một")
    assert b"bi mat" not in after[0].content
    for one, other in zip(before, after, strict=True):
        assert one.headers["etag"] != other.headers["etag"]
        assert one.content != other.content


def test_the_private_database_comes_with_it(
    register: Register, place: Target, places: Places, tmp_path: Path, some_table: Table
) -> None:
    private = database.beside(place)
    engine = database.open_office(private)
    with database.writing(engine) as conn:
        conn.execute(insert(some_table), [{"id": 7, "text": "bí mật"}])
    engine.dispose()
    backup(place, tmp_path / "b", office=private)
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o700
    before = {path: path.read_bytes() for path in (tmp_path / "b").iterdir()}
    for there in (tmp_path / "there.gpkg", places()):
        restore(tmp_path / "b", there, office=database.beside(there))
        again = database.open_office(database.beside(there))
        with database.writing(again) as conn:
            conn.execute(insert(some_table), [{"text": "mới"}])
        with again.connect() as conn:
            assert [tuple(row) for row in conn.execute(select(some_table))] == [
                (7, "bí mật"), (8, "mới")
            ]  # fmt: skip
        again.dispose()
    assert {path: path.read_bytes() for path in (tmp_path / "b").iterdir()} == before
    if os.name == "posix":
        there = tmp_path / "there.gpkg.office.sqlite3"
        assert stat.S_IMODE(there.stat().st_mode) == 0o600


def test_a_manifest_says_what_is_held(register: Register, place: Target, tmp_path: Path) -> None:
    backup(place, tmp_path / "b")
    told = json.loads((tmp_path / "b" / "manifest.json").read_bytes())
    with register.engine.connect() as conn:
        assert told["register"] == store.get_value(conn, "identity")
    assert [one["path"] for one in told["files"]] == ["register.gpkg"]
    with pytest.raises(BackupError, match="made without"):
        restore(tmp_path / "b", tmp_path / "x.gpkg", office=tmp_path / "x.office")


def test_what_the_private_database_says_was_written_is_in_the_register(
    register: Register,
    place: Target,
    tmp_path: Path,
    some_table: Table,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As of a proposal that is accepted while the backup is made: first written, then noted."""
    private = database.beside(place)
    engine = database.open_office(private)
    taken: list[str] = []

    def then_accepts(name: str) -> None:
        take = getattr(taking, name)

        def taking_one(source: Target, path: Path) -> None:
            take(source, path)
            taken.append(name)
            if len(taken) == 1:
                edits.patch(register, FIRST, note="chấp thuận")
                with database.writing(engine) as conn:
                    conn.execute(insert(some_table), [{"id": 1, "text": "chấp thuận"}])

        monkeypatch.setattr(taking, name, taking_one)

    for name in ("_take", "_take_office"):
        then_accepts(name)
    backup(place, tmp_path / "b", office=private)
    engine.dispose()
    assert len(taken) == 2
    there = tmp_path / "there.gpkg"
    restore(tmp_path / "b", there, office=tmp_path / "there.office")
    held, own = store.open_store(there), database.open_office(tmp_path / "there.office")
    with own.connect() as conn:
        noted = conn.execute(select(some_table.c.text)).scalars().all()
    written = edits.read(Register(held), MARKERS, FIRST)["properties"]["note"]
    held.dispose()
    own.dispose()
    assert not noted or written == "chấp thuận"


def test_a_restore_that_fails_puts_nothing_in_its_place(
    register: Register, place: Target, tmp_path: Path, some_table: Table
) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"a photo")
    database.open_office(database.beside(place)).dispose()
    made = tmp_path / "b"
    backup(place, made, office=database.beside(place), evidence=tmp_path / "photos")
    (tmp_path / "photos" / "a.jpg").write_bytes(b"theirs")
    (tmp_path / "file").write_bytes(b"no folder")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BackupError, match="Cannot write"):
        restore(
            made,
            tmp_path / "there.gpkg",
            office=tmp_path / "file" / "office",
            evidence=tmp_path / "photos",
            replace=True,
        )
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "photos" / "a.jpg").read_bytes() == b"theirs"

"""Files of finished rows are made when they are due, whole, and of this register alone."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from geo import files, geopackage, roll, store
from geo import rolls as rolls_of
from geo.errors import FullStoreError, StoreError
from geo.reading import Reader
from geo.register import Register
from geo.rolls import Rolls
from tests.conftest import Places
from tests.geo.rolls.lying import NAME, TODAY, made, ready, same, write


def test_files_of_other_registers_and_eras_are_left_alone(
    some: Register, rolls: Rolls, places: Places, tmp_path: Path
) -> None:
    other = made(places())
    others = Rolls("postgresql://other", tmp_path)
    others.make_due(other.engine)
    shutil.copy(others.path(NAME), rolls.path(NAME))
    reader = Reader(some.engine, rolls=rolls)
    assert ready(reader) is None
    assert NAME in rolls.make_due(some.engine)
    assert ready(reader) is not None
    with store.writing(some.engine) as conn:
        store.begin_anew(conn)
    assert ready(Reader(some.engine, rolls=rolls)) is None
    assert NAME in rolls.make_due(some.engine)
    assert ready(Reader(some.engine, rolls=rolls)) is not None
    other.engine.dispose()


def test_a_file_of_a_later_state_is_left_alone(
    some: Register, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that still sees an older state than a file was made from."""
    write(some, "change", 1)
    rolls.make_due(some.engine)
    with store.writing(some.engine) as conn:
        conn.exec_driver_sql("UPDATE touched SET stamp = stamp - 1")
    assert ready(Reader(some.engine, rolls=rolls)) is None


def test_a_register_that_was_put_back_from_a_copy_has_files_of_its_own(
    tmp_path: Path,
) -> None:
    """Stamps and revisions come by the same numbers once more; the history does not."""
    place, copy = tmp_path / "r.gpkg", tmp_path / "copy.gpkg"
    found = made(place)
    geopackage.snapshot(found.engine, copy)
    rolls = Rolls(place, tmp_path)
    write(found, "change", 1)
    rolls.make_due(found.engine)
    found.engine.dispose()
    copy.replace(place)
    again = Register(store.open_store(place))
    write(again, "change", 2)
    assert ready(Reader(again.engine, rolls=rolls)) is None
    assert NAME in rolls.make_due(again.engine)
    assert same(Reader(again.engine, rolls=rolls), Reader(again.engine), TODAY, limit=9, after=0)
    again.engine.dispose()


OTHER = b'["r",1]' + (7).to_bytes(8, "little") + roll._MAGIC  # of another form


@pytest.mark.parametrize("spoil", [b"", b"x", b"x" * 4_096, OTHER, None])
def test_a_damaged_file_is_made_anew(some: Register, rolls: Rolls, spoil: bytes | None) -> None:
    rolls.make_due(some.engine)
    path = rolls.path(NAME)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] if spoil is None else spoil)
    assert ready(Reader(some.engine, rolls=rolls)) is None
    assert rolls.make_due(some.engine) == [NAME]
    assert ready(Reader(some.engine, rolls=rolls)) is not None


def test_it_is_made_by_one_at_a_time(some: Register, rolls: Rolls) -> None:
    with rolls_of._alone(rolls.path(NAME).parent) as free:
        assert free
        assert rolls.make_due(some.engine) == []
    assert NAME in rolls.make_due(some.engine)
    assert rolls.make_due(some.engine) == []


def test_it_rests_between_two_makings(
    some: Register, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolls.make_due(some.engine)
    write(some, "change", 0)
    monkeypatch.setattr(rolls_of, "REST", 1e9)
    assert rolls.make_due(some.engine) == []
    os.utime(rolls.path(NAME), (0, 0))
    assert rolls.make_due(some.engine) == [NAME]
    write(some, "change", 1)
    monkeypatch.setattr(rolls_of, "WORN", 1.0)
    assert rolls.make_due(some.engine) == [], "too little was written"
    monkeypatch.setattr(rolls_of, "REST", 0)
    os.utime(rolls.path(NAME), (0, 0))
    assert rolls.make_due(some.engine) == [NAME], "it was written long ago"


def test_few_rows_are_not_worth_a_file(
    some: Register, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolls_of, "LEAST", 11)
    assert rolls.make_due(some.engine) == []
    monkeypatch.setattr(rolls_of, "LEAST", 10)
    assert rolls.make_due(some.engine) == [NAME]


def test_a_full_disk_leaves_the_file_that_was_there(
    some: Register, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolls.make_due(some.engine)
    before = rolls.path(NAME).read_bytes()
    write(some, "change", 0)

    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "sync", full)
    with pytest.raises(FullStoreError):
        rolls.make_due(some.engine)
    assert rolls.path(NAME).read_bytes() == before
    assert not [one for one in rolls.path(NAME).parent.iterdir() if one.name.endswith(".part")]
    assert same(Reader(some.engine, rolls=rolls), Reader(some.engine), TODAY, limit=1, after=11)


def test_a_folder_that_cannot_be_written_to_is_named(some: Register, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    blocked: Any = Rolls("postgresql://other", tmp_path / "file" / "within")
    with pytest.raises(StoreError, match="within"):
        blocked.make_due(some.engine)

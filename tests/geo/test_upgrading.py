"""A register of an older version becomes what a new one is, history and all, or stays as it was."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from osgeo_utils.samples import validate_gpkg
from sqlalchemy import Connection, select, text

from geo import change, check, geopackage, layers, store, upgrading
from geo.errors import ForeignStoreError, OldStoreError, StoreError
from geo.history import checkpoints
from geo.migrating import head
from geo.register import Register
from geo.store import Target
from geo.tables import SCHEMA_VERSION, VIEWS, history, metadata
from geo.versions import SCRIPTS
from tests.conftest import Places
from tests.geo import edits, fresh, older

FIRST = "vn-kh.48.0.1"
Entry = tuple[int, bytes]


@pytest.fixture
def made(place: Target) -> Target:
    """A register of today with changes in its history."""
    register = edits.make(place)
    edits.patch(register, FIRST, note="đã sửa")
    edits.do(register, change.create, edits.EVENTS, event("2012-05-01"))
    register.engine.dispose()
    return place


def event(date: str, **more: object) -> dict[str, object]:
    return edits.fact(marker_id=FIRST, event="built", date=date, **more)


def entries(target: Target) -> list[Entry]:
    engine = store.open_store(target, older=True)
    with engine.connect() as conn:
        held = conn.execute(select(history.c.seq, history.c.hash))
        found = [(int(seq), bytes(own)) for seq, own in held]
    engine.dispose()
    return sorted(found)


def test_tables_change_by_a_script_alone() -> None:
    """Who changes a table writes a script, raises SCHEMA_VERSION and then this."""
    assert head(SCRIPTS) == SCHEMA_VERSION
    assert (SCHEMA_VERSION, older.digest(metadata.sorted_tables)) == ("8", "d58d2dd2")


@pytest.mark.parametrize("schema", ["3", "4", "5", "6", "7"])
def test_an_older_register_becomes_what_a_new_one_is(
    made: Target, places: Places, schema: str
) -> None:
    older.make(made, schema)
    before = entries(made)
    with pytest.raises(OldStoreError, match=rf"schema {schema}.*needs 8.*cotmoc upgrade"):
        store.open_store(made)
    assert upgrading.version(made) == schema
    assert [step.version for step in upgrading.steps(schema)] == ["4", "5", "6", "7", "8"][
        int(schema) - 3 :
    ]
    upgrading.upgrade(made)
    new = places()
    edits.make(new).engine.dispose()
    assert older.structure_of(made) == older.structure_of(new)
    assert entries(made) == before
    engine = store.open_store(made)
    with engine.connect() as conn:
        found = checkpoints.verify(conn)
    assert (found.entries, found.fault) == (len(before), None)
    register = Register(engine)
    assert edits.read(register, edits.MARKERS, FIRST)["properties"]["note"] == "đã sửa"
    key = edits.do(register, change.create, edits.EVENTS, event("2013-01-01")).id
    assert edits.read(register, edits.EVENTS, key)["properties"]["files"] is None
    assert check.check(engine) == []
    engine.dispose()


def test_what_would_not_be_sound_is_left_as_it_was(made: Target) -> None:
    older.make(made, "4")
    engine = store.open_store(made, older=True)
    with store.writing(engine) as conn:
        conn.execute(text("UPDATE markers SET note = 'behind the back of the history'"))
    engine.dispose()
    before = older.structure_of(made)
    with pytest.raises(StoreError, match=r"not be sound.*note"):
        upgrading.upgrade(made)
    assert upgrading.version(made) == "4"
    assert older.structure_of(made) == before


KILLED = """
import os, signal, sys
from geo import dependents, upgrading
done = []
remake = dependents.remake
def some(conn, layer, units):
    count = remake(conn, layer, units)
    done.append(layer)
    if count and len(done) > 8:
        os.kill(os.getpid(), signal.SIGKILL)
    return count
dependents.remake = some
upgrading.upgrade(sys.argv[1])
"""


def test_one_that_is_killed_leaves_the_old_register(made: Target) -> None:
    older.make(made, "3")
    before, told = older.structure_of(made), entries(made)
    done = subprocess.run([sys.executable, "-c", KILLED, str(made)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert upgrading.version(made) == "3"
    assert older.structure_of(made) == before
    assert entries(made) == told
    upgrading.upgrade(made)
    engine = store.open_store(made)
    assert check.check(engine) == []
    engine.dispose()


def test_of_two_at_once_one_does_it(made: Target) -> None:
    older.make(made, "4")
    failed: list[BaseException] = []

    def run() -> None:
        try:
            upgrading.upgrade(made)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    engine = store.open_store(made)
    assert check.check(engine) == []
    engine.dispose()


def test_what_cannot_be_upgraded_is_refused(made: Target) -> None:
    before = older.structure_of(made)
    for found, why in (("9", "newer"), ("2", "too old"), ("x", "schema x"), ("05", "too old")):
        engine = store.open_store(made)
        with store.writing(engine) as conn:
            store.set_value(conn, "schema", found)
        for ask in (store.open_store, upgrading.version, upgrading.upgrade):
            with pytest.raises(ForeignStoreError, match=why) as refused:
                ask(made)
            assert not isinstance(refused.value, OldStoreError)
            assert "left as it is" in refused.value.detail
        with store.writing(engine) as conn:
            store.set_value(conn, "schema", SCHEMA_VERSION)
        engine.dispose()
    assert older.structure_of(made) == before


STEP = '''"""a step for this test."""

revision = "%s"
down_revision = "%s"
%s

def upgrade() -> None:
    """Change nothing."""
'''
KEEPS = "KEEPS_SHOWN = True"


@pytest.fixture
def step(made: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make a register of today one that some steps are to be done to, which change nothing."""

    def prepare(*said: str) -> None:
        last = int(SCHEMA_VERSION)
        versions = range(last - len(said), last + 1)
        for number, more in zip(versions, ("", *said), strict=True):
            script = STEP % (number, number - 1, more)
            if number == versions[0]:
                script = script.replace(f'"{number - 1}"', "None")
            (tmp_path / f"step_{number}.py").write_text(script)
        monkeypatch.setattr("geo.upgrading.SCRIPTS", tmp_path)
        monkeypatch.setattr("geo.versions.SCRIPTS", tmp_path)
        do(made, lambda conn: store.set_value(conn, "schema", str(versions[0])))

    return prepare


def do(target: Target, work: Callable[[Connection], object]) -> None:
    """Write to a register of whichever version."""
    engine = store.open_store(target, older=True)
    with store.writing(engine) as conn:
        work(conn)
    engine.dispose()


def whole(target: Target) -> dict[str, list[str]]:
    """Return each row of each table, numbers and all."""
    engine = store.open_store(target, older=True)
    with engine.connect() as conn:
        tables = (table for table in metadata.sorted_tables if table.name != "register")
        found = {one.name: sorted(map(str, conn.execute(select(one)))) for one in tables}
    engine.dispose()
    return found


def spoil(conn: Connection) -> None:
    conn.execute(text("UPDATE markers_view SET stage = 'x'"))


def test_steps_that_keep_what_is_shown_leave_it(made: Target, step: Callable[..., None]) -> None:
    step(KEEPS, KEEPS)
    before = whole(made), older.structure_of(made)
    upgrading.upgrade(made)
    assert upgrading.version(made) == SCHEMA_VERSION
    assert (whole(made), older.structure_of(made)) == before


def test_what_they_keep_is_proved(made: Target, step: Callable[..., None]) -> None:
    step(KEEPS)
    do(made, spoil)
    with pytest.raises(StoreError, match=r"not be sound.*markers_view.*stage"):
        upgrading.upgrade(made)
    assert int(upgrading.version(made)) < int(SCHEMA_VERSION)


@pytest.mark.parametrize("said", [(KEEPS, ""), ("", KEEPS)])
def test_one_that_does_not_keep_it_shows_all_anew(
    made: Target, step: Callable[..., None], said: tuple[str, str]
) -> None:
    before = older.structure_of(made)
    step(*said)
    do(made, spoil)
    upgrading.upgrade(made)
    engine = store.open_store(made)
    assert check.check(engine) == []
    engine.dispose()
    assert older.structure_of(made) == before


def test_indexes_come_and_go_though_what_is_shown_is_kept(
    made: Target, step: Callable[..., None]
) -> None:
    before = older.structure_of(made)
    step(KEEPS)
    do(made, lambda conn: conn.execute(text("DROP INDEX markers_view_latest")))
    do(made, lambda conn: conn.execute(text("CREATE INDEX of_old ON markers_view (note)")))
    upgrading.upgrade(made)
    assert older.structure_of(made) == before


def test_the_geopackage_validator_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "r.gpkg"
    edits.make(path).engine.dispose()
    older.make(path, "3")
    upgrading.upgrade(path)
    engine = store.open_store(path)
    geopackage.snapshot(engine, tmp_path / "copy.gpkg")
    engine.dispose()
    validate_gpkg.check(str(tmp_path / "copy.gpkg"), extra_checks=True)


def test_readers_see_what_a_register_made_afresh_shows(made: Target, places: Places) -> None:
    """Also where what older programs showed has been corrected since."""
    older.make(made, "4")
    engine = store.open_store(made, older=True)
    with store.writing(engine) as conn:
        conn.execute(text("UPDATE markers_view SET stage = 'x', geojson = '{}'"))
        conn.execute(text("DELETE FROM search_index"))
        if conn.dialect.name == "sqlite":
            conn.execute(text("DELETE FROM markers_box"))
    engine.dispose()
    counted = revision(made)
    upgrading.upgrade(made)
    engine = store.open_store(made)
    with engine.connect() as conn:
        assert fresh.shown(conn) == fresh.shown_afresh(conn, places())
    engine.dispose()
    assert revision(made) > counted  # what a browser has kept is asked for anew


def test_pages_keep_their_order(made: Target) -> None:
    """What came last to the register stays last, wherever its name would put it."""
    register = Register(store.open_store(made))
    for number in range(8):  # their identifiers end at random
        edits.do(register, change.create, edits.EVENTS, event(f"2012-05-0{number + 1}"))
    edits.patch(register, FIRST, note="sửa nữa")
    register.engine.dispose()
    before = pages(made)
    older.make(made, "6")
    upgrading.upgrade(made)
    assert pages(made) == before


def pages(target: Target) -> dict[str, list[str]]:
    engine = store.open_store(target)
    with engine.connect() as conn:
        found = {
            name: list(conn.execute(select(view.c.id).order_by(view.c.vid)).scalars())
            for name, view in VIEWS.items()
        }
    engine.dispose()
    return found


def revision(target: Target) -> int:
    engine = store.open_store(target, older=True)
    with engine.connect() as conn:
        found = store.revision(conn, layers.MARKERS.name)
    engine.dispose()
    return found

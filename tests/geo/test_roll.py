"""Pages that lie ready beside the store are those that the store gives, whatever was written."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo import called, change, files, geopackage, query, roll, store, touched
from geo import rolls as rolls_of
from geo.audience import EVERYTHING
from geo.errors import ConflictError, FullStoreError, StoreError
from geo.layers import MARKERS
from geo.pages import Sheet
from geo.period import parse
from geo.query import Filter
from geo.questions import Apart, State
from geo.reading import Reader
from geo.register import Register
from geo.roll import Roll
from geo.rolls import Rolls
from geo.store import Target
from tests.conftest import Places
from tests.geo.build import event, marker, register
from tests.geo.edits import EDIT, feature

WRITER = replace(EDIT, sight=EVERYTHING)
TODAY = Filter(parse(None))
NAME = MARKERS.name


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of few rows, of runs of two keys, seen and made anew at once."""
    monkeypatch.setattr(touched, "BITS", 1)
    monkeypatch.setattr(rolls_of, "LEAST", 1)
    monkeypatch.setattr(rolls_of, "LOOK_S", 0.0)
    monkeypatch.setattr(rolls_of, "REST", 0)


def made(place: Target) -> Register:
    return register(
        place,
        markers=[
            marker(
                f"m.{n}", 107 + n / 100, 12.5, classification="internal" if n % 5 == 4 else "public"
            )
            for n in range(12)
        ],
        marker_events=[event(f"m.{n}", "built", "2014-06-30") for n in range(0, 12, 3)],
    )


@pytest.fixture
def some(place: Target) -> Iterator[Register]:
    found = made(place)
    yield found
    found.engine.dispose()


@pytest.fixture
def rolls(place: Target, tmp_path: Path) -> Rolls:
    return Rolls(place, tmp_path)


def ready(reader: Reader, asked: Filter = TODAY, *, limit: int = 3, after: int = 0) -> Sheet | None:
    """A page that lies ready, as a server finds it: after it has read one from the store."""
    reader.sheet(MARKERS, asked, limit=1)
    return reader.sheet_at_hand(MARKERS, asked, reader.revision(), limit=limit, after=after)


def write(found: Register, kind: str, number: int) -> None:
    with suppress(ConflictError), store.writing(found.engine) as conn:
        ids = [row["id"] for row in query.rows(conn, MARKERS, Filter(None, sight=EVERYTHING))]
        key = ids[number % len(ids)]
        if kind == "add" or len(ids) < 4:
            change.create(conn, MARKERS, feature(107.0, 12.0, number="x"), WRITER)
        elif kind == "change":
            change.update(conn, MARKERS, key, {"properties": {"note": f"ghi {number}"}}, WRITER)
        elif kind == "move":
            there = {"type": "Point", "coordinates": [107 + number / 100, 12.5 + number % 3 / 10]}
            change.update(conn, MARKERS, key, {"geometry": there}, WRITER)
        elif kind == "hide":
            hidden = {"properties": {"classification": ("internal", "public")[number % 2]}}
            change.update(conn, MARKERS, key, hidden, WRITER)
        else:
            change.delete(conn, MARKERS, key, WRITER)


def same(reader: Reader, plain: Reader, asked: Filter, *, limit: int, after: int) -> bool:
    """Say whether a page lies ready; what does is what the store gives."""
    found = ready(reader, asked, limit=limit, after=after)
    read = plain.sheet(MARKERS, asked, limit=limit, after=after)
    assert found is None or told(found) == told(read)
    assert told(reader.sheet(MARKERS, asked, limit=limit, after=after)) == told(read)
    return found is not None


def same_item(reader: Reader, plain: Reader, feature_id: str) -> bool:
    """Say whether a feature lies ready; what does is what the store gives."""
    found = reader.item_at_hand(MARKERS, feature_id, TODAY, reader.revision())
    if found is not None:
        assert found == plain.item(MARKERS, feature_id, TODAY)
    return found is not None


def told(sheet: Sheet) -> tuple[object, ...]:
    return bytes(sheet.text), *sheet[1:]


ASKED = (
    TODAY,
    replace(TODAY, bbox=(107.02, 12.0, 107.1, 13.0)),
    replace(TODAY, bbox=(107.02, 12.5, 107.05, 12.5)),
    replace(TODAY, bbox=(107.0, 12.55, 108.0, 12.75)),
    replace(TODAY, bbox=(170.0, -80.0, 107.04, 80.0)),
    replace(TODAY, values={"stage": ["built"]}),
    replace(TODAY, values={"number": ["x", "m.1"]}, bbox=(106.0, 11.0, 108.0, 13.0)),
    replace(TODAY, values={"number": ["none"]}),
    replace(TODAY, sight=EVERYTHING, bbox=(107.02, 12.0, 107.1, 13.0)),
)
KINDS = ["page", "page", "page", "page", "make", "add", "change", "move", "hide", "drop"]
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 11)), min_size=6, max_size=20)


@given(steps=STEPS)
@settings(
    deadline=None,
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_pages_between_writes_are_those_of_the_store(
    some: Register, rolls: Rolls, steps: list[tuple[str, int]]
) -> None:
    reader, plain = Reader(some.engine, rolls=rolls), Reader(some.engine)
    starts = [0]
    for kind, number in steps:
        if kind == "make":
            rolls.make_due(some.engine)
        elif kind != "page":
            write(some, kind, number)
        else:
            after, limit = starts[number % len(starts)], 1 + number % 7
            for asked in ASKED:
                same(reader, plain, asked, limit=limit, after=after)
            for n in range(12):
                same_item(reader, plain, f"m.{n}")
            read = plain.sheet(MARKERS, TODAY, limit=limit, after=after)
            starts += [key for key in (read.next_after, read.prev_before) if key is not None]


def test_every_page_of_a_file_is_there_but_for_those_that_were_written(
    some: Register, rolls: Rolls
) -> None:
    reader, plain = Reader(some.engine, rolls=rolls), Reader(some.engine)
    assert not same(reader, plain, TODAY, limit=3, after=0)
    assert NAME in rolls.make_due(some.engine)
    keys = [0, *map(int, Roll(rolls.path(NAME)).keys)]
    for after in keys[:-1]:
        for limit in (1, 2, 5, 100):
            assert same(reader, plain, TODAY, limit=limit, after=after)
    assert not same(reader, plain, TODAY, limit=3, after=keys[-1]), "nothing follows the last"
    write(some, "change", 0)
    found = [same(reader, plain, TODAY, limit=1, after=after) for after in keys]
    assert True in found
    assert False in found[:-1]
    assert rolls.make_due(some.engine) == [NAME]
    assert all(same(reader, plain, TODAY, limit=2, after=after) for after in keys[:-1])


NEAR = replace(TODAY, bbox=(107.02, 12.0, 107.06, 13.0))  # m.2, m.3, m.5 and m.6


@pytest.mark.parametrize("many", [0, roll._MANY])
def test_every_window_of_a_file_is_that_of_the_store(
    some: Register, rolls: Rolls, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(roll, "_MANY", many)
    rolls.make_due(some.engine)
    reader, plain = Reader(some.engine, rolls=rolls), Reader(some.engine)
    sides = [106.0, 107.0, 107.02, 107.03, 107.1, 107.11, 108.0]
    for west in sides:
        for east in (side for side in sides if side >= west):
            for south, north in ((-90, 90), (12.5, 12.5), (12.49, 12.505), (12.6, 13), (-1, 12.5)):
                asked = replace(TODAY, bbox=(west, south, east, north))
                for limit, after in ((2, 0), (100, 0), (2, 3), (1, 1_000)):
                    assert same(reader, plain, asked, limit=limit, after=after)


def test_a_window_heeds_what_was_written_in_it_alone(
    some: Register, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(touched, "BITS", 0)
    rolls.make_due(some.engine)
    reader, plain = Reader(some.engine, rolls=rolls), Reader(some.engine)
    assert same(reader, plain, NEAR, limit=9, after=0)
    with store.writing(some.engine) as conn:
        change.update(conn, MARKERS, "m.10", {"properties": {"note": "ghi"}}, WRITER)
    assert same(reader, plain, NEAR, limit=9, after=0), "m.10 stands elsewhere"
    with store.writing(some.engine) as conn:
        away = {"geometry": {"type": "Point", "coordinates": [109.0, 12.5]}}
        change.update(conn, MARKERS, "m.3", away, WRITER)
    assert same(reader, plain, replace(TODAY, bbox=(107.05, 12, 107.06, 13)), limit=9, after=0)
    assert not same(reader, plain, replace(TODAY, bbox=(108, 12, 110, 13)), limit=9, after=0)
    assert plain.sheet(MARKERS, NEAR, limit=9).matched == 3


def test_windows_are_asked_of_the_store_where_much_was_written(
    some: Register, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolls.make_due(some.engine)
    write(some, "change", 10)
    reader, plain = Reader(some.engine, rolls=rolls), Reader(some.engine)
    monkeypatch.setattr(called, "MOST_PLACED", 0)
    assert not same(reader, plain, NEAR, limit=9, after=0)


def test_rows_that_stand_nowhere_are_in_no_window(place: Target, rolls: Rolls) -> None:
    rows = [marker("m.0", 107.5, 12.5), marker("m.1", 107.5, 12.5)._replace(geometry=None)]
    found = register(place, markers=rows)
    rolls.make_due(found.engine)
    reader, plain = Reader(found.engine, rolls=rolls), Reader(found.engine)
    asked = replace(TODAY, bbox=(-180.0, -90.0, 180.0, 90.0))
    assert same(reader, plain, asked, limit=9, after=0)
    assert plain.sheet(MARKERS, asked, limit=9).matched == 1
    assert same_item(reader, plain, "m.1")
    found.engine.dispose()


def test_every_feature_of_a_file_is_there_but_for_those_that_were_written(
    some: Register, rolls: Rolls
) -> None:
    rolls.make_due(some.engine)
    reader, plain = Reader(some.engine, rolls=rolls), Reader(some.engine)
    reader.item(MARKERS, "m.0", TODAY)
    ready = [n for n in range(12) if same_item(reader, plain, f"m.{n}")]
    assert ready == [n for n in range(12) if n % 5 != 4], "internal ones are in no file"
    for strange in ("", "m", "m.12", "m.1\0", "m.1\ud800"):
        assert not same_item(reader, plain, strange)
    with store.writing(some.engine) as conn:
        change.update(conn, MARKERS, "m.5", {"properties": {"note": "ghi"}}, WRITER)
    reader.item(MARKERS, "m.0", TODAY)
    assert not same_item(reader, plain, "m.5")
    assert 0 < sum(same_item(reader, plain, f"m.{n}") for n in range(12)) < len(ready)


@pytest.mark.parametrize("digest", [lambda _: bytes(8), lambda one: f"{one[:3]:8}".encode()])
def test_digests_that_meet_are_no_names(
    some: Register, rolls: Rolls, monkeypatch: pytest.MonkeyPatch, digest: Any
) -> None:
    """All ids with one digest; and m.1 with that of m.10 and m.11."""
    monkeypatch.setattr(roll, "_digest", digest)
    rolls.make_due(some.engine)
    reader = Reader(some.engine, rolls=rolls)
    reader.item(MARKERS, "m.0", TODAY)
    assert reader.item_at_hand(MARKERS, "m.1", TODAY, reader.revision()) is None
    assert reader.item_at_hand(MARKERS, "m.2x", TODAY, reader.revision()) is None


def test_texts_that_lie_ready_are_not_asked_of_postgres(
    some: Register, rolls: Rolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store.is_file(some.engine):
        pytest.skip("a file gives keys and texts at once")
    rolls.make_due(some.engine)
    reader, box = Reader(some.engine, rolls=rolls), replace(TODAY, bbox=(107.02, 12.0, 107.1, 13.0))
    reader.sheet(MARKERS, TODAY, limit=1)
    monkeypatch.setattr(State, "forth", None)
    monkeypatch.setattr(Apart, "forth", None)
    assert reader.sheet(MARKERS, box, limit=3).returned == 3
    write(some, "change", 3)
    with pytest.raises(TypeError):
        reader.sheet(MARKERS, box, limit=9)


def test_two_processes_see_a_write_of_a_third(some: Register, rolls: Rolls) -> None:
    rolls.make_due(some.engine)
    readers = [Reader(some.engine, rolls=Rolls(rolls.target, rolls.folder)) for _ in range(2)]
    first = [ready(reader, limit=20) for reader in readers]
    assert None not in first
    write(some, "add", 0)
    now = readers[0].revision()
    for reader in readers:
        assert reader.sheet_at_hand(MARKERS, TODAY, now, limit=20) is None
        assert ready(reader, limit=20) is None, "a row was added behind the last"
        assert reader.sheet(MARKERS, TODAY, limit=20).returned == first[0].returned + 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "asked",
    [
        replace(TODAY, sight=EVERYTHING),
        replace(TODAY, sight=EVERYTHING, bbox=(107.0, 12.0, 108.0, 13.0)),
        replace(TODAY, bbox=(170.0, 12.0, 108.0, 13.0)),
        replace(TODAY, values={"stage": ["built"]}, bbox=(107.0, 12.0, 108.0, 13.0)),
        replace(TODAY, values={"border": ["VN-KH"]}),
        replace(TODAY, units=frozenset()),
        Filter(None),
        Filter(parse("2010-01-01")),
        Filter(parse("2010-01-01/..")),
    ],
)
def test_what_else_is_asked_is_never_answered_from_a_file(
    some: Register, rolls: Rolls, asked: Filter
) -> None:
    rolls.make_due(some.engine)
    reader = Reader(some.engine, rolls=rolls)
    assert ready(reader) is not None
    assert ready(reader, asked) is None
    assert same_item(reader, reader, "m.1")
    assert reader.item_at_hand(MARKERS, "m.1", asked, reader.revision()) is None


def test_a_file_holds_for_the_days_on_which_nothing_begins_or_ends(
    place: Target, rolls: Rolls
) -> None:
    ends = [None, "2099-01-01", None, "2098-06-01"]
    found = register(
        place, markers=[marker(f"m.{n}", 107.5, 12.5, valid_to=end) for n, end in enumerate(ends)]
    )
    rolls.make_due(found.engine)
    reader, plain = Reader(found.engine, rolls=rolls), Reader(found.engine)
    for day, held in (("2098-05-31", True), ("2098-06-01", False), ("2099-01-01", False)):
        assert same(reader, plain, Filter(parse(day)), limit=9, after=0) is held
    found.engine.dispose()


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

"""Windows, filters and features that lie ready are those that the store gives."""

from dataclasses import replace
from typing import Any

import pytest

from geo import called, change, roll, store, touched
from geo.bitmaps import Wanted
from geo.layers import MARKER_EVENTS, MARKERS
from geo.reading import Reader
from geo.register import Register
from geo.rolls import Rolls
from geo.store import Target
from geo.types import BBox
from tests.geo.build import event, marker, register
from tests.geo.edits import fact
from tests.geo.rolls.lying import TODAY, WRITER, same, same_item, write

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


VALUES = [
    {"stage": ["built"]},
    {"stage": ["built", "located"]},
    {"province_origin_id": ["vn.lam-dong"], "stage": ["built"]},
    {"province_origin_id": ["vn.lam-dong", "vn.dak-nong"]},
]


@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize("box", [None, NEAR.bbox])
def test_what_has_some_values_lies_ready(
    place: Target, rolls: Rolls, values: Wanted, box: BBox | None
) -> None:
    """200 markers: more than the bits of three words; some built, some located, some neither."""
    markers = [
        marker(
            f"m.{n:03}", 107 + n / 1_000, 12.5,
            province_origin_id="vn.dak-nong" if n % 3 else "vn.lam-dong",
        )
        for n in range(200)
    ]  # fmt: skip
    events = [
        event(f"m.{n:03}", ("built", "located")[n % 2], "2014-06-30") for n in range(0, 200, 3)
    ]
    found = register(place, markers=markers, marker_events=events)
    rolls.make_due(found.engine)
    reader, plain = Reader(found.engine, rolls=rolls), Reader(found.engine)
    asked, after = replace(TODAY, values=values, bbox=box), 0
    while True:
        assert same(reader, plain, asked, limit=3, after=after)
        following = plain.sheet(MARKERS, asked, limit=3, after=after).next_after
        if following is None:
            break
        after = following
    assert after, "more than a page"
    with store.writing(found.engine) as conn:
        change.update(conn, MARKERS, "m.199", {"properties": {"note": "ghi"}}, WRITER)
    assert same(reader, plain, replace(asked, bbox=(107.0, 12.0, 107.1, 13.0)), limit=3, after=0)
    found.engine.dispose()


def test_a_row_that_comes_to_have_a_value_is_found(some: Register, rolls: Rolls) -> None:
    rolls.make_due(some.engine)
    reader, plain = Reader(some.engine, rolls=rolls), Reader(some.engine)
    asked = replace(TODAY, values={"stage": ["built"]})
    assert same(reader, plain, asked, limit=9, after=0)
    before = plain.sheet(MARKERS, asked, limit=9).matched
    with store.writing(some.engine) as conn:
        built = fact(marker_id="m.1", event="built", date="2015-01-01")
        change.create(conn, MARKER_EVENTS, built, WRITER)
    assert not same(reader, plain, asked, limit=9, after=0)
    assert plain.sheet(MARKERS, asked, limit=9).matched == before + 1

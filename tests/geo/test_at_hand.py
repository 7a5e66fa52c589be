"""Rows at hand give what the store gives, or nothing, whatever was read before."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from geo import at_hand, change, query, store
from geo.at_hand import AtHand, Sheet, Stretch
from geo.audience import EVERYTHING
from geo.errors import ConflictError
from geo.layers import MARKERS
from geo.period import parse
from geo.query import Filter
from geo.reading import Reader
from geo.register import Register
from geo.store import Target
from tests.geo.build import event, marker, register
from tests.geo.edits import EDIT, feature

WRITER = replace(EDIT, sight=EVERYTHING)
KEYS = st.lists(st.integers(1, 60), unique=True, min_size=1, max_size=40).map(sorted)
ASKED = st.lists(st.tuples(st.integers(0, 65), st.integers(1, 12)), min_size=1, max_size=40)


def text(key: int) -> bytes:
    return orjson.dumps({"id": key, "note": "một dòng,\nhai dòng" * (key % 3)})


def read(keys: list[int], after: int, limit: int, *, told: bool) -> Stretch:
    """A page as a file tells it, or as PostgreSQL does: with one row more, if there is one."""
    found = [key for key in keys if key > after][: limit + 1]
    more = len(found) > limit
    names: Any = ",".join(map(str, found)) if told else found
    return Stretch(
        after,
        found[0] if found else 0,
        found[-1] if more else 0,
        min(len(found), limit),
        names,
        b",\n".join(map(text, found)),
    )


def wanted(keys: list[int], after: int, limit: int) -> Sheet | None:
    found = [key for key in keys if key > after]
    shown = found[:limit]
    return Sheet(
        b",\n".join(map(text, shown)),
        len(shown),
        found[limit] - 1 if len(found) > limit else None,
        shown[0] if after and shown else None,
        len(keys),
        7,
    )


def held(rows: AtHand) -> int:
    """What is held, counted anew; stretches lie in order and none overlaps another."""
    total = 0
    for shelf in rows._shelves.values():
        assert shelf.sinces == [one.since for one in shelf.stretches]
        keys = [key for one in shelf.stretches for key in one.keys]
        assert keys == sorted(set(keys))
        total += sum(one.size for one in shelf.stretches)
    return total


@given(keys=KEYS, asked=ASKED, told=st.booleans(), most=st.sampled_from([2_000, 9_000, 1 << 20]))
@example(keys=[4, 5, 8], asked=[(2, 2), (0, 1)], told=True, most=1 << 20)
@settings(deadline=None)
def test_pages_in_any_order_are_those_that_a_store_gives(
    keys: list[int], asked: list[tuple[int, int]], told: bool, most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(at_hand, "MOST_BYTES", most)
        rows = AtHand(7)
        for after, limit in asked:
            right = wanted(keys, after, limit)
            found = rows.sheet("all", after, limit)
            page = read(keys, after, limit, told=told)
            assert page.sheet(len(keys), 7) == right
            assert found in (None, right)
            rows.keep("all", page, len(keys))
            assert rows.bytes == held(rows) <= most
            again = rows.sheet("all", after, limit)
            assert again == right or (again is None and (most < 1 << 20 or not page.number))


def test_pages_that_lie_within_what_was_read_are_all_at_hand() -> None:
    keys, rows = list(range(3, 3_000, 3)), AtHand(7)
    for after in range(0, 2_700, 300):
        rows.keep("all", read(keys, after, 100, told=True), len(keys))
    for after in range(2_400):
        assert rows.sheet("all", after, 100) == wanted(keys, after, 100)
    assert rows.sheet("all", 2_650, 100) is None
    assert rows.sheet("others", 0, 1) is None


def test_small_pieces_become_one() -> None:
    keys, rows = list(range(1, 300)), AtHand(7)
    for after in range(250):
        rows.keep("all", read(keys, after, 20, told=True), len(keys))
    assert len(rows._shelves["all"].stretches) == 1
    assert rows.sheet("all", 0, 269) == wanted(keys, 0, 269)


def test_the_oldest_rows_make_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_hand, "MOST_BYTES", 40_000)
    keys, rows = list(range(1, 2_000)), AtHand(7)
    for after in range(0, 1_000, 10):
        rows.keep("all", read(keys, after, 10, told=True), len(keys))
        assert rows.bytes == held(rows) <= 40_000
    assert rows.sheet("all", 990, 10) == wanted(keys, 990, 10)
    assert rows.sheet("all", 0, 10) is None
    rows.keep("all", read(keys, 0, 1_900, told=True), len(keys))
    assert rows.sheet("all", 0, 10) is None, "one page must not push out all others"


@pytest.fixture
def some(place: Target) -> Register:
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


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["page", "page", "page", "add", "change", "drop"]), st.integers(0, 11)
    ),
    min_size=4,
    max_size=12,
)


def write(made: Register, kind: str, number: int) -> None:
    with suppress(ConflictError), store.writing(made.engine) as conn:
        ids = [row["id"] for row in query.rows(conn, MARKERS, Filter(None, sight=EVERYTHING))]
        key = ids[number % len(ids)]
        if kind == "add" or len(ids) < 4:
            change.create(conn, MARKERS, feature(107.0, 12.0, number="x"), WRITER)
        elif kind == "change":
            change.update(conn, MARKERS, key, {"properties": {"note": f"ghi {number}"}}, WRITER)
        else:
            change.delete(conn, MARKERS, key, WRITER)


@given(steps=STEPS, days=st.sampled_from(["2014-01-01", "2031-01-01"]))
@settings(
    deadline=None,
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_pages_between_writes_are_those_of_a_plain_read(
    some: Register, steps: list[tuple[str, int]], days: str
) -> None:
    readers = Reader(some.engine), Reader(some.engine)  # two processes
    starts = [0]
    for turn, (kind, number) in enumerate(steps):
        if kind != "page":
            write(some, kind, number)
            continue
        asked = Filter(parse(days if turn % 3 == 0 else "2020-01-01"))
        reader, after, limit = readers[turn % 2], starts[number % len(starts)], 1 + number % 7
        with some.engine.connect() as conn:
            plain = query.page(conn, MARKERS, asked, limit=limit, after=after)
            matched, now = query.matched(conn, MARKERS, asked), store.revision_of_all(conn)
        known = reader.sheet_at_hand(MARKERS, asked, now, limit=limit, after=after)
        sheet = reader.sheet(MARKERS, asked, limit=limit, after=after)
        assert known in (None, sheet)
        assert bytes(sheet.text) == b",\n".join(one.encode() for one in plain.features)
        assert (sheet.matched, sheet.revision) == (matched, now)
        assert (sheet.next_after is None) == (plain.next_after is None)
        starts += [key for key in (sheet.next_after, sheet.prev_before) if key is not None]


def test_a_page_that_overlaps_others_asks_nothing_of_the_store(some: Register) -> None:
    reader, asked = Reader(some.engine), Filter(parse("2020-01-01"))
    reader.sheet(MARKERS, asked, limit=12)
    assert reader.sheet_at_hand(MARKERS, asked, reader.revision(), limit=1) is None
    first = reader.sheet(MARKERS, asked, limit=6)
    second = reader.sheet(MARKERS, asked, limit=4, after=first.next_after or 0)
    revision = reader.revision()
    whole = reader.sheet_at_hand(MARKERS, asked, revision, limit=9)
    assert whole is not None
    assert (
        bytes(whole.text) == b",\n".join((bytes(first.text), bytes(second.text)))[: len(whole.text)]
    )
    assert reader.sheet_at_hand(MARKERS, asked, revision + 1, limit=9) is None
    for other in (
        Filter(parse("2020-01-02")),
        Filter(asked.when, sight=EVERYTHING),
        Filter(asked.when, bbox=(107.0, 12.0, 108.0, 13.0)),
        Filter(asked.when, values={"border": ["VN-KH"]}),
        Filter(asked.when, units=frozenset()),
    ):
        if other.when == asked.when:
            reader.sheet(MARKERS, other, limit=9)
        assert reader.sheet_at_hand(MARKERS, other, revision, limit=9) is None

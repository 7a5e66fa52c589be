"""Pages that lie ready beside the store are those that the store gives, whatever was written."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo import store
from geo.audience import EVERYTHING
from geo.layers import MARKERS
from geo.period import parse
from geo.query import Filter
from geo.questions import Apart, State
from geo.reading import Reader
from geo.register import Register
from geo.roll import Roll
from geo.rolls import Rolls
from geo.store import Target
from tests.geo.build import marker, register
from tests.geo.rolls.lying import NAME, TODAY, ready, same, same_item, write

ASKED = (
    TODAY,
    replace(TODAY, bbox=(107.02, 12.0, 107.1, 13.0)),
    replace(TODAY, bbox=(107.02, 12.5, 107.05, 12.5)),
    replace(TODAY, bbox=(107.0, 12.55, 108.0, 12.75)),
    replace(TODAY, bbox=(170.0, -80.0, 107.04, 80.0)),
    replace(TODAY, values={"stage": ["built"]}),
    replace(TODAY, values={"stage": ["built", "located"], "province_origin_id": ["vn.dak-nong"]}),
    replace(TODAY, values={"stage": ["built"]}, bbox=(107.02, 12.0, 107.1, 13.0)),
    replace(TODAY, values={"condition": ["intact", "null"]}),
    replace(TODAY, values={"number": ["x", "m.1"]}, bbox=(106.0, 11.0, 108.0, 13.0)),
    replace(TODAY, values={"number": ["none"]}),
    replace(TODAY, sight=EVERYTHING, bbox=(107.02, 12.0, 107.1, 13.0)),
)
KINDS = ["page"] * 4 + ["make", "add", "change", "build", "move", "hide", "drop"]
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
        replace(TODAY, values={"number": ["m.1"]}),
        replace(TODAY, values={"stage": ["null"]}),
        replace(TODAY, values={"stage": ["built"], "number": ["m.1"]}),
        replace(TODAY, values={"stage": ["built"]}, sight=EVERYTHING),
        replace(TODAY, values={"stage": ["built"]}, units=frozenset()),
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

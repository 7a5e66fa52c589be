"""Stage and condition through time, as the register's rules state them."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from geo.tables import EARLIEST, LATEST
from geo.timeline import condition_steps, periods, stage_steps, unit_steps
from geo.types import Properties
from geo.units import from_rows
from geo.vocabulary import MarkerEvent, Stage
from tests.geo.build import UNITS, row

ORDER = [stage.value for stage in Stage]
DAYS = st.integers(0, 9_000).map(lambda n: (date(2000, 1, 1) + timedelta(n)).isoformat())
KINDS = st.sampled_from([kind.value for kind in MarkerEvent])
EVENTS = st.lists(st.fixed_dictionaries({"event": KINDS, "date": DAYS}), max_size=12)


def stage_at(events: list[Properties], day: str) -> str | None:
    """The rule in one line: the furthest step dated by then."""
    ranks = [ORDER.index(e["event"]) for e in events if e["date"] <= day and e["event"] in ORDER]
    return ORDER[max(ranks)] if ranks else None


@given(EVENTS, DAYS)
def test_stage_is_the_furthest_step_dated_by_then(events: list[Properties], day: str) -> None:
    marker = row("markers", "m")
    cut = periods([marker], stage_steps(events))
    [at] = [p for p in cut if p.start <= day < p.end]
    assert at.row.properties["stage"] == stage_at(events, day)


@given(EVENTS)
def test_periods_cover_all_time_without_gap_or_overlap(events: list[Properties]) -> None:
    cut = periods([row("markers", "m")], stage_steps(events))
    assert (cut[0].start, cut[-1].end, cut[-1].following) == (EARLIEST, LATEST, LATEST)
    assert all(one.end == one.following == two.start for one, two in pairwise(cut))


@given(EVENTS)
def test_stage_never_goes_back(events: list[Properties]) -> None:
    ranks = [ORDER.index(step.changes["stage"]) for step in stage_steps(events)]
    assert ranks == sorted(set(ranks))


def test_repair_and_move_change_nothing() -> None:
    events = [{"event": name, "date": "2020-01-01"} for name in ("repaired", "moved")]
    assert stage_steps(events) == []


def test_condition_is_that_of_the_last_visit() -> None:
    visits = [
        {"at": "2021-05-01T09:00:00", "condition": "damaged"},
        {"at": "2020-05-01T09:00:00", "condition": "intact"},
    ]
    cut = periods([row("markers", "m")], condition_steps(visits))
    seen = [(p.row.properties["condition"], p.row.properties["condition_as_of"]) for p in cut]
    assert seen == [(None, None), ("intact", "2020-05-01"), ("damaged", "2021-05-01")]


def test_a_gap_between_versions_stays_a_gap() -> None:
    first = row("gates", "g", valid_from="2000-01-01", valid_to="2005-01-01")
    second = row("gates", "g", valid_from="2010-01-01")
    cut = periods([second, first])
    assert [(p.start, p.end, p.following) for p in cut] == [
        ("2000-01-01", "2005-01-01", "2010-01-01"),
        ("2010-01-01", LATEST, LATEST),
    ]


def test_a_place_follows_its_territory_into_the_new_province() -> None:
    steps = unit_steps("vn.dak-nong", from_rows(UNITS))
    assert [(s.date, s.changes["province"]) for s in steps] == [
        (EARLIEST, "Đắk Nông"),
        ("2025-07-01", "Lâm Đồng"),
    ]

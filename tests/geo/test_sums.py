"""Numbers that are kept, and ways along indexes, give what a look at each row gives."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from unittest.mock import patch

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo import cql, query, questions, statements, store
from geo.audience import PUBLIC, Sight, everywhere
from geo.errors import ConflictError, NotFoundError
from geo.layers import MARKERS
from geo.period import parse
from geo.query import Filter
from geo.reading import Reader
from geo.refusal import FeatureError
from geo.register import Register
from geo.vocabulary import Classification
from tests.conftest import Places
from tests.geo.build import event, marker, register
from tests.geo.test_change_random import STEPS, step

INTERNAL, RESTRICTED = Classification.INTERNAL, Classification.RESTRICTED
PARTNER = Classification.PARTNER
# As data has them, at a tripoint, and as nobody should write them.
BORDERS: list[tuple[str | None, list[str] | None]] = [
    ("VN-KH", ["vn-kh"]), ("VN-LA", ["vn-la"]), ("VN-LA", ["vn-la", "vn-cn"]),
    ("VN-KH", ["vn-la", "vn-kh"]), (None, ["vn-la", "vn-kh", "la-kh"]), ("VN-CN", None),
    ("vn-cn", ["vn-cn"]), ("VN-CN", ["vn-la"]), (None, None), ("VN-LA", ["VN-KH"]),
]  # fmt: skip
DIFFERENT = ("kind", "border", "number", "province")
KINDS = ["main", "auxiliary", None]
CLASSES = ["public", "public", "partner", "internal", "restricted"]


@pytest.fixture(scope="module")
def made(places: Places) -> Iterator[Register]:
    """Markers of every kind; some were built, one is gone, one is still to come."""
    markers, events = [], []
    for n in range(70):
        border, borders = BORDERS[n % len(BORDERS)]
        known = {
            "number": f"N {n // 2}",
            "position_id": f"p.{n % 9}",
            "border": border,
            "border_ids": borders,
            "kind": KINDS[n % len(KINDS)],
            "classification": CLASSES[n % len(CLASSES)],
            "province_origin_id": "vn.lam-dong" if n % 4 else "vn.dak-nong",
            "valid_to": "2020-01-01" if n == 7 else None,
        }
        markers.append(marker(f"m{n}", 107 + n / 100, 12.5, **known))
        events += [event(f"m{n}", "built", "2014-06-30")] if n % 2 else []
        events += [event(f"m{n}", "located", "2011-01-01")] if n % 5 else []
    yield (every := register(places(), markers=markers, marker_events=events))
    every.engine.dispose()


VALUES = {
    "border": ["VN-KH", "vn-la", "VN-CN", "LA-KH", "XX"],
    "stage": ["built", "located", "null", "handed_over"],
    "condition": ["unknown", "intact", "null"],
    "kind": ["main", "auxiliary", "null"],
    "province_id": ["vn.lam-dong.2025", "none"],
    "province_origin_id": ["vn.dak-nong", "vn.lam-dong", "null"],
    "number": ["N 3", "N 10", "x"],
    "position_id": ["p.3", "x"],
    "classification": ["public", "internal"],
}
ASKED = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(st.sampled_from(held), min_size=1, max_size=2)
        for name, held in VALUES.items()
    },
)
FREE: dict[str, Any] = {
    "kind = 'main' OR stage IS NULL": lambda p: p["kind"] == "main" or p["stage"] is None,
    "false": lambda p: False,
    "kind = 'main' AND province_id = 'vn.lam-dong.2025'": lambda p: (
        (p["kind"], p["province_id"]) == ("main", "vn.lam-dong.2025")
    ),
    "number = 'N 3'": lambda p: p["number"] == "N 3",
    "number LIKE 'N 1%'": lambda p: p["number"].startswith("N 1"),
    "number LIKE '%3'": lambda p: p["number"].endswith("3"),
    "NOT number LIKE 'N 2_' OR kind = 'main'": lambda p: (
        not (p["number"].startswith("N 2") and len(p["number"]) == 4) or p["kind"] == "main"
    ),
    "CASEI(number) = 'n 7'": lambda p: p["number"] == "N 7",
    "NOT stage IN ('built')": lambda p: p["stage"] not in (None, "built"),
    "stage = 'built' AND number LIKE 'N 1%'": lambda p: (
        p["stage"] == "built" and str(p["number"]).startswith("N 1")
    ),
}
TIMES = [None, None, None, "2014-06-30", "2012-01-01", "2019-06-01/2021-01-01", "../.."]
SIGHTS = [
    PUBLIC,
    everywhere(INTERNAL),
    Sight(INTERNAL, RESTRICTED, frozenset(["vn.dak-nong"])),
    Sight(Classification.PUBLIC, PARTNER, frozenset(["vn.lam-dong.2025"]), frozenset(["vn-la"])),
]


def holds(feature: Any, asked: Filter) -> bool:
    held = feature["properties"]
    where = {held["province_id"], held["province_origin_id"]}
    if asked.units is not None and not asked.units & where:
        return False
    for name, texts in asked.values.items():
        if name == "border":
            stood = {held["border"], *(one.upper() for one in held["border_ids"] or ())}
            if not stood & {text.upper() for text in texts}:
                return False
        elif (held[name] or "null") not in texts:
            return False
    return True


def agree(made: Register, asked: Filter, free: str | None, *, rare: int) -> None:
    """Compare pages both ways, their number and counts with a look at each row that is seen."""
    with made.engine.connect() as conn:
        every = list(query.every(conn, MARKERS, Filter(asked.when, sight=asked.sight)))
    rows = [one for one in map(orjson.loads, every) if holds(one, asked)]
    wanted = [one for one in rows if free is None or FREE[free](one["properties"])]
    reader = Reader(made.engine)
    with patch.multiple(questions, RARE=rare, SHARE=2):
        forth, numbers = list[Any](), set[int]()
        after: int | None = 0
        while after is not None:
            page = reader.page(MARKERS, asked, limit=9, after=after)
            forth += map(orjson.loads, page.features)
            numbers.add(page.matched)
            after = page.next_after
        back = reader.page(MARKERS, asked, limit=5, before=2**62)
        found = reader.counts(MARKERS, asked, ["condition", "kind"])
        also = reader.counts(MARKERS, asked, ["province"], ["kind", "border", "number"])
        told = reader.counts(MARKERS, asked, [], ["kind", "province"])
    assert forth == wanted
    assert numbers == {len(wanted)}
    assert [orjson.loads(one) for one in back.features] == wanted[-5:]
    counted = {(one["condition"], one["kind"]): one["count"] for one in found.groups}
    seen = [one["properties"] for one in wanted]
    different = {name: len({p[name] for p in seen} - {None}) for name in DIFFERENT}
    assert also.distinct | told.distinct == different
    assert told.groups in ([{"count": len(wanted)}], [])
    assert {one["province"]: one["count"] for one in also.groups} == Counter(
        p["province"] for p in seen
    )
    held = (one["properties"] for one in wanted)
    assert counted == Counter((p["condition"], p["kind"]) for p in held)


UNITS = [None, None, {"vn.dak-nong"}, {"vn.lam-dong", "vn.lam-dong.2025"}, {"none"}]
CHOICES = (
    ASKED,
    st.sampled_from([None, *FREE]),
    st.sampled_from(TIMES),
    st.sampled_from(SIGHTS),
    st.sampled_from(UNITS),
)


def filter_of(
    values: dict[str, list[str]],
    free: str | None,
    when: str | None,
    sight: Sight,
    units: set[str] | None,
) -> Filter:
    parsed = None if free is None else cql.condition(MARKERS, cql.parse(free, "cql2-text"))
    held = None if units is None else frozenset(units)
    return Filter(parse(when), None, held, values, sight, parsed)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(*CHOICES, st.sampled_from([0, 2_000]))
def test_any_conjunction_is_counted_and_paged_right(
    made: Register,
    values: dict[str, list[str]],
    free: str | None,
    when: str | None,
    sight: Sight,
    units: set[str] | None,
    rare: int,
) -> None:
    agree(made, filter_of(values, free, when, sight, units), free, rare=rare)


@pytest.fixture(scope="module")
def changing(places: Places) -> Iterator[Register]:
    known = [(str(n), {"number": str(n), "kind": KINDS[n % 3]}) for n in range(6)]
    markers = [marker(key, 107.5, 12.5, border_ids=["vn-kh"], **more) for key, more in known]
    yield (every := register(places(), markers=markers))
    every.engine.dispose()


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(STEPS, min_size=2, max_size=4), *CHOICES)
def test_numbers_keep_up_with_writes(
    changing: Register,
    steps: list[tuple[Any, ...]],
    values: dict[str, list[str]],
    free: str | None,
    when: str | None,
    sight: Sight,
    units: set[str] | None,
) -> None:
    """The register goes on from one example to the next."""
    for one in steps:
        refused = suppress(ConflictError, FeatureError, NotFoundError)
        with refused, store.writing(changing.engine) as conn:
            step(conn, *one)
    agree(changing, filter_of({}, None, None, sight, None), None, rare=2_000)
    agree(changing, filter_of(values, free, when, sight, units), free, rare=2_000)


def test_a_write_that_is_taken_back_counts_nothing(changing: Register) -> None:
    asked = Filter(parse(None))
    before = Reader(changing.engine).page(MARKERS, asked, limit=1).matched
    with suppress(KeyError), store.writing(changing.engine) as conn:
        step(conn, "marker", (107.5, 12.5), "vn.dak-nong", None)
        raise KeyError
    assert Reader(changing.engine).page(MARKERS, asked, limit=1).matched == before


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"stage": ["built"]},
        {"province_id": ["vn.lam-dong.2025"], "condition": ["unknown"]},
        {"border": ["VN-KH"], "kind": ["main", "post"]},
    ],
)
@pytest.mark.parametrize("sight", SIGHTS)
def test_what_is_asked_for_most_is_added_up(
    made: Register, values: dict[str, list[str]], sight: Sight
) -> None:
    """No row of the layer is looked at, however many there are."""
    asked = Filter(parse(None), values=values, sight=sight, latest=True, begun=True)
    assert statements.is_summed(MARKERS, asked)
    for make in (
        statements.matched,
        statements.grouped(("condition", "kind"), ()),
        statements.grouped(("province",), ("kind", "border")),
    ):
        sql = statements.statement(make, MARKERS, asked, made.engine.dialect).sql
        assert "markers_sums" in sql
        assert "markers_view" not in sql


@pytest.mark.parametrize(
    ("values", "ways"),
    [
        ({"number": ["N 3"]}, ["markers_view_latest_number (number=? AND vid>?)"]),
        ({"kind": ["main"]}, ["markers_view_latest_kind (kind=? AND vid>?)"]),
        ({"position_id": ["p"]}, ["markers_view_position_id (position_id=? AND rowid>?)"]),
        ({"stage": ["null"]}, ["markers_view_latest_stage (stage=? AND vid>?)"]),
        ({"stage": ["built", "null"]}, ["markers_view_latest_stage (stage=? AND vid>?)"]),
        ({"border": ["VN-KH"]}, ["markers_view_latest_border (border=? AND vid>?)",
                                 "markers_view_apart (vid>?)"]),
        ({"province_id": ["x"], "condition": ["unknown"]},
         ["markers_view_sorted_province_id (province_id=? AND stage=? AND condition=? AND vid>?)"]),
    ],
)  # fmt: skip
def test_no_row_is_read_that_an_index_can_tell_from_those_wanted(
    made: Register, values: dict[str, list[str]], ways: list[str]
) -> None:
    if made.engine.dialect.name != "sqlite":
        return  # PostgreSQL's planner goes by what the tables hold
    asked = Filter(parse(None), values=values, latest=True, begun=True, rare=True)
    statement = statements.statement(statements.page, MARKERS, asked, made.engine.dialect)
    found = statements.given(MARKERS, asked) | {"after": 0, "count": 10}
    with store.reading(made.engine) as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.values(found))
        taken = "\n".join(str(row[3]) for row in cursor.fetchall())
    for way in ways:
        assert way in taken
    assert "SCAN markers_view" not in taken

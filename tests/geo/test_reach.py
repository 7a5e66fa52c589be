"""However the rows of a filter are reached, they are those that a plain look at each row finds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, MultiPoint, box, shape

from geo import boxes, query
from geo.layers import BORDERS, MARKERS
from geo.period import parse
from geo.query import Filter
from geo.reading import Reader
from geo.register import Register
from geo.schema import Layer
from geo.types import BBox
from tests.conftest import Places
from tests.geo.build import event, marker, register, row

TIMES = [None, "2014-06-30", "2010-01-01/2013-12-31", "../.."]
GIVEN: list[dict[str, list[str]]] = [
    {},
    {"stage": ["built"]},
    {"stage": ["null", "built"]},
    {"province_origin_id": ["vn.lam-dong"]},
    {"stage": ["built"], "condition": ["unknown"], "province_origin_id": ["vn.dak-nong"]},
    {"stage": ["located"], "condition": ["unknown"]},
    {"position_id": ["pos.3"], "stage": ["built"]},
    {"number": ["5"]},
]
FEWS = [1, 8, 4_000]  # rows near a box from which on its index is not worth it
DENSE = [0, 3, 1_000]  # keys of a run for each row near a box


@pytest.fixture(scope="module")
def made(places: Places) -> Iterator[Register]:
    """Markers near 0° and near 180°, of two provinces, some built at last or once moved on."""
    markers, events = [], []
    for n in range(80):
        lon = (179.5 if n % 2 else -179.5) if n >= 72 else (n % 9) / 2 - 2
        known = {
            "province_origin_id": "vn.lam-dong" if n % 3 else "vn.dak-nong",
            "position_id": f"pos.{n // 4}",
        }
        markers.append(marker(str(n), lon, (n // 9) / 2 - 2, **known))
        events += [event(str(n), "built", "2014-06-30")] if n % 2 else []
        events += [event(str(n), "located", "2011-01-01")] if n % 5 else []
    lines = [_line(a, b) for a, b in pairwise(range(-3, 4))]
    every = register(places(), markers=markers, marker_events=events, borders=lines)
    yield every
    every.engine.dispose()


def _line(a: int, b: int) -> Any:
    bent = MultiLineString([LineString([(a, -3), (b, 3)])])
    return row("borders", f"l.{a}", bent, level="line")


LONGITUDES = st.sampled_from([*(n / 10 for n in range(-30, 31, 5)), -180, 180, 179.9, 0.0501])
LATITUDES = st.sampled_from([*(n / 10 for n in range(-30, 31, 5)), -90, 90, 0.0501])


@st.composite
def windows(draw: st.DrawFn) -> BBox:
    """A box of any size, without width or across 180° too."""
    south, north = sorted((draw(LATITUDES), draw(LATITUDES)))
    return draw(LONGITUDES), south, draw(LONGITUDES), north


def plain(made: Register, layer: Layer, asked: Filter) -> list[dict[str, Any]]:
    """Every row of the time, looked at one by one."""
    with made.engine.connect() as conn:
        texts = list(query.every(conn, layer, Filter(asked.when)))
    return [one for one in map(orjson.loads, texts) if _meets(one, asked)]


def _meets(feature: dict[str, Any], asked: Filter) -> bool:
    held = feature["properties"]
    for name, texts in asked.values.items():
        if ("null" if held[name] is None else held[name]) not in texts:
            return False
    return asked.bbox is None or any(
        shape(feature["geometry"]).intersects(a) for a in _areas(asked.bbox)
    )


def _areas(window: BBox) -> list[Any]:
    west, south, east, north = window
    if west > east:
        return [*_areas((west, south, 180, north)), *_areas((-180, south, east, north))]
    if west < east and south < north:
        return [box(west, south, east, north)]
    return [MultiPoint([(west, south), (east, north)]).convex_hull]


def backwards(reader: Reader, layer: Layer, asked: Filter, *, limit: int) -> list[Any]:
    found = list[Any]()
    before: int | None = 2**62
    while before is not None:
        page = reader.page(layer, asked, limit=limit, before=before)
        found = [*map(orjson.loads, page.features), *found]
        before = page.prev_before
    return found


def paged(reader: Reader, layer: Layer, asked: Filter, *, limit: int) -> tuple[list[Any], set[int]]:
    found, numbers, after = list[Any](), set[int](), 0
    while True:
        page = reader.page(layer, asked, limit=limit, after=after)
        found += map(orjson.loads, page.features)
        numbers.add(page.matched)
        if page.next_after is None:
            return found, numbers
        after = page.next_after


@settings(max_examples=50, deadline=None)
@given(
    st.none() | windows(),
    st.sampled_from(TIMES),
    st.sampled_from(GIVEN),
    st.sampled_from(FEWS),
    st.sampled_from(DENSE),
)
def test_markers_are_found_and_counted_alike(
    made: Register,
    window: BBox | None,
    when: str | None,
    values: dict[str, list[str]],
    few: int,
    dense: int,
) -> None:
    asked = Filter(parse(when), bbox=window, values=values)
    wanted = plain(made, MARKERS, asked)
    with patch.object(boxes, "FEW", few), patch.object(boxes, "DENSE", dense):
        reader = Reader(made.engine)
        found, numbers = paged(reader, MARKERS, asked, limit=7)
        back = backwards(reader, MARKERS, asked, limit=9)
        counts = reader.counts(MARKERS, asked, ["condition", "stage"], ["position_id", "number"])
    assert found == back == wanted
    assert numbers == {len(wanted)}
    held = [one["properties"] for one in wanted]
    assert {(c["condition"], c["stage"]): c["count"] for c in counts.groups} == Counter(
        (p["condition"], p["stage"]) for p in held
    )
    for name in ("position_id", "number"):
        assert counts.distinct[name] == len({p[name] for p in held})


@settings(max_examples=15, deadline=None)
@given(windows(), st.sampled_from(FEWS))
def test_lines_are_found_alike(made: Register, window: BBox, few: int) -> None:
    asked = Filter(parse(None), bbox=window)
    with patch.object(boxes, "FEW", few):
        found, numbers = paged(Reader(made.engine), BORDERS, asked, limit=2)
    wanted = plain(made, BORDERS, asked)
    assert found == wanted
    assert numbers == {len(wanted)}


@settings(max_examples=25, deadline=None)
@given(
    st.none() | windows(),
    st.sampled_from(TIMES),
    st.sampled_from(GIVEN),
    st.sampled_from([{"vn.dak-nong"}, {"vn.lam-dong.2025"}, {"vn.lam-dong", "none"}, {"none"}]),
    st.sampled_from(FEWS),
)
def test_what_units_hold_is_found_alike(
    made: Register,
    window: BBox | None,
    when: str | None,
    values: dict[str, list[str]],
    units: set[str],
    few: int,
) -> None:
    asked = Filter(parse(when), window, frozenset(units), values)
    every = plain(made, MARKERS, replace(asked, units=None))
    ways = ("province_id", "province_origin_id")
    wanted = [one for one in every if units & {one["properties"][name] for name in ways}]
    with patch.object(boxes, "FEW", few):
        reader = Reader(made.engine)
        found, numbers = paged(reader, MARKERS, asked, limit=7)
        counts = reader.counts(MARKERS, asked, ["stage"], ["position_id"])
    assert found == wanted
    assert numbers == {len(wanted)}
    stages = Counter(one["properties"]["stage"] for one in wanted)
    assert {group["stage"]: group["count"] for group in counts.groups} == stages


@pytest.mark.parametrize("few", FEWS)
def test_values_of_any_kind_are_counted(embedded: Register, few: int) -> None:
    by = ("classification", "stage", "border_ids")
    for window in (None, (102.0, 8.0, 110.0, 24.0), (107.4, 12.4, 107.7, 12.7)):
        asked = Filter(parse(None), bbox=window)
        with embedded.engine.connect() as conn:
            rows = query.rows(conn, MARKERS, asked)
        with patch.object(boxes, "FEW", few):
            found = Reader(embedded.engine).counts(MARKERS, asked, by, by)
        numbers = {repr([group[name] for name in by]): group["count"] for group in found.groups}
        assert numbers == Counter(repr([held[name] for name in by]) for held in rows)
        for name in by:
            held = {repr(row[name]) for row in rows if row[name] is not None}
            assert found.distinct[name] == len(held)

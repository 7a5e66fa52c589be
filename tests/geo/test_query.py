"""Reading by place, time, province and property, for one audience."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, MultiPoint, box, shape
from sqlalchemy import select

from geo import layers, query
from geo.audience import EVERYTHING, PUBLIC
from geo.errors import BadInputError, UnknownPropertyError
from geo.layers import ADMIN_UNITS, BORDERS, MARKER_EVENTS, MARKERS
from geo.period import parse
from geo.query import Filter, condition
from geo.reading import Reader
from geo.register import Register
from geo.schema import Layer
from geo.store import Target
from geo.tables import VIEWS
from tests.conftest import Places
from tests.geo.build import UNITS, event, marker, register, row

SPELLINGS = ("Đắk Nông", "Đăk Nông", "Dak Nong", "ĐẮK NÔNG", "tỉnh Đắk Nông", "VN-72")


def ids(made: Register, layer: Layer, asked: Filter) -> list[str]:
    with made.engine.connect() as conn:
        return [orjson.loads(text)["id"] for text in query.every(conn, layer, asked)]


def rows(made: Register, layer: Layer, asked: Filter) -> list[dict[str, Any]]:
    with made.engine.connect() as conn:
        return query.rows(conn, layer, asked)


@pytest.fixture
def two(place: Target) -> Register:
    events = [event("a", "located", "2013-05-01"), event("a", "built", "2014-06-30"),
              event("a", "repaired", "2020-01-01")]  # fmt: skip
    markers = [marker("a", 107.5, 12.5), marker("b", 107.6, 12.6)]
    return register(place, markers=markers, marker_events=events)


@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("when", [None, "2014-06-30", "2025-06-30", "2025-07-01"])
def test_a_province_is_found_by_every_spelling_in_every_era(
    two: Register, name: str, when: str | None
) -> None:
    assert ids(two, MARKERS, two.filter(when=parse(when), province=name)) == ["a", "b"]


def test_the_new_province_holds_the_markers_only_since_the_merger(two: Register) -> None:
    now = two.filter(when=parse("2025-07-01"), province="Lâm Đồng")
    before = two.filter(when=parse("2025-06-30"), province="Lâm Đồng")
    assert ids(two, MARKERS, now) == ["a", "b"]
    assert ids(two, MARKERS, before) == []


def test_a_province_that_never_was_is_named_with_its_nearest(two: Register) -> None:
    with pytest.raises(BadInputError) as caught:
        two.filter(when=parse(None), province="Đắc Nông X")
    assert caught.value.parameter == "province"


@pytest.mark.parametrize(
    ("when", "stage", "province"),
    [
        ("2013-04-30", None, "Đắk Nông"),
        ("2013-05-01", "located", "Đắk Nông"),
        ("2014-06-30", "built", "Đắk Nông"),
        ("2020-06-01", "built", "Đắk Nông"),
        ("2025-07-01", "built", "Lâm Đồng"),
        ("2010-01-01/2013-12-31", "located", "Đắk Nông"),
        ("../2014-12-31", "built", "Đắk Nông"),
        ("2024-01-01/..", "built", "Lâm Đồng"),
    ],
)
def test_a_marker_is_as_it_was_at_the_end_of_the_period(
    two: Register, when: str, stage: str | None, province: str
) -> None:
    found = rows(two, MARKERS, Filter(parse(when), values={"id": ["a"]}))
    assert [(m["stage"], m["province"]) for m in found] == [(stage, province)]


def test_all_time_gives_every_version(two: Register) -> None:
    found = rows(two, MARKERS, Filter(parse("../.."), values={"id": ["a"]}))
    assert [m["stage"] for m in found] == [None, "located", "built", "built"]


def test_a_property_filter_takes_any_of_its_values(two: Register) -> None:
    asked = Filter(parse(None), values={"stage": ["built", "located"]})
    assert ids(two, MARKERS, asked) == ["a"]
    assert ids(two, MARKERS, Filter(parse(None), values={"stage": ["null"]})) == ["b"]


def test_an_unknown_property_is_named_with_the_known_ones(two: Register) -> None:
    with pytest.raises(UnknownPropertyError) as caught:
        ids(two, MARKERS, Filter(parse(None), values={"colour": ["red"]}))
    assert caught.value.parameter == "colour"
    assert "stage" in (caught.value.allowed or ())


def test_a_value_outside_its_vocabulary_is_named(two: Register) -> None:
    with pytest.raises(BadInputError) as caught:
        ids(two, MARKERS, Filter(parse(None), values={"stage": ["finished"]}))
    assert caught.value.allowed is not None
    assert "handed_over" in caught.value.allowed


def test_counts_add_up(two: Register) -> None:
    names = ["stage", "condition"]
    found = Reader(two.engine).counts(MARKERS, Filter(parse(None)), names, names)
    assert {(c["stage"], c["condition"], c["count"]) for c in found.groups} == {
        ("built", "unknown", 1),
        (None, "unknown", 1),
    }
    assert found.distinct == {"stage": 1, "condition": 1}  # no value is no value


def test_pages_join_to_the_whole_without_gap_or_repeat(place: Target) -> None:
    markers = [marker(f"m.{n}", 107 + n / 100, 12) for n in range(23)]
    made = register(place, markers=markers)
    asked, seen, after = Filter(parse(None)), [], 0
    with made.engine.connect() as conn:
        while True:
            page = query.page(conn, MARKERS, asked, limit=5, after=after)
            seen += [orjson.loads(text)["id"] for text in page.features]
            if page.next_after is None:
                break
            after = page.next_after
    assert seen == [f"m.{n}" for n in range(23)]


COORDINATE = st.floats(-3, 3, allow_nan=False).map(lambda value: round(value, 3))


@pytest.fixture(scope="module")
def scattered(places: Places) -> Register:
    numbers = range(-30, 31, 6)
    markers = [marker(f"p.{x}.{y}", x / 10, y / 10) for x in numbers for y in numbers]
    lines = [
        row("borders", f"l.{n}", LineString([(n / 10, -3), (-n / 10, 3)]), level="line")
        for n in numbers
    ]
    lines = [line._replace(geometry=_multi(line.geometry)) for line in lines]
    return register(places(), markers=markers, borders=lines)


def _multi(line: Any) -> Any:
    return MultiLineString([line])


@settings(max_examples=60, deadline=None)
@given(COORDINATE, COORDINATE, COORDINATE, COORDINATE)
def test_a_box_finds_what_shapely_finds(
    scattered: Register, x1: float, y1: float, x2: float, y2: float
) -> None:
    west, east = sorted((x1, x2))
    south, north = sorted((y1, y2))
    area = box(west, south, east, north)
    if area.area == 0:  # a flat box is a line or a point
        area = MultiPoint([(west, south), (east, north)]).convex_hull
    for layer in (MARKERS, BORDERS):
        with scattered.engine.connect() as conn:
            every = [orjson.loads(f) for f in query.every(conn, layer, Filter(parse(None)))]
        wanted = {f["id"] for f in every if area.intersects(_shape(f))}
        asked = Filter(parse(None), bbox=(west, south, east, north))
        assert set(ids(scattered, layer, asked)) == wanted


def _shape(feature: dict[str, Any]) -> Any:
    return shape(feature["geometry"])


def test_a_box_across_the_antimeridian_is_two_boxes(place: Target) -> None:
    made = register(
        place, markers=[marker("e", 179.5, 0), marker("w", -179.5, 0),
                                      marker("far", 0, 0)]
    )  # fmt: skip
    assert ids(made, MARKERS, Filter(parse(None), bbox=(179, -1, -179, 1))) == ["e", "w"]


def test_a_table_without_geometry_has_nothing_in_a_box(two: Register) -> None:
    assert ids(two, MARKER_EVENTS, Filter(parse(None), bbox=(-180, -90, 180, 90))) == []


def test_an_audience_cannot_tell_hidden_from_absent(place: Target) -> None:
    hidden = marker("secret", 107.5, 12.5, classification="restricted")
    made = register(place, markers=[marker("open", 107.5, 12.5), hidden])
    for asked in (
        Filter(parse(None), sight=PUBLIC),
        Filter(parse("../.."), bbox=(107, 12, 108, 13), sight=PUBLIC),
    ):
        assert set(ids(made, MARKERS, asked)) == {"open"}
        with made.engine.connect() as conn:
            found = Reader(made.engine).counts(MARKERS, asked, ["stage"])
            total = sum(c["count"] for c in found.groups)
            assert total == query.matched(conn, MARKERS, asked) == len(ids(made, MARKERS, asked))
    everything = Filter(parse(None), sight=EVERYTHING)
    assert ids(made, MARKERS, everything) == ["open", "secret"]


def test_a_hidden_field_is_absent_from_what_an_audience_reads(place: Target) -> None:
    visit = row("inspections", "i", marker_id="a", at="2024-01-01T08:00:00", condition="intact",
                inspector="Đại úy A")  # fmt: skip
    made = register(place, markers=[marker("a", 107, 12)], inspections=[visit])
    layer = layers.get("inspections")
    with made.engine.connect() as conn:
        [seen] = query.every(conn, layer, Filter(None, sight=PUBLIC))
        [known] = query.every(conn, layer, Filter(None, sight=EVERYTHING))
    assert "inspector" not in orjson.loads(seen)["properties"]
    assert orjson.loads(known)["properties"]["inspector"] == "Đại úy A"
    asked = Filter(None, values={"inspector": ["Đại úy A"]}, sight=PUBLIC)
    assert ids(made, layer, asked) == []


def test_two_eras_of_units_never_show_at_once(place: Target) -> None:
    made = register(place, admin_units=UNITS)
    assert ids(made, ADMIN_UNITS, Filter(parse("2025-06-30"))) == ["vn.dak-nong", "vn.lam-dong"]
    assert ids(made, ADMIN_UNITS, Filter(parse("2025-07-01"))) == ["vn.lam-dong.2025"]


def test_a_box_is_looked_up_in_its_index(scattered: Register) -> None:
    asked = condition(MARKERS, Filter(None, bbox=(0, 0, 1, 1)))
    found = select(VIEWS["markers"].c.vid).where(asked)
    if scattered.engine.dialect.name == "sqlite":
        assert " = 1" not in str(found.compile(scattered.engine))  # no index serves that

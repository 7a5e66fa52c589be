"""CQL2 filters against what the standard says they mean, over rows that are known."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import from_wkt
from shapely.geometry import Point, box, shape

from geo import cql, query
from geo.cql.patterns import beginning, beyond
from geo.errors import BadInputError, UnknownPropertyError
from geo.functions import like_text
from geo.layers import ADMIN_UNITS, MARKER_EVENTS, MARKERS
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from geo.schema import Layer
from tests.conftest import Places
from tests.geo.build import event, marker, register

NAMES = {"a": "Lao Bảo", "b": "LAO BẢO 2", "c": "Đắc Ốc", "d": None}

BORDERS: dict[str, list[str]] = {"a": ["vn-kh", "vn-la"], "b": ["vn-kh"], "c": []}


ORDERED = st.text(st.sampled_from("ab%_\\\\đ\ud7ff\ue000\U0010ffff"), max_size=4)


@given(ORDERED, ORDERED)
def test_what_fits_a_pattern_lies_between_its_beginning_and_what_is_beyond(
    text: str, pattern: str
) -> None:
    start = beginning(pattern)
    if start and like_text(text, pattern):
        assert start <= text < beyond(start)
    if start:
        assert start < beyond(start)
        assert not beyond(start).startswith(start)


@pytest.fixture(scope="module")
def four(places: Places) -> Register:
    markers = [
        marker(
            key,
            107 + place,
            12 + place,
            name_vi=name,
            main=place,
            height_m=100.0 * place,
            border_ids=BORDERS.get(key),
        )
        for place, (key, name) in enumerate(NAMES.items())
    ]
    nowhere = marker("e", 0, 0)._replace(geometry=None)
    events = [event("a", "built", "2014-06-30"), event("b", "located", "2013-01-15")]
    return register(places(), markers=[*markers, nowhere], marker_events=events)


def found(made: Register, text: str, layer: Layer = MARKERS) -> str:
    condition = cql.condition(layer, cql.parse(text))
    asked = Filter(parse(None), expression=condition)
    with made.engine.connect() as conn:
        return "".join(orjson.loads(t)["id"] for t in query.every(conn, layer, asked))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("main = 1", "b"),
        ("main <> 1", "acd"),
        ("main >= 1 AND main < 3", "bc"),
        ("main = 0 OR main = 3", "ad"),
        ("NOT main = 1", "acd"),
        ("main + 1 = 2", "b"),
        ("main * 2 > 3", "cd"),
        ("main = 7 - 2 * 3", "b"),
        ("main = 2 ^ 3 - 21 div 3", "b"),
        ("main = (5 % 3) / 2", "b"),
        ("height_m / 100 = main", "abcd"),
        ("height_m div 150 = 1", "c"),
        ("-height_m div 150 = -1", "c"),
        ("height_m % 200 = 100", "bd"),
        ("-height_m % 200 = -100", "bd"),
        ("main ^ 2 = 4", "c"),
        ("main ^ 0.5 > 1.4", "cd"),
        ("(main - 3) ^ 0.5 >= 0", "d"),
        ("(0 - main) ^ 3 = -8", "c"),
        ("main ^ (0 - 1) = 0.5", "c"),
        ("6 / main = 3", "c"),
        ("NOT 6 / main = 3", "bd"),
        ("main = aux + 1", ""),
        ("main BETWEEN 4 / 4 AND (1 + 1)", "bc"),
        ("main IN (1 + 1, 3 * 1)", "cd"),
        ("1 + 1 = main", "c"),
        ("main * 1e200 * 1e200 > 0", ""),
        ("(main + 1000) ^ 1000 > 0", ""),
        ("A_CONTAINS(border_ids, ('vn-kh'))", "ab"),
        ("A_CONTAINS(border_ids, ('vn-kh', 'vn-la'))", "a"),
        ("A_CONTAINS(border_ids, ())", "abc"),
        ("A_CONTAINEDBY(border_ids, ('vn-kh', 'vn-cn'))", "bc"),
        ("A_CONTAINEDBY(('vn-la'), border_ids)", "a"),
        ("A_EQUALS(border_ids, ('vn-la', 'vn-kh', 'vn-la'))", "a"),
        ("A_EQUALS(border_ids, ())", "c"),
        ("A_OVERLAPS(border_ids, ('vn-la', 'vn-cn'))", "a"),
        ("NOT A_OVERLAPS(border_ids, ('vn-la', 'vn-cn'))", "bc"),
        ("A_EQUALS(border_ids, border_ids)", "abc"),
        ("A_CONTAINS(border_ids, ('vn-kh', 1, TRUE, DATE('2014-06-30')))", ""),
        ("A_EQUALS((1, 'a', TRUE), (TRUE, 'a', 1.0, 1))", "abcde"),
        ("A_OVERLAPS((1), (TRUE))", ""),
        ("A_OVERLAPS(('1'), (1))", ""),
        ("A_CONTAINS((('a', 'b'), 'c'), (('a', 'b'), 'c'))", "abcde"),
        ("A_CONTAINS((('a', 'b'), 'c'), ('a', 'c'))", ""),
        ("A_EQUALS((main, 'x'), ('x', 2))", "c"),
        ("A_CONTAINS((id, 'x'), ('b'))", "b"),
        ("main BETWEEN 1 AND 2", "bc"),
        ("main NOT BETWEEN 1 AND 2", "ad"),
        ("main IN (0, 2)", "ac"),
        ("stage = 'built'", "a"),
        ("stage IS NULL", "cde"),
        ("stage IS NOT NULL", "ab"),
        ("id = 'c'", "c"),
        ("name_vi LIKE 'Lao%'", "a"),
        ("name_vi LIKE '%2'", "b"),
        ("name_vi LIKE 'Lao B_o'", "a"),
        ("CASEI(name_vi) LIKE CASEI('lao%')", "ab"),
        ("ACCENTI(name_vi) = ACCENTI('Lao Bao')", "a"),
        ("CASEI(ACCENTI(name_vi)) LIKE CASEI(ACCENTI('đac oc'))", "c"),
        ("CASEI(ACCENTI(name_vi)) LIKE CASEI(ACCENTI('%AO B%'))", "ab"),
        ("CASEI(ACCENTI(name_vi)) LIKE CASEI(ACCENTI('lao b_o'))", "a"),
        ("CASEI(ACCENTI(name_vi)) LIKE CASEI(ACCENTI('%a\\_o%'))", ""),
        ("CASEI(ACCENTI(name_vi)) NOT LIKE CASEI(ACCENTI('%ao%'))", "c"),
        ("CASEI(ACCENTI(name_vi)) LIKE '%AO%'", ""),
        ("ACCENTI(CASEI(name_vi)) LIKE ACCENTI(CASEI('%AO B%'))", "ab"),
        ("CASEI(stage) IN (CASEI('BUILT'))", "a"),
        ("stage_as_of = DATE('2014-06-30')", "a"),
        ("stage_as_of < DATE('2014-01-01')", "b"),
        ("stage_as_of >= TIMESTAMP('2014-06-30T00:00:00Z')", "a"),
        ("T_AFTER(stage_as_of, DATE('2013-12-31'))", "a"),
        ("T_BEFORE(stage_as_of, DATE('2014-01-01'))", "b"),
        ("T_DURING(stage_as_of, INTERVAL('2013-01-01', '2013-12-31'))", "b"),
        ("T_INTERSECTS(stage_as_of, INTERVAL('2014-01-01', '..'))", "a"),
        ("T_INTERSECTS(INTERVAL(valid_from, valid_to), INTERVAL('2014-01-01', '..'))", "abcde"),
        ("T_EQUALS(stage_as_of, DATE('2013-01-15'))", "b"),
        ("S_INTERSECTS(geometry, BBOX(107.5, 12.5, 109.5, 14.5))", "bc"),
        ("S_WITHIN(geometry, POLYGON((106 11, 108.5 11, 108.5 13.5, 106 13.5, 106 11)))", "ab"),
        ("S_CONTAINS(POLYGON((106 11, 108.5 11, 108.5 13.5, 106 13.5, 106 11)), geometry)", "ab"),
        ("S_DISJOINT(geometry, BBOX(107.5, 12.5, 109.5, 14.5))", "ad"),
        ("S_EQUALS(geometry, POINT(108 13))", "b"),
        ("S_TOUCHES(geometry, LINESTRING(107 12, 108.5 13.5))", "a"),
        ("height_m > main", "bcd"),
        ("height_m = main", "a"),
        ("T_AFTER(stage_as_of, stage_as_of)", ""),
        ("T_DISJOINT(stage_as_of, INTERVAL('2014-01-01', '..'))", "b"),
        (
            "T_CONTAINS(INTERVAL('2014-01-01', '2014-12-31'), INTERVAL(stage_as_of, stage_as_of))",
            "a",
        ),
        ("geometry IS NULL", "e"),
        ("TRUE", "abcde"),
        ("FALSE", ""),
    ],
)
def test_a_filter_means_what_the_standard_says(four: Register, text: str, ids: str) -> None:
    assert found(four, text) == ids


def test_both_encodings_mean_the_same(four: Register) -> None:
    text = "main >= 1 AND S_INTERSECTS(geometry, POINT(108 13))"
    as_json = json.dumps(cql.parse(text))
    again = cql.condition(MARKERS, cql.parse(as_json, "cql2-json"))
    with four.engine.connect() as conn:
        seen = query.matched(conn, MARKERS, Filter(parse(None), expression=again))
    assert (found(four, text), seen) == ("b", 1)


@pytest.mark.parametrize(
    "text",
    [
        "main = = 1",
        "",
        "main",
        "main = 'one'",
        "stage = 5",
        "S_BUFFER(geometry, 5) = 1",
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))",
        "S_INTERSECTS(number, POINT(0 0))",
        "T_AFTER(main, DATE('2014-01-01'))",
        "NOT (" * 60 + "main = 1" + ")" * 60,
        "foo(main) = 1",
        "main + number = 1",
        "main ^ 'a' = 1",
        "A_CONTAINS(border_ids, (border_ids, 'a'))",
        "A_CONTAINS(border_ids, (1 + 1))",
        "A_CONTAINS(border_ids, 'a', 'b')",
        "CASEI(number, number) = 'a'",
        "S_WITHIN(geometry)",
        "T_AFTER(stage_as_of)",
    ],
)
def test_what_cannot_be_understood_is_refused(four: Register, text: str) -> None:
    with pytest.raises(BadInputError) as caught:
        found(four, text)
    assert caught.value.parameter == "filter"


@pytest.mark.parametrize("op", [*cql.SUPPORTED, "+", "^", "casei", "accenti", "foo"])
def test_other_arguments_than_an_operator_takes_are_refused(op: str) -> None:
    for args in ([], [{"property": "main"}] * 4, [{"op": op, "args": []}] * 2):
        with pytest.raises(BadInputError) as caught:
            cql.condition(MARKERS, cql.parse(json.dumps({"op": op, "args": args}), "cql2-json"))
        assert caught.value.parameter == "filter"


def test_an_unknown_property_is_named_with_the_known(four: Register) -> None:
    with pytest.raises(UnknownPropertyError) as caught:
        found(four, "colour = 'red'")
    assert caught.value.value == "colour"
    assert "stage" in (caught.value.allowed or ())


def test_a_table_without_geometry_says_so(four: Register) -> None:
    with pytest.raises(BadInputError, match="geometry"):
        found(four, "S_INTERSECTS(geometry, POINT(0 0))", MARKER_EVENTS)


def test_polygons_are_compared_exactly(four: Register) -> None:
    inside = "S_CONTAINS(geometry, POINT(107.5 12.5))"
    assert found(four, inside, ADMIN_UNITS) == "vn.lam-dong.2025"
    assert found(four, "S_TOUCHES(geometry, POINT(107 12.5))", ADMIN_UNITS) == "vn.lam-dong.2025"
    assert found(four, "S_WITHIN(geometry, BBOX(107.1, 12, 108, 13))", ADMIN_UNITS) == ""


FEBRUARY = "INTERVAL('2014-02-01', '2014-02-28')"
# Interval by interval, the relations in which each stands to February (Allen 1983).
STANDING = {
    ("2014-01-01", "2014-01-15"): {"before", "disjoint"},
    ("2014-01-01", "2014-02-01"): {"meets", "intersects"},
    ("2014-01-01", "2014-02-15"): {"overlaps", "intersects"},
    ("2014-01-01", "2014-02-28"): {"finishedBy", "intersects"},
    ("2014-01-01", "2014-03-31"): {"contains", "intersects"},
    ("2014-02-01", "2014-02-15"): {"starts", "intersects"},
    ("2014-02-01", "2014-02-28"): {"equals", "intersects"},
    ("2014-02-01", "2014-03-31"): {"startedBy", "intersects"},
    ("2014-02-10", "2014-02-20"): {"during", "intersects"},
    ("2014-02-10", "2014-02-28"): {"finishes", "intersects"},
    ("2014-02-10", "2014-03-31"): {"overlappedBy", "intersects"},
    ("2014-02-28", "2014-03-31"): {"metBy", "intersects"},
    ("2014-03-10", "2014-03-31"): {"after", "disjoint"},
}


@pytest.mark.parametrize(("start", "end"), STANDING)
def test_intervals_relate_as_allen_says(four: Register, start: str, end: str) -> None:
    every = set().union(*STANDING.values())
    asked = f"INTERVAL('{start}', '{end}'), {FEBRUARY}"
    true = {name for name in every if found(four, f"T_{name.upper()}({asked})") == "abcde"}
    assert true == STANDING[start, end]


RELATIONS = ("intersects", "disjoint", "within", "contains", "touches", "crosses", "overlaps")
SHAPES = (
    "POLYGON((107.2 12.2, 109 12.2, 109 14, 107.2 14, 107.2 12.2))",
    "POLYGON((100 5, 115 5, 115 25, 100 25, 100 5))",
    "LINESTRING(106 12.5, 107.5 12.5)",
    "POINT(107.5 12.5)",
)


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("text", SHAPES)
def test_areas_and_lines_relate_as_shapely_says(four: Register, relation: str, text: str) -> None:
    other = from_wkt(text)
    with four.engine.connect() as conn:
        rows = [orjson.loads(t) for t in query.every(conn, ADMIN_UNITS, Filter(parse(None)))]
    areas = {row["id"]: shape(row["geometry"]) for row in rows if row["geometry"]}
    wanted = [key for key, area in areas.items() if getattr(area, relation)(other)]
    assert found(four, f"S_{relation.upper()}(geometry, {text})", ADMIN_UNITS) == "".join(wanted)


NUMBER = st.floats(105, 112, allow_nan=False).map(lambda value: round(value, 2))


@settings(max_examples=40, deadline=None)
@given(NUMBER, NUMBER, NUMBER, NUMBER)
def test_spatial_functions_agree_with_shapely(
    four: Register, x1: float, x2: float, y1: float, y2: float
) -> None:
    (west, east), (south, north) = sorted((x1, x2)), sorted((y1 - 95, y2 - 95))
    area = box(west, south, east, north)
    if not area.is_valid or area.is_empty:
        return
    wanted = "".join(
        key for place, key in enumerate(NAMES) if area.intersects(Point(107 + place, 12 + place))
    )
    assert found(four, f"S_INTERSECTS(geometry, {area.wkt})") == wanted
    assert shape(json.loads(json.dumps(area.__geo_interface__))).equals(area)

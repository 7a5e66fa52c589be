"""What an export reads: the features of the pages in their order, all of them or an error."""

import orjson
import pytest
from sqlalchemy import Engine, text

from geo import cql, exports, load, query, store
from geo.errors import StoreError
from geo.exports import Order
from geo.layers import ADMIN_UNITS, MARKERS
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from geo.store import Target
from tests.geo.build import event, marker, register

NEAR = (107.2, 12.0, 107.5, 13.0)
ODD = 'a "quote", \\ \\\\ \\N \\. \t tab,\nline, {%s} %(x)s :name, \u2028 \x7f, 😀, Đắk Nông,\r\n'
QUESTIONS = [
    Filter(parse(None)),
    Filter(parse("2014-06-30")),
    Filter(parse("2010-01-01/2013-12-31")),
    Filter(None),
    Filter(parse(None), bbox=NEAR),
    Filter(parse(None), bbox=(179.0, -1.0, -179.0, 1.0)),
    Filter(parse(None), values={"stage": ["handed_over"], "border": ["VN-KH"]}),
    Filter(parse(None), expression=cql.condition(MARKERS, cql.parse("CASEI(number) LIKE '4%'"))),
]


def features(engine: Engine, order: Order) -> list[bytes]:
    """The features of a file, each in the words of the file."""
    lines = b"".join(exports.stream(engine, order, "geojsonseq")).split(b"\x1e")
    return [line.rstrip(b"\n") for line in lines[1:]]


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_file_holds_what_pages_hold_in_their_order(embedded: Register, asked: Filter) -> None:
    with embedded.engine.connect() as conn:
        held = [one.encode() for one in query.every(conn, MARKERS, asked)]
    assert features(embedded.engine, Order(MARKERS, asked)) == held
    assert features(embedded.engine, Order(MARKERS, asked, most=7)) == held[:7]


def test_a_change_that_is_still_to_come_is_not_in_todays_file(place: Target) -> None:
    steps = [event("a", "built", "2012-01-01"), event("a", "accepted", "2090-01-01")]
    made = register(place, markers=[marker("a", 107.5, 12.5)], marker_events=steps)
    stages = [
        orjson.loads(one)["properties"]["stage"]
        for day in (None, "2011-01-01", "2091-01-01")
        for one in features(made.engine, Order(MARKERS, Filter(parse(day))))
    ]
    assert stages[0] == "built"
    assert stages[-1] == "accepted"
    assert len(stages) == 3


def test_every_character_survives(place: Target) -> None:
    markers = [marker(f"m.{n}", 107.5, 12.5, note=f"{ODD}{n}") for n in range(3)]
    made = register(place, markers=markers)
    whole = b"".join(exports.stream(made.engine, Order(MARKERS, Filter(parse(None))), "geojson"))
    notes = [one["properties"]["note"] for one in orjson.loads(whole)["features"]]
    assert notes == [f"{ODD}{n}" for n in range(3)]


def test_an_export_holds_one_state_of_the_register(place: Target) -> None:
    made = register(place, markers=[marker(f"m.{n}", 107.5, 12.5) for n in range(150)])
    late = [marker("late", 107.5, 12.5, province_origin_id=None)]

    def write(_count: int) -> None:
        rows = {"admin_units": [], "markers": [late.pop()] if late else []}
        with store.writing(made.engine) as conn:
            load.load(conn, rows, actor="a", reason="late")

    assert len(features(made.engine, Order(MARKERS, Filter(parse(None)), tell=write))) == 150
    assert len(features(made.engine, Order(MARKERS, Filter(parse(None))))) == 151


def test_an_export_that_loses_the_database_says_so(place: Target, back_end: str) -> None:
    if back_end == "file":
        pytest.skip("a file is not lost in the middle")
    markers = [marker(f"m.{n}", 107.5, 12.5) for n in range(250)]
    made = register(place, markers=markers)

    def lose(_count: int) -> None:
        sql = """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
                 WHERE state = 'idle in transaction' AND datname = current_database()"""
        with made.engine.connect() as conn:
            conn.execute(text(sql))

    with pytest.raises(StoreError, match="Cannot use"):
        features(made.engine, Order(MARKERS, Filter(parse(None)), tell=lose))
    assert len(features(made.engine, Order(MARKERS, Filter(parse(None))))) == len(markers)
    assert features(made.engine, Order(ADMIN_UNITS, Filter(parse(None))))
    made.engine.dispose()

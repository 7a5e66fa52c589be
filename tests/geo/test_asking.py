"""Questions that come again and again: the same answers whichever way they are put."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import orjson
import pytest
from sqlalchemy import event, text

from geo import cql, layers, store
from geo.audience import PUBLIC
from geo.errors import BadInputError, LongReadError, NotFoundError
from geo.geopackage_reading import reading
from geo.period import Period
from geo.query import Filter
from geo.questions import State
from geo.reading import Reader
from geo.register import Register
from geo.schema import Layer
from geo.store import Target
from tests.geo.build import marker, register

MARKERS = layers.get("markers")
TODAY = Period("2026-01-01", "2026-01-01")
CONDITION = cql.condition(MARKERS, cql.parse("S_INTERSECTS(geometry, BBOX(107, 12, 107.5, 13))"))


@pytest.fixture
def held(place: Target) -> Iterator[Register]:
    made = register(place, markers=[marker(f"m.{n}", 107 + n / 100, 12.5) for n in range(20)])
    yield made
    made.engine.dispose()


def ids(reader: Reader, **values: str) -> list[str]:
    asked = Filter(TODAY, None, None, {name: [one] for name, one in values.items()}, PUBLIC)
    page = reader.page(MARKERS, asked, limit=100)
    return [orjson.loads(feature)["id"] for feature in page.features]


def test_a_question_gets_the_same_answer_however_often_it_is_put(held: Register) -> None:
    reader = Reader(held.engine)
    for _ in range(3):
        for n in range(20):
            assert ids(reader, number=f"m.{n}") == [f"m.{n}"]
            found = reader.item(MARKERS, f"m.{n}", Filter(TODAY))
            assert orjson.loads(found.feature)["id"] == f"m.{n}"
        with pytest.raises(NotFoundError):
            reader.item(MARKERS, "m.20", Filter(TODAY))
        assert len(ids(reader)) == 20


@pytest.mark.parametrize("value", ["m.1\0", "m.1\0m.2", "\0"])
def test_what_no_text_of_a_database_holds_finds_nothing(held: Register, value: str) -> None:
    reader = Reader(held.engine)
    for _ in range(5):
        assert ids(reader, number="m.1") == ["m.1"]
    for _ in range(5):
        with suppress(BadInputError):
            assert ids(reader, number=value) == []


@pytest.mark.parametrize("value", [str(2**62), str(-(2**63) + 1)])
def test_numbers_at_the_edge_are_asked_for(held: Register, value: str) -> None:
    reader = Reader(held.engine)
    for _ in range(5):
        assert ids(reader, main=value) == []


def test_connections_that_the_database_closed_are_replaced(held: Register) -> None:
    reader = Reader(held.engine)
    for _ in range(3):
        for _ in range(4):
            assert ids(reader, number="m.3") == ["m.3"]
        if held.engine.dialect.name == "postgresql":
            with held.engine.connect() as conn:
                conn.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                        " AND query ILIKE '%markers_view%'"
                    )
                )


SOUTH = (107.2, 12.0, 107.4, 13.0)  # Đắk Nông's border


@pytest.mark.parametrize(
    "asked",
    [
        Filter(TODAY, SOUTH),
        Filter(TODAY, (102.0, 8.0, 110.0, 24.0)),
        Filter(Period("2012-01-01", "2013-12-31"), SOUTH),
        Filter(TODAY, (0.0, 0.0, 0.1, 0.1)),
        Filter(Period("2012-01-01", "2012-01-01"), (102.0, 8.0, 110.0, 24.0)),
        Filter(TODAY, values={"main": ["48"]}),
        Filter(TODAY, expression=CONDITION),
    ],
)
def test_a_question_that_comes_again_needs_no_transaction(
    embedded_schema: str, asked: Filter
) -> None:
    engine = store.open_store(embedded_schema)
    reader, taken = Reader(engine), list[object]()
    first = [reader.page(MARKERS, asked, limit=3) for _ in range(5)]
    event.listen(engine, "checkout", lambda *given: taken.append(given))
    assert [reader.page(MARKERS, asked, limit=3) for _ in range(5)] == first
    engine.dispose()
    assert taken == []


def test_readers_that_begin_together_wait_for_nobody(
    held: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, reached, go_on = Reader(held.engine), Event(), Event()
    begun = State._begun

    def waiting(state: State, layer: Layer) -> str:
        if not reached.is_set():
            reached.set()
            assert go_on.wait(60)
        return begun(state, layer)

    monkeypatch.setattr(State, "_begun", waiting)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(ids, reader)
        assert reached.wait(60)
        try:
            assert len(ids(reader)) == 20
        finally:
            go_on.set()
        assert len(first.result()) == 20


def test_many_different_questions_leave_no_statement_behind(
    held: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.postgis_asking.MOST_PREPARED", 3)
    reader = Reader(held.engine)
    for _ in range(12):
        for values in ({"number": "m.1"}, {"kind": "stone"}, {"stage": "built"}, {"side": "x"}, {}):
            with suppress(BadInputError):
                ids(reader, **values)
        assert ids(reader, number="m.7") == ["m.7"]


def test_only_a_long_read_is_given_up(place: Target) -> None:
    """However many short ones went before; SQLite's own count of steps never ends."""
    if "://" in str(place):
        pytest.skip("only a file is read at once")
    engine = register(place, markers=[marker("m", 107, 12)]).engine
    for _ in range(3):
        for _ in range(500):
            with reading(engine, 5_000) as cursor:
                assert len(cursor.execute("SELECT * FROM revisions").fetchall()) > 5
        with pytest.raises(LongReadError), reading(engine, 5_000) as cursor:
            cursor.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000)"
                " SELECT sum(i) FROM n"
            ).fetchall()
    engine.dispose()

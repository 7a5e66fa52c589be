"""Hot reads give what the plain ones give, name the state that they read, and use its indexes."""

from typing import Any

import orjson
import pytest

from geo import query, statements, store, views
from geo.errors import BadInputError, NotFoundError
from geo.layers import LAYERS, MARKERS
from geo.period import parse
from geo.query import Filter
from geo.reading import Reader
from geo.register import Register
from geo.store import Target
from tests.geo.build import event, marker, register

WINDOWS = [None, (107.4, 12.4, 107.7, 12.7), (179.0, -1.0, -179.0, 1.0), (107.5, 12.5, 107.5, 12.5)]
TIMES = [None, "2014-06-30", "2012-01-01", "2010-01-01/2013-12-31", "../.."]
VALUES: list[dict[str, list[str]]] = [
    {},
    {"stage": ["built", "null"]},
    {"stage": ["handed_over"], "border": ["VN-KH"]},
    {"id": ["vn-kh.48.0.1"]},
]


def plain(made: Register, asked: Filter) -> list[bytes]:
    with made.engine.connect() as conn:
        return [text.encode() for text in query.every(conn, MARKERS, asked)]


@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize("bbox", WINDOWS)
@pytest.mark.parametrize("when", TIMES)
def test_pages_hold_what_a_plain_read_finds(
    embedded: Register, when: str | None, bbox: Any, values: dict[str, list[str]]
) -> None:
    reader, asked = Reader(embedded.engine), Filter(parse(when), bbox=bbox, values=values)
    wanted, found, after = plain(embedded, asked), list[bytes](), 0
    while True:
        page = reader.page(MARKERS, asked, limit=7, after=after)
        assert page.matched == len(wanted)
        found += page.features
        sheet = reader.sheet(MARKERS, asked, limit=7, after=after)
        assert sheet.text == b",\n".join(page.features)
        assert (sheet.returned, *sheet[3:]) == (len(page.features), *page[2:])
        if page.next_after is None:
            break
        assert sheet.next_after is not None
        after = sheet.next_after
    assert sheet.next_after is None
    assert found == wanted
    if len(wanted) > 7:
        assert page.prev_before is not None
        back = reader.page(MARKERS, asked, limit=7, before=page.prev_before)
        assert wanted[-len(page.features) - 7 : -len(page.features)] == back.features


def test_provinces_and_audiences_are_those_of_a_plain_read(embedded: Register) -> None:
    asked = embedded.filter(when=parse(None), province="Đắk Nông")
    page = Reader(embedded.engine).page(MARKERS, asked, limit=100)
    assert page.features == plain(embedded, asked)
    assert page.matched == 16


@pytest.fixture
def changing(place: Target) -> Register:
    return register(
        place,
        markers=[marker("a", 107.5, 12.5), marker("b", 107.6, 12.6)],
        marker_events=[event("a", "built", "2014-06-30"), event("a", "handed_over", "2999-01-01")],
    )


@pytest.mark.parametrize(
    ("when", "stage"), [("2014-06-29", None), (None, "built"), ("2999-01-01", "handed_over")]
)
def test_a_change_that_is_still_to_come_is_not_seen_before(
    changing: Register, when: str | None, stage: str | None
) -> None:
    reader = Reader(changing.engine)
    page = reader.page(MARKERS, Filter(parse(when)), limit=5)
    assert orjson.loads(page.features[0])["properties"]["stage"] == stage
    item = reader.item(MARKERS, "a", Filter(parse(when)))
    assert item.feature == page.features[0]


@pytest.mark.parametrize("turns", [1, 3])
def test_a_change_is_read_at_once_whatever_was_read_before(changing: Register, turns: int) -> None:
    reader, asked = Reader(changing.engine), Filter(parse(None))
    for turn in range(turns):
        reader.page(MARKERS, asked, limit=5)
        with store.writing(changing.engine) as conn:
            new = f'"number":"{turn}"'
            conn.exec_driver_sql(
                f"UPDATE markers_view SET geojson = '{{\"id\":\"b\",{new}}}' WHERE id = 'b'"
            )
            conn.exec_driver_sql("UPDATE revisions SET revision = revision + 1")
        page, item = reader.page(MARKERS, asked, limit=5), reader.item(MARKERS, "b", asked)
        assert page.features[1] == item.feature == f'{{"id":"b",{new}}}'.encode()
        assert page.revision == item.revision == reader.revision()


def test_what_was_counted_is_counted_anew_after_a_write(changing: Register) -> None:
    reader, asked = Reader(changing.engine), Filter(parse(None))
    first = reader.page(MARKERS, asked, limit=1)
    with store.writing(changing.engine) as conn:
        views.remove(conn, MARKERS, ["b"])
        conn.exec_driver_sql("UPDATE revisions SET revision = revision + 1 WHERE layer = 'markers'")
    second = reader.page(MARKERS, asked, limit=1)
    assert (first.matched, second.matched) == (2, 1)
    assert second.revision == first.revision + 1 == reader.revision()


def test_a_connection_that_was_lost_is_made_anew(changing: Register) -> None:
    reader, asked = Reader(changing.engine), Filter(parse(None))
    pages = [reader.page(MARKERS, asked, limit=1) for _ in range(3)]
    if changing.engine.dialect.name == "postgresql":
        with changing.engine.connect() as conn:
            conn.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    assert {reader.page(MARKERS, asked, limit=1).matched, *(one.matched for one in pages)} == {2}
    assert reader.item(MARKERS, "a", asked).feature == pages[0].features[0]


def test_a_feature_that_is_not_there_is_named(changing: Register) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        Reader(changing.engine).item(MARKERS, "nobody", Filter(parse(None)))


def test_a_value_that_the_store_cannot_take_is_the_callers_fault(changing: Register) -> None:
    asked = Filter(parse(None), values={"number": ["a\0b"]})
    if changing.engine.dialect.name == "postgresql":
        with pytest.raises(BadInputError):
            Reader(changing.engine).page(MARKERS, asked, limit=1)
    else:
        assert Reader(changing.engine).page(MARKERS, asked, limit=1).matched == 0


def plan(made: Register, asked: Filter) -> str:
    """What SQLite says of the way that it takes to a page."""
    statement = statements.statement(statements.page, MARKERS, asked, made.engine.dialect)
    given = statements.given(MARKERS, asked) | {"after": 0, "count": 10}
    with store.reading(made.engine) as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.values(given))
        return "\n".join(str(row[3]) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        (Filter(parse(None), latest=True), "COVERING INDEX markers_view_texts (vid>?)"),
        (Filter(parse(None), values={"stage": ["built"]}, latest=True),
         "markers_view_latest_stage (stage=? AND vid>?)"),
        (Filter(parse(None), bbox=(107, 12, 108, 13)), "markers_box VIRTUAL TABLE"),
    ],
)  # fmt: skip
def test_no_page_is_sorted_or_searched_through(embedded: Register, asked: Filter, way: str) -> None:
    if embedded.engine.dialect.name == "sqlite":
        taken = plan(embedded, asked)
        assert way in taken
        assert "SCAN markers_view" not in taken
        assert "TEMP B-TREE" not in taken


def test_a_page_filtered_twice_reads_the_index_alone(embedded: Register) -> None:
    """The keys of a page come from a covering index, before any wide row is read."""
    asked = Filter(parse(None), values={"stage": ["built"], "condition": ["unknown"]}, latest=True)
    if embedded.engine.dialect.name == "sqlite":
        assert "COVERING INDEX markers_view_sorted_stage (stage=? AND condition" in plan(
            embedded, asked
        )


def test_a_page_filtered_by_all_that_is_tested_walks_no_other_row(embedded: Register) -> None:
    values = {"stage": ["built"], "condition": ["unknown"], "province_id": ["vn.lam-dong.2025"]}
    if embedded.engine.dialect.name == "sqlite":
        taken = plan(embedded, Filter(parse(None), values=values, latest=True))
        assert "markers_view_sorted_province_id (province_id=? AND stage=? AND condition" in taken
        assert "TEMP B-TREE" not in taken


def test_values_differ_and_the_statement_does_not(embedded: Register) -> None:
    reader = Reader(embedded.engine)
    built, handed, both = (
        Filter(parse(None), values={"stage": stages})
        for stages in (["built"], ["handed_over"], ["built", "handed_over"])
    )
    assert statements.shape(MARKERS, built) == statements.shape(MARKERS, handed)
    assert statements.shape(MARKERS, built) != statements.shape(MARKERS, both)
    numbers = [reader.page(MARKERS, asked, limit=1).matched for asked in (built, handed, both)]
    assert 0 < numbers[0] != numbers[1] > 0
    assert numbers[2] == numbers[0] + numbers[1]
    with pytest.raises(BadInputError, match="'nonsense' is not a value of stage"):
        reader.page(MARKERS, Filter(parse(None), values={"stage": ["nonsense"]}), limit=1)


def test_every_layer_can_be_paged(embedded: Register) -> None:
    reader = Reader(embedded.engine)
    for layer in LAYERS.values():
        page = reader.page(layer, Filter(parse(None)), limit=3)
        assert len(page.features) == min(3, page.matched)

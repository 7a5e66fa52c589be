"""The one path of change, on both stores."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from shapely.geometry import Point
from sqlalchemy import Connection, select

from geo import change, check, history, layers, query, records, store
from geo.change import Edit, Saved
from geo.errors import ConflictError, NotFoundError, StaleError
from geo.period import parse
from geo.query import Filter
from geo.refusal import FeatureError
from geo.register import Register
from geo.schema import Layer
from geo.state import state
from geo.store import Target
from geo.tables import history as history_table
from geo.vocabulary import Classification
from tests.conftest import Places
from tests.geo import build, fresh

MARKERS, EVENTS, UNITS = layers.MARKERS, layers.MARKER_EVENTS, layers.ADMIN_UNITS
TODAY = parse("2026-01-01")
EDIT = Edit("a tester", "to see", when=TODAY)
EXACT = (107.123456789012, 12.3456789012345)  # more decimals than are shown


def make(place: Target) -> Register:
    return build.register(
        place,
        markers=[
            build.marker("vn-kh.48.0.1", *EXACT, position_quality="indicative"),
            build.marker("vn-kh.49.0.1", 107.3, 12.4),
        ],
        marker_events=[build.event("vn-kh.48.0.1", "located", "2010-01-01")],
        gates=[
            build.row("gates", "g", Point(107, 12), name_vi="Cũ", valid_to="2014-01-01"),
            build.row("gates", "g", Point(107, 12), name_vi="Mới", valid_from="2014-01-01"),
        ],
    )


@pytest.fixture
def register(place: Target) -> Iterator[Register]:
    made = make(place)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def untouched(places: Places) -> Iterator[Register]:
    """For what is refused."""
    made = make(places())
    yield made
    made.engine.dispose()


def do(register: Register, what: Any, *given: Any, edit: Edit = EDIT) -> Saved:
    with store.writing(register.engine) as conn:
        saved: Saved = what(conn, *given, edit)
    return saved


def patch(register: Register, key: str, *, edit: Edit = EDIT, **values: Any) -> Saved:
    return do(register, change.update, MARKERS, key, {"properties": values}, edit=edit)


def read(register: Register, layer: Layer, key: str, day: str = "2026-01-01") -> dict[str, Any]:
    with register.engine.connect() as conn:
        found: dict[str, Any] = orjson.loads(query.one(conn, layer, key, Filter(parse(day))))
    return found


def entries(register: Register) -> list[tuple[Any, ...]]:
    c = history_table.c
    columns = (c.actor, c.action, c.layer, c.feature_id, c.revision, c.reason)
    with register.engine.connect() as conn:
        return [tuple(row) for row in conn.execute(select(*columns).order_by(c.seq))]


def feature(lon: float = 107.5, lat: float = 12.5, **values: Any) -> dict[str, Any]:
    shape = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": shape, "properties": values}


def fact(**values: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": None, "properties": values}


def holds(register: Register, places: Places) -> None:
    """What is shown is what a register made afresh would show, and every invariant holds."""
    assert check.check(register.engine) == []
    with register.engine.connect() as conn:
        assert fresh.shown(conn) == fresh.shown_afresh(conn, places())


def test_a_row_is_made_changed_and_taken_out(register: Register, places: Places) -> None:
    made = do(register, change.create, MARKERS, feature(number="60(1)", main=60, border="VN-KH"))
    assert (made.id, made.revision) == ("vn-kh.60.0.0", 1)
    assert patch(register, made.id, note="seen").revision == 2
    whole = feature(number="60(1)", name_vi="Mốc 60", main=60, border="VN-KH")
    assert do(register, change.replace, MARKERS, made.id, whole).revision == 3
    held = read(register, MARKERS, made.id)
    assert (held["properties"]["name_vi"], held["properties"]["note"]) == ("Mốc 60", None)
    gone = do(register, change.delete, MARKERS, made.id)
    assert (gone.text, gone.revision) == (None, 4)
    with pytest.raises(NotFoundError):
        read(register, MARKERS, made.id)
    told = [entry for entry in entries(register) if entry[3] == made.id]
    assert [(actor, action, rev) for actor, action, _, _, rev, _ in told] == [
        ("a tester", "create", 1),
        ("a tester", "edit", 2),
        ("a tester", "edit", 3),
        ("a tester", "retire", 4),
    ]
    holds(register, places)


def test_an_id_that_was_retired_counts_on(register: Register) -> None:
    do(register, change.delete, MARKERS, "vn-kh.49.0.1")
    again = feature(number="49(1)") | {"id": "vn-kh.49.0.1"}
    assert do(register, change.create, MARKERS, again).revision == 3


def test_every_write_grows_the_revision_of_the_register(register: Register) -> None:
    seen = [patch(register, "vn-kh.48.0.1", note=note).register for note in "abc"]
    assert seen == sorted(set(seen))
    assert patch(register, "vn-kh.48.0.1", note="c").register == seen[-1]


def test_what_comes_back_as_it_was_shown_changes_nothing(register: Register) -> None:
    before = entries(register)
    with register.engine.connect() as conn:
        [held] = records.rows(conn, MARKERS, ["vn-kh.48.0.1"])
    shown = read(register, MARKERS, "vn-kh.48.0.1")
    assert shown["geometry"]["coordinates"] != list(EXACT)
    do(register, change.replace, MARKERS, "vn-kh.48.0.1", shown)
    shown["geometry"]["coordinates"] = [round(c, 6) for c in shown["geometry"]["coordinates"]]
    do(register, change.replace, MARKERS, "vn-kh.48.0.1", shown)
    with register.engine.connect() as conn:
        assert records.rows(conn, MARKERS, ["vn-kh.48.0.1"]) == [held]
    assert entries(register) == before


def test_what_the_writer_does_not_see_stays(register: Register) -> None:
    visit = feature(marker_id="vn-kh.48.0.1", at="2025-05-01T09:00:00+07:00", condition="intact")
    visit["properties"]["inspector"] = "Nguyễn Văn A"
    made = do(register, change.create, layers.INSPECTIONS, visit)
    shown = read(register, layers.INSPECTIONS, made.id)
    assert "inspector" not in shown["properties"]
    shown["properties"]["findings"] = "nothing"
    do(register, change.replace, layers.INSPECTIONS, made.id, shown)
    with register.engine.connect() as conn:
        [held] = records.rows(conn, layers.INSPECTIONS, [made.id])
    assert held.properties["inspector"] == "Nguyễn Văn A"
    assert held.properties["at"] == "2025-05-01T02:00:00+00:00"


@pytest.mark.parametrize(
    ("change_", "parameter", "reason"),
    [
        ({"properties": {"colour": "red"}}, "colour", "unknown"),
        ({"colour": "red"}, "colour", "unknown"),
        ({"properties": {"number": None}}, "number", "required"),
        ({"properties": {"number": 48}}, "number", "type"),
        ({"properties": {"main": "48"}}, "main", "type"),
        ({"properties": {"main": 1.5}}, "main", "type"),
        ({"properties": {"main": True}}, "main", "type"),
        ({"properties": {"main": 2**63}}, "main", "too_large"),
        ({"properties": {"height_m": 1e400}}, "height_m", "type"),
        ({"properties": {"inspection_due": "31/12/2026"}}, "inspection_due", "type"),
        ({"properties": {"border_ids": "vn-kh"}}, "border_ids", "type"),
        ({"properties": {"note": "a\0b"}}, "note", "nul"),
        ({"properties": {"kind": "tall"}}, "kind", "vocabulary"),
        ({"properties": {"stage": "planned"}}, "stage", "derived"),
        ({"properties": {"stage": None}}, "stage", "derived"),
        ({"properties": {"condition": "intact"}}, "condition", "derived"),
        ({"properties": {"province": "Huế"}}, "province", "derived"),
        ({"properties": {"position_id": "vn-kh.1"}}, "position_id", "reference"),
        ({"properties": {"border_ids": ["vn-xx"]}}, "border_ids", "reference"),
        ({"properties": {"province_origin_id": "vn.x"}}, "province_origin_id", "reference"),
        ({"properties": {"valid_from": "2020-01-01", "valid_to": "2020-01-01"}}, "valid_to",
         "period"),
        ({"properties": {"classification": "internal"}}, "classification", "hidden"),
        ({"geometry": {"type": "Point", "coordinates": [12.5, 107.5]}}, "geometry", "range"),
        ({"geometry": {"type": "Point", "coordinates": [107, 12, 800]}}, "geometry", "height"),
        ({"geometry": {"type": "Point", "coordinates": [107, "12"]}}, "geometry", "geometry"),
        ({"geometry": {"type": "Point", "coordinates": []}}, "geometry", "geometry"),
        ({"geometry": {"type": "LineString", "coordinates": [[107, 12], [108, 12]]}},
         "geometry", "geometry_type"),
        ({"id": "another"}, "id", "fixed"),
        ({"type": "Marker"}, "type", "type"),
        ([], "feature", "type"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_named(
    untouched: Register, change_: Any, parameter: str, reason: str
) -> None:
    before = entries(untouched)
    with pytest.raises(FeatureError) as refused:
        do(untouched, change.update, MARKERS, "vn-kh.48.0.1", change_)
    assert (refused.value.parameter, refused.value.reason.value) == (parameter, reason)
    assert entries(untouched) == before


def test_a_stale_edit_names_both_revisions(register: Register) -> None:
    with register.engine.connect() as conn:
        first = state(query.one(conn, MARKERS, "vn-kh.48.0.1", Filter(TODAY)))
    base = Edit("a", "b", when=TODAY, expected=[first])
    patch(register, "vn-kh.48.0.1", note="theirs", edit=base)
    with pytest.raises(StaleError) as refused:
        patch(register, "vn-kh.48.0.1", note="yours", edit=base)
    assert (refused.value.base, refused.value.revision) == (1, 2)
    assert read(register, MARKERS, "vn-kh.48.0.1")["properties"]["note"] == "theirs"


def test_a_revision_in_the_body_is_compared_too(register: Register) -> None:
    old = read(register, MARKERS, "vn-kh.48.0.1")
    patch(register, "vn-kh.48.0.1", note="theirs")
    with pytest.raises(StaleError) as refused:
        do(register, change.replace, MARKERS, "vn-kh.48.0.1", old)
    assert (refused.value.base, refused.value.revision) == (1, 2)


def test_events_and_inspections_change_their_marker(register: Register, places: Places) -> None:
    step = {"marker_id": "vn-kh.48.0.1", "event": "built", "date": "2020-05-01"}
    event = do(register, change.create, EVENTS, fact(**step))
    built = read(register, MARKERS, "vn-kh.48.0.1")["properties"]
    assert (built["stage"], built["stage_as_of"], built["revision"]) == ("built", "2020-05-01", 1)
    before = read(register, MARKERS, "vn-kh.48.0.1", "2019-01-01")["properties"]
    assert before["stage"] == "located"
    elsewhere = {"properties": {"marker_id": "vn-kh.49.0.1"}}
    do(register, change.update, EVENTS, event.id, elsewhere)
    stages = [read(register, MARKERS, f"vn-kh.{n}.0.1")["properties"]["stage"] for n in (48, 49)]
    assert stages == ["located", "built"]
    do(register, change.delete, EVENTS, event.id)
    assert read(register, MARKERS, "vn-kh.49.0.1")["properties"]["stage"] is None
    holds(register, places)


def test_a_unit_that_changes_moves_all_that_lies_in_it(register: Register, places: Places) -> None:
    named = {"properties": {"name_vi": "Lâm Đồng Mới"}}
    do(register, change.update, UNITS, "vn.lam-dong.2025", named)
    assert read(register, MARKERS, "vn-kh.48.0.1")["properties"]["province"] == "Lâm Đồng Mới"
    then = Edit("a", "b", when=parse("2020-01-01"))
    stays = {"properties": {"successors": None, "valid_to": None}}
    do(register, change.update, UNITS, "vn.dak-nong", stays, edit=then)
    assert read(register, MARKERS, "vn-kh.48.0.1")["properties"]["province"] == "Đắk Nông"
    holds(register, places)


def test_a_unit_cannot_follow_itself(register: Register) -> None:
    back = {"properties": {"successors": ["vn.dak-nong"]}}
    with pytest.raises(FeatureError) as refused:
        do(register, change.update, UNITS, "vn.lam-dong.2025", back)
    assert refused.value.reason.value == "cycle"


def test_what_others_name_cannot_be_taken_out(register: Register) -> None:
    then = Edit("a", "b", when=parse("2020-01-01"))
    for layer, key, holder in (
        (MARKERS, "vn-kh.48.0.1", "marker_events vn-kh.48.0.1.located.2010-01-01"),
        (UNITS, "vn.dak-nong", "admin_units vn.lam-dong.2025"),
    ):
        with pytest.raises(ConflictError, match=holder):
            do(register, change.delete, layer, key, edit=then)


def test_a_write_hits_the_version_of_its_date(register: Register, places: Places) -> None:
    gates = layers.GATES
    then = Edit("a", "b", when=parse("2010-01-01"))
    do(register, change.update, gates, "g", {"properties": {"note": "then"}}, edit=then)
    do(register, change.update, gates, "g", {"properties": {"note": "now"}})
    notes = [
        read(register, gates, "g", d)["properties"]["note"] for d in ("2010-01-01", "2026-01-01")
    ]
    assert notes == ["then", "now"]
    over = {"properties": {"valid_to": None}}
    with pytest.raises(ConflictError):
        do(register, change.update, gates, "g", over, edit=then)
    ends = {"properties": {"valid_to": "2025-01-01"}}
    assert do(register, change.update, gates, "g", ends).text is None
    newest = feature(name_vi="Mới nhất", valid_from="2025-01-01") | {"id": "g"}
    do(register, change.create, gates, newest)
    assert read(register, gates, "g")["properties"]["name_vi"] == "Mới nhất"
    do(register, change.delete, gates, "g")
    with pytest.raises(NotFoundError):
        read(register, gates, "g")
    assert read(register, gates, "g", "2010-01-01")["properties"]["note"] == "then"
    holds(register, places)


def test_an_id_that_is_taken_or_none_is_refused(register: Register) -> None:
    with pytest.raises(ConflictError):
        do(register, change.create, MARKERS, feature(number="x") | {"id": "vn-kh.48.0.1"})
    bad: list[Any] = ["../x", "a b", True, "é", "x" * 200, {}, [], "-x", ""]
    for key in bad:
        with pytest.raises(FeatureError):
            do(register, change.create, MARKERS, feature(number="x") | {"id": key})


def test_new_ids_sort_by_time_and_need_no_escape(register: Register) -> None:
    made = [do(register, change.create, layers.PLACES, feature()).id for _ in range(2)]
    assert len(set(made)) == 2
    assert all(len(key) == 26 and key.isalnum() and key.islower() for key in made)


def test_coordinates_of_another_system_are_kept_as_they_came(register: Register) -> None:
    """VN-2000 / TM-3 108-30, the zone of Đắk Nông."""
    system = "http://www.opengis.net/def/crs/EPSG/0/9218"
    grid = Edit("a", "b", when=TODAY, system=system)
    whole = feature(410_000.25, 1_350_000.5, number="61", position_quality="surveyed")
    made = do(register, change.create, MARKERS, whole, edit=grid)
    held = read(register, MARKERS, made.id)
    values = held["properties"]
    axes = {values["surveyed_x"], values["surveyed_y"]}
    assert (axes, values["surveyed_crs"]) == ({410_000.25, 1_350_000.5}, "EPSG:9218")
    assert "6960" in values["datum_operation"]
    lon, lat = held["geometry"]["coordinates"]
    assert (round(lon, 1), round(lat, 1)) == (107.7, 12.2)
    moved = {"geometry": {"type": "Point", "coordinates": [107.25, 12.25]}}
    do(register, change.update, MARKERS, made.id, moved)
    assert read(register, MARKERS, made.id)["properties"]["surveyed_x"] is None


def test_the_wrong_zone_is_refused(register: Register) -> None:
    grid = Edit("a", "b", when=TODAY, system="http://www.opengis.net/def/crs/EPSG/0/9218")
    with pytest.raises(FeatureError) as refused:
        do(register, change.create, MARKERS, feature(1_350_000, 410_000, number="61"), edit=grid)
    assert refused.value.reason.value == "range"


def test_an_indicative_place_stays_indicative_until_told_otherwise(register: Register) -> None:
    moved = {"geometry": {"type": "Point", "coordinates": [107.25, 12.25]}}
    do(register, change.update, MARKERS, "vn-kh.48.0.1", moved)
    quality = "position_quality"
    assert read(register, MARKERS, "vn-kh.48.0.1")["properties"][quality] == "indicative"
    moved["geometry"]["coordinates"] = [107.26, 12.25]
    do(register, change.update, MARKERS, "vn-kh.48.0.1",
       moved | {"properties": {quality: "surveyed"}})  # fmt: skip
    assert read(register, MARKERS, "vn-kh.48.0.1")["properties"][quality] == "surveyed"
    do(register, change.update, MARKERS, "vn-kh.48.0.1", {"geometry": None})
    assert read(register, MARKERS, "vn-kh.48.0.1")["properties"][quality] == "unknown"
    said_nothing = do(register, change.create, MARKERS, feature(number="62"))
    assert read(register, MARKERS, said_nothing.id)["properties"][quality] == "indicative"


def test_a_class_that_the_writer_may_read_is_his_to_give(register: Register) -> None:
    inside = Edit("a", "b", audience=Classification.INTERNAL, when=TODAY)
    patch(register, "vn-kh.48.0.1", classification="internal", edit=inside)
    with pytest.raises(NotFoundError):
        patch(register, "vn-kh.48.0.1", note="x")
    whole = feature(number="48(1)", province_origin_id="vn.dak-nong")
    do(register, change.replace, MARKERS, "vn-kh.48.0.1", whole, edit=inside)
    with pytest.raises(NotFoundError):
        read(register, MARKERS, "vn-kh.48.0.1")


def test_pages_keep_their_order(register: Register) -> None:
    def order() -> list[str]:
        with register.engine.connect() as conn:
            return [orjson.loads(text)["id"] for text in query.every(conn, MARKERS, Filter(TODAY))]

    before = order()
    patch(register, before[0], note="moved?")
    step = {"marker_id": before[0], "event": "built", "date": "2020-01-01"}
    do(register, change.create, EVENTS, fact(**step))
    assert order() == before


def test_an_error_leaves_nothing_behind(register: Register) -> None:
    def two(conn: Connection, edit: Edit) -> Saved:
        change.update(conn, MARKERS, "vn-kh.49.0.1", {"properties": {"note": "x"}}, edit)
        return change.delete(conn, MARKERS, "vn-kh.48.0.1", edit)

    with pytest.raises(ConflictError):
        do(register, two)
    assert read(register, MARKERS, "vn-kh.49.0.1")["properties"]["note"] is None
    with register.engine.connect() as conn:
        assert history.first_broken(conn) is None


def test_merging_follows_the_examples_of_rfc_7396() -> None:
    """Appendix A of the RFC."""
    for target, given, result in (
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ):
        assert change.merge(target, given) == result

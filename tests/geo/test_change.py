"""The one path of change, on both stores."""

import orjson
import pytest

from geo import change, layers, query, records
from geo.audience import everywhere
from geo.change import Edit
from geo.errors import ConflictError, NotFoundError
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from geo.vocabulary import Classification
from tests.conftest import Places
from tests.geo.edits import (
    EVENTS,
    EXACT,
    MARKERS,
    TODAY,
    UNITS,
    do,
    entries,
    fact,
    feature,
    holds,
    patch,
    read,
)  # fmt: skip


def test_a_row_is_made_changed_and_taken_out(changeable: Register, places: Places) -> None:
    made = do(changeable, change.create, MARKERS, feature(number="60(1)", main=60, border="VN-KH"))
    assert (made.id, made.revision) == ("vn-kh.60.0.0", 1)
    assert patch(changeable, made.id, note="seen").revision == 2
    whole = feature(number="60(1)", name_vi="Mốc 60", main=60, border="VN-KH")
    assert do(changeable, change.replace, MARKERS, made.id, whole).revision == 3
    held = read(changeable, MARKERS, made.id)
    assert (held["properties"]["name_vi"], held["properties"]["note"]) == ("Mốc 60", None)
    gone = do(changeable, change.delete, MARKERS, made.id)
    assert (gone.text, gone.revision) == (None, 4)
    with pytest.raises(NotFoundError):
        read(changeable, MARKERS, made.id)
    told = [entry for entry in entries(changeable) if entry[3] == made.id]
    assert [(actor, action, rev) for actor, action, _, _, rev, _ in told] == [
        ("a tester", "create", 1),
        ("a tester", "edit", 2),
        ("a tester", "edit", 3),
        ("a tester", "retire", 4),
    ]
    holds(changeable, places)


def test_an_id_that_was_retired_counts_on(changeable: Register) -> None:
    do(changeable, change.delete, MARKERS, "vn-kh.49.0.1")
    again = feature(number="49(1)") | {"id": "vn-kh.49.0.1"}
    assert do(changeable, change.create, MARKERS, again).revision == 3


def test_every_write_grows_the_revision_of_the_register(changeable: Register) -> None:
    seen = [patch(changeable, "vn-kh.48.0.1", note=note).register for note in "abc"]
    assert seen == sorted(set(seen))
    assert patch(changeable, "vn-kh.48.0.1", note="c").register == seen[-1]


def test_what_comes_back_as_it_was_shown_changes_nothing(changeable: Register) -> None:
    before = entries(changeable)
    with changeable.engine.connect() as conn:
        [held] = records.rows(conn, MARKERS, ["vn-kh.48.0.1"])
    shown = read(changeable, MARKERS, "vn-kh.48.0.1")
    assert shown["geometry"]["coordinates"] != list(EXACT)
    do(changeable, change.replace, MARKERS, "vn-kh.48.0.1", shown)
    shown["geometry"]["coordinates"] = [round(c, 6) for c in shown["geometry"]["coordinates"]]
    do(changeable, change.replace, MARKERS, "vn-kh.48.0.1", shown)
    with changeable.engine.connect() as conn:
        assert records.rows(conn, MARKERS, ["vn-kh.48.0.1"]) == [held]
    assert entries(changeable) == before


def test_what_the_writer_does_not_see_stays(changeable: Register) -> None:
    visit = feature(marker_id="vn-kh.48.0.1", at="2025-05-01T09:00:00+07:00", condition="intact")
    visit["properties"]["inspector"] = "Nguyễn Văn A"
    made = do(changeable, change.create, layers.INSPECTIONS, visit)
    shown = read(changeable, layers.INSPECTIONS, made.id)
    assert "inspector" not in shown["properties"]
    shown["properties"]["findings"] = "nothing"
    do(changeable, change.replace, layers.INSPECTIONS, made.id, shown)
    with changeable.engine.connect() as conn:
        [held] = records.rows(conn, layers.INSPECTIONS, [made.id])
    assert held.properties["inspector"] == "Nguyễn Văn A"
    assert held.properties["at"] == "2025-05-01T02:00:00+00:00"


def test_events_and_inspections_change_their_marker(changeable: Register, places: Places) -> None:
    step = {"marker_id": "vn-kh.48.0.1", "event": "built", "date": "2020-05-01"}
    event = do(changeable, change.create, EVENTS, fact(**step))
    built = read(changeable, MARKERS, "vn-kh.48.0.1")["properties"]
    assert (built["stage"], built["stage_as_of"], built["revision"]) == ("built", "2020-05-01", 1)
    before = read(changeable, MARKERS, "vn-kh.48.0.1", "2019-01-01")["properties"]
    assert before["stage"] == "located"
    elsewhere = {"properties": {"marker_id": "vn-kh.49.0.1"}}
    do(changeable, change.update, EVENTS, event.id, elsewhere)
    stages = [read(changeable, MARKERS, f"vn-kh.{n}.0.1")["properties"]["stage"] for n in (48, 49)]
    assert stages == ["located", "built"]
    do(changeable, change.delete, EVENTS, event.id)
    assert read(changeable, MARKERS, "vn-kh.49.0.1")["properties"]["stage"] is None
    holds(changeable, places)


def test_a_unit_that_changes_moves_all_that_lies_in_it(
    changeable: Register, places: Places
) -> None:
    named = {"properties": {"name_vi": "Lâm Đồng Mới"}}
    do(changeable, change.update, UNITS, "vn.lam-dong.2025", named)
    assert read(changeable, MARKERS, "vn-kh.48.0.1")["properties"]["province"] == "Lâm Đồng Mới"
    then = Edit("a", "b", when=parse("2020-01-01"))
    stays = {"properties": {"successors": None, "valid_to": None}}
    do(changeable, change.update, UNITS, "vn.dak-nong", stays, edit=then)
    assert read(changeable, MARKERS, "vn-kh.48.0.1")["properties"]["province"] == "Đắk Nông"
    holds(changeable, places)


def test_a_write_hits_the_version_of_its_date(changeable: Register, places: Places) -> None:
    gates = layers.GATES
    then = Edit("a", "b", when=parse("2010-01-01"))
    do(changeable, change.update, gates, "g", {"properties": {"note": "then"}}, edit=then)
    do(changeable, change.update, gates, "g", {"properties": {"note": "now"}})
    notes = [
        read(changeable, gates, "g", d)["properties"]["note"] for d in ("2010-01-01", "2026-01-01")
    ]
    assert notes == ["then", "now"]
    over = {"properties": {"valid_to": None}}
    with pytest.raises(ConflictError):
        do(changeable, change.update, gates, "g", over, edit=then)
    ends = {"properties": {"valid_to": "2025-01-01"}}
    assert do(changeable, change.update, gates, "g", ends).text is None
    newest = feature(name_vi="Mới nhất", valid_from="2025-01-01") | {"id": "g"}
    do(changeable, change.create, gates, newest)
    assert read(changeable, gates, "g")["properties"]["name_vi"] == "Mới nhất"
    do(changeable, change.delete, gates, "g")
    with pytest.raises(NotFoundError):
        read(changeable, gates, "g")
    assert read(changeable, gates, "g", "2010-01-01")["properties"]["note"] == "then"
    holds(changeable, places)


def test_new_ids_sort_by_time_and_need_no_escape(changeable: Register) -> None:
    made = [do(changeable, change.create, layers.PLACES, feature()).id for _ in range(2)]
    assert len(set(made)) == 2
    assert all(len(key) == 26 and key.isalnum() and key.islower() for key in made)


def test_coordinates_of_another_system_are_kept_as_they_came(changeable: Register) -> None:
    """VN-2000 / TM-3 108-30, the zone of Đắk Nông."""
    system = "http://www.opengis.net/def/crs/EPSG/0/9218"
    grid = Edit("a", "b", when=TODAY, system=system)
    whole = feature(410_000.25, 1_350_000.5, number="61", position_quality="surveyed")
    made = do(changeable, change.create, MARKERS, whole, edit=grid)
    held = read(changeable, MARKERS, made.id)
    values = held["properties"]
    axes = {values["surveyed_x"], values["surveyed_y"]}
    assert (axes, values["surveyed_crs"]) == ({410_000.25, 1_350_000.5}, "EPSG:9218")
    assert "6960" in values["datum_operation"]
    lon, lat = held["geometry"]["coordinates"]
    assert (round(lon, 1), round(lat, 1)) == (107.7, 12.2)
    moved = {"geometry": {"type": "Point", "coordinates": [107.25, 12.25]}}
    do(changeable, change.update, MARKERS, made.id, moved)
    assert read(changeable, MARKERS, made.id)["properties"]["surveyed_x"] is None


def test_an_indicative_place_stays_indicative_until_told_otherwise(changeable: Register) -> None:
    moved = {"geometry": {"type": "Point", "coordinates": [107.25, 12.25]}}
    do(changeable, change.update, MARKERS, "vn-kh.48.0.1", moved)
    quality = "position_quality"
    assert read(changeable, MARKERS, "vn-kh.48.0.1")["properties"][quality] == "indicative"
    moved["geometry"]["coordinates"] = [107.26, 12.25]
    do(changeable, change.update, MARKERS, "vn-kh.48.0.1",
       moved | {"properties": {quality: "surveyed"}})  # fmt: skip
    assert read(changeable, MARKERS, "vn-kh.48.0.1")["properties"][quality] == "surveyed"
    do(changeable, change.update, MARKERS, "vn-kh.48.0.1", {"geometry": None})
    assert read(changeable, MARKERS, "vn-kh.48.0.1")["properties"][quality] == "unknown"
    said_nothing = do(changeable, change.create, MARKERS, feature(number="62"))
    assert read(changeable, MARKERS, said_nothing.id)["properties"][quality] == "indicative"


def test_a_class_that_the_writer_may_read_is_his_to_give(changeable: Register) -> None:
    inside = Edit("a", "b", sight=everywhere(Classification.INTERNAL), when=TODAY)
    patch(changeable, "vn-kh.48.0.1", classification="internal", edit=inside)
    with pytest.raises(NotFoundError):
        patch(changeable, "vn-kh.48.0.1", note="x")
    whole = feature(number="48(1)", province_origin_id="vn.dak-nong")
    do(changeable, change.replace, MARKERS, "vn-kh.48.0.1", whole, edit=inside)
    with pytest.raises(NotFoundError):
        read(changeable, MARKERS, "vn-kh.48.0.1")


def test_pages_keep_their_order(changeable: Register) -> None:
    def order() -> list[str]:
        with changeable.engine.connect() as conn:
            return [orjson.loads(text)["id"] for text in query.every(conn, MARKERS, Filter(TODAY))]

    before = order()
    patch(changeable, before[0], note="moved?")
    step = {"marker_id": before[0], "event": "built", "date": "2020-01-01"}
    do(changeable, change.create, EVENTS, fact(**step))
    assert order() == before

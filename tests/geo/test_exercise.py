"""The exercise register: synthetic through and through, on the real lines, always the same."""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo import check, exercise, layers, load, store
from geo.crs import to_wgs84
from geo.errors import BadInputError
from geo.formats import parse, read_rows
from geo.referencing import LineReference
from geo.store import Target
from geo.types import Row
from geo.vocabulary import MarkerEvent, Stage
from tests.geo.independent import chord_m

BORDERS = Path(__file__).parents[2] / "data" / "boundaries" / "borders.geojson"
pytestmark = pytest.mark.skipif(not BORDERS.exists(), reason="the data set has not been built")

STAGES = [stage.value for stage in Stage]
Made = dict[str, list[Row]]


@pytest.fixture(scope="module")
def borders() -> list[Row]:
    return read_rows(layers.BORDERS, BORDERS)


@pytest.fixture(scope="module")
def made(borders: list[Row]) -> Made:
    return exercise.rows(borders, markers=3000)


@pytest.fixture(scope="module")
def events(made: Made) -> dict[str, list[tuple[str, str]]]:
    found = defaultdict(list)
    for row in made["marker_events"]:
        p = row.properties
        found[p["marker_id"]].append((p["date"], p["event"]))
    return found


def test_exactly_as_many_markers_as_asked(made: Made, borders: list[Row]) -> None:
    assert len(made["markers"]) == 3000
    for count in (1, 2, 16, 17):
        assert len(exercise.rows(borders, markers=count)["markers"]) == count
    with pytest.raises(BadInputError):
        exercise.rows(borders, markers=0)
    with pytest.raises(BadInputError):
        exercise.rows([])


def test_every_row_says_that_it_is_made_up(made: Made) -> None:
    for row in (row for rows in made.values() for row in rows):
        assert row.properties["source"] == "exercise"
        assert "EXERCISE" in row.properties["note"]
        assert "DIỄN TẬP" in row.properties["note_vi"]
        assert row.properties["classification"] == "public"
        assert row.id == "exercise" or row.id.startswith("dt-vn-")


def test_numbers_and_ids_cannot_be_real_ones(made: Made) -> None:
    for row in made["markers"]:
        p = row.properties
        assert re.fullmatch(r"DT \d{4,}(/\d+)?(\(\d\))?", p["number"])
        assert row.id == f"dt-{p['border'].lower()}.{p['main']}.{p['aux']}.{p['k']}"
        assert p["main"] >= 1001


def test_ids_are_unique_in_each_layer(made: Made) -> None:
    for rows in made.values():
        assert len({row.id for row in rows}) == len(rows)


def test_rows_keep_to_the_declaration(made: Made) -> None:
    for name, rows in made.items():
        layer = layers.get(name)
        for row in rows[:: max(1, len(rows) // 50)]:
            assert set(row.properties) == {field.name for field in layer.fields}
            for field in layer.fields:
                value = row.properties[field.name]
                assert parse(field, value, row.id) == value
            assert (row.geometry is not None) == (layer.geometry is not None)


def test_the_same_seed_makes_the_same_register(borders: list[Row], made: Made) -> None:
    again = exercise.rows(borders, markers=3000)
    assert again == made
    other = exercise.rows(borders, markers=3000, seed=1)
    assert [r.geometry for r in other["markers"]] != [r.geometry for r in made["markers"]]


def test_positions_lie_on_the_real_lines_and_markers_beside_them(
    made: Made, borders: list[Row]
) -> None:
    for border in borders:
        if border.properties["level"] != "line":
            continue
        line = LineReference.from_north(border.geometry)
        for name, reach in (("positions", 0.01), ("markers", 151)):
            points = [
                r.geometry
                for r in made[name]
                if r.properties["border"] == border.properties["border"]
            ]
            assert len(points) > 100
            _, offset = line.chainages(shapely.get_coordinates(points))
            assert offset.max() < reach


def test_positions_follow_one_another_along_the_line(made: Made, borders: list[Row]) -> None:
    line = LineReference.from_north(next(b for b in borders if b.id == "vn-la").geometry)
    rows = [r for r in made["positions"] if r.properties["border"] == "VN-LA"]
    points = [shapely.get_coordinates(r.geometry)[0] for r in rows]
    km, _ = line.chainages(points)
    assert (np.diff(km) > 0).all()
    numbers = [[int(n) for n in re.findall(r"\d+", r.properties["number"])] for r in rows]
    assert numbers == sorted(numbers)


def test_provinces_are_those_of_the_stretch(made: Made, borders: list[Row]) -> None:
    stretch = next(b for b in borders if b.id == "vn-kh.dak-nong.mondulkiri")
    here = [r for r in made["positions"] if r.properties["province_origin_id"] == "vn.dak-nong"]
    assert here
    assert all(r.properties["province"] == "Đắk Nông" for r in here)
    points = [r.geometry for r in here]
    assert shapely.distance(points, stretch.geometry).max() < 1e-6


def test_a_position_has_the_markers_it_expects(made: Made) -> None:
    held = Counter(r.properties["position_id"] for r in made["markers"])
    expected = {r.id: r.properties["expected_markers"] for r in made["positions"]}
    assert held == expected
    words = {1: "single", 2: "double", 3: "triple"}
    assert all(r.properties["multiplicity"] == words[expected[r.id]] for r in made["positions"])


def test_all_kinds_stages_and_conditions_occur(made: Made) -> None:
    markers = [r.properties for r in made["markers"]]
    assert {m["stage"] for m in markers} == set(STAGES)
    assert {m["kind"] for m in markers} == {"main", "auxiliary", "post"}
    assert {m["multiplicity"] for m in markers} == {"single", "double", "triple"}
    assert len({m["condition"] for m in markers}) == 8
    assert {e.properties["event"] for e in made["marker_events"]} == {e.value for e in MarkerEvent}


def test_stage_is_the_furthest_dated_event(
    made: Made, events: dict[str, list[tuple[str, str]]]
) -> None:
    for row in made["markers"]:
        staged = [(day, event) for day, event in sorted(events[row.id]) if event in STAGES]
        assert [STAGES.index(event) for _, event in staged] == list(range(len(staged)))
        assert staged[-1] == (row.properties["stage_as_of"], row.properties["stage"])
        assert "2006-01-01" <= staged[0][0] <= staged[-1][0] <= "2026-06-30"


def test_work_is_spread_over_twenty_years(events: dict[str, list[tuple[str, str]]]) -> None:
    years = {day[:4] for dated in events.values() for day, _ in dated}
    assert {str(year) for year in range(2006, 2027)} == years


def test_inspections_come_after_building_and_set_the_condition(
    made: Made, events: dict[str, list[tuple[str, str]]]
) -> None:
    last: dict[str, tuple[str, str]] = {}
    for row in made["inspections"]:
        p = row.properties
        built = next(day for day, event in events[p["marker_id"]] if event == "built")
        assert built <= p["at"][:10] <= "2026-06-30"
        assert datetime.fromisoformat(p["at"]).utcoffset() is not None
        last[p["marker_id"]] = max(last.get(p["marker_id"], ("", "")), (p["at"], p["condition"]))
    for row in made["markers"]:
        at, condition = last.get(row.id, (None, "unknown"))
        assert row.properties["condition"] == condition
        assert row.properties["condition_as_of"] == (at[:10] if at else None)


def test_some_are_overdue_and_none_that_is_not_built(made: Made) -> None:
    due = {r.id: r.properties["inspection_due"] for r in made["markers"]}
    overdue = sum(day is not None and day < "2026-06-30" for day in due.values())
    assert 0.1 < overdue / len(due) < 0.5
    unbuilt = [r for r in made["markers"] if r.properties["stage"] in ("planned", "located")]
    assert unbuilt
    assert all(due[r.id] is None for r in unbuilt)


def test_surveyed_coordinates_lead_back_to_the_point(made: Made) -> None:
    for row in made["markers"][::97]:
        p = row.properties
        grid = [[p["surveyed_x"], p["surveyed_y"]]]
        back = to_wgs84(grid, crs=p["surveyed_crs"], operation=p["datum_operation"]).points
        assert chord_m(back, shapely.get_coordinates(row.geometry))[0] < 0.01


def test_markers_of_a_double_stand_on_both_banks(made: Made) -> None:
    sides = defaultdict(set)
    for row in made["markers"]:
        if row.properties["multiplicity"] != "single":
            sides[row.properties["position_id"]].add(row.properties["side"])
    assert all(len(found) == 2 and "VN" in found for found in sides.values())


def test_the_post_in_charge_exists(made: Made) -> None:
    posts = {row.id for row in made["posts"]}
    assert {row.properties["post_id"] for row in made["markers"]} <= posts


def test_vietnams_posts_lie_in_vietnam(made: Made) -> None:
    units = read_rows(layers.ADMIN_UNITS, BORDERS.parent / "admin_units.geojson")
    vietnam = next(u.geometry for u in units if u.id == "vn")
    inside = shapely.contains(vietnam, [row.geometry for row in made["posts"]])
    assert np.mean(inside) > 0.9  # a post 2 km back may lie beyond a bend


def test_reports_stay_behind_what_was_done(
    made: Made, events: dict[str, list[tuple[str, str]]]
) -> None:
    report = next(
        r.properties for r in made["progress"] if r.id == "dt-vn-kh.2014-06-30.markers_built"
    )
    ours = [
        r.id
        for r in made["markers"]
        if r.properties["border"] == "VN-KH" and r.properties["kind"] != "post"
    ]
    done = sum(any(e == "built" and d <= "2014-06-30" for d, e in events[key]) for key in ours)
    assert report["denominator"] == len(ours)
    assert 0.9 * done - 1 <= report["numerator"] < done


def test_replace_keeps_the_geography_alone(borders: list[Row]) -> None:
    real: Made = {name: [] for name in layers.LAYERS} | {
        "borders": borders,
        "gates": [Row("g-la-13", {}, None)],
        "markers": [Row("vn-kh.48.0.1", {}, None)],
        "sources": [Row("osm-2026", {}, None)],
    }
    found = exercise.replace(real, markers=20)
    assert set(found) == set(layers.LAYERS)
    assert found["gates"] == []
    assert len(found["markers"]) == 20
    assert [row.id for row in found["sources"]] == ["osm-2026", "exercise"]
    assert all(row.properties["register_complete"] for row in found["borders"])
    assert not any(row.properties["register_complete"] for row in borders)


def test_parts_hold_together_what_a_replacement_holds_at_once(
    borders: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Made = {name: [] for name in layers.LAYERS} | {"borders": borders}
    whole = exercise.replace(real, markers=3000)
    monkeypatch.setattr(exercise, "PART", 400)
    parts = list(exercise.parts(real, markers=3000, at_once=400))
    assert len(parts) >= 3000 // 500
    assert max(len(part["markers"]) for part in parts) < 900
    for part in parts:
        markers = {row.id for row in part["markers"]}
        for name in ("marker_events", "inspections"):
            assert {row.properties["marker_id"] for row in part[name]} <= markers
    for name, rows in whole.items():
        found = [row for part in parts for row in part[name]]
        assert sorted(found, key=lambda r: r.id) == sorted(rows, key=lambda r: r.id)


def test_a_register_made_in_parts_is_whole(
    borders: list[Row], place: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = read_rows(layers.ADMIN_UNITS, BORDERS.parent / "admin_units.geojson")
    real: Made = {name: [] for name in layers.LAYERS}
    real |= {"borders": borders, "admin_units": units}
    monkeypatch.setattr(exercise, "PART", 100)
    load.make(place, exercise.parts(real, markers=500, at_once=100), is_exercise=True)
    engine = store.open_store(place)
    assert [line for line in check.check(engine) if "names source_id" not in line] == []
    with engine.connect() as conn:
        assert load.row_counts(conn)["markers"] == 500
    engine.dispose()


def test_many_markers_in_little_time(borders: list[Row]) -> None:
    begun = time.process_time()
    assert len(exercise.rows(borders, markers=20_000)["markers"]) == 20_000
    assert time.process_time() - begun < 10  # seconds; about 1.5 measured

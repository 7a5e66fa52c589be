"""The embedded data against what its sources state, and against the researched facts beside it."""

import re
from collections import Counter, defaultdict
from datetime import date

import pytest
from pyproj import Transformer

from geo import layers
from geo.formats import read_rows
from geo.referencing import LineReference
from geo.types import Row
from tests.geo.embedded import (
    DATA,
    FILES,
    GEOD,
    facts,
    geojson_ids,
    ids_of,
    needs_facts,
    one,
    point,
    rows,
)

DOUBLES = [f"{main}({k})" for main in range(48, 56) for k in (1, 2)]

each_layer = pytest.mark.parametrize("layer", FILES)


def dak_nong(layer: str) -> list[Row]:
    return [r for r in rows(layer) if r.properties["province_origin_id"] == "vn.dak-nong"]


# Every file


@each_layer
def test_a_row_is_known_by_its_id_and_start(layer: str) -> None:
    keys = Counter((row.id, row.properties["valid_from"]) for row in rows(layer))
    assert [key for key, n in keys.items() if n > 1] == []


@each_layer
def test_every_row_names_a_listed_source_and_its_confidence(layer: str) -> None:
    for row in rows(layer):
        assert row.properties["source"], row.id
        assert row.properties["source_id"] in ids_of("sources"), row.id
        assert row.properties["confidence"] in {"high", "medium", "low"}, row.id
        assert row.properties["classification"] == "public"


@each_layer
def test_every_unit_that_is_named_exists(layer: str) -> None:
    single, several = ("province_origin_id", "partner_id"), ("unit_ids", "partner_ids")
    for row in rows(layer):
        units = {row.properties.get(name) for name in single} - {None}
        units.update(*(row.properties.get(name) or [] for name in several))
        assert units <= geojson_ids("admin_units"), row.id


@pytest.mark.parametrize(
    ("layer", "field", "target"),
    [
        ("markers", "position_id", "positions"),
        ("marker_events", "marker_id", "markers"),
        ("gates", "markers", "markers"),
        ("commitments", "agreement_id", "agreements"),
    ],
)
def test_every_reference_leads_somewhere(layer: str, field: str, target: str) -> None:
    for row in rows(layer):
        value = row.properties[field]
        found = value if isinstance(value, list) else [value] if value else []
        assert set(found) <= ids_of(target), row.id


def test_markers_and_positions_belong_to_drawn_borders() -> None:
    for row in rows("markers"):
        assert set(row.properties["border_ids"]) <= geojson_ids("borders")
    assert {r.properties["border_id"] for r in rows("positions")} <= geojson_ids("borders")


# Markers


def test_dak_nong_has_sixteen_markers_at_eight_positions() -> None:
    numbers = [row.properties["number"] for row in dak_nong("markers")]
    assert numbers == DOUBLES
    assert len({row.properties["position_id"] for row in dak_nong("markers")}) == 8
    assert {row.properties["multiplicity"] for row in dak_nong("markers")} == {"double"}


def test_dak_nong_56_to_60_have_no_markers_and_are_not_demarcated() -> None:
    held = {row.properties["position_id"] for row in rows("markers")}
    numbers = {p.properties["number"]: p for p in dak_nong("positions")}
    assert list(numbers) == [str(n) for n in range(48, 61)]
    for n, position in numbers.items():
        built = int(n) < 56
        assert position.properties["demarcated"] == ("yes" if built else "no")
        assert position.properties["expected_markers"] == (2 if built else None)
        assert (position.id in held) == built


def test_indicative_places_say_so_and_follow_the_line_from_the_north() -> None:
    shapes = read_rows(layers.get("borders"), DATA / "boundaries/borders.geojson")
    stretch = next(r.geometry for r in shapes if r.id == "vn-kh.dak-nong.mondulkiri")
    line = LineReference.from_north(stretch)
    found = [line.chainage(point(row)) for row in dak_nong("positions")]
    assert [f.km for f in found] == sorted(f.km for f in found)
    assert max(f.offset_m for f in found) < 5
    for row in dak_nong("markers"):
        assert row.properties["position_quality"] == "indicative"
        assert row.properties["position_uncertainty_m"] > line.length_km * 1000 * 0.45


def test_both_markers_of_a_position_share_its_indicative_point() -> None:
    places = defaultdict(set)
    for row in dak_nong("markers"):
        places[row.properties["position_id"]].add(point(row))
    assert all(len(found) == 1 for found in places.values())


def test_dak_nong_was_built_by_june_and_handed_over_by_december_2014() -> None:
    steps = defaultdict(list)
    for row in rows("marker_events"):
        steps[row.properties["marker_id"]].append(row.properties)
    for marker in dak_nong("markers"):
        found = {s["event"]: (s["date"], s["date_precision"]) for s in steps[marker.id]}
        assert found == {
            "located": ("2014-06-30", "not_later_than"),
            "built": ("2014-06-30", "not_later_than"),
            "handed_over": ("2014-12-22", "not_later_than"),
        }
        assert marker.properties["stage"] == "handed_over"


def test_marker_54_is_held_once_for_each_stone_and_lists_are_split() -> None:
    assert "vn-kh.54.0.0" not in ids_of("markers")
    split = {"vn-kh.170.0.0", "vn-kh.171.0.0", "vn-cn.1116.0.0", "vn-cn.1117.0.0"}
    split |= {f"vn-la.{n}.0.0" for n in range(522, 527)}
    assert split <= ids_of("markers")
    assert "vn-la.511.1.0" in ids_of("markers")


def test_a_tripoint_stands_on_two_lines_and_counts_once() -> None:
    found = [r.properties for r in rows("markers") if r.properties["kind"] == "tripoint"]
    assert [r["border_ids"] for r in found] == [["vn-cn", "vn-la"], ["vn-la", "vn-kh"]]


def test_the_grid_of_the_southern_tripoint_is_its_longitude_and_latitude() -> None:
    row = next(r for r in rows("markers") if r.id == "vn-la.0.0.0")
    to_degrees = Transformer.from_crs(row.properties["surveyed_crs"], 4326, always_xy=True)
    grid = to_degrees.transform(row.properties["surveyed_x"], row.properties["surveyed_y"])
    assert GEOD.inv(*grid, *point(row))[2] < 0.2


def test_markers_103_stand_as_far_apart_as_the_protocol_says() -> None:
    first, second = (next(r for r in rows("markers") if r.id == f"vn-cn.103.0.{k}") for k in (1, 2))
    assert GEOD.inv(*point(first), *point(second))[2] == pytest.approx(141.03, abs=0.1)


def test_nothing_is_said_of_a_condition_that_nobody_inspected() -> None:
    assert {r.properties["condition"] for r in rows("markers")} == {"unknown"}
    dated = {r.properties["marker_id"] for r in rows("marker_events")}
    assert {r.id for r in rows("markers") if r.properties["stage"]} == dated


@needs_facts
def test_published_coordinates_and_heights_are_those_of_the_facts() -> None:
    stated = {
        (f["border"].split("/")[0], f["marker_no"]): f
        for f in facts("markers_facts")
        if f["kind"] == "marker" and f["lon"]
    }
    placed = [r for r in rows("markers") if r.properties["position_quality"] == "published"]
    assert len(placed) == len(stated) == 14
    for row in placed:
        fact = stated[row.properties["border"][3:], row.properties["number"]]
        assert point(row) == (float(fact["lon"]), float(fact["lat"]))
        assert row.properties["height_m"] == (float(fact["height_m"]) if fact["height_m"] else None)


@needs_facts
def test_every_marker_of_the_facts_is_held() -> None:
    held = {(r.properties["border"][3:], r.properties["number"]) for r in rows("markers")}
    for fact in facts("markers_facts"):
        number = fact["marker_no"]
        if fact["kind"] == "marker" and number not in {"54", "170/171"}:
            assert (fact["border"].split("/")[0], number) in held


# Progress


def reported(key: str) -> tuple[float | None, float | None, str | None]:
    row = one("progress", key)
    return row["numerator"], row["denominator"], row["source_id"]


def test_progress_of_the_whole_cambodian_line_in_june_2014() -> None:
    day = "vn-kh.2014-06-30"
    assert reported(f"{day}.positions-located") == (248, 314, "seed-003")
    assert reported(f"{day}.markers-located") == (300, 371, "seed-003")
    assert reported(f"{day}.positions-built") == (233, 314, "seed-003")
    assert reported(f"{day}.markers-built") == (282, 371, "seed-003")
    assert reported(f"{day}.km-demarcated") == (866, 1137, "seed-003")


def test_progress_of_dak_nong_has_no_denominator_but_in_plans() -> None:
    found = defaultdict(set)
    for row in dak_nong("progress"):
        p = row.properties
        found[p["measure"], p["qualifier"]].add((p["numerator"], p["denominator"]))
    assert found == {
        ("positions_located", "exact"): {(8, None)},
        ("positions_built", "exact"): {(8, None)},
        ("markers_located", "exact"): {(16, None)},
        ("markers_built", "exact"): {(16, None)},
        ("positions_built", "plan"): {(None, 13), (None, 14)},
        ("markers_built", "plan"): {(None, 24), (None, 26)},
    }


def test_later_figures_and_those_of_the_other_lines() -> None:
    assert reported("vn-kh.2015-06-30.positions-located")[:2] == (260, 314)
    assert reported("vn-kh.2019-12-31.markers-built")[:2] == (2047, None)
    assert reported("vn-la.2016-12-31.positions-built")[:2] == (905, None)
    assert reported("vn-la.2016-12-31.markers-built")[:2] == (1002, None)
    assert reported("vn-cn.2009-12-31.markers-built")[:2] == (1971, None)


@needs_facts
def test_progress_agrees_with_the_facts() -> None:
    text = {f["metric"]: f["value"] for f in facts("markers_facts") if f["kind"] == "fact"}
    assert text["determined"] == "248 positions = 300 markers"
    assert text["built"] == "233 positions = 282 markers"
    assert text["line demarcated"].startswith("866 of 1137")
    assert text["final result"] == "905 positions / 1002 markers and posts"


# Words and days


@needs_facts
def test_no_sentence_of_a_document_is_kept() -> None:
    def plain(text: str) -> str:
        return re.sub(r"\s+", " ", text).casefold()

    quotes = [q for f in facts("seeds_facts") if len(q := plain(f["quote_vi"])) > 60]
    held = plain("".join((DATA / file).read_text(encoding="utf-8") for file in FILES.values()))
    assert len(quotes) > 50
    assert [q for q in quotes if q in held] == []


def test_dates_are_days_of_the_calendar() -> None:
    for layer in FILES:
        declared = [f.name for f in layers.get(layer).fields if f.kind == "date"]
        for row in rows(layer):
            for name in declared:
                if row.properties[name]:
                    date.fromisoformat(row.properties[name])

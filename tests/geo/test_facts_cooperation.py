"""Gates, corridors, projects and cooperation against their sources and the researched facts."""

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from geo.types import Row
from tests.geo.embedded import GEOD, facts, needs_facts, one, point, rows

# Metadata of the documents, not figures of a province.
METADATA = {"document", "legal", "national", "organisation", "event", "MIA"}


# Gates


def versions() -> Iterator[list[dict[str, Any]]]:
    groups = defaultdict(list)
    for row in rows("gates"):
        groups[row.id].append(row.properties)
    yield from groups.values()


def test_la_lay_was_national_and_became_international_in_june_2014() -> None:
    found = [r.properties for r in rows("gates") if r.id == "g-la-14"]
    assert [(r["gate_class"], r["valid_from"], r["valid_to"]) for r in found] == [
        ("national", None, "2014-06-25"),
        ("international", "2014-06-25", None),
    ]
    assert {r["province_origin_id"] for r in found} == {"vn.quang-tri"}
    assert {tuple(r["partner_ids"]) for r in found} == {("la.salavan",)}


def test_a_class_begins_where_the_one_before_ends_and_the_last_is_open() -> None:
    for periods in versions():
        ends = [p["valid_to"] for p in periods]
        assert ends == [*(p["valid_from"] for p in periods[1:]), None]


def test_doubtful_classes_are_marked_and_proposals_kept() -> None:
    for key in ("g-cn-11", "g-kh-05"):
        assert one("gates", key)["confidence"] == "low"
        assert "says" in one("gates", key)["class_note"]
    assert "Bu Prăng – Đăk Đam" in one("gates", "g-kh-05")["proposal"]


@needs_facts
def test_every_gate_is_listed_and_placeholders_are_no_points() -> None:
    stated = {f["id"].lower(): f for f in facts("gates")}
    assert {row.id for row in rows("gates")} == set(stated)
    for row in rows("gates"):
        fact = stated[row.id]
        placed = fact["lon"] and not fact["coord_method"].startswith("PLACEHOLDER")
        assert (row.geometry is not None) == bool(placed), row.id
        assert (row.properties["position_quality"] == "unknown") == (not placed)
        assert row.properties["border"] == fact["border"]
        last = [r for r in rows("gates") if r.id == row.id][-1].properties["gate_class"]
        assert fact["class"].startswith(last), row.id


# Corridors and projects


def segments(corridor: str) -> list[Row]:
    found = [r for r in rows("corridors") if r.properties["corridor_id"] == corridor]
    return sorted((r for r in found if r.geometry), key=lambda r: r.properties["seq"])


def test_the_east_west_corridor_runs_from_mawlamyine_to_da_nang() -> None:
    whole, parts = one("corridors", "ewec"), segments("ewec")
    assert whole["length_published_km"] == 1450
    assert whole["countries"] == ["MM", "TH", "LA", "VN"]
    assert parts[0].properties["name_en"].startswith("Mawlamyine")
    assert parts[-1].properties["name_vi"].endswith("Đà Nẵng")
    assert {p.properties["geometry_quality"] for p in parts} == {"schematic"}


def test_the_triangle_is_an_area_and_has_no_line() -> None:
    assert segments("clv") == []
    assert len(one("agreements", "clv-development-triangle")["unit_ids"]) == 13


def test_chainage_runs_on_and_is_the_length_of_the_geodesics() -> None:
    for corridor in {r.properties["corridor_id"] for r in rows("corridors")} - {"clv"}:
        km = 0.0
        for row in segments(corridor):
            assert row.properties["chainage_from_km"] == pytest.approx(km, abs=0.01)
            measured = GEOD.geometry_length(row.geometry) / 1000
            assert row.properties["length_measured_km"] == pytest.approx(measured, abs=0.001)
            assert (row.properties["length_published_km"] or math.inf) > measured
            km += measured
        assert one("corridors", corridor)["length_measured_km"] == pytest.approx(km, abs=0.01)


@needs_facts
def test_corridors_pass_through_the_waypoints_of_the_facts() -> None:
    ends = defaultdict(list)
    for fact in facts("corridors"):
        ends[fact["corridor"].lower()].append((float(fact["lon"]), float(fact["lat"])))
    for corridor, places in ends.items():
        lines = [list(row.geometry.coords) for row in segments(corridor) if row.geometry]
        drawn = [lines[0][0], *(line[-1] for line in lines)]
        assert drawn == [(round(x, 6), round(y, 6)) for x, y in places]


def test_money_is_kept_in_its_own_currency() -> None:
    def amounts(key: str) -> list[tuple[int, str]]:
        return [(a["value"], a["currency"]) for a in one("projects", key)["amounts"]]

    assert amounts("quang-tri-industrial-park") == [(2_074_033_000_000, "VND")]
    assert one("projects", "quang-tri-industrial-park")["amount_usd"] == 88_260_000
    assert amounts("my-thuy-port") == [(14_234_000_000_000, "VND")]
    assert amounts("quang-tri-rural-finland") == [(9_000_000, "EUR"), (1_000_000, "EUR")]
    assert amounts("laos-nr9-rehabilitation") == [(3_230_000_000_000, "LAK")]
    assert amounts("chia-se") == []


@needs_facts
def test_every_project_of_the_facts_is_held_where_they_place_it() -> None:
    stated = facts("projects")
    assert len(rows("projects")) == len(stated) == 20
    placed = sorted((float(f["lon"]), float(f["lat"])) for f in stated if f["lon"])
    assert sorted(point(r) for r in rows("projects") if r.geometry) == placed


# Cooperation


def test_agreements_bear_the_dates_that_the_sources_state() -> None:
    dates = {r.id: (r.properties["signed"], r.properties["effective"]) for r in rows("agreements")}
    assert dates["vn-kh-treaty-1985"] == ("1985-12-27", None)
    assert dates["vn-kh-treaty-2019"] == ("2019-10-05", None)
    assert dates["vn-la-protocol-2016"] == ("2016-03-16", "2017-09-05")
    assert dates["vn-cn-protocol-2009"] == ("2009-11-18", "2010-07-14")
    assert dates["cao-bang-guangxi-memorandum"] == (None, None)
    programme = one("agreements", "dak-nong-mondulkiri-2010")
    assert programme["unit_ids"] == ["vn.dak-nong", "kh.mondulkiri"]
    minutes = one("agreements", "quang-tri-savannakhet-mukdahan-2023")
    assert minutes["kind"] == "minutes"
    assert minutes["unit_ids"] == ["vn.quang-tri", "la.savannakhet", "th.mukdahan"]


def test_meet_thailand_took_two_days() -> None:
    event = one("exchanges", "meet-thailand-2023")
    assert (event["date_from"], event["date_to"]) == ("2023-08-03", "2023-08-04")


def test_figures_of_the_documents() -> None:
    def value(key: str) -> tuple[float | None, str | None, str | None]:
        row = one("indicators", key)
        return row["value"], row["unit"], row["qualifier"]

    assert len(rows("indicators")) == 135
    assert value("sf003") == (196_000_000, "USD", "approx")
    assert value("sf027") == (5_154_000_000, "USD", None)
    assert value("sf035") == (206_600_000_000, "VND", None)
    assert value("sf142") == (130, "km", "more_than")
    assert "INCONSISTENT" in one("indicators", "sf055")["note"]


@needs_facts
def test_every_figure_of_the_facts_is_an_indicator_but_metadata() -> None:
    stated = [f for f in facts("seeds_facts") if f["theme"] not in METADATA]
    assert len(facts("seeds_facts")) == 192
    assert {r.id for r in rows("indicators")} == {f["id"].lower() for f in stated}
    for fact in stated:
        row = one("indicators", fact["id"].lower())
        assert (row["value_text"] or "").startswith(fact["value"])
        if row["value"] is not None:
            ratio = row["value"] / float(fact["value"])
            assert round(ratio, 9) in {1, 1_000_000, 1_000_000_000}

"""Corridor overlay and totals against published lengths and hand-made cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, Point, Polygon

from geo.corridor import Site, site, totals, within
from geo.errors import BadInputError
from geo.referencing import LineReference, geod
from geo.types import Row

CORRIDORS = Path(__file__).parents[2] / "data" / "corridors" / "corridors.geojson"
# A road along a parallel near Route 9, in two segments.
ROAD = [LineString([(105.0, 16.6), (106.0, 16.6)]), LineString([(106.0, 16.6), (107.0, 16.6)])]


def north_of(lon: float, km: float, lat: float = 16.6) -> tuple[float, float]:
    east, north, _ = geod().fwd(lon, lat, 0, km * 1000)
    return float(east), float(north)


def test_reach_possible_and_out_of_reach() -> None:
    places = [
        Site("inside", (north_of(106, 19),)),
        Site("line-uncertain", (north_of(106, 24),)),
        Site("self-uncertain", (north_of(106, 33),), 10),
        Site("outside", (north_of(106, 26),)),
    ]
    found = within(ROAD, places, km=20, uncertainty_km=5)
    assert {hit.id: hit.possible for hit in found.hits} == {
        "inside": False,
        "line-uncertain": True,
        "self-uncertain": True,
    }
    assert found.possible == 2
    assert {h.id: round(h.distance_km) for h in found.hits}["inside"] == 19


def test_chainage_runs_along_the_ordered_segments() -> None:
    length = geod().geometry_length(ROAD[0]) / 1000
    found = within(ROAD, [Site("b", (north_of(106.5, 1),)), Site("a", (north_of(105.1, 2),))], km=5)
    assert [hit.id for hit in found.hits] == ["a", "b"]
    assert found.hits[1].chainage_km == pytest.approx(length * 1.5, abs=0.3)
    assert found.length_km == pytest.approx(2 * length)


def test_a_feature_without_place_is_counted_and_never_placed() -> None:
    found = within(ROAD, [Site("nowhere"), Site("here", ((106.0, 16.6),))], km=10_000)
    assert [hit.id for hit in found.hits] == ["here"]
    assert found.unlocated == 1


def test_the_nearest_of_several_places_counts() -> None:
    far, near = north_of(105.2, 60), north_of(106.7, 3)
    hit = within(ROAD, [Site("two", (far, near))], km=10).hits[0]
    assert hit.distance_km == pytest.approx(3, abs=0.1)
    assert hit.chainage_km > 150


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(104, 108), st.floats(15, 18)), max_size=20), st.floats(0, 200))
def test_a_wider_reach_never_loses_a_feature(
    points: list[tuple[float, float]], reach: float
) -> None:
    places = [Site(str(i), (point,)) for i, point in enumerate(points)]
    less, more = (
        {hit.id for hit in within(ROAD, places, km=km, uncertainty_km=5).hits}
        for km in (reach, reach + 10)
    )
    assert less <= more


def test_rows_as_sites() -> None:
    assert site(Row("p", {"position_uncertainty_m": 2500.0}, Point(106, 16))) == Site(
        "p", ((106.0, 16.0),), 2.5
    )
    assert site(Row("p", {}, None)) == Site("p")
    assert len(site(Row("p", {}, MultiPoint([(1, 2), (3, 4)]))).points) == 2
    with pytest.raises(BadInputError):
        site(Row("p", {}, Polygon([(0, 0), (1, 0), (1, 1)])))


@pytest.mark.parametrize("km", [-1, float("nan"), float("inf")])
def test_a_reach_that_is_none(km: float) -> None:
    with pytest.raises(BadInputError) as error:
        within(ROAD, [], km=km)
    assert error.value.parameter == "within_km"


def test_a_corridor_without_segments_is_refused() -> None:
    with pytest.raises(BadInputError):
        within([], [], km=1)


def test_totals_by_kind_and_currency() -> None:
    rows: list[dict[str, Any]] = [
        {"finance_kind": "oda", "amounts": [{"value": 35_000_000, "currency": "USD"}]},
        {"finance_kind": "oda", "amounts": '[{"value": 0.1, "currency": "USD", "date": null}]'},
        {"finance_kind": "oda", "amounts": [
            {"value": 0.2, "currency": "USD"}, {"value": 9e6, "currency": "EUR"},
        ]},
        {"finance_kind": "domestic", "amounts": [{"value": 14_234_000_000_000, "currency": "VND"}]},
        {"finance_kind": "domestic", "amounts": [{"value": None, "currency": "VND"}]},
        {"finance_kind": None, "amounts": None},
    ]  # fmt: skip
    assert totals(rows) == [
        {
            "kind": "oda",
            "count": 3,
            "unstated": 0,
            "amounts": [
                {"currency": "EUR", "value": 9_000_000},
                {"currency": "USD", "value": 35_000_000.3},
            ],
        },
        {
            "kind": "domestic",
            "count": 2,
            "unstated": 1,
            "amounts": [{"currency": "VND", "value": 14_234_000_000_000}],
        },
        {"kind": "unknown", "count": 1, "unstated": 1, "amounts": []},
    ]
    assert totals([]) == []


@pytest.mark.skipif(not CORRIDORS.exists(), reason="the data set has not been built")
def test_ewec_measured_and_published() -> None:
    features = json.loads(CORRIDORS.read_text(encoding="utf-8"))["features"]
    ewec = [f for f in features if f["properties"]["corridor_id"] == "ewec" and f["geometry"]]
    ewec.sort(key=lambda f: f["properties"]["seq"])
    lines = [shapely.from_geojson(json.dumps(f["geometry"])) for f in ewec]
    measured = LineReference(shapely.MultiLineString(lines)).length_km
    assert len(lines) == 32
    assert measured == pytest.approx(1271.3, rel=0.003)  # great circles between the waypoints
    assert 1.05 < 1450 / measured < 1.25  # the published road winds between them
    dong_ha = within(lines, [Site("dong-ha", ((107.10031, 16.81625),))], km=1).hits[0]
    assert dong_ha.chainage_km == pytest.approx(1124.0, rel=0.003)

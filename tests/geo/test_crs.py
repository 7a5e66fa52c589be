"""Datums and grids against published pairs and an independent computation."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import crs
from geo.errors import BadInputError, NotFoundError, OperationNeededError, UnknownCrsError
from tests.geo.independent import (
    chord_m,
    from_ecef,
    to_ecef,
    transverse_mercator,
    vn2000_to_wgs84,
)

VN2000_URN = "urn:ogc:def:coordinateOperation:EPSG::6960"
TRIPOINT = np.array([[107.5566083, 14.6860556]])  # VN–LA–KH, published with its grid below
TRIPOINT_GRID = np.array([[775331.60, 1625161.02]])  # easting, northing, UTM 48N
FACTS = Path(__file__).parents[3] / "shared" / "facts"

# Central meridians in degrees as the zones are named.
MERIDIANS = {
    3405: 105, 3406: 111, 5896: 102, 5897: 105, 5898: 108, 5899: 107.75, 9205: 103, 9206: 104,
    9207: 104.5, 9208: 104.75, 9209: 105.5, 9210: 105.75, 9211: 106, 9212: 106.25, 9213: 106.5,
    9214: 107, 9215: 107.25, 9216: 107.5, 9217: 108.25, 9218: 108.5,
}  # fmt: skip

vietnam = st.tuples(st.floats(102.2, 109.4), st.floats(8.6, 23.3))


def test_the_published_tripoint_is_utm_48n_on_the_wgs84_ellipsoid() -> None:
    in_wgs84 = crs.to_wgs84(TRIPOINT, crs=4756).points
    assert np.abs(crs.from_wgs84(in_wgs84, crs=3405).points - TRIPOINT_GRID).max() < 0.1
    assert np.abs(transverse_mercator(TRIPOINT, meridian=105, k=0.9996) - TRIPOINT_GRID).max() < 0.1


def test_vn2000_lies_two_hundred_metres_from_wgs84() -> None:
    moved = crs.to_wgs84(TRIPOINT, crs="EPSG:4756").points
    assert 180 < chord_m(moved, TRIPOINT)[0] < 240


@settings(deadline=None)
@given(st.lists(vietnam, min_size=1, max_size=20))
def test_the_decisions_seven_parameters_are_epsg_6960(points: list[tuple[float, float]]) -> None:
    array = np.array(points)
    ours = crs.to_wgs84(array, crs=4756)
    assert ours.operation == VN2000_URN
    assert ours.accuracy_m == 1.0
    assert chord_m(ours.points, vn2000_to_wgs84(array)).max() < 0.01


@settings(deadline=None)
@given(vietnam, st.sampled_from(sorted(MERIDIANS)))
def test_grids_against_kruegers_series(point: tuple[float, float], code: int) -> None:
    array = np.array([point])
    there = crs.from_wgs84(vn2000_to_wgs84(array), crs=code)
    k = 0.9996 if code in (3405, 3406) else 0.9999
    expected = transverse_mercator(array, meridian=MERIDIANS[code], k=k)
    assert np.abs(there.points - expected).max() < 0.02  # the series ends at n⁴


@pytest.mark.parametrize("name", crs.supported())
def test_every_system_comes_back_to_a_millimetre(name: str) -> None:
    west, south, east, north = crs.operations(name)[0].bounds
    middle = np.array([[west * 0.4 + east * 0.6, south * 0.4 + north * 0.6]])
    there = crs.from_wgs84(middle, crs=name)
    back = crs.to_wgs84(there.points, crs=name)
    assert chord_m(back.points, middle)[0] < 0.003
    assert back.accuracy_m == there.accuracy_m == crs.operations(name)[0].accuracy_m


def test_the_wrong_zone_is_tens_of_kilometres_off() -> None:
    dak_nong = np.array([[107.5, 12.2]])
    grid = crs.from_wgs84(dak_nong, crs=9218).points
    wrong = crs.to_wgs84(grid, crs=5899).points  # Lâm Đồng's own meridian, 107°45′
    assert 75_000 < chord_m(wrong, dak_nong)[0] < 90_000


def test_a_point_far_from_the_provinces_of_a_zone_is_warned_of() -> None:
    cao_bang = crs.from_wgs84([[106.2, 22.7]], crs=9218)
    assert "Dak Nong" in cao_bang.warnings[0]
    assert crs.from_wgs84([[107.5, 12.2]], crs=9218).warnings == ()


def test_indian_1960_moves_only_where_an_operation_is_valid() -> None:
    inside = crs.to_wgs84([[107.0, 16.0]], crs=4131)
    assert inside.operation == "urn:ogc:def:coordinateOperation:EPSG::1542"
    assert inside.accuracy_m == 44
    assert 300 < chord_m(inside.points, np.array([[107.0, 16.0]]))[0] < 700
    with pytest.raises(OperationNeededError, match="between 14°N and 18°N") as error:
        crs.to_wgs84([[107.0, 16.0], [105.0, 21.0]], crs="EPSG:4131")
    assert "1 of 2 points" in error.value.detail
    assert error.value.allowed == ["EPSG:1542", "EPSG:1541+EPSG:1240", "EPSG:1543"]


def test_indian_1960_by_its_three_published_translations() -> None:
    point = np.array([[107.0, 16.0]])
    everest = 6377276.345, 1 / 300.8017  # m, Everest 1830 (1937 adjustment)
    expected = from_ecef(to_ecef(point, *everest) + np.array([198.0, 881.0, 317.0]))
    assert chord_m(crs.to_wgs84(point, crs=4131).points, expected)[0] < 0.01


@pytest.mark.parametrize(
    "spelling", ["EPSG:1542", "1542", "urn:ogc:def:coordinateOperation:EPSG::1542"]
)
def test_a_named_operation_is_used_and_its_area_warned_of(spelling: str) -> None:
    named = crs.to_wgs84([[105.0, 21.0]], crs=4131, operation=spelling)
    assert named.operation_name == "Indian 1960 to WGS 84 (2)"
    assert "between 14°N and 18°N" in named.warnings[0]


def test_no_ballpark_operation_is_left() -> None:
    for name in crs.supported():
        assert not [o for o in crs.operations(name) if "allpark" in o.name]
    with pytest.raises(OperationNeededError, match="Vung Tau"):
        crs.to_wgs84([[105.8, 21.0]], crs="EPSG:4147")  # Hanoi 1972 has no operation there


def test_cgcs2000_says_that_nothing_was_moved() -> None:
    result = crs.to_wgs84([[105.3064542, 23.3797411]], crs=4490)
    assert result.operation is None
    assert result.accuracy_m == 2.0
    assert "nothing moved" in result.operation_name


def test_lao_1993_goes_through_lao_1997() -> None:
    result = crs.to_wgs84([[104.7, 16.6]], crs=4677)
    assert result.operation_name == "Lao 1993 to Lao 1997 (1) + Lao 1997 to WGS 84 (1)"
    assert result.accuracy_m == pytest.approx(5.15)


def test_an_operation_of_another_datum_is_refused() -> None:
    with pytest.raises(BadInputError, match="6960") as error:
        crs.to_wgs84([[107.0, 16.0]], crs=4756, operation="EPSG:1542")
    assert error.value.parameter == "operation"


def test_swapped_grid_coordinates_are_recognised() -> None:
    with pytest.raises(OperationNeededError, match="look swapped"):
        crs.to_wgs84(TRIPOINT_GRID[:, ::-1], crs=3405)
    with pytest.raises(BadInputError, match="lon, lat"):
        crs.to_wgs84(TRIPOINT[:, ::-1], crs=4756)


@pytest.mark.parametrize(
    "points", [[[np.nan, 1.0]], [[np.inf, 1.0]], [["a", "b"]], [[1, 2, 3]], []]
)
def test_what_is_not_a_pair_of_numbers_is_refused(points: list[list[float]]) -> None:
    with pytest.raises(BadInputError):
        crs.to_wgs84(points, crs=4756)


def test_a_coordinate_that_no_projection_can_hold_is_refused() -> None:
    with pytest.raises(BadInputError):
        crs.to_wgs84([[1e30, 1e30]], crs=9218)


@pytest.mark.parametrize(
    "spelling",
    [9218, "9218", "EPSG:9218", "epsg:9218", "urn:ogc:def:crs:EPSG::9218",
     "http://www.opengis.net/def/crs/EPSG/0/9218"],
)  # fmt: skip
def test_spellings_of_a_system(spelling: str | int) -> None:
    assert crs.epsg_code(spelling) == 9218


@pytest.mark.parametrize("name", ["EPSG:27700", "VN-2000", "", "EPSG:92180", "EPSG:9218x"])
def test_an_unsupported_system_names_those_supported(name: str) -> None:
    with pytest.raises(UnknownCrsError) as error:
        crs.epsg_code(name)
    assert "EPSG:9218" in (error.value.allowed or ())


def test_crs84_is_lon_lat() -> None:
    uri = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    assert crs.to_wgs84([105.0, 20.0], crs=uri).points.tolist() == [[105.0, 20.0]]


def test_threads_may_share_the_module() -> None:
    points = np.random.default_rng(0).uniform([103, 9], [109, 23], (500, 2))
    alone = crs.from_wgs84(points, crs=3405).points
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(crs.from_wgs84, points, crs=3405) for _ in range(32)]
    assert all(np.array_equal(job.result().points, alone) for job in jobs)


def test_zones_of_provinces_of_both_eras() -> None:
    for spelling in ("Đắk Nông", "Đăk Nông", "dak nong", "Tỉnh Đắk Nông"):
        assert [z.crs for z in crs.guess_zones(spelling)] == ["EPSG:9218"]
    lam_dong = crs.guess_zones("Lâm Đồng")
    assert [z.crs for z in lam_dong] == ["EPSG:5899", "EPSG:9218", "EPSG:9218"]
    assert {z.province for z in lam_dong} == {"Lâm Đồng", "Đắk Nông", "Bình Thuận"}
    assert crs.guess_zones("Thành phố Hồ Chí Minh")[0].central_meridian == 105.75
    with pytest.raises(NotFoundError):
        crs.guess_zones("Savannakhet")


def test_a_zone_has_its_projections_meridian() -> None:
    for zones in (crs.guess_zones(name) for name in ("Cao Bằng", "Quảng Trị", "An Giang", "Huế")):
        on_meridian = [[zones[0].central_meridian, 15.0]]
        in_vn2000 = crs.to_wgs84(on_meridian, crs=4756).points
        assert crs.from_wgs84(in_vn2000, crs=zones[0].crs).points[0, 0] == pytest.approx(500_000)


@pytest.mark.skipif(not FACTS.exists(), reason="research notes are not here")
def test_zones_and_systems_agree_with_the_research() -> None:
    with (FACTS / "crs.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["epsg"]]
    assert {f"EPSG:{row['epsg']}" for row in rows} <= set(crs.supported())
    for row in rows:
        if 9205 <= int(row["epsg"]) <= 9218:
            areas = row["note"].removeprefix("Vietnam - ").rstrip(".").replace(";", ",")
            for word in (" and ", " provinces", " province", " cities"):
                areas = areas.replace(word, "," if word == " and " else "")
            for province in filter(None, (a.strip() for a in areas.split(","))):
                own = crs.guess_zones(province.replace("Ba Ria-", "Ba Ria - "))[0]
                assert own.crs == f"EPSG:{row['epsg']}", province


@settings(max_examples=30, deadline=None)
@given(st.lists(vietnam, min_size=1, max_size=5), st.sampled_from([3405, 5897, 9208, 9212, 9218]))
def test_grid_round_trip(points: list[tuple[float, float]], code: int) -> None:
    array = np.array(points)
    back = crs.to_wgs84(crs.from_wgs84(array, crs=code).points, crs=code).points
    assert chord_m(back, array).max() < 0.01

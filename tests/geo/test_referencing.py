"""Linear referencing: round trips, independent lengths and distances, real and synthetic lines."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely import LineString, MultiLineString, Point

from geo.errors import BadInputError, OutsideError
from geo.referencing import LineReference, gaps, geod, in_sequence, nearest
from tests.geo.independent import chord_m, haversine_m

BORDERS = Path(__file__).parents[2] / "data" / "boundaries" / "borders.geojson"

steps = st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))


@st.composite
def lines(draw: st.DrawFn) -> LineString:
    """Draw a wandering line of up to 40 vertices, mostly southward, in the region."""
    start = draw(st.tuples(st.floats(103, 107), st.floats(17, 22)))
    moves = draw(st.lists(steps, min_size=1, max_size=40))
    path = np.cumsum([start, *[(dx, dy - 0.05) for dx, dy in moves]], axis=0)
    path = path[np.append(True, np.hypot(*np.diff(path, axis=0).T) > 1e-4)]
    return LineString(path if len(path) > 1 else [start, (start[0], start[1] - 0.1)])


def southward(vertices: int = 2000) -> LineString:
    """Make a jagged line of about 2,000 km that never turns back northward."""
    random = np.random.default_rng(7)
    lat = np.linspace(22.5, 8.5, vertices)
    return LineString(np.column_stack([105 + random.normal(0, 2 / vertices, vertices), lat]))


def offset_by_projection(line: LineString, point: tuple[float, float]) -> float:
    """Distance in the azimuthal equidistant plane of the point, exact from its centre, m."""
    plane = f"+proj=aeqd +lon_0={point[0]} +lat_0={point[1]} +ellps=WGS84"
    to_plane = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    dense: list[tuple[float, float]] = []
    for (lon1, lat1), (lon2, lat2) in pairwise(line.coords):
        dense += [(lon1, lat1), *geod().npts(lon1, lat1, lon2, lat2, 50)]
    xy = to_plane.transform(*np.array([*dense, line.coords[-1]]).T)
    return float(LineString(np.column_stack(xy)).distance(Point(0, 0)))


@settings(deadline=None)
@given(lines(), st.floats(0, 1))
def test_a_place_on_the_line_comes_back_within_a_metre(line: LineString, share: float) -> None:
    reference = LineReference(line)
    place = reference.locate(share * reference.length_km)
    found = reference.chainage(place)
    assert found.offset_m < 0.01
    again = reference.locate(found.km)  # a line that crosses itself has two chainages there
    assert chord_m(np.array([again]), np.array([place]))[0] < 0.01


@settings(deadline=None)
@given(st.floats(0, 1))
def test_chainage_itself_comes_back_on_a_line_without_crossings(share: float) -> None:
    reference = LineReference(southward())
    km = share * reference.length_km
    assert reference.chainage(reference.locate(km)).km == pytest.approx(km, abs=1e-5)


@settings(deadline=None)
@given(lines(), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_offset_is_the_distance_in_the_points_own_projection(
    line: LineString, dx: float, dy: float
) -> None:
    centre = line.centroid
    point = (centre.x + dx, centre.y + dy)
    ours = LineReference(line).chainage(point).offset_m
    assert ours == pytest.approx(offset_by_projection(line, point), abs=0.5, rel=1e-4)


@settings(deadline=None)
@given(lines())
def test_length_against_a_sphere_and_an_equal_area_plane(line: LineString) -> None:
    metres = LineReference(line).length_km * 1000
    fine = shapely.get_coordinates(line.segmentize(0.01))
    assert metres == pytest.approx(haversine_m(fine[:-1], fine[1:]).sum(), rel=0.007)
    plane = f"+proj=laea +lon_0={line.centroid.x} +lat_0={line.centroid.y} +ellps=WGS84"
    projected = gpd.GeoSeries([line.segmentize(0.01)], crs="EPSG:4326").to_crs(plane)
    assert metres == pytest.approx(projected.length.iloc[0], rel=0.005)


@settings(deadline=None)
@given(lines(), st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_cuts_add_up_to_the_line(line: LineString, shares: list[float]) -> None:
    reference = LineReference(line)
    marks = np.unique(np.round([0, *shares, 1], 3)) * reference.length_km
    marks[-1] = reference.length_km
    pieces = [reference.cut(a, b) for a, b in pairwise(marks)]
    for piece, (a, b) in zip(pieces, pairwise(marks), strict=True):
        assert LineReference(piece).length_km == pytest.approx(b - a, abs=1e-5)
    for one, other in pairwise(pieces):
        assert one.coords[-1] == other.coords[0]


def test_the_whole_cut_is_the_line_itself() -> None:
    line = southward(50)
    reference = LineReference(line)
    cut = reference.cut(0, reference.length_km)
    assert np.array_equal(shapely.get_coordinates(cut), shapely.get_coordinates(line))


def test_length_of_a_quarter_meridian() -> None:
    # 10,001.965729 km on WGS 84 (NIMA TR8350.2 and Karney's GeographicLib give the same).
    assert LineReference(LineString([(0, 0), (0, 90)])).length_km == pytest.approx(10_001.965729)


def test_chainage_runs_on_across_a_break_between_parts() -> None:
    parts = MultiLineString([[(106, 20), (106, 19)], [(106, 18), (106, 17)]])
    reference = LineReference(parts)
    first = geod().inv(106, 20, 106, 19)[2] / 1000
    assert reference.chainage((106.0, 17.999)).km == pytest.approx(first + 0.1107, abs=1e-3)
    assert reference.length_km == pytest.approx(2 * first, rel=1e-3)
    across = reference.cut(first - 10, first + 10)
    assert across.geom_type == "MultiLineString"
    assert geod().geometry_length(across) == pytest.approx(20_000, abs=0.1)


def test_parts_are_put_in_sequence_from_the_northern_end() -> None:
    whole = southward(60)
    coordinates = list(whole.coords)
    shuffled = MultiLineString(
        [coordinates[40:][::-1], coordinates[:20], coordinates[20:40][::-1]]  # gaps 19–20, 39–40
    )
    ordered = in_sequence(shuffled)
    assert shapely.get_coordinates(ordered) == pytest.approx(np.array(coordinates))
    assert LineReference.from_north(shuffled).locate(0) == pytest.approx(coordinates[0])


def test_touching_parts_become_one() -> None:
    ordered = in_sequence(MultiLineString([[(106, 18), (106, 19)], [(106, 19), (105, 20)]]))
    assert len(ordered.geoms) == 1
    assert ordered.geoms[0].coords[0] == (105, 20)


def test_many_points_answer_as_one_by_one() -> None:
    reference = LineReference(southward())
    points = np.random.default_rng(1).uniform([103, 9], [108, 22], (50, 2))
    km, offset = reference.chainages(points)
    alone = [reference.chainage((float(x), float(y))) for x, y in points]
    assert km == pytest.approx([a.km for a in alone])
    assert offset == pytest.approx([a.offset_m for a in alone])


def test_a_line_of_100_000_vertices_is_exact_and_fast() -> None:
    line = southward(100_000)
    begun = time.process_time()
    reference = LineReference(line)
    km = np.random.default_rng(2).uniform(0, reference.length_km, 20_000)
    found, offset = reference.chainages(reference.locate_many(km))
    assert time.process_time() - begun < 10  # seconds; about 0.6 measured
    assert np.abs(found - km).max() * 1000 < 1  # metres
    assert offset.max() < 0.01


@pytest.mark.parametrize("km", [-0.1, 1e6, float("nan")])
def test_a_kilometre_that_is_not_there(km: float) -> None:
    with pytest.raises(OutsideError, match="runs from km 0"):
        LineReference(southward(20)).locate(km)


@pytest.mark.parametrize(
    "geometry", [Point(1, 2), LineString(), LineString([(105, 20), (105, 20)]), MultiLineString()]
)
def test_what_is_no_line(geometry: shapely.Geometry) -> None:
    with pytest.raises(BadInputError):
        LineReference(geometry)


def test_cut_of_nothing_is_refused() -> None:
    with pytest.raises(BadInputError, match="beyond its start"):
        LineReference(southward(20)).cut(5, 5)


def test_a_point_off_the_earth_is_refused() -> None:
    with pytest.raises(BadInputError):
        LineReference(southward(20)).chainage((16.0, 106.0))


@given(st.lists(st.tuples(st.floats(102, 109), st.floats(8, 23)), min_size=1, max_size=60))
@settings(max_examples=50, deadline=None)
def test_nearest_agrees_with_measuring_all(points: list[tuple[float, float]]) -> None:
    found = nearest(points, 106.6, 16.6, 3)
    lon, lat = np.array(points).T
    distances = geod().inv(np.full(len(lon), 106.6), np.full(len(lat), 16.6), lon, lat)[2]
    all_of_them = np.sort(distances)
    assert [n.distance_m for n in found] == pytest.approx(all_of_them[:3].tolist())


def test_azimuth_is_seen_from_the_place() -> None:
    place = (106.0, 16.0)
    around = [(106.0, 17.0), (107.0, 16.0), (106.0, 15.0), (105.0, 16.0)]
    azimuths = {n.index: n.azimuth_deg for n in nearest(around, *place, 4)}
    assert [round(azimuths[i]) % 360 for i in range(4)] == [0, 90, 180, 270]
    assert nearest([], *place, 4) == []


def test_gaps_only_where_the_register_is_complete() -> None:
    km = [0.5, 3.0, 3.5, 9.0]
    found = gaps(km, complete=True, longer_than_km=2)
    assert [(g.from_km, g.to_km, g.length_km) for g in found.gaps] == [(0.5, 3, 2.5), (3.5, 9, 5.5)]
    assert found.complete
    partial = gaps(km, complete=False, longer_than_km=2, expected=371)
    assert partial.gaps == ()
    assert partial.statement == "holds 4 of 371"
    assert gaps(km, complete=False, longer_than_km=2).statement == "holds 4 of unknown"


def test_a_register_that_lacks_markers_is_not_complete_whatever_it_says() -> None:
    found = gaps([1, 9], complete=True, longer_than_km=2, expected=5)
    assert not found.complete
    assert found.gaps == ()


def test_gaps_towards_the_ends_of_the_stretch() -> None:
    found = gaps([4.0], complete=True, longer_than_km=3, ends_km=(0, 10))
    assert [(g.from_km, g.to_km) for g in found.gaps] == [(0, 4), (4, 10)]


@pytest.mark.skipif(not BORDERS.exists(), reason="the data set has not been built")
@pytest.mark.parametrize(
    ("border", "official_km"), [("vn-la", 2337.459), ("vn-kh", 1255), ("vn-cn", 1449.566)]
)
def test_real_lines(border: str, official_km: float) -> None:
    frame = gpd.read_file(BORDERS)
    line = frame.loc[frame["id"] == border, "geometry"].iloc[0]
    reference = LineReference.from_north(line)
    assert reference.length_km == pytest.approx(geod().geometry_length(line) / 1000, rel=1e-9)
    assert reference.length_km == pytest.approx(official_km, rel=0.06)
    assert reference.locate(0)[1] > reference.locate(reference.length_km)[1]
    km = np.random.default_rng(5).uniform(0, reference.length_km, 2000)
    found, offset = reference.chainages(reference.locate_many(km))
    assert np.abs(found - km).max() < 0.001
    assert offset.max() < 0.01

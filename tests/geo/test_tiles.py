"""Vector tiles, read back with an independent decoder and compared with the rows."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from geo import layers, query, store
from geo.period import Period
from geo.query import Filter
from geo.reading import Reader
from geo.register import Register
from geo.tiles import fields, grid, points, shapes, wire
from geo.tiles.build import Maker
from geo.tiles.clusters import BELOW
from geo.tiles.grid import EXTENT, Tile
from tests.geo import build
from tests.geo.independent import chord_m

NOW = Period("2026-01-01", "2026-01-01")
TODAY = Filter(NOW)


def decoded(body: bytes) -> dict[str, list[dict[str, Any]]]:
    """Features by layer, in units from the north-west corner."""
    found = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
    return {name: layer["features"] for name, layer in found.items()}


def at(z: int, lon: float, lat: float) -> Tile:
    u, v = grid.world(np.array([lon]), np.array([lat]))
    return Tile(z, int(v[0] * 2**z), int(u[0] * 2**z))


def place(tile: Tile, x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a unit, by the textbook formula."""
    side = EXTENT * 2**tile.z
    u, v = (tile.x * EXTENT + x) / side, (tile.y * EXTENT + y) / side
    return u * 360 - 180, float(np.degrees(2 * np.arctan(np.exp(np.pi * (1 - 2 * v))) - np.pi / 2))


COLUMNS = {
    "text": st.text(max_size=12),
    "whole": st.integers(-(2**31), 2**31 - 1),
    "real": st.floats(allow_nan=False, allow_infinity=False),
    "flag": st.booleans(),
}
UNITS = st.integers(0, EXTENT - 1)
ROW = st.fixed_dictionaries({name: st.none() | value for name, value in COLUMNS.items()})
POINTS = st.lists(st.tuples(UNITS, UNITS, ROW), min_size=1, max_size=60)


@settings(deadline=None)
@given(POINTS)
def test_points_come_back_as_they_were(given_points: list[tuple[int, int, dict[str, Any]]]) -> None:
    columns = {key: [one[2][key] for one in given_points] for key in COLUMNS}
    used = wire.tags(columns, len(given_points))
    x, y = (np.array([one[axis] for one in given_points]) for axis in (0, 1))
    found = decoded(wire.layer("dots", points.features(x, y, used), used))["dots"]
    assert [tuple(f["geometry"]["coordinates"]) for f in found] == list(zip(x, y, strict=True))
    for feature, (_, _, values) in zip(found, given_points, strict=True):
        known = {key: value for key, value in values.items() if value is not None}
        assert feature["properties"] == known
        assert {k: type(v) for k, v in known.items()} == {
            k: type(v) for k, v in feature["properties"].items()
        }


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**34), max_size=50))
def test_varints_are_those_of_protobuf(numbers: list[int]) -> None:
    body, found = wire.varints(np.array(numbers, dtype=np.int64)), []
    value = shift = 0
    for byte in body:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(value)
            value = shift = 0
    assert found == numbers


def test_rings_wind_as_the_format_asks() -> None:
    square = shapely.box(0, 0, 100, 100) - shapely.box(20, 20, 60, 60)
    used = wire.tags({}, 1)
    body = wire.layer("x", shapes.features(Tile(0, 0, 0), [square], used, snapped=True), used)
    found = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
    outer, hole = found["x"]["features"][0]["geometry"]["coordinates"]
    assert shapely.Polygon(outer).area == 10_000
    assert shapely.LinearRing(outer).is_ccw  # positive area with y as written
    assert not shapely.LinearRing(hole).is_ccw


@pytest.fixture(scope="module")
def conn(embedded: Register) -> Any:
    with embedded.engine.connect() as conn:
        yield conn


def under(z: int, box: tuple[float, float, float, float]) -> list[Tile]:
    west, south, east, north = box
    first, last = at(z, west, north), at(z, east, south)
    return [Tile(z, y, x) for y in range(first.y, last.y + 1) for x in range(first.x, last.x + 1)]


def test_a_point_stands_within_half_a_unit_of_its_place(conn: Connection) -> None:
    maker, z, layer = Maker(), BELOW, layers.MARKERS
    places = {key: box[:2] for key, box in query.boxes(conn, layer, TODAY).items()}
    seen = 0
    for tile in {at(z, *lonlat) for lonlat in places.values()}:
        for feature in decoded(maker.layer(conn, layer, TODAY, tile))[layer.name]:
            lonlat = places[feature["properties"]["id"]]
            x, y = feature["geometry"]["coordinates"]
            off = chord_m(np.array(place(tile, x, y)), np.array(lonlat))
            assert off <= 0.5 * 2**0.5 * grid.metres_per_unit(z, lonlat[1]) * 1.01
            seen += 1
    assert seen == len(places) > 0


@pytest.mark.parametrize("z", [0, 4, 7, 9, 11, 12])
@pytest.mark.parametrize("name", ["markers", "places", "gates"])
def test_counts_add_up_over_the_tiles_of_a_zoom(conn: Connection, name: str, z: int) -> None:
    if not store.is_file(conn.engine) and z not in (0, 7, 9):
        pytest.skip("what is read is the same, and what is made of it the same code")
    maker, layer = Maker(), layers.get(name)
    boxes = query.boxes(conn, layer, TODAY)
    total = 0
    for tile in {at(z, *box[:2]) for box in boxes.values()}:
        body = maker.layer(conn, layer, TODAY, tile)
        for feature in decoded(body).get(name, []):
            total += feature["properties"].get("count", 1)
    assert total == len(boxes) > 0


def test_clusters_count_by_condition(tmp_path: Path) -> None:
    held = ["intact"] * 250 + ["damaged"] * 30 + [None] * 20
    rows = [
        build.marker(f"vn-kh.{i}.0.1", 107.0 + i * 1e-6, 12.5, main=i, number=str(i))
        for i, _ in enumerate(held)
    ]
    visits = [
        build.row("inspections", f"v{i}", row.geometry, marker_id=row.id,
                  at="2020-01-01T00:00:00Z", condition=held[i])
        for i, row in enumerate(rows) if held[i]
    ]  # fmt: skip
    register = build.register(tmp_path / "r.gpkg", markers=rows, inspections=visits)
    with register.engine.connect() as conn:
        truth = Reader(register.engine).counts(layers.MARKERS, TODAY, ["condition"]).groups
        body = Maker().layer(conn, layers.MARKERS, TODAY, at(5, 107.0, 12.5))
    [cluster] = decoded(body)["markers"]
    said = cluster["properties"]
    assert said["count"] == 300
    expected = {f"condition_{row['condition'] or 'none'}": row["count"] for row in truth}
    assert {k: v for k, v in said.items() if k.startswith("condition_")} == expected
    assert "id" not in said


def test_a_tile_with_few_points_holds_each_on_its_own(tmp_path: Path) -> None:
    rows = [build.marker(f"vn-kh.{i}.0.1", 107.0, 12.5, main=i) for i in range(256)]
    register = build.register(tmp_path / "r.gpkg", markers=rows)
    with register.engine.connect() as conn:
        body = Maker().layer(conn, layers.MARKERS, TODAY, at(5, 107.0, 12.5))
    found = [feature["properties"] for feature in decoded(body)["markers"]]
    assert {one["id"] for one in found} == {row.id for row in rows}
    assert {one["count"] for one in found} == {1}


def test_rows_hidden_from_an_audience_are_in_no_tile(tmp_path: Path) -> None:
    rows = [
        build.marker("vn-kh.1.0.1", 107.5, 12.5),
        build.marker("vn-kh.2.0.1", 107.5, 12.5, classification="internal"),
    ]
    register = build.register(tmp_path / "r.gpkg", markers=rows)
    with register.engine.connect() as conn:
        for z in (0, 8, 10, 14):
            tile = at(z, 107.5, 12.5)
            found = decoded(Maker().layer(conn, layers.MARKERS, TODAY, tile))["markers"]
            assert [f["properties"]["id"] for f in found] == ["vn-kh.1.0.1"]
            assert found[0]["properties"].get("count", 1) == 1


def test_neighbours_agree_at_the_seam(conn: Connection) -> None:
    """What two tiles both draw in the strip along their common side is the same."""
    maker, layer = Maker(), layers.ADMIN_UNITS
    east = at(8, 107.0, 16.5)
    west = east._replace(x=east.x - 1)
    strips: list[dict[str, Any]] = []
    for tile in (west, east):
        body = maker.layer(conn, layer, TODAY, tile)
        found: dict[str, Any] = {}
        for feature in decoded(body)[layer.name]:
            shape = shapely.geometry.shape(feature["geometry"])
            moved = shapely.transform(shape, np.array([(tile.x - west.x) * EXTENT, 0]).__add__)
            strip = shapely.box(EXTENT - 60, 0, EXTENT + 60, EXTENT)
            part = shapely.make_valid(moved).intersection(strip)
            if part.area > 100:
                found[feature["properties"]["id"]] = part
        strips.append(found)
    assert strips[0].keys() == strips[1].keys() != set()
    for key, part in strips[0].items():
        # A cut line is rounded once more at the buffer's rim: less than a unit.
        assert part.hausdorff_distance(strips[1][key]) <= 1.5, key


@pytest.mark.parametrize("z", [3, 6, 8])
def test_provinces_meet_without_gap_or_overlap(conn: Connection, z: int) -> None:
    layer, tile = layers.ADMIN_UNITS, at(z, 107.1, 16.6)
    asked = Filter(NOW, values={"level": ["province"]})
    found = decoded(Maker().layer(conn, layer, asked, tile))[layer.name]
    parts = [shapely.make_valid(shapely.geometry.shape(f["geometry"])) for f in found]
    together = shapely.union_all(parts)
    # At most the rounding of each vertex to the grid lies between neighbours.
    overlap = sum(part.area for part in parts) - together.area
    assert overlap < 1e-4 * together.area
    holes = sum(
        shapely.Polygon(ring).area
        for polygon in shapely.get_parts(together)
        for ring in polygon.interiors
        if shapely.Polygon(ring).area < 400
    )
    assert holes < 1e-4 * together.area


def test_the_outline_of_quang_tri_at_z6_is_small(conn: Connection) -> None:
    asked = Filter(NOW, values={"id": ["vn.quang-tri.2025"]})
    layer, tile = layers.ADMIN_UNITS, at(6, 107.0, 16.8)
    body = Maker().layer(conn, layer, asked, tile)
    [outline] = decoded(body)[layer.name]
    assert len(body) < 5_000
    assert outline["properties"]["label"] == "Quảng Trị"
    stored = json.loads(query.one(conn, layer, "vn.quang-tri.2025", TODAY))
    truth = shapely.geometry.shape(stored["geometry"])
    drawn = shapely.transform(
        shapely.geometry.shape(outline["geometry"]),
        lambda xy: np.array([place(tile, x, y) for x, y in xy]),
    )
    clip = shapely.box(*grid.box(tile, buffer=grid.BUFFER))
    difference = truth.intersection(clip).symmetric_difference(shapely.make_valid(drawn))
    assert difference.area < 0.02 * truth.area


def test_the_date_chooses_the_provinces(conn: Connection) -> None:
    layer, tile = layers.ADMIN_UNITS, at(6, 107.7, 12.2)
    names = defaultdict(set)
    for day in ("2014-06-30", "2026-01-01"):
        found = decoded(Maker().layer(conn, layer, Filter(Period(day, day)), tile))[layer.name]
        names[day] = {f["properties"]["id"] for f in found}
    assert "vn.dak-nong" in names["2014-06-30"]
    assert "vn.dak-nong" not in names["2026-01-01"]
    assert "vn.lam-dong.2025" in names["2026-01-01"]
    every = decoded(Maker().layer(conn, layer, Filter(None), tile))[layer.name]
    assert {"vn.dak-nong", "vn.lam-dong.2025"} <= {f["properties"]["id"] for f in every}


@pytest.mark.parametrize("layer", fields.spatial(), ids=lambda layer: layer.name)
def test_what_tiles_tell_is_declared_and_public(layer: Any) -> None:
    for name in fields.FIELDS[layer.name]:
        declared = layer.field(name)
        assert declared is not None
        assert declared.audience == "public"


def test_every_row_in_a_tile_is_drawn_once(conn: Connection) -> None:
    tile = at(8, 107.1, 16.6)
    for layer in fields.spatial():
        found = decoded(Maker().layer(conn, layer, TODAY, tile)).get(layer.name, [])
        ids = Counter(f["properties"]["id"] for f in found if "id" in f["properties"])
        assert not ids or max(ids.values()) == 1

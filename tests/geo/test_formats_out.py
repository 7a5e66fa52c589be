"""Every layer in every format, read back with GDAL: nothing lost or moved."""

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas
import pyogrio
import pytest
import shapely
from pyproj import CRS

from geo import exports, layers, query, reproject, store
from geo.exports import Order
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from geo.schema import Kind
from tests.geo.reading import read
from tests.kinds import AGAIN, KINDS

HEAVY = {"admin_units", "borders", "places"}  # a part of these is enough for every format
SOME = 20  # rows
MILLIMETRE = 9e-9  # degrees, at the most
IN_COLUMNS = ("csv", "xlsx")  # of texts and numbers, which tell the system in one of them
EMPTY_UNREADABLE = {"geojsonseq", "kml", "xlsx"}  # GDAL finds no layer, or takes a head for a row


def written(made: Register, order: Order, name: str, folder: Path) -> Path:
    path = folder / f"{order.layer.name}.{exports.FORMATS[name].suffix}"
    exports.to_file(made.engine, order, path)
    return path


def held(made: Register, order: Order) -> list[Any]:
    with made.engine.connect() as conn:
        return [orjson.loads(text) for text in query.every(conn, order.layer, order.asked)]


def shapes(features: list[Any]) -> Any:
    given = [f["geometry"] and orjson.dumps(f["geometry"]).decode() for f in features]
    return shapely.from_geojson(np.array(given, dtype=object))


def aligned(table: Any, features: list[Any]) -> Any:
    """The rows in the order of the features; FlatGeobuf sorts them along a curve."""
    assert len(table) == len(features)
    assert sorted(table["id"]) == sorted(feature["id"] for feature in features)
    return table.set_index("id").loc[[feature["id"] for feature in features]]


def farthest(found: Any, expected: Any) -> float:
    """The largest difference of a coordinate, vertex by vertex; nothing is nothing."""
    missing = shapely.is_missing(expected)
    assert (shapely.is_missing(found) | shapely.is_empty(found))[missing].all()
    a, b = (_vertices(shapes[~missing]) for shapes in (found, expected))
    return float(np.abs(a - b).max(initial=0.0)) if a.shape == b.shape else np.inf


def _vertices(shapes: Any) -> Any:
    """The coordinates of shapes whose parts and rings stand in one order."""
    return shapely.get_coordinates(shapely.normalize(shapes))


def system(table: Any, name: str) -> int | None:
    """The EPSG code of what a file says of its coordinates; OGC:CRS84 is 4326, x first."""
    if name in IN_COLUMNS:
        (told,) = set(table["crs"])
    else:
        told = table.crs
    found = CRS(told)
    plain = found.equals(CRS("EPSG:4326"), ignore_axis_order=True) or CRS("OGC:CRS84") == found
    return 4326 if plain else found.to_epsg(min_confidence=20)


@pytest.mark.parametrize("name", exports.FORMATS)
@pytest.mark.parametrize("layer", layers.LAYERS)
def test_nothing_is_lost(embedded: Register, tmp_path: Path, layer: str, name: str) -> None:
    if not store.is_file(embedded.engine) and layer not in KINDS:
        pytest.skip(AGAIN)
    order = Order(layers.get(layer), Filter(parse(None)), most=SOME if layer in HEAVY else None)
    features = held(embedded, order)[: order.most]
    path = written(embedded, order, name, tmp_path)
    if not features:
        assert name in EMPTY_UNREADABLE or len(read(path)) == 0
        return
    table = aligned(read(path), features)
    for field in order.layer.fields:
        if field.kind == Kind.TEXT:
            expected = [feature["properties"][field.name] for feature in features]
            found = [None if pandas.isna(v) or v == "" else str(v) for v in table[field.name]]
            assert found == [value or None for value in expected], field.name
    if order.layer.geometry:
        assert farthest(table["geometry"].to_numpy(), shapes(features)) < MILLIMETRE
        assert system(table, name) == 4326


@pytest.mark.parametrize("name", ["gpkg", "fgb", "shp", "parquet", "csv", "xlsx"])
@pytest.mark.parametrize("code", [4326, 4756, 3405, 9218])
def test_another_system(embedded: Register, tmp_path: Path, name: str, code: int) -> None:
    """Files put x first, whatever order the system states; PROJ says where the points are."""
    asked = Filter(parse(None), values={"province_id": ["vn.lam-dong.2025"]})
    order = Order(layers.GATES, asked, reproject.uri(f"EPSG:{code}"))
    features = held(embedded, order)
    assert features
    table = aligned(read(written(embedded, order, name, tmp_path)), features)
    assert system(table, name) == code
    moved = shapely.transform(shapes(features), lambda xy: reproject.points_in(xy, order.system))
    limit = MILLIMETRE if code in (4326, 4756) else 1e-3  # degrees or metres
    assert farthest(table["geometry"].to_numpy(), moved) < limit


@pytest.mark.parametrize("name", ["gpkg", "fgb", "shp"])
def test_a_file_says_where_its_features_lie(embedded: Register, tmp_path: Path, name: str) -> None:
    """Programs zoom to it. The first markers of this border have no place, the last have one."""
    order = Order(layers.MARKERS, Filter(parse(None), values={"border": ["VN-KH"]}))
    features = held(embedded, order)
    assert features[0]["geometry"] is None
    path = written(embedded, order, name, tmp_path)
    source = f"/vsizip/{path}/markers.shp" if name == "shp" else path
    told = pyogrio.read_info(source, force_total_bounds=True)["total_bounds"]
    assert told == pytest.approx(shapely.total_bounds(shapes(features)), abs=MILLIMETRE)

"""GDAL's own client of OGC API – Features, which QGIS users and scripts have, reads the server."""

import json
import urllib.request
from typing import Any

import pyogrio
import pytest
import shapely

from geo.layers import LAYERS
from tests.clients.conftest import Truth

NUMBERS = {f"{main}({k})" for main in range(48, 56) for k in (1, 2)}
VIETNAM_AND_NEIGHBOURS = (92.0, 8.0, 110.0, 24.0)  # west, south, east, north, degrees


def source(server: str) -> str:
    return f"OAPIF:{server}/api"


def read(server: str, layer: str, **asked: Any) -> Any:
    return pyogrio.read_dataframe(source(server), layer=layer, **asked)


def matched(server: str, layer: str) -> int:
    with urllib.request.urlopen(f"{server}/api/collections/{layer}/items?limit=1") as answer:
        count: int = json.load(answer)["numberMatched"]
        return count


def test_every_layer_is_listed_with_its_shape(server: str) -> None:
    listed = dict(pyogrio.list_layers(source(server)).tolist())
    assert listed.keys() == LAYERS.keys()
    shown = {name: listed[name] for name in ("markers", "gates", "borders", "admin_units")}
    assert shown == {
        "markers": "Point",
        "gates": "Point",
        "borders": "MultiLineString",
        "admin_units": "MultiPolygon",
    }


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_comes_whole(either_server: str, truth: Truth, layer: str) -> None:
    held = {one["id"]: one for one in truth(layer)}
    meta, _, shapes, columns = pyogrio.raw.read(source(either_server), layer=layer)
    fields = dict(zip(meta["fields"].tolist(), columns, strict=True))
    if not held:
        assert sum(map(len, columns)) == 0
        return
    assert set(fields["id"]) == held.keys()
    assert len(fields["id"]) == len(held) == matched(either_server, layer)
    for name in {"name_vi", "province", "source", "note_vi"} & fields.keys():
        told = {key: held[key]["properties"][name] for key in held}
        assert dict(zip(fields["id"], fields[name], strict=True)) == told
    for key, blob in zip(fields["id"], shapes, strict=True):
        same_shape(blob, held[key]["geometry"])


def same_shape(blob: bytes | None, held: dict[str, Any] | None) -> None:
    if held is None:
        assert blob is None
    else:
        own, other = shapely.from_wkb(blob), shapely.from_geojson(json.dumps(held))
        assert shapely.equals_exact(own, other, 1e-8)  # degrees, 1 mm


@pytest.mark.parametrize("page_size", ["7", "1000"])
def test_all_features_come_over_the_pages(server: str, page_size: str) -> None:
    layer = "gates" if page_size == "7" else "places"
    found = read(server, layer, PAGE_SIZE=page_size)
    assert len(found) == found["id"].nunique() == matched(server, layer) > 40
    assert found.crs.equals("EPSG:4326", ignore_axis_order=True)
    west, south, east, north = found[~found.geometry.isna()].total_bounds
    w, s, e, n = VIETNAM_AND_NEIGHBOURS if layer != "places" else (92, 5, 118, 28)
    assert (w <= west, s <= south, east <= e, north <= n) == (True, True, True, True)


@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
@pytest.mark.parametrize("code", [3857, 4756, 3405, 9218])
def test_it_asks_for_another_system(server: str, code: int) -> None:
    """GDAL negotiates Part 2; what the server reckoned lies where GDAL would put it."""
    plain = read(server, "gates").set_index("id")
    moved = read(server, "gates", PREFERRED_CRS=f"EPSG:{code}").set_index("id")
    assert moved.crs.to_epsg() == code
    there = plain[~plain.geometry.isna()].to_crs(code)
    apart = moved.geometry.reindex(there.index).distance(there.geometry)
    assert apart.max() * (111_000 if code == 4756 else 1) < 1  # metres


def test_markers_without_a_place_stay_without(server: str) -> None:
    markers = read(server, "markers")
    placed = markers[~markers.geometry.isna()]
    assert len(markers) > len(placed) >= 16
    assert set(markers[markers.geometry.isna()]["position_quality"]) == {"unknown"}


def test_dak_nong_by_box_and_by_property(server: str) -> None:
    near = read(server, "markers", bbox=(106.9, 11.9, 107.8, 13.1))
    assert set(near[near["position_quality"] == "indicative"]["number"]) == NUMBERS
    handed = read(server, "markers", where="stage = 'handed_over'")
    assert set(handed["number"]) == NUMBERS
    assert set(handed["province"]) == {"Lâm Đồng"}


def test_lines_of_the_borders_are_whole(server: str) -> None:
    """Measured on GDAL's copy: the official 1,137 km to Cambodia (2014), within 6 %."""
    borders = read(server, "borders").set_index("id")
    line = borders.loc[["vn-kh"]].to_crs("EPSG:32648")
    assert line.length.iloc[0] / 1000 == pytest.approx(borders.loc["vn-kh", "length_km"], rel=0.01)
    assert borders.loc["vn-la", "length_km"] == pytest.approx(2337.459, rel=0.06)

"""GDAL's own client of OGC API – Features, which QGIS users and scripts have, reads the server."""

import json
import urllib.request
from typing import Any

import pyogrio
import pytest

from geo.layers import LAYERS

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


@pytest.mark.parametrize("layer", ["markers", "gates", "borders", "places"])
@pytest.mark.parametrize("page_size", ["7", "1000"])
def test_all_features_come_over_the_pages(server: str, layer: str, page_size: str) -> None:
    size = "500" if layer == "places" and page_size == "7" else page_size
    found = read(server, layer, PAGE_SIZE=size)
    assert len(found) == found["id"].nunique() == matched(server, layer) > 40
    assert found.crs.equals("EPSG:4326", ignore_axis_order=True)
    west, south, east, north = found[~found.geometry.isna()].total_bounds
    w, s, e, n = VIETNAM_AND_NEIGHBOURS if layer != "places" else (92, 5, 118, 28)
    assert (w <= west, s <= south, east <= e, north <= n) == (True, True, True, True)


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

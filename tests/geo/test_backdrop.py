"""Towns, relief and the built-in base map of the embedded data."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from pyproj import Transformer

DATA = Path(__file__).parents[2] / "data"
ARCHIVE = DATA / "basemap" / "base.pmtiles"
TO_MERCATOR = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)


@cache
def places() -> list[dict[str, str]]:
    with (DATA / "places" / "places.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def place(name_en: str) -> dict[str, str]:
    (found,) = (row for row in places() if row["name_en"] == name_en)
    return found


def test_all_towns_are_there() -> None:
    counts = Counter(row["country"] for row in places())
    assert counts["VN"] == 891
    assert counts["LA"] == 107
    assert counts["KH"] == 337
    assert len(places()) == len({row["id"] for row in places()}) == 3240


def test_no_town_has_the_icelandic_letter() -> None:
    assert not any("Ð" in row["name_vi"] + row["name_en"] for row in places())


def test_a_town_has_its_names_and_its_place() -> None:
    dong_ha = place("Dong Ha")
    assert (dong_ha["name_vi"], dong_ha["country"], dong_ha["kind"]) == ("Đông Hà", "VN", "city")
    assert (float(dong_ha["lon"]), float(dong_ha["lat"])) == pytest.approx((107.1, 16.82), abs=0.01)
    assert place("Mukdahan")["name_local"] == "มุกดาหาร"
    assert place("Vientiane")["name_vi"] == "Viêng Chăn"


def test_an_unknown_population_is_empty() -> None:
    assert not any(row["population"] == "0" for row in places())
    assert sum(row["population"] == "" for row in places()) > 100


# Đà Lạt, Hà Nội, Buôn Ma Thuột, Pleiku: heights of the towns, m
@pytest.mark.parametrize(
    ("lon", "lat", "height"),
    [(108.44, 11.94, 1500), (105.85, 21.03, 16), (108.05, 12.67, 500), (108.0, 13.98, 780)],
)
def test_relief_is_within_its_stated_reach(lon: float, lat: float, height: float) -> None:
    with rasterio.open(DATA / "terrain" / "relief.tif") as grid:
        (found,) = next(grid.sample([(lon, lat)]))
    assert abs(float(found) - height) < 4 * 51


def test_relief_is_a_cloud_optimised_geotiff_that_states_its_accuracy() -> None:
    with rasterio.open(DATA / "terrain" / "relief.tif") as grid:
        assert grid.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert (grid.crs.to_epsg(), grid.dtypes, grid.units) == (4326, ("int16",), ("m",))
        assert grid.tags()["RMSE_M"] == "51"
        assert grid.overviews(1)


def test_tiles_have_the_layers_of_the_base_map() -> None:
    names = {name for name, _ in pyogrio.list_layers(ARCHIVE)}
    assert names == {"land", "lakes", "rivers", "railways", "provinces", "frontiers"}
    assert ARCHIVE.stat().st_size < 4_000_000


def test_header_of_the_tiles() -> None:
    head = ARCHIVE.read_bytes()[:127]
    assert head[:8] == b"PMTiles\x03"
    sections = np.frombuffer(head[8:72], "<u8").reshape(4, 2)
    assert (sections[:-1].sum(axis=1) == sections[1:, 0]).all()
    assert sections[-1].sum() == ARCHIVE.stat().st_size
    assert tuple(head[100:102]) == (4, 9)
    assert np.frombuffer(head[102:118], "<i4").tolist() == [92e7, 5e7, 118e7, 28e7]


def test_metadata_of_the_tiles_name_the_layers() -> None:
    content = ARCHIVE.read_bytes()
    start, length = np.frombuffer(content[24:40], "<u8").tolist()
    metadata = json.loads(gzip.decompress(content[start : start + length]))
    assert {"id", "minzoom", "maxzoom", "fields"} == set(metadata["vector_layers"][0])
    assert "OpenStreetMap" in metadata["attribution"]


@pytest.mark.parametrize(
    ("lon", "lat", "country"),
    [(104.76, 16.57, "LA"), (104.72, 16.54, "TH"), (107.69, 12.0, "VN"), (106.9, 12.4, "KH")],
)
def test_a_point_lies_in_its_country_on_the_tiles(lon: float, lat: float, country: str) -> None:
    land = pyogrio.read_dataframe(ARCHIVE, layer="land")
    point = shapely.Point(TO_MERCATOR.transform(lon, lat))
    assert set(land[land.intersects(point)]["country"]) == {country}


def test_the_islands_are_land_of_no_stated_country_on_the_tiles() -> None:
    land = pyogrio.read_dataframe(ARCHIVE, layer="land")
    edge, _ = TO_MERCATOR.transform(112.05, 15.0)  # the mainland ends at 112° E
    east = land[land.bounds["minx"] > edge]
    assert len(east) > 5
    assert set(east["country"]) == {""}


def test_limits_that_2025_took_away_are_marked() -> None:
    limits = pyogrio.read_dataframe(ARCHIVE, layer="provinces")
    gone = limits[limits["until"] == "2025-07-01"]
    assert set(gone["country"]) == {"VN"}
    near_dak_nong = shapely.Point(TO_MERCATOR.transform(107.9, 11.8)).buffer(60_000)
    assert gone.intersects(near_dak_nong).any()


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_hillshade_covers_the_mountains_and_leaves_the_sea_clear() -> None:
    west, south, east, north = json.loads((DATA / "basemap/hillshade.json").read_bytes())["bounds"]
    with rasterio.open(DATA / "basemap" / "hillshade.png") as image:
        _, alpha = image.read()
    corners = (*TO_MERCATOR.transform(west, south), *TO_MERCATOR.transform(east, north))
    size = np.array(alpha.shape)

    def window(lon: float, lat: float) -> float:
        x, y = TO_MERCATOR.transform(lon, lat)
        part = np.array(
            [
                (corners[3] - y) / (corners[3] - corners[1]),
                (x - corners[0]) / (corners[2] - corners[0]),
            ]
        )
        row, column = (part * size).astype(int)
        return float(alpha[row - 8 : row + 9, column - 8 : column + 9].mean())

    assert window(103.8, 22.3) > 30  # Fansipan
    assert window(105.8, 10.3) < 5  # the delta
    assert window(110.5, 12.0) == 0  # the sea
    assert (DATA / "basemap" / "hillshade.png").stat().st_size < 400_000

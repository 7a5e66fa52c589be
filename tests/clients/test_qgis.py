"""QGIS, without a screen, reads, filters, pages and draws what the server gives."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from geo.layers import LAYERS
from tests import qgis
from tests.clients.conftest import Truth

SCRIPT = Path(__file__).with_name("qgis_script.py")
DAK_NONG = {f"vn-kh.{main}.0.{k}" for main in range(48, 56) for k in (1, 2)}
MAINLAND = [11_000_000, 1_000_000, 13_000_000, 2_700_000]  # of EPSG:3857, in its unit
PLAN = {
    "layers": list(LAYERS),
    "subset": ["markers", "\"stage\" = 'handed_over'"],
    "vietnamese": ["admin_units", "\"name_vi\" = 'Đắk Nông'"],
    "box": ["markers", [106.9, 11.9, 107.8, 13.1]],
    "expression": ["markers", '"main" >= 48 AND "main" <= 55 AND "border" = \'VN-KH\''],
    "paged": ["places", 100],
    "drawn": ["admin_units", MAINLAND],
}


@pytest.fixture(scope="module")
def seen(server: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What QGIS made of the server; started once, because it starts slowly."""
    try:
        python = qgis.find()
    except qgis.NoQgisError as error:
        if os.environ.get(qgis.COMPULSORY) == "required":
            raise
        pytest.skip(str(error))
    done = subprocess.run(
        [python, SCRIPT, f"{server}/api", json.dumps(PLAN)],
        env=qgis.environment(tmp_path_factory.mktemp("qgis")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("layer", LAYERS)
def test_it_reads_every_feature(seen: Any, truth: Truth, layer: str) -> None:
    read, held = seen["layers"][layer], truth(layer)
    assert sorted(row["id"] for row in read["rows"]) == sorted(one["id"] for one in held)
    assert read["placed"] == sum(one["geometry"] is not None for one in held)


@pytest.mark.parametrize("layer", LAYERS)
def test_it_reads_every_text_unharmed(seen: Any, truth: Truth, layer: str) -> None:
    held = {one["id"]: one["properties"] for one in truth(layer)}
    for row in seen["layers"][layer]["rows"]:
        own = held[row["id"]]
        for name in ("name_vi", "name_local", "province", "source", "note_vi"):
            if name in row:
                assert row[name] == own[name]


def test_it_knows_shapes_and_system(seen: Any, truth: Truth) -> None:
    for name, layer in LAYERS.items():
        read = seen["layers"][name]
        if not truth(name):
            continue  # nothing to tell the shape by: QGIS 3.22 looks at the features
        assert read["geometry"] == (layer.geometry or "NoGeometry")
        assert read["crs"] == ("EPSG:4326" if layer.geometry else "")


@pytest.mark.parametrize("layer", ["markers", "gates", "places", "projects"])
def test_points_stand_where_they_are_lon_then_lat(seen: Any, truth: Truth, layer: str) -> None:
    held = {one["id"]: one["geometry"] for one in truth(layer)}
    for row in seen["layers"][layer]["rows"]:
        place = held[row["id"]]
        assert row["centre"] == (None if place is None else pytest.approx(place["coordinates"]))


def test_numbers_and_dates_have_their_types(seen: Any) -> None:
    fields = seen["layers"]["markers"]["fields"]
    assert (fields["number"], fields["main"], fields["height_m"]) == ("String", "Integer", "Real")
    assert fields["stage_as_of"] == "Date"


def test_it_filters(seen: Any) -> None:
    assert set(seen["subset"]) == DAK_NONG
    assert set(seen["expression"]) == DAK_NONG
    assert set(seen["box"]) == DAK_NONG
    assert seen["vietnamese"] == []  # as of today; it is part of Lâm Đồng since July 2025


def test_it_pages_beyond_a_thousand(seen: Any, truth: Truth) -> None:
    assert seen["paged"] == len(truth("places")) > 3_000


def test_it_draws_the_vector_tiles(seen: Any) -> None:
    assert 0.2 < seen["drawn"] < 0.95

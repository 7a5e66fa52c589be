"""Files that leave the register, read back by programs that are not ours."""

import csv
from itertools import pairwise
from pathlib import Path

import orjson
import pyogrio
import pytest
from shapely.geometry import Point

from geo import exports, layers, query
from geo.errors import BadInputError, StoreError
from geo.exports import Order
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from geo.store import Target
from tests.geo.build import marker, register, row


def write(made: Register, layer: str, path: Path, *, exercise: bool = False) -> None:
    declared = layers.get(layer)
    order = Order(declared, Filter(parse(None)), exercise=exercise)
    exports.to_file(made.engine, order, path)


@pytest.mark.parametrize("layer", ["markers", "gates", "borders", "corridors", "admin_units"])
@pytest.mark.parametrize("suffix", ["geojson", "gpkg"])
def test_gdal_reads_back_the_same(
    embedded: Register, tmp_path: Path, layer: str, suffix: str
) -> None:
    path = tmp_path / f"out.{suffix}"
    write(embedded, layer, path)
    with embedded.engine.connect() as conn:
        held = query.rows(conn, layers.get(layer), Filter(parse(None)))
    table = pyogrio.read_dataframe(path)
    assert table.crs.to_epsg() == 4326
    label = "number" if layer == "markers" else "name_vi"
    assert sorted(table[label]) == sorted(r[label] for r in held)
    assert list(table["source"]) == [r["source"] for r in held]


def test_a_table_without_geometry_exports_too(embedded: Register, tmp_path: Path) -> None:
    path = tmp_path / "progress.gpkg"
    write(embedded, "progress", path)
    table = pyogrio.read_dataframe(path)
    assert "geometry" not in table.columns
    assert 866 in set(table["numerator"])


def test_polygons_turn_as_rfc_7946_asks(embedded: Register) -> None:
    asked = Filter(parse(None), values={"id": ["vn.cao-bang"]})
    with embedded.engine.connect() as conn:
        [text] = query.every(conn, layers.ADMIN_UNITS, asked)
    for polygon in orjson.loads(text)["geometry"]["coordinates"]:
        ring = polygon[0]
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
        assert area > 0  # counter-clockwise


def test_an_exercise_says_so_in_every_format(tmp_path: Path, place: Target) -> None:
    made = register(place, markers=[marker("a", 107, 12)])
    for suffix in ("geojson", "csv", "gpkg"):
        write(made, "markers", tmp_path / f"out.{suffix}", exercise=True)
    assert orjson.loads((tmp_path / "out.geojson").read_bytes())["notice"] == "DIỄN TẬP / EXERCISE"
    rows = csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8-sig"))
    assert {r["notice"] for r in rows} == {"DIỄN TẬP / EXERCISE"}
    assert set(pyogrio.read_dataframe(tmp_path / "out.gpkg")["notice"]) == {"DIỄN TẬP / EXERCISE"}
    assert exports.file_name(layers.MARKERS, "csv", exercise=True).startswith("DIEN-TAP")


def test_lists_and_amounts_survive_csv(tmp_path: Path, place: Target) -> None:
    amounts = [{"value": 14_234_000_000_000, "currency": "VND"}]
    port = row("projects", "p", Point(107.3, 16.7), name_vi="Cảng, “Mỹ Thủy”", amounts=amounts,
               unit_ids=["vn.quang-tri", "la.salavan"])  # fmt: skip
    made = register(place, projects=[port])
    write(made, "projects", tmp_path / "out.csv")
    [seen] = csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8-sig"))
    assert seen["name_vi"] == "Cảng, “Mỹ Thủy”"
    assert orjson.loads(seen["amounts"]) == amounts
    assert seen["unit_ids"] == "vn.quang-tri|la.salavan"
    assert (seen["lon"], seen["lat"]) == ("107.3", "16.7")


def test_a_failed_export_leaves_the_old_file(embedded: Register, tmp_path: Path) -> None:
    path = tmp_path / "markers.csv"
    path.write_text("old")
    folder = tmp_path / "none" / "markers.csv"
    with pytest.raises(StoreError, match="Cannot write"):
        write(embedded, "markers", folder)
    with pytest.raises(BadInputError):
        write(embedded, "markers", path.with_suffix(".dwg"))
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["markers.csv"]

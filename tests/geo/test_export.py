"""Files that leave the register, read back by programs that are not ours."""

import csv
import errno
import sqlite3
import threading
from contextlib import closing
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import geopandas
import openpyxl
import orjson
import pyarrow.parquet as pq
import pyogrio
import pytest
from osgeo_utils.samples import validate_gpkg
from pyproj import CRS
from shapely.geometry import Point

from geo import exports, layers, load, query
from geo.errors import BadInputError, StoreError
from geo.exports import Order
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from geo.store import Target
from tests.geo.build import marker, register, row
from tests.geo.reading import read
from tests.once import DATA


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
    for name, form in exports.FORMATS.items():
        path = tmp_path / f"markers.{form.suffix}"
        write(made, "markers", path, exercise=True)
        if name == "geojson":  # once for all features
            assert orjson.loads(path.read_bytes())["notice"] == "DIỄN TẬP / EXERCISE"
        elif name == "geojsonseq":
            assert orjson.loads(path.read_bytes()[1:])["notice"] == "DIỄN TẬP / EXERCISE"
        else:
            assert set(read(path)["notice"]) == {"DIỄN TẬP / EXERCISE"}, name
        assert exports.file_name(layers.MARKERS, name, exercise=True).startswith("DIEN-TAP")


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


def test_the_metadata_stand_beside_and_inside(embedded: Register, tmp_path: Path) -> None:
    asked = Filter(parse("2014-06-30"), values={"border": ["VN-KH"]})
    catalogue = load.catalogue(DATA)
    order = Order(layers.MARKERS, asked, said={"border": "VN-KH"}, catalogue=catalogue)
    inside = {}
    for suffix in ("gpkg", "fgb", "parquet", "kml", "xlsx", "shp.zip"):
        path = tmp_path / f"markers.{suffix}"
        exports.to_file(embedded.engine, order, path)
        beside = orjson.loads(path.with_name(f"{path.name}.metadata.json").read_bytes())
        inside[suffix] = _inside(path)
        assert beside["filter"] == {"border": "VN-KH", "datetime": "2014-06-30/2014-06-30"}
        assert beside["crs"] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        assert beside["classification"] == "public"
        assert "CC-BY-4.0 and ODbL-1.0" in beside["licence"]
        assert beside["count"] == len(read(path)) > 0
        assert {source["title"] for source in beside["source"]}
    for suffix, text in inside.items():
        for fact in ("VN-KH", "CRS84", "public", "CC-BY-4.0 and ODbL-1.0", "OpenStreetMap"):
            assert fact in text, (suffix, fact)


def _inside(path: Path) -> str:
    """The metadata as a reader of the format finds them."""
    match path.name.split(".", 1)[1]:
        case "gpkg":
            with closing(sqlite3.connect(path)) as db:
                return str(
                    db.execute("SELECT group_concat(metadata) FROM gpkg_metadata").fetchone()
                )
        case "parquet":
            return str(pq.read_metadata(path).metadata[b"cotmoc"].decode())
        case "fgb":
            return str(pyogrio.read_info(path)["layer_metadata"])
        case "xlsx":
            sheet = openpyxl.load_workbook(path, read_only=True)["metadata"]
            return "\n".join(str(row) for row in sheet.iter_rows(values_only=True))
        case "kml":
            return ElementTree.parse(path).findtext(".//{*}Document/{*}description") or ""
        case _:
            return ZipFile(path).read("metadata.json").decode()


def test_a_workbook_holds_texts_dates_and_no_formula(tmp_path: Path, place: Target) -> None:
    texts = ["=1+1", "+84 123", "-x", "@SUM(A1)", "https://example.org", "0048"]
    stones = [
        marker(f"m{n}", 107, 12, note=text, valid_from="2014-06-30") for n, text in enumerate(texts)
    ]
    made = register(place, markers=stones)
    write(made, "markers", tmp_path / "markers.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "markers.xlsx")["markers"]
    names = [cell.value for cell in sheet[1]]
    notes = [row[names.index("note")] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in notes] == texts
    assert {cell.data_type for cell in notes} == {"s"}
    seen = sheet.cell(2, names.index("valid_from") + 1)
    assert (seen.is_date, seen.value) == (True, datetime(2014, 6, 30))
    write(made, "markers", tmp_path / "markers.csv")
    rows = csv.DictReader((tmp_path / "markers.csv").open(encoding="utf-8-sig"))
    assert [row["note"] for row in rows] == texts


def test_long_vietnamese_survives_a_shapefile(tmp_path: Path, place: Target) -> None:
    long = "Vị trí mốc nằm trên bờ suối, cách đường tuần tra " * 40 + "hết"
    made = register(place, markers=[marker("a", 107, 12, note=long), marker("b", 107, 12)])
    write(made, "markers", tmp_path / "markers.shp.zip")
    assert list(read(tmp_path / "markers.shp.zip")["note"].fillna("")) == [long, ""]
    with ZipFile(tmp_path / "markers.shp.zip") as file:
        names = {name.rsplit(".", 1)[1] for name in file.namelist()}
        assert {"shp", "shx", "dbf", "prj", "cpg", "csv", "json"} == names
        assert file.read("markers.cpg") == b"UTF-8"
        told = list(csv.DictReader(file.read("fields.csv").decode("utf-8-sig").splitlines()))
    assert all(len(row["column"]) <= 10 for row in told)
    assert {row["name"] for row in told} == {"id", *(f.name for f in layers.MARKERS.fields)}
    assert len({row["column"] for row in told}) == len(told)


def test_a_geopackage_is_valid(embedded: Register, tmp_path: Path) -> None:
    for layer in ("markers", "admin_units", "progress"):
        write(embedded, layer, tmp_path / f"{layer}.gpkg")
        validate_gpkg.check(str(tmp_path / f"{layer}.gpkg"))


def test_geoparquet_says_what_1_1_asks(embedded: Register, tmp_path: Path) -> None:
    path = tmp_path / "gates.parquet"
    order = Order(layers.GATES, Filter(parse(None)), "http://www.opengis.net/def/crs/EPSG/0/3405")
    exports.to_file(embedded.engine, order, path)
    told = orjson.loads(pq.read_metadata(path).metadata[b"geo"])
    column = told["columns"][told["primary_column"]]
    assert told["version"] == "1.1.0"
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Point"])
    assert CRS.from_json_dict(column["crs"]).to_epsg() == 3405
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    table = geopandas.read_parquet(path)
    assert column["bbox"] == pytest.approx(list(table.total_bounds))
    west, south, _, north = table.total_bounds
    some = geopandas.read_parquet(path, bbox=(west, south, west + 1, north))
    assert 0 < len(some) < len(table)


def test_who_takes_no_more_leaves_nothing(
    embedded: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in exports.FORMATS:
        pieces = exports.stream(embedded.engine, Order(layers.BORDERS, Filter(None)), name)
        assert next(pieces)
        assert list(tmp_path.iterdir()) == [], name
        pieces.close()
    makers = [thread for thread in threading.enumerate() if thread.name == "export"]
    for maker in makers:
        maker.join(timeout=120)  # it ends with the piece in hand
    assert embedded.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_full_disk_is_told_and_leaves_nothing(
    embedded: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("xlsxwriter.Workbook.add_worksheet", full)
    with pytest.raises(StoreError, match="No space left"):
        exports.stream(embedded.engine, Order(layers.GATES, Filter(None)), "xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", exports.FORMATS)
def test_a_place_known_to_the_centimetre_keeps_its_millimetres(
    tmp_path: Path, place: Target, name: str
) -> None:
    fine, rough = (107.123456789012, 12.987654321098), (107.5, 12.5)
    stones = [marker("a", *fine, position_uncertainty_m=0.02), marker("b", *rough)]
    made = register(place, markers=stones)
    path = tmp_path / f"markers.{exports.FORMATS[name].suffix}"
    write(made, "markers", path)
    found = read(path).set_index("id")["geometry"]["a"]
    assert (found.x, found.y) == pytest.approx(fine, abs=5e-10)


def test_geojson_has_no_more_decimals_than_the_place_deserves(place: Target) -> None:
    made = register(place, markers=[marker("a", 107.123456789, 12.5, position_uncertainty_m=3.0)])
    pieces = exports.stream(made.engine, Order(layers.MARKERS, Filter(None)), "geojson")
    assert b"[107.1234568,12.5]" in b"".join(pieces)

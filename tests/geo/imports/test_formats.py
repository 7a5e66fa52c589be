"""The same three markers in every kind of file."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas
import pytest
import xlsxwriter
from shapely.geometry import Point

from geo import crs
from geo.imports import preview
from geo.imports.options import Options
from geo.imports.preview import Preview
from geo.register import Register
from geo.store import Target
from tests.geo.build import register
from tests.geo.imports import messy
from tests.geo.imports.test_messy import ASKED, look

PLACES = [(107.3, 12.1), (107.4, 12.2), (107.5, 12.3)]
NUMBERS = ["64", "64/1", "65(2)"]
NOTES = ["Đỉnh đồi", "bờ suối, phía Tây", "đường mòn"]
OPTIONS = Options("markers", constants={"border": "VN-KH"})
IDS = ["vn-kh.64.0.0", "vn-kh.64.1.0", "vn-kh.65.0.2"]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    place: Target = tmp_path_factory.mktemp("r") / "r.gpkg"
    made = register(place, admin_units=messy.units())
    yield made
    made.engine.dispose()


def table(delimiter: str, decimal: str = ".") -> str:
    lines = [["Số hiệu", "Kinh độ", "Vĩ độ", "Ghi chú"]]
    for number, (lon, lat), note in zip(NUMBERS, PLACES, NOTES, strict=True):
        cells = [number, str(lon).replace(".", decimal), str(lat).replace(".", decimal), note]
        lines.append([f'"{cell}"' if delimiter in cell else cell for cell in cells])
    return "\r\n".join(delimiter.join(line) for line in lines) + "\r\n"


def sound(made: Preview, notes: bool = True) -> None:
    assert [f.told() for f in made.all_findings()] == []
    assert [record.id for record in made.records] == IDS
    for record, place, note in zip(made.records, PLACES, NOTES, strict=True):
        assert record.shape
        assert record.shape.distance(Point(*place)) < 1e-6
        assert not notes or record.given["note_vi"] == note


@pytest.mark.parametrize(
    "body",
    [
        table(",").encode(),
        table(",").encode("utf-8-sig"),
        table(";", ",").encode(),
        table("\t").encode("utf-16"),
        table("\t").encode("utf-16-le"),
        ("sep=;\r\n" + table(";", ",")).encode(),
        ("DANH SÁCH CỘT MỐC;;;\r\n\r\n" + table(";", ",")).encode(),
    ],
    ids=["utf-8", "bom", "semicolon", "utf-16", "utf-16-le", "sep", "titles"],
)
def test_csv(held: Register, tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "moc.csv"
    path.write_bytes(body)
    sound(look(held, path, OPTIONS))


def test_csv_of_windows_1258(held: Register, tmp_path: Path) -> None:
    """In Windows-1258 tones are combining characters of their own."""
    path = tmp_path / "moc.csv"
    plain = table(";", ",")
    tones: dict[str, int | str | None] = {
        "Ố": "Ô\u0301", "ố": "ô\u0301", "ĩ": "i\u0303", "ộ": "ô\u0323", "ệ": "ê\u0323",
        "ỉ": "i\u0309", "ồ": "ô\u0300", "ờ": "ơ\u0300", "ò": "o\u0300",
    }  # fmt: skip
    path.write_bytes(plain.translate(str.maketrans(tones)).encode("cp1258"))
    sound(look(held, path, OPTIONS))


def frame() -> geopandas.GeoDataFrame:
    data = {"so_hieu": NUMBERS, "ghi_chu": NOTES}
    shapes = [Point(*place) for place in PLACES]
    return geopandas.GeoDataFrame(data, geometry=shapes, crs="EPSG:4326")


def shapefile(path: Path) -> None:
    frame().to_file(path.parent / "moc.shp", engine="pyogrio", encoding="UTF-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for part in path.parent.glob("moc.*"):
            if part != path:
                out.write(part, f"thư mục/{part.name}")


def waypoints(path: Path) -> None:
    points = zip(NUMBERS, PLACES, strict=True)
    body = "".join(f'<wpt lat="{y}" lon="{x}"><name>{n}</name></wpt>' for n, (x, y) in points)
    head = '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
    path.write_text(f"{head}{body}</gpx>", encoding="utf-8")


def placemarks() -> str:
    marks = "".join(
        f"<Placemark><name>{n}</name><Point><coordinates>{x},{y},0</coordinates></Point></Placemark>"
        for n, (x, y) in zip(NUMBERS, PLACES, strict=True)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
    return f"{head}<Document><Folder><name>Mốc</name>{marks}</Folder></Document></kml>"


def plain_kml(path: Path) -> None:
    path.write_text(placemarks(), encoding="utf-8")


def zipped_kml(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("doc.kml", placemarks())


MADE: dict[str, Callable[[Path], None]] = {
    "moc.geojson": lambda path: frame().to_file(path, driver="GeoJSON", engine="pyogrio"),
    "moc.gpkg": lambda path: frame().to_file(path, driver="GPKG", engine="pyogrio"),
    "moc.zip": shapefile,
    "moc.kml": plain_kml,
    "moc.kmz": zipped_kml,
    "moc.gpx": waypoints,
}


@pytest.mark.parametrize("name", MADE)
def test_files_with_geometry(held: Register, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    path = folder / name
    MADE[name](path)
    named = name.endswith((".kml", ".kmz", ".gpx"))
    mapping = {"name": "number", "Name": "number"} if named else {}
    made = look(held, path, Options("markers", constants=OPTIONS.constants, mapping=mapping))
    sound(made, notes=not named)


def test_a_geopackage_in_a_provincial_zone(held: Register, tmp_path: Path) -> None:
    path = tmp_path / "vn2000.gpkg"
    points = crs.from_wgs84(PLACES, crs="EPSG:9218", operation="EPSG:6960").points
    flat = (
        frame()
        .set_geometry([Point(*xy) for xy in points])
        .set_crs("EPSG:9218", allow_override=True)
    )
    flat.to_file(path, driver="GPKG", engine="pyogrio")
    made = look(held, path, OPTIONS)
    sound(made)
    assert made.placed.systems[0] == ("EPSG:9218", "file")


def ods(path: Path) -> None:
    """Write an OpenDocument sheet by hand: there is no writer among what we use."""
    cells = [["Số hiệu", "Kinh độ", "Vĩ độ", "Ghi chú"]]
    cells += [[n, *map(str, p), t] for n, p, t in zip(NUMBERS, PLACES, NOTES, strict=True)]
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>'
            for c in row
        )
        + "</table:table-row>"
        for row in cells
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{space}:'
        f'office:1.0" xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Mốc">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr("META-INF/manifest.xml", "<manifest/>")
        out.writestr("content.xml", body)


def test_opendocument(held: Register, tmp_path: Path) -> None:
    ods(tmp_path / "moc.ods")
    sound(look(held, tmp_path / "moc.ods", OPTIONS))


def workbook(rows: list[list[object]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


@pytest.mark.parametrize(
    ("head", "rows", "warned"),
    [
        (["Số hiệu", "Vĩ độ", "Kinh độ"], [[y, x] for x, y in PLACES], 0),
        (["Số hiệu", "Kinh độ", "Vĩ độ"], [[y, x] for x, y in PLACES], 3),
        (["Số hiệu", "X", "Y"], [[x, y] for x, y in PLACES], 0),
        (["Số hiệu", "X", "Y"], [[y, x] for x, y in PLACES], 0),
        (["Số hiệu", "Toạ độ"], [[f"{y}, {x}"] for x, y in PLACES], 0),
        (["Số hiệu", "Tọa độ"], [["12°06'00\"N 107°18'00\"E"], ["12°12'N; 107°24'E"],
                                ["107.5; 12.3"]], 0),
    ],
)  # fmt: skip
def test_which_coordinate_is_which(
    held: Register, tmp_path: Path, head: list[object], rows: list[list[object]], warned: int
) -> None:
    path = tmp_path / "moc.xlsx"
    cells = [[number, *row] for number, row in zip(NUMBERS, rows, strict=True)]
    path.write_bytes(workbook([head, *cells]))
    made = look(held, path, OPTIONS)
    assert [f.problem.value for f in made.all_findings()] == ["swapped"] * warned
    for record, place in zip(made.records, PLACES, strict=True):
        assert record.shape
        assert record.shape.distance(Point(*place)) < 1e-6


def test_the_zone_is_guessed_from_the_province_and_told(held: Register, tmp_path: Path) -> None:
    path = tmp_path / "moc.xlsx"
    rows = [[n, *messy.plane(*p), "Đắk Nông"] for n, p in zip(NUMBERS, PLACES, strict=True)]
    path.write_bytes(workbook([["Số hiệu", "X", "Y", "Tỉnh"], *rows]))
    made = look(held, path, OPTIONS)
    assert made.placed.systems[0] == ("EPSG:9218", "province")
    assert made.placed.fits[0] == ("EPSG:9218", 1.0)
    wrong = look(held, path, Options("markers", constants=OPTIONS.constants, crs="EPSG:9213"))
    assert {f.problem.value for f in wrong.all_findings()} == {"wrong_zone"}
    assert "EPSG:9218" in next(wrong.all_findings()).text("en")


def test_plane_coordinates_without_any_hint_ask_for_their_system(
    held: Register, tmp_path: Path
) -> None:
    path = tmp_path / "moc.xlsx"
    rows = [[n, *messy.plane(*p)] for n, p in zip(NUMBERS, PLACES, strict=True)]
    path.write_bytes(workbook([["Số hiệu", "X", "Y"], *rows]))
    made = look(held, path, OPTIONS)
    assert {f.problem.value for f in made.all_findings()} == {"no_crs"}


def test_columns_can_be_corrected(held: Register, tmp_path: Path) -> None:
    path = tmp_path / "moc.xlsx"
    rows = [[n, *p, t] for n, p, t in zip(NUMBERS, PLACES, NOTES, strict=True)]
    path.write_bytes(workbook([["Số hiệu", "Cột lạ 1", "Cột lạ 2", "Diễn giải"], *rows]))
    mapping = {"B": "@lon", "Cột lạ 2": "@lat", "D": "note_vi"}
    sound(look(held, path, Options("markers", constants=OPTIONS.constants, mapping=mapping)))


def test_the_preview_is_told_as_plain_values(held: Register, tmp_path: Path) -> None:
    path = tmp_path / "moc.csv"
    path.write_text(table(","), encoding="utf-8")
    with held.engine.connect() as conn:
        made = preview.preview(conn, path, "moc.csv", OPTIONS, asked=ASKED)
    told = made.told()
    assert told["columns"][0] == {
        "column": "A", "header": "Số hiệu", "unit": None, "target": "number", "confidence": 0.95,
    }  # fmt: skip
    assert told["counts"]["create"] == 3
    first = next(made.rows())
    assert first["row"] == 2
    assert first["changes"]["number"] == [None, "64"]
    assert next(made.features())["geometry"]["coordinates"] == [107.3, 12.1]

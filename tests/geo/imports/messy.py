"""A thousand markers as an office keeps them in Excel, with every trap; and the same, mended."""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from shapely.geometry import MultiPolygon, box

from geo import crs
from geo.types import Row
from tests.geo.build import MERGER, unit

ZONE, OTHER_ZONE = "EPSG:9218", "EPSG:9213"  # of Đắk Nông and of the wrong meridian
ROWS = 1_000
FIRST = 8  # row of the sheet with the first marker
TITLES = ["BỘ ĐỘI BIÊN PHÒNG TỈNH", "DANH SÁCH CỘT MỐC (tính đến ngày 31/12/2014)", None]
HEADERS = ["STT", "Số hiệu mốc", "X (m)", "Y (m)", "Loại mốc", "Tình trạng", "Ngày bàn giao",
           "Độ cao", "Tỉnh", "Ghi chú"]  # fmt: skip
COLUMN = {name: number for number, name in enumerate(HEADERS)}
PROVINCES = [
    "Đắk Nông",
    "ĐẮK NÔNG",
    "Dak Nong",
    "tỉnh Đắk Nông",
    unicodedata.normalize("NFD", "Đắk Nông"),
]
CONDITIONS = [("Nguyên trạng", "intact"), ("tốt", "intact"), ("bị nghiêng", "leaning"),
              ("Nghiêng", "leaning"), ("HƯ HỎNG", "damaged"), ("intact", "intact")]  # fmt: skip


def units() -> list[Row]:
    dak_nong = MultiPolygon([box(107.2, 11.8, 108.0, 12.9)])
    lam_dong = MultiPolygon([box(108.0, 11.3, 108.8, 12.3)])
    both = MultiPolygon([*dak_nong.geoms, *lam_dong.geoms])
    later = ["vn.lam-dong.2025"]
    old = {"valid_to": MERGER, "successors": later}
    return [
        unit("vn.dak-nong", "Đắk Nông", **old)._replace(geometry=dak_nong),
        unit("vn.lam-dong", "Lâm Đồng", **old)._replace(geometry=lam_dong),
        unit(later[0], "Lâm Đồng", valid_from=MERGER)._replace(geometry=both),
    ]


@dataclass
class Mark:
    """One marker as it is, and the cells that state it."""

    number: str
    lon: float
    lat: float
    cells: list[Any]
    expected: dict[str, Any]


@dataclass
class Sheet:
    """Cells by row of the sheet, from 1; errors by row, column letter and code."""

    rows: dict[int, list[Any]] = field(default_factory=dict)
    errors: set[tuple[int, str, str]] = field(default_factory=set)
    warnings: set[tuple[int, str, str]] = field(default_factory=set)
    left_out: dict[int, str] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)


class Formula:
    """A formula with the value that Excel kept for it."""

    def __init__(self, text: str, value: Any) -> None:
        self.text, self.value = text, value


class Turned:
    """A number that Excel took for a date: it shows day and month."""

    def __init__(self, day: datetime, shown: str) -> None:
        self.day, self.shown = day, shown


def plane(lon: float, lat: float, zone: str = ZONE) -> tuple[float, float]:
    """Return northing and easting, as X and Y of a Vietnamese sheet."""
    [[east, north]] = crs.from_wgs84([[lon, lat]], crs=zone, operation="EPSG:6960").points
    return round(float(north), 3), round(float(east), 3)


def _mark(i: int) -> Mark:
    main, aux = 1 + i // 4, i % 4
    number = f"{main}/{aux}" if aux else str(main)
    lon, lat = 107.3 + i % 25 * 0.02, 11.9 + i // 25 * 0.02
    north, east = plane(lon, lat)
    label, condition = CONDITIONS[i % len(CONDITIONS)]
    day = datetime(2010 + i % 4, 1 + i % 12, 1 + i % 28)
    cells: list[Any] = [i + 1, number, north, east, "Mốc chính", label, day, 500 + i % 300,
                        PROVINCES[i % len(PROVINCES)], None]  # fmt: skip
    if aux:
        cells[4] = "phụ"
    expected = {
        "number": number, "main": main, "aux": aux, "k": 0, "border": "VN-KH",
        "kind": "auxiliary" if aux else "main", "condition": condition,
        "condition_as_of": "2014-12-31", "stage": "handed_over",
        "stage_as_of": day.date().isoformat(), "height_m": float(500 + i % 300),
        "province_origin_id": "vn.dak-nong", "surveyed_x": east, "surveyed_y": north,
        "surveyed_crs": ZONE, "note_vi": None,
    }  # fmt: skip
    return Mark(number, lon, lat, cells, expected)


def make() -> Sheet:
    """Return the sheet: sound rows in many spellings, rows that are no data, and faults."""
    sheet = Sheet()
    row = FIRST
    for i in range(ROWS):
        if i in (100, 400):
            sheet.left_out[row], sheet.left_out[row + 1] = "empty", "note"
            sheet.rows[row + 1] = [None, f"II. Huyện số {i}"]
            row += 2
        mark = _mark(i)
        sheet.marks.append(mark)
        sheet.rows[row] = mark.cells
        row += 1
    sheet.rows[row] = [None, "Tổng cộng:", 1000]
    sheet.left_out[row] = "total"
    sheet.rows[row + 2] = [None, None, None, None, None, None, "Người lập biểu"]
    sheet.left_out |= {row + 1: "empty", row + 2: "note"}
    _spell(sheet)
    return sheet


def _at(sheet: Sheet, i: int) -> int:
    return next(row for row, cells in sheet.rows.items() if cells is sheet.marks[i].cells)


def _spell(sheet: Sheet) -> None:
    """Write sound values in other ways; what is only guessed is warned of."""
    m = sheet.marks
    north, east = m[10].cells[2], m[10].cells[3]
    m[10].cells[2] = f"{north:,.3f}".translate(str.maketrans(",.", ".,"))
    m[10].cells[3] = f"{east:.3f}".replace(".", ",")
    m[11].cells[2:4] = m[11].cells[3], m[11].cells[2]
    sheet.warnings.add((_at(sheet, 11), "D", "swapped_axes"))
    m[12].cells[6] = "13/01/2010"
    m[12].expected["stage_as_of"] = "2010-01-13"
    m[13].cells[6] = 2012
    m[13].expected["stage_as_of"] = "2012-01-01"
    m[14].cells[6] = "ngày 5 tháng 6 năm 2011"
    m[14].expected["stage_as_of"] = "2011-06-05"
    m[15].cells[7] = Formula("=500+15", 515)
    m[16].cells[7] = "516,5 m"
    m[16].expected["height_m"] = 516.5
    m[17].cells[9] = "=cmd|'/c calc'!A1"
    m[17].expected["note_vi"] = "=cmd|'/c calc'!A1"
    m[45].cells[1] = Turned(datetime(2024, 1, 12), "d-mmm")  # 12/1
    m[46].cells[1] = Turned(datetime(2024, 2, 12), "d-mmm")  # 12/2
    for i in (45, 46):
        sheet.warnings.add((_at(sheet, i), "B", "turned_back"))
    m[255].cells[1] = Turned(datetime(1964, 3, 1), "mmm-yy")  # 64/3
    sheet.warnings.add((_at(sheet, 255), "B", "turned_back"))
    m[18].cells[1] = f"Mốc số {m[18].number}"


def spoil(sheet: Sheet) -> None:
    """Put every fault into the sheet, and say what each should be called."""

    def wrong(i: int, name: str, value: Any, code: str, at: str | None = None) -> None:
        sheet.marks[i].cells[COLUMN[name]] = value
        letter = chr(65 + COLUMN[at or name])
        sheet.errors.add((_at(sheet, i), letter, code))

    wrong(20, "Độ cao", Formula("=1/0", "#DIV/0!"), "cell_error")
    wrong(21, "Độ cao", Formula("=A1", ""), "no_result")
    wrong(22, "X (m)", "xyz", "not_an_angle")
    wrong(23, "Y (m)", None, "half_a_place")
    wrong(24, "X (m)", 9_000_000, "outside", "Y (m)")
    wrong(25, "Loại mốc", "mốc vuông", "not_a_term")
    wrong(26, "Ngày bàn giao", "31/02/2010", "not_a_date")
    wrong(27, "Ngày bàn giao", "05/13/2010", "ambiguous_date")
    wrong(28, "Ngày bàn giao", "01/01/2199", "future")
    wrong(29, "Số hiệu mốc", None, "required")
    wrong(30, "Số hiệu mốc", sheet.marks[19].number, "twice")
    wrong(31, "Số hiệu mốc", "không rõ", "not_a_marker")
    wrong(32, "Tỉnh", "Đắc Nôn", "no_province")
    wrong(33, "Độ cao", "cao lắm", "not_a_number")
    wrong(34, "Độ cao", "1.5.48", "not_a_number")
    wrong(35, "Tình trạng", "xanh", "not_a_term")
    wrong(500, "Số hiệu mốc", Turned(datetime(2024, 5, 7), "d-mmm"), "turned_date")
    for i in (700, 701):
        north, east = plane(sheet.marks[i].lon, sheet.marks[i].lat, OTHER_ZONE)
        wrong(i, "X (m)", north, "wrong_zone", "Y (m)")
        wrong(i, "Y (m)", east, "wrong_zone")
    north, east = plane(107.0, 14.5)
    wrong(702, "X (m)", north, "off_province", "Y (m)")
    wrong(702, "Y (m)", east, "off_province")


def write(sheet: Sheet, path: Path, *, epoch_1904: bool = False) -> Path:
    """Write the sheet with titles, merged headers, a line of units and one of numbers."""
    with xlsxwriter.Workbook(str(path), {"date_1904": epoch_1904}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        page = book.add_worksheet("Cột mốc")
        page.merge_range(0, 0, 0, 9, TITLES[0])
        page.merge_range(1, 0, 1, 9, TITLES[1])
        for name, number in COLUMN.items():
            if number in (2, 3):
                page.write(4, number, name)
            else:
                page.merge_range(3, number, 4, number, name)
        page.merge_range(3, 2, 3, 3, "Tọa độ VN-2000 (KTT 108°30', múi 3°)")
        page.write(5, 7, "(m)")
        for number in range(10):
            page.write(6, number, number + 1)
        for row, cells in sheet.rows.items():
            for number, value in enumerate(cells):
                _put(book, page, row - 1, number, value, day)
    return path


def _put(book: Any, page: Any, row: int, column: int, value: Any, day: Any) -> None:
    if isinstance(value, Formula):
        page.write_formula(row, column, value.text, None, value.value)
    elif isinstance(value, Turned):
        form = book.add_format({"num_format": value.shown})
        page.write_datetime(row, column, value.day, form)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value, day)
    elif isinstance(value, str):
        page.write_string(row, column, value)
    elif value is not None:
        page.write(row, column, value)

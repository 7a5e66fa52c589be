"""Files that mean harm are refused with a reason, in bounded memory and time."""

import errno
import io
import signal
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import xlsxwriter

from geo.imports import guard, reading
from geo.imports.findings import FileError, Refusal

Make = Callable[[Path], None]
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<kml><Document><name>&b;</name></Document></kml>"
)
OUTER = (
    '<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<gpx><wpt lat='12' lon='107'><name>&x;</name></wpt></gpx>"
)


def refused(path: Path) -> Refusal:
    with pytest.raises(FileError) as error, reading.table(path, path.name) as table:
        list(table.rows())
    return error.value.refusal


def book(path: Path, sheet: str, extra: dict[str, bytes] | None = None) -> Path:
    """Write a workbook whose only sheet has this XML within <worksheet>."""
    with xlsxwriter.Workbook(str(path)) as made:
        made.add_worksheet("S").write(0, 0, "Số hiệu")
    held = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in held.namelist():
            body = held.read(name)
            if name == "xl/worksheets/sheet1.xml":
                body = f"<?xml version='1.0'?>{sheet}".replace(
                    "<w>", f"<worksheet {main}>"
                ).encode()
            out.writestr(name, (extra or {}).get(name, body))
    return path


def row(cell: str) -> str:
    return f"<w><sheetData><row r='1'>{cell}</row></sheetData></worksheet>"


def test_what_is_too_large_is_not_begun(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as out:
        out.write(b"number\n")
        out.truncate(100_000_001)  # a hole, which takes no room
    assert refused(path) is Refusal.TOO_BIG


def test_zip_bombs(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    book(path, row("<c r='A1'><v>1</v></c>"))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/media/zeros.bin", bytes(50_000_000))
    assert refused(path) is Refusal.TOO_MUCH


def test_a_bomb_of_many_members(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as out:
        for number in range(1_001):
            out.writestr(f"{number}.txt", b"")
    assert refused(path) is Refusal.TOO_MUCH


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/x.shp", "C:\\x.shp", "a\\..\\..\\x"])
def test_paths_that_lead_out(tmp_path: Path, name: str) -> None:
    path = tmp_path / "shape.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("data.shp", b"")
        out.writestr(zipfile.ZipInfo(name), b"x")
    assert refused(path) is Refusal.BAD_ARCHIVE


def test_links_in_archives(tmp_path: Path) -> None:
    path = tmp_path / "shape.zip"
    link = zipfile.ZipInfo("data.shp")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(link, "/etc/passwd")
    assert refused(path) is Refusal.BAD_ARCHIVE


def test_members_that_overlap(tmp_path: Path) -> None:
    path = tmp_path / "shape.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a.shp", b"x" * 100)
        out.writestr("b.shx", b"y" * 100)
    body = bytearray(path.read_bytes())
    second = body.rindex(b"PK\x01\x02")
    body[second + 42 : second + 46] = struct.pack("<I", 0)  # the first member's place
    path.write_bytes(body)
    assert refused(path) in (Refusal.BAD_ARCHIVE, Refusal.BROKEN)


@pytest.mark.parametrize(("name", "body"), [("a.kml", LAUGHS), ("a.gpx", OUTER)])
def test_entities(tmp_path: Path, name: str, body: str) -> None:
    path = tmp_path / name
    path.write_text(body)
    assert refused(path) is Refusal.ENTITIES


def test_entities_within_archives(tmp_path: Path) -> None:
    kmz = tmp_path / "a.kmz"
    with zipfile.ZipFile(kmz, "w") as out:
        out.writestr("doc.kml", LAUGHS)
    assert refused(kmz) is Refusal.ENTITIES
    bad = {"xl/sharedStrings.xml": LAUGHS.encode()}
    path = book(tmp_path / "a.xlsx", row("<c r='A1' t='s'><v>0</v></c>"), bad)
    assert refused(path) is Refusal.ENTITIES


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.csv", PNG + b"Number,lon,lat\n1,107,12\n"),
        ("a.csv", b"GIF89a;x,y\n1,2\n"),
        ("a.csv", b"%PDF-1.7\nnumber,lon\n"),
        ("a.csv", b"PK\x03\x04number,lon\n"),
        ("a.csv", b"SQLite format 3\0"),
        ("a.xlsx", b"number,lon,lat\n1,107,12\n"),
        ("a.gpkg", b"SQLite format 3\0" + bytes(100)),
        ("a.geojson", b"<html>"),
        ("a.kml", b"{}"),
        ("a.xls", b"PK\x03\x04"),
    ],
)
def test_what_is_not_what_its_name_says(tmp_path: Path, name: str, body: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    assert refused(path) is Refusal.NOT_AS_NAMED


def test_something_before_an_archive(tmp_path: Path) -> None:
    whole = book(tmp_path / "a.xlsx", row("<c r='A1'><v>1</v></c>")).read_bytes()
    path = tmp_path / "b.xlsx"
    path.write_bytes(PNG + whole)
    assert refused(path) is Refusal.NOT_AS_NAMED
    path.write_bytes(b"PK\x03\x04" + PNG + whole)
    assert refused(path) is Refusal.BAD_ARCHIVE


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<c r='XFD1'><v>1</v></c>", Refusal.TOO_WIDE),
        ("<c r='ZZZZ1'><v>1</v></c>", Refusal.TOO_WIDE),
        ("<c r='A1'><v>1</v></c><c r='A99999999'><v>1</v></c>", Refusal.TOO_MANY_ROWS),
    ],
)
def test_a_sheet_that_reaches_too_far(tmp_path: Path, cell: str, expected: Refusal) -> None:
    assert refused(book(tmp_path / "wide.xlsx", row(cell))) is expected


def test_a_wide_csv(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("a," * 1_000_000)
    assert refused(path) is Refusal.TOO_WIDE


def test_huge_cells(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    path.write_text("Số hiệu,lon\n" + "x" * 5_000_000 + ",1\n", encoding="utf-8")
    assert refused(path) is Refusal.BROKEN
    path.write_text("Số hiệu,lon\n" + "x" * 50_000 + ",1\n", encoding="utf-8")
    with reading.table(path, path.name) as table:
        assert list(table.rows())[1] == [["l"], "1"]


def test_deep_geojson(tmp_path: Path) -> None:
    path = tmp_path / "deep.geojson"
    path.write_text('{"type":"FeatureCollection","features":' + "[" * 200_000)
    assert refused(path) is Refusal.TOO_DEEP


def test_coordinates_that_are_no_numbers(tmp_path: Path) -> None:
    path = tmp_path / "nan.geojson"
    shape = '{"type":"Point","coordinates":[NaN,Infinity]}'
    feature = f'{{"type":"Feature","properties":{{}},"geometry":{shape}}}'
    path.write_text(f'{{"type":"FeatureCollection","features":[{feature}]}}')
    assert refused(path) is Refusal.BROKEN


def test_many_members_that_are_large_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of them is a bomb; together they would fill the disk."""
    path = book(tmp_path / "many.xlsx", row("<c r='A1'><v>1</v></c>"))
    with zipfile.ZipFile(path, "a") as out:
        for number in range(3):
            out.writestr(f"xl/media/{number}.bin", bytes(40_000))
    monkeypatch.setattr(guard, "MOST_UNPACKED", 100_000)
    assert refused(path) is Refusal.TOO_MUCH


def test_a_locked_archive(tmp_path: Path) -> None:
    path = book(tmp_path / "locked.xlsx", row("<c r='A1'><v>1</v></c>"))
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1  # APPNOTE.TXT, 4.4.4: the member is encrypted
    path.write_bytes(data)
    assert refused(path) is Refusal.LOCKED


def test_a_geopackage_that_is_an_archive_too(tmp_path: Path) -> None:
    path = tmp_path / "both.gpkg"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA application_id = 0x47504B47")
        db.execute("CREATE TABLE t (a)")
    assert refused(path) is not Refusal.NOT_AS_NAMED
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("index.html", "<script>alert(1)</script>")
    assert refused(path) is Refusal.NOT_AS_NAMED


def test_deep_xml(tmp_path: Path) -> None:
    path = tmp_path / "deep.kml"
    path.write_text("<kml>" + "<Folder>" * 1_000 + "</Folder>" * 1_000 + "</kml>")
    assert refused(path) is Refusal.TOO_DEEP


def test_an_unknown_ending_and_an_empty_file(tmp_path: Path) -> None:
    for name, body, expected in (
        ("a.exe", b"MZ", Refusal.UNKNOWN_TYPE),
        ("a.csv", b"", Refusal.EMPTY),
        ("a.csv", b"\n\n", Refusal.EMPTY),
    ):
        path = tmp_path / name
        path.write_bytes(body)
        if body.strip() or not body:
            assert refused(path) is expected


def test_a_reader_that_needs_too_much_memory_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "x,y\n" * 10)
    monkeypatch.setattr(reading, "MEMORY", 20_000_000)
    assert refused(path) in (Refusal.TOO_LONG_TO_READ, Refusal.BROKEN)


def test_a_reader_that_goes_on_for_ever_is_ended(tmp_path: Path) -> None:
    """By the system itself: it can write no disk full, nor keep a processor for itself."""
    out = tmp_path / "out"
    program = f"""
from geo.imports.child import _bound
_bound(1_000_000_000, 1)
try:
    open({str(out)!r}, "wb").truncate(2_000_000_001)
except OSError as error:
    print(error.errno, flush=True)
while True:
    pass
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, timeout=60, check=False
    )
    assert int(ended.stdout) == errno.EFBIG
    assert -ended.returncode in (signal.SIGXCPU, signal.SIGKILL)


def test_a_reader_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, hanging = tmp_path / "a.csv", tmp_path / "python"
    path.write_text("a,b\n")
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(hanging))
    monkeypatch.setattr(reading, "SECONDS", 0)
    assert refused(path) is Refusal.TOO_LONG_TO_READ


def test_the_reader_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COTMOC_STORE", "postgresql://u:secret@h/d")
    assert "secret" not in str(reading._environment(gdal=True))

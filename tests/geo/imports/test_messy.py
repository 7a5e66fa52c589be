"""A messy sheet of a thousand markers: every bad row is named; mended, it is the register."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from pyproj import Geod
from sqlalchemy import select

from geo import change, layers, store
from geo.change import Edit
from geo.imports import commit, faults, preview, reading, undo
from geo.imports.commit import Done
from geo.imports.findings import RowsError
from geo.imports.options import Options
from geo.imports.preview import Preview
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from geo.store import Target
from geo.tables import RECORDS
from tests.conftest import Places
from tests.geo import edits, fresh
from tests.geo.build import register
from tests.geo.imports import messy

OPTIONS = Options("markers", constants={"border": "VN-KH"}, document="Biên bản 12/BB")
ASKED = Filter(parse("2026-01-01"))
EDIT = Edit("a tester", "to see", when=ASKED.when)


@pytest.fixture
def empty(place: Target) -> Iterator[Register]:
    made = register(place, admin_units=messy.units())
    yield made
    made.engine.dispose()


def look(held: Register, path: Path, options: Options = OPTIONS) -> Preview:
    with held.engine.connect() as conn:
        return preview.preview(conn, path, path.name, options, asked=ASKED)


def keep(held: Register, made: Preview) -> Done:
    with store.writing(held.engine) as conn:
        return commit.commit(conn, made, EDIT, asked=ASKED)


def named(made: Preview, level: str) -> set[tuple[int | None, str | None, str]]:
    findings = (f.told() for f in made.all_findings())
    return {(f["row"], f["column"], f["code"]) for f in findings if f["level"] == level}


def test_every_bad_row_is_named_and_the_mended_sheet_is_the_register(
    empty: Register, tmp_path: Path, places: Places
) -> None:
    sheet = messy.make()
    messy.spoil(sheet)
    made = look(empty, messy.write(sheet, tmp_path / "bad.xlsx"))
    assert made.findings == []
    assert named(made, "error") == sheet.errors
    assert named(made, "warning") >= sheet.warnings
    assert dict(made.scan.left_out) == sheet.left_out
    for finding in made.all_findings():
        assert finding.text("vi") != finding.text("en")
        assert finding.header
    with pytest.raises(RowsError):
        keep(empty, made)
    assert edits.entries(empty)[-1][0] == "cotmoc init"  # nothing was written

    sheet = messy.make()
    good = look(empty, messy.write(sheet, tmp_path / "good.xlsx"))
    assert named(good, "error") == set()
    assert good.counts["create"] == messy.ROWS
    done = keep(empty, good)
    assert done.written == {"markers": 1000, "marker_events": 1000, "inspections": 1000}
    compare(empty, sheet)
    edits.holds(empty, places)
    again = look(empty, messy.write(sheet, tmp_path / "good.xlsx"))
    assert again.counts["same"] == messy.ROWS

    with store.writing(empty.engine) as conn:
        undo.undo(conn, done.id, EDIT)
    with empty.engine.connect() as conn:
        assert conn.execute(select(RECORDS["markers"].c.id)).all() == []
    edits.holds(empty, places)


def compare(held: Register, sheet: messy.Sheet) -> None:
    with held.engine.connect() as conn:
        rows = {row.id: row for row in fresh.rows(conn)["markers"]}
    assert len(rows) == messy.ROWS
    geod = Geod(ellps="WGS84")
    for mark in sheet.marks:
        main, aux = mark.expected["main"], mark.expected["aux"]
        row = rows[f"vn-kh.{main}.{aux}.0"]
        found = {name: row.properties[name] for name in mark.expected}
        assert found == mark.expected
        assert row.properties["source"] == "Biên bản 12/BB"
        x, y = row.geometry.coords[0]  # type: ignore[union-attr]
        assert geod.line_length([x, mark.lon], [y, mark.lat]) < 0.05


def test_the_file_of_faults_names_them_and_runs_nothing(empty: Register, tmp_path: Path) -> None:
    sheet = messy.make()
    messy.spoil(sheet)
    path = messy.write(sheet, tmp_path / "bad.xlsx")
    made = look(empty, path)
    for lang, word in (("vi", "không phải là ngày"), ("en", "is not a date")):
        with reading.table(path, path.name) as table:
            faults.write(made, table, tmp_path / "faults.xlsx", lang=lang)
            faults.write(made, table, tmp_path / "faults.csv", lang=lang)
        page = openpyxl.load_workbook(tmp_path / "faults.xlsx").active
        told = {line[0].value: line[2].value for line in page.iter_rows(min_row=2)}
        bad = next(row for row, _, code in sheet.errors if code == "not_a_date")
        assert word in told[bad]
        assert all(cell.data_type != "f" for line in page.iter_rows() for cell in line)
        lines = (tmp_path / "faults.csv").read_text(encoding="utf-8-sig")
        assert "'=cmd|" in lines
        assert ",=cmd|" not in lines


def test_excel_of_1904_gives_the_same(empty: Register, tmp_path: Path) -> None:
    sheet = messy.make()
    made = look(empty, messy.write(sheet, tmp_path / "mac.xlsx", epoch_1904=True))
    assert named(made, "error") == set()
    days = {r.row: r.steps[0].day.iso for r in made.records}
    expected = {row: m.expected["stage_as_of"] for row, m in zip(days, sheet.marks, strict=True)}
    assert days == expected


def test_a_preview_commits_only_on_what_it_saw(empty: Register, tmp_path: Path) -> None:
    path = messy.write(messy.make(), tmp_path / "good.xlsx")
    made = look(empty, path)
    edits.do(empty, change.create, layers.MARKERS, {
        **edits.feature(number="7", border="VN-KH"), "id": "vn-kh.7.0.0"
    })  # fmt: skip
    with pytest.raises(RowsError) as refused:
        keep(empty, made)
    assert [f.value for f in refused.value.findings] == ["vn-kh.7.0.0"]
    assert len(edits.entries(empty)) == len(messy.units()) + 1


def test_undo_is_refused_by_row_when_rows_changed_since(empty: Register, tmp_path: Path) -> None:
    done = keep(empty, look(empty, messy.write(messy.make(), tmp_path / "good.xlsx")))
    edits.patch(empty, "vn-kh.7.0.0", note_vi="sửa")
    with pytest.raises(RowsError) as refused, store.writing(empty.engine) as conn:
        undo.undo(conn, done.id, EDIT)
    assert [f.value for f in refused.value.findings] == ["markers vn-kh.7.0.0"]

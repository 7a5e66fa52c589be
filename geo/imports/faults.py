"""The file of faults: the sheet as it was read, with what was found beside each row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.imports.findings import Level
from geo.imports.marks import column_letters
from geo.imports.preview import Preview
from geo.imports.reading import Table
from geo.imports.rows import shown
from geo.later import later

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = later("xlsxwriter")

Fault = Mapping[str, Any]
Faults = Mapping[int, Sequence[Fault]]  # by row
_WORDS = {
    "vi": ("Dòng", "Mức", "Lý do", "Cả bảng", ("cảnh báo", "cần phê duyệt", "lỗi")),
    "en": ("Row", "Level", "Reason", "The sheet", ("warning", "needs an approver", "error")),
}
_LEVELS = (Level.WARNING, Level.APPROVAL, Level.ERROR)  # from the mildest
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")  # what a spreadsheet may run in a CSV


def write(preview: Preview, table: Table, path: Path, *, lang: str = "vi") -> None:
    """Write the faults of a preview, see `write_told`."""
    of_sheet = [finding.told() for finding in preview.findings]
    by_row = {r.row: [f.told() for f in r.findings] for r in preview.records if r.findings}
    write_told(of_sheet, by_row, table, path, lang=lang)


def write_told(
    of_sheet: Sequence[Fault], by_row: Faults, table: Table, path: Path, *, lang: str = "vi"
) -> None:
    """Write findings, as `Finding.told` tells them: `.csv` by the path's ending, else a workbook.

    Rows keep their numbers of the sheet. No text becomes a formula.
    """
    lines = _lines(of_sheet, by_row, table, lang)
    if path.suffix == ".csv":
        _write_csv(lines, path)
    else:
        _write_xlsx(lines, by_row, path)


def _lines(
    of_sheet: Sequence[Fault], by_row: Faults, table: Table, lang: str
) -> Iterator[list[Any]]:
    row_, level, reason, whole, levels = _WORDS[lang]
    yield [row_, level, reason]
    if of_sheet:
        yield [whole, *_said(of_sheet, lang, levels)]
    for number, cells in enumerate(table.rows(), 1):
        findings = by_row.get(number, ())
        said = _said(findings, lang, levels) if findings else ["", ""]
        yield [number, *said, *map(_plain, cells)]


def _said(findings: Sequence[Fault], lang: str, levels: Sequence[str]) -> list[str]:
    worst = max(_LEVELS.index(Level(one["level"])) for one in findings)
    texts = []
    for one in findings:
        where = f"{one['column']} {one['header']}: " if one["column"] else ""
        value = f"“{one['value']}” " if one["value"] is not None else ""
        texts.append(f"{where}{value}{one['text_en' if lang == 'en' else 'text_vi']}")
    return [levels[worst], "; ".join(texts)]


def _plain(cell: Any) -> Any:
    if cell is None or isinstance(cell, int | float):
        return cell
    return shown(cell)


def _write_csv(lines: Iterator[list[Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for line in lines:
            writer.writerow([_harmless(cell) for cell in line])


def _harmless(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: a quote stands before such a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _write_xlsx(lines: Iterator[list[Any]], by_row: Faults, path: Path) -> None:
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "tmpdir": str(path.parent),
    }  # fmt: skip
    at_fault = {(row, one["column"]) for row, found in by_row.items() for one in found}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 3)
        sheet.set_column(2, 2, 60)
        red = book.add_format({"bg_color": "#FFD9D9"})
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                marked = column > 2 and (line[0], column_letters(column - 3)) in at_fault
                _put(sheet, number, column, cell, red if marked else None)


def _put(sheet: Any, row: int, column: int, cell: Any, form: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:32_767], form)
    elif cell is not None:
        sheet.write(row, column, cell, form)

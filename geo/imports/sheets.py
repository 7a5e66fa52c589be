"""Reading spreadsheets and CSV, in the bounded process: cells as plain JSON values.

A cell is a text, a number, a truth value or None, or a list that begins with a sign: `d` for a
date (ISO 8601; how the cell shows it), `e` for an error, `f` for a formula without a value, `l`
for a text that is too long.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine as calamine

from geo.imports import marks
from geo.imports.findings import FileError, Refusal
from geo.imports.kinds import LONGEST, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Format

Cell = Any
ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
     "#GETTING_DATA", "Err:502", "Err:504", "Err:508", "Err:511", "Err:519", "Err:522", "Err:523")
)  # fmt: skip
_SAMPLE = 1 << 16  # bytes in which encoding and delimiter are looked for


def book(path: Path, kind: Format, sheet: str | None) -> Iterator[Any]:
    """Yield what the workbook is, then the rows of one sheet, of the first with data if not named.

    Raises:
        FileError: it cannot be read, or reaches too far.
    """
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as opened:
            yield from _sheet(opened, path, kind, sheet)
    except calamine.PasswordError as error:
        raise FileError(Refusal.LOCKED) from error
    except (calamine.CalamineError, KeyError) as error:
        raise FileError(Refusal.BROKEN, str(error)[:200]) from error


def _sheet(opened: Any, path: Path, kind: Format, wanted: str | None) -> Iterator[Any]:
    names = [
        one.name for one in opened.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if wanted is not None and wanted not in names:
        raise FileError(Refusal.NO_SHEET, ", ".join(names)[:500], value=wanted)
    for name in [wanted] if wanted else names:
        found = marks.read(path, name) if kind is Format.XLSX else marks.Marks({}, set(), {})
        sheet = opened.get_sheet_by_name(name)
        if sheet.end is not None:
            break
    else:
        raise FileError(Refusal.EMPTY)
    _check_size(sheet.end[0] + 1, sheet.end[1] + 1)
    merged = [[*low, *high] for low, high in sheet.merged_cell_ranges or ()]
    yield {"sheet": name, "sheets": names, "merged": merged}
    skipped, left = sheet.start
    for _ in range(skipped):
        yield []
    for number, cells in enumerate(sheet.to_python(skip_empty_area=True), skipped):
        yield _marked([None] * left + [_cell(cell) for cell in cells], number, found)


def _check_size(rows: int, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise FileError(Refusal.TOO_WIDE, f"{MOST_COLUMNS} at most", value=columns)
    if rows > MOST_ROWS + 100 or rows * columns > MOST_CELLS:
        raise FileError(Refusal.TOO_MANY_ROWS, f"{MOST_ROWS} at most", value=rows)


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, datetime | date):
        return ["d", value.isoformat()]
    if isinstance(value, time | timedelta):
        return ["d", str(value)]
    return str(value)


def text(value: str) -> Cell:
    """Return a text of a cell, composed (NFC) and without white space around it."""
    if len(value) > LONGEST:
        return ["l"]
    plain = value if value.isascii() else unicodedata.normalize("NFC", value)
    plain = plain.replace("\u200b", "").replace("\ufeff", "").strip()
    return ["e", plain] if plain in ERRORS else plain or None


def _marked(cells: list[Cell], row: int, found: marks.Marks) -> list[Cell]:
    for column, cell in enumerate(cells):
        place = (row, column)
        if place in found.errors:
            cells[column] = ["e", found.errors[place]]
        elif place in found.unknown:
            cells[column] = ["f"]
        elif place in found.short_dates and isinstance(cell, list):
            cells[column] = [*cell, found.short_dates[place]]
    return cells


def comma_separated(path: Path) -> Iterator[Any]:
    """Yield what the text is (encoding, delimiter), then its rows.

    Raises:
        FileError: its encoding is not known, or it is too wide or too long.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(_SAMPLE)
    lines = sample.splitlines(keepends=True)
    named = lines[0].strip().strip('"') if lines else ""
    said = named[4:5] if named.startswith("sep=") else None
    delimiter = said or _delimiter(sample)
    yield {"sheet": None, "sheets": [], "merged": [], "encoding": encoding, "delimiter": delimiter}
    csv.field_size_limit(LONGEST * 4)
    try:
        with path.open(encoding=encoding, newline="") as file:
            for number, cells in enumerate(csv.reader(file, delimiter=delimiter), 1):
                _check_size(number, len(cells))
                yield [] if said and number == 1 else [text(cell) for cell in cells]
    except (csv.Error, UnicodeDecodeError) as error:
        raise FileError(Refusal.BROKEN, str(error)[:200]) from error


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    for encoding in ("utf-8", "cp1258"):
        if _decodes(path, encoding):
            return encoding
    raise FileError(Refusal.BROKEN, "the encoding is not known; save it as UTF-8")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(sample: str) -> str:
    """Return the delimiter that parts most rows into the same number of cells, the most cells."""
    best, score = ",", 0
    for delimiter in (";", "\t", ",", "|"):
        try:
            rows = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter)][:100]
        except csv.Error:
            continue
        usual = max(rows, key=rows.count, default=1)
        if usual > 1 and (rows.count(usual), usual) > (score, 0):
            best, score = delimiter, rows.count(usual)
    return best

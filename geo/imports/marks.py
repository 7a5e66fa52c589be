"""What calamine leaves out of a workbook: errors, formulas without a value, formats of dates.

One pass over the sheet's XML; it also tells how far the sheet reaches before any of it is held.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any, NamedTuple
from xml.parsers import expat

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from geo.imports.findings import FileError, Refusal
from geo.imports.kinds import MOST_CELLS, MOST_COLUMNS, MOST_ROWS

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,4})(\d{1,8})")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_SHORT_DATES = {16: "dm", 17: "my"}  # d-mmm and mmm-yy (ECMA-376, 18.8.30)
Place = tuple[int, int]  # row, column, from 0


class Marks(NamedTuple):
    """Cells by place: what the error says, formulas without a value, dates short of a part."""

    errors: dict[Place, str]
    unknown: set[Place]
    short_dates: dict[Place, str]  # "dm" or "my": how the cell shows it


def column_number(letters: str) -> int:
    """Return 0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """Return A for 0, AA for 26."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read(path: Path, sheet: str) -> Marks:
    """Return the marks of a sheet of an xlsx file.

    Raises:
        FileError: it reaches too far.
    """
    with zipfile.ZipFile(path) as archive:
        pass_ = _Pass(_short_styles(archive))
        with archive.open(_part(archive, sheet)) as file:
            pass_.parser.ParseFile(file)
    return pass_.marks


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    book = fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
    links = fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for one in book.iter(f"{_MAIN}sheet"):
        if one.get("name") == sheet:
            return posixpath.normpath(posixpath.join("/xl", targets[one.get(_LINK)]))[1:]
    raise FileError(Refusal.NO_SHEET, value=sheet)


def _short_styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the cell styles that show a date without its year or without its day."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = fromstring(archive.read("xl/styles.xml"), forbid_dtd=True)
    codes = {
        int(one.get("numFmtId", 0)): one.get("formatCode", "")
        for one in styles.iter(f"{_MAIN}numFmt")
    }
    found: dict[str, str] = {}
    for number, style in enumerate(styles.findall(f"{_MAIN}cellXfs/{_MAIN}xf")):
        code = int(style.get("numFmtId", 0))
        shown = _SHORT_DATES.get(code) or _shown(codes.get(code, ""))
        if shown:
            found[str(number)] = shown
    return found


def _shown(code: str) -> str | None:
    letters = set(_LITERAL.sub("", code.lower())) & set("dmyhs")
    return {frozenset("dm"): "dm", frozenset("my"): "my"}.get(frozenset(letters))


class _Pass:
    """One pass over the cells of a sheet."""

    def __init__(self, short: dict[str, str]) -> None:
        self.marks, self.short = Marks({}, set(), {}), short
        self.row, self.column, self.cells = -1, -1, 0
        self.is_error = self.has_formula = self.in_value = False
        self.value = ""
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.doctype

    def doctype(self, *_: Any) -> None:
        raise FileError(Refusal.ENTITIES)

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "c":
            self.begin(given)
        elif name == "row":
            self.row = int(given.get("r", self.row + 2)) - 1
            self.column = -1
        elif name == "f":
            self.has_formula = True
        elif name == "v":
            self.in_value = True

    def begin(self, given: dict[str, str]) -> None:
        place = _CELL.fullmatch(given.get("r", ""))
        self.column = column_number(place[1]) if place else self.column + 1
        self.row = int(place[2]) - 1 if place else self.row
        self.cells += 1
        if self.column >= MOST_COLUMNS:
            raise FileError(Refusal.TOO_WIDE, f"{MOST_COLUMNS} at most", value=self.column + 1)
        if self.row >= MOST_ROWS + 100 or self.cells > MOST_CELLS:
            raise FileError(Refusal.TOO_MANY_ROWS, f"{MOST_ROWS} at most", value=self.row + 1)
        self.is_error, self.has_formula, self.value = given.get("t") == "e", False, ""
        if (shown := self.short.get(given.get("s", ""))) and given.get("t", "n") == "n":
            self.marks.short_dates[self.row, self.column] = shown

    def text(self, data: str) -> None:
        if self.in_value and len(self.value) < 100:
            self.value += data

    def end(self, name: str) -> None:
        if name == "v":
            self.in_value = False
        elif name == "c":
            if self.is_error:
                self.marks.errors[self.row, self.column] = self.value
            elif self.has_formula and not self.value:
                self.marks.unknown.add((self.row, self.column))

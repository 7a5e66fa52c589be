"""From a table to records: where its headers are, which rows are data, what each gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from geo.imports import dates, headers, numbers, renumber, rows
from geo.imports.aliases import SIGNATURES, TOTALS, Target
from geo.imports.findings import FileError, Refusal, ValueProblem
from geo.imports.headers import LOOKED_AT, Column, Guess
from geo.imports.kinds import SHEETS
from geo.imports.numbers import Mark
from geo.imports.options import Options
from geo.imports.reading import Table
from geo.imports.records import Record
from geo.names import fold
from geo.schema import GEOMETRY

SAMPLE = 5_000  # rows in which a column's decimal mark is looked for
FEW = 2  # filled cells that a heading between rows has at most
WIDE = 4  # columns from which such a heading can be told from data
_PART = re.compile(r"(?:[ivx]+|[a-z]|\d+)[.)]|phan |muc |huyen |tinh |xa |don |tuyen |doan ")
_AS_OF = re.compile(
    r"(?:tinh den|den|tai thoi diem|as of|cap nhat)\s*(?:het)?\s*:?\s*((?:ngay|thang|nam)?\s*\d.*)"
)
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}")
_KEYS = {"number", "name_vi", "name_en", "marker_id", "measure", Target.ID, Target.LON, Target.LAT,
         Target.EAST, Target.NORTH, Target.PLACE, Target.GEOMETRY}  # fmt: skip


@dataclass(slots=True)
class Scan:
    """What a table holds for a layer; `left_out` are rows (from 1) that are no data, and why."""

    columns: tuple[Column, ...]
    titles: tuple[str, ...]
    records: list[Record]
    left_out: list[tuple[int, str]] = field(default_factory=list)
    as_of: str | None = None

    def column(self, target: str) -> Column | None:
        """Return the column that holds a target."""
        return next((one for one in self.columns if one.guess.target == target), None)

    @property
    def texts(self) -> list[str]:
        """Titles and headers, in which a coordinate system may be named."""
        return [*self.titles, *(one.header for one in self.columns)]


def scan(table: Table, options: Options) -> Scan:
    """Return the records of a table.

    Raises:
        FileError: it has no headers, or no data.
    """
    first = list(islice(table.rows(), LOOKED_AT))
    if not any(any(cell is not None for cell in row) for row in first):
        raise FileError(Refusal.EMPTY)
    heading = _heading(table, options, first)
    columns = _mapped(heading.columns, options)
    marks = with_mark(options, _marks(table, columns, heading.first))
    reader = rows.Reader(options.of, columns, marks)
    found = Scan(columns, heading.titles, [], as_of=options.as_of or _as_of(heading.titles))
    names = {fold(one.header) for one in columns if one.header}
    wide = sum(1 for one in columns if one.guess.target) >= WIDE
    keys = [one.number for one in columns if one.guess.target in _KEYS]
    for number, cells in enumerate(table.rows(), 1):
        if number <= heading.first:
            continue
        why = _no_data(cells, keys, names, wide=wide)
        if why:
            found.left_out.append((number, why))
        else:
            found.records.append(reader.read(cells, number))
    while found.left_out and found.left_out[-1][1] == "empty":
        found.left_out.pop()
    if not found.records:
        raise FileError(Refusal.EMPTY)
    renumber.restore(found.records, found.column("number"))
    return found


def _heading(table: Table, options: Options, first: Sequence[Any]) -> headers.Heading:
    if table.kind in SHEETS:
        return headers.find(options.of, first, table.merged)
    columns = tuple(
        Column(number, str(name), None, _of_file(options, str(name)))
        for number, name in enumerate(first[0])
    )
    return headers.Heading(tuple(headers.without_rivals(list(columns))), (), 1)


def _of_file(options: Options, name: str) -> Guess:
    """Return what a field of a file with geometry holds; where it lies is in its geometry."""
    if name == GEOMETRY:
        return Guess(Target.GEOMETRY.value, 1.0)
    found = headers.guess(options.of, name)
    is_place = found.target in (Target.LON, Target.LAT, Target.EAST, Target.NORTH, Target.PLACE)
    weak = found.confidence < headers.LEAST
    return Guess(None, found.confidence) if is_place or weak else found


def _mapped(columns: Sequence[Column], options: Options) -> tuple[Column, ...]:
    """Return the columns as a person corrected them, by letter or by header."""
    told = {fold(key): target for key, target in options.mapping.items()}
    taken = {target for target in told.values() if target}
    found: list[Column] = []
    for column in columns:
        for key in (fold(column.letter), fold(column.header)):
            if key in told:
                guess = Guess(told[key], 1.0)
                break
        else:
            guess = Guess(None, 0.0) if column.guess.target in taken else column.guess
        found.append(Column(column.number, column.header, column.unit, guess))
    return tuple(found)


def _marks(table: Table, columns: Sequence[Column], first: int) -> rows.Marks:
    texts: dict[int, list[str]] = {c.number: [] for c in columns if c.guess.target}
    for cells in islice(table.rows(), first, first + SAMPLE):
        for number, held in texts.items():
            if number < len(cells) and isinstance(cells[number], str):
                held.append(cells[number])
    return {number: numbers.decimal_mark(held) for number, held in texts.items() if held}


def with_mark(options: Options, marks: rows.Marks) -> rows.Marks:
    """Return the decimal marks of columns, that of the options where a column proves none."""
    told = Mark(options.mark) if options.mark else None
    return {number: found or told for number, found in marks.items()}


def _no_data(
    cells: Sequence[Any], keys: Iterable[int], names: set[str], *, wide: bool
) -> str | None:
    """Return why a row is no data: `empty`, `total`, `header` or `note`; None if it is data.

    In a `wide` sheet a row of one text such as `II. Huyện …` parts what follows from what stands
    above.
    """
    held = [cell for cell in cells if cell is not None]
    if not held:
        return "empty"
    texts = [fold(cell).strip(" .:") for cell in held if isinstance(cell, str)]
    if any(text in TOTALS or text.startswith(("tong cong", "tong so ")) for text in texts[:3]):
        return "total"
    if len(texts) > 2 and set(texts) <= names:
        return "header"
    keyed = any(number < len(cells) and cells[number] is not None for number in keys)
    if any(text.startswith(SIGNATURES) for text in texts) and (not keyed or len(held) <= FEW):
        return "note"
    few = len(held) <= FEW
    parted = wide and few and len(texts) == len(held) and _PART.match(texts[0])
    return "note" if parted or (few and not keyed) else None


def _as_of(titles: Iterable[str]) -> str | None:
    """Return the day that titles say the sheet is of, as in `tính đến ngày 31/12/2023`."""
    for title in titles:
        folded = dates.fold_keeping_dashes(title)
        found = _AS_OF.search(folded)
        if found is None:
            continue
        plain = _DATE.search(found[1])
        try:
            return dates.read(plain[0] if plain else found[1].strip(" .)(")).iso
        except ValueProblem:
            continue
    return None

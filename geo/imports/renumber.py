"""Numbers of markers that Excel turned into dates: turned back where the rows beside tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from geo.imports import dates, markers
from geo.imports.findings import Problem, Said
from geo.imports.headers import Column
from geo.imports.markers import Number
from geo.imports.records import Record

TURNED = "@turned"  # in the properties of a record: the cell as Excel left it
_SERIALS = (10_000, 80_000)  # days since 1900 that stand for 1927–2119


def candidates(cell: Any) -> list[Number]:
    """Return the numbers of which Excel may have made this cell, none if it made none."""
    if isinstance(cell, list) and cell[0] == "d":
        return _by_format(cell)
    if isinstance(cell, str):
        return markers.turned(cell)
    if isinstance(cell, int) and _SERIALS[0] < cell < _SERIALS[1]:
        return markers.turned(dates.from_serial(cell))
    return []


def _by_format(cell: list[Any]) -> list[Number]:
    """Return what may have been typed; a format without the year or the day tells which."""
    day = date.fromisoformat(cell[1][:10])
    found = markers.turned(day)
    shown = cell[2] if len(cell) > 2 else None
    parts = {"dm": {day.day, day.month}, "my": {day.month, day.year % 100}}.get(shown or "")
    return [one for one in found if parts is None or {one.main, one.aux} == parts]


def restore(records: Sequence[Record], column: Column | None) -> None:
    """Give each record its number, from the rows before and after where Excel changed it."""
    taken = {record.number for record in records if record.number}
    for place, record in enumerate(records):
        if TURNED not in record.given:
            continue
        cell = record.given.pop(TURNED)
        shown = cell[1] if isinstance(cell, list) else str(cell)
        options = candidates(cell)
        before, after = _beside(records, place, -1), _beside(records, place, 1)
        found = markers.fitting(options, before, after, taken)
        if found:
            taken.add(found)
            record.number = found
            record.find(Problem.TURNED_BACK, column, shown, Said.same(found.text))
        else:
            texts = " / ".join(one.text for one in options[:4])
            said = Said(f"có thể là {texts}", f"may be {texts}")
            record.find(Problem.TURNED_DATE, column, shown, said)


def _beside(records: Sequence[Record], place: int, step: int) -> Number | None:
    """Return the nearest number before or after, within a few rows."""
    for at in range(place + step, place + 4 * step, step):
        if 0 <= at < len(records) and records[at].number:
            return records[at].number
    return None

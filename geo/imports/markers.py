"""Numbers of markers `main[/aux][(k)]`, and what Excel made of them when it saw a date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from geo.imports.findings import Problem, ValueProblem
from geo.names import fold

_NUMBER = re.compile(r"(\d{1,4})(?:\s*/\s*(\d{1,3}))?(?:\s*\(\s*(\d)\s*\))?")
_PREFIX = re.compile(r"^(?:cot moc|moc|coc dau|coc|so|m|vi tri|marker|no|№|:|\.|\s)+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TURNED = re.compile(r"(?:(\d{1,2})[- ])?(" + "|".join(_MONTHS) + r")(?:[- ](\d{2}|\d{4}))?")
NEAR = 3  # main numbers by which rows that follow each other differ at most


class Number(NamedTuple):
    """A marker's number; 0 where a part is absent."""

    main: int
    aux: int = 0
    k: int = 0

    @property
    def text(self) -> str:
        """The number as it is written on lists."""
        aux = f"/{self.aux}" if self.aux else ""
        return f"{self.main}{aux}" + (f"({self.k})" if self.k else "")


def read(text: str) -> Number:
    """Return the number of `64/3`, `48(1)`, `Mốc 511/1` or `605`.

    Raises:
        ValueProblem: it is none.
    """
    found = _NUMBER.fullmatch(_PREFIX.sub("", fold(text)).strip())
    if found is None:
        raise ValueProblem(Problem.NOT_A_MARKER)
    return Number(*(int(part or 0) for part in found.groups()))


def turned(given: str | date) -> list[Number]:
    """Return the numbers that Excel may have turned into this date, or into this text of one.

    `64/3` becomes March 1964, `12/3` the twelfth of March (or 3 December) of the year of typing.
    """
    if isinstance(given, date):
        return _of_date(given)
    found = _TURNED.fullmatch(fold(given).replace("\u00a0", " "))
    if found is None:
        return []
    month = _MONTHS.index(found[2]) + 1
    if found[1]:
        return _unique([Number(int(found[1]), month), Number(month, int(found[1]))])
    if found[3]:
        year = int(found[3]) % 100
        return _unique([Number(year, month), Number(month, year)])
    return []


def _of_date(day: date) -> list[Number]:
    typed = [Number(day.day, day.month), Number(day.month, day.day)]
    if day.day == 1:
        typed = [Number(day.year % 100, day.month), Number(day.month, day.year % 100), *typed]
    return _unique(typed)


def _unique(numbers: Iterable[Number]) -> list[Number]:
    return list(dict.fromkeys(number for number in numbers if number.main and number.aux))


def fitting(
    candidates: Iterable[Number], before: Number | None, after: Number | None, taken: set[Number]
) -> Number | None:
    """Return the one candidate that stands in its place between the rows beside it, or None.

    Sheets go up by number: the candidate lies between its neighbours, and near one of them.
    """
    free = [number for number in candidates if number not in taken]
    between = [number for number in free if _between(number, before, after)]
    if len(between) == 1:
        return between[0]
    same = [n for n in between if n.main in {one.main for one in (before, after) if one}]
    return same[0] if len(same) == 1 else None


def _between(number: Number, before: Number | None, after: Number | None) -> bool:
    sides = [one for one in (before, after) if one]
    above = before is None or before < number
    below = after is None or number < after
    return (
        bool(sides)
        and above
        and below
        and any(abs(number.main - one.main) <= NEAR for one in sides)
    )

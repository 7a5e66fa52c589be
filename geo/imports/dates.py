"""Dates as people write them: dd/mm/yyyy, a month or a year alone, Vietnamese words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from geo.imports.findings import Problem, Said, ValueProblem
from geo.names import fold
from geo.vocabulary import DatePrecision

EARLIEST, LATEST = 1800, 2200  # years that a register can mean
_DAY = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
_CLOCK = re.compile(r"[ t]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})?$")
_MONTH = re.compile(r"(?:thang\s*|t)?(\d{1,2})\s*[/.\-]\s*(\d{4})|(\d{4})-(\d{2})")
_YEAR = re.compile(r"(?:nam\s*)?(\d{4})")
_WORDS = re.compile(r"\s*(?:ngay|thang|nam)\s*")


class Day(NamedTuple):
    """A date (ISO 8601) and how exactly it was stated."""

    iso: str
    precision: DatePrecision


def read(given: str | float | date) -> Day:
    """Return the date that a cell states.

    Raises:
        ValueProblem: it states none; day and month that can only be swapped are said so.
    """
    if isinstance(given, date):
        return _day(given.year, given.month, given.day)
    return _year(given) if isinstance(given, int | float) else _text(given)


def _text(given: str) -> Day:
    text = _CLOCK.sub("", fold_keeping_dashes(given))
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
        return _day(year, month, day)
    if "thang" in text and ("ngay" in text or text[:1].isdigit()):
        text = _WORDS.sub("/", text).strip("/ ,")
    text = text.removeprefix("ngay").strip()
    if found := _DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
        return _day(year, month, day)
    text = _WORDS.sub(lambda m: "/" if m.start() else "", text)
    if found := _MONTH.fullmatch(text):
        years, months = (found[2], found[1]) if found[1] else (found[3], found[4])
        return _day(int(years), int(months), 1, DatePrecision.MONTH)
    if found := _YEAR.fullmatch(text):
        return _year(int(found[1]))
    raise ValueProblem(Problem.NOT_A_DATE)


def fold_keeping_dashes(text: str) -> str:
    """Fold accents and case, dashes kept as they part dates."""
    return fold(text.strip().replace("-", "\x01").replace("–", "\x01")).replace("\x01", "-")


def _year(given: float) -> Day:
    if given != int(given) or not EARLIEST <= given <= LATEST:
        raise ValueProblem(Problem.NOT_A_DATE)
    return _day(int(given), 1, 1, DatePrecision.YEAR)


def _day(year: int, month: int, day: int, precision: DatePrecision = DatePrecision.DAY) -> Day:
    if not EARLIEST <= year <= LATEST:
        raise ValueProblem(Problem.NOT_A_DATE)
    try:
        return Day(date(year, month, day).isoformat(), precision)
    except ValueError:
        if month > 12 and 1 <= day <= 12:
            other = f"{month:02}/{day:02}/{year}?"
            raise ValueProblem(Problem.AMBIGUOUS_DATE, Said.same(other)) from None
        raise ValueProblem(Problem.NOT_A_DATE) from None


def from_serial(serial: float, *, epoch_1904: bool = False) -> date:
    """Return the day that Excel's number stands for.

    In the epoch of 1900 a 29 February 1900 counts that never was, so numbers up to 60 are one off.
    """
    if epoch_1904:
        return date(1904, 1, 1) + timedelta(days=int(serial))
    return date(1899, 12, 31 if serial < 60 else 30) + timedelta(days=int(serial))

"""Numbers as Vietnamese and English sheets write them: `22.826.000`, `5,154 tỷ`, `1,5 triệu USD`.

A comma is the decimal mark, points part thousands; the English way round is read where the digits
leave no doubt. A lone point before three digits is in doubt, unless the caller knows better.
"""

from __future__ import annotations

import math
import re
from enum import StrEnum
from typing import NamedTuple

from geo.imports.findings import Problem, Said, ValueProblem
from geo.names import fold

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_PARTS = re.compile(
    r"\s*(?P<before>[^\d+\-−.,]*?)\s*(?P<number>[+\-−]?(?:\d[\d.,\s\u00a0\u202f']*|[.,]\d+)"
    r"(?:[eE][+-]?\d+)?)\s*(?P<after>\D.*)?",
    re.DOTALL,
)
_GROUPED = {mark: re.compile(rf"\d{{1,3}}(?:\{mark}\d{{3}})+") for mark in ".,"}
MULTIPLIERS = {
    "": 1.0, "nghin": 1e3, "ngan": 1e3, "k": 1e3, "thousand": 1e3,
    "trieu": 1e6, "tr": 1e6, "million": 1e6, "mn": 1e6, "m": 1e6,
    "ty": 1e9, "ti": 1e9, "billion": 1e9, "bn": 1e9,
    "nghin ty": 1e12, "ngan ty": 1e12, "nghin ti": 1e12, "trillion": 1e12, "trieu ty": 1e15,
}  # fmt: skip
CURRENCIES = {
    "usd": "USD", "us$": "USD", "$": "USD", "do la": "USD", "do la my": "USD", "do": "USD",
    "vnd": "VND", "dong": "VND", "d": "VND", "₫": "VND", "eur": "EUR", "€": "EUR", "euro": "EUR",
    "cny": "CNY", "nhan dan te": "CNY", "ndt": "CNY", "thb": "THB", "baht": "THB",
    "lak": "LAK", "kip": "LAK", "khr": "KHR", "riel": "KHR", "jpy": "JPY", "yen": "JPY",
}  # fmt: skip
LENGTHS = {"mm": 0.001, "cm": 0.01, "m": 1.0, "met": 1.0, "km": 1000.0}  # metres


class Mark(StrEnum):
    """The decimal mark of a column, where it is known."""

    COMMA = ","
    POINT = "."


class Amount(NamedTuple):
    """A number with what was said beside it: currency by ISO 4217, or a unit."""

    value: float
    currency: str | None = None
    unit: str | None = None


def number(text: str, mark: Mark | None = None) -> float:
    """Return the number that a text states, with words such as `tỷ`; a unit is left out.

    Raises:
        ValueProblem: it is none, or can be read in two ways.
    """
    return amount(text, mark).value


def amount(text: str, mark: Mark | None = None) -> Amount:
    """Return a number, its currency and its unit.

    Raises:
        ValueProblem: as of `number`.
    """
    found = _PARTS.fullmatch(text)
    if found is None:
        raise ValueProblem(Problem.NOT_A_NUMBER)
    before, after = fold(found["before"] or ""), fold(found["after"] or "")
    factor, currency, unit = _words(f"{after} {before}".strip())
    return Amount(_finite(plain(found["number"], mark) * factor), currency, unit)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueProblem(Problem.NOT_A_NUMBER)
    # 5.154 × 10⁹ is not a whole number of bits; whole amounts are whole.
    near = round(value)
    return float(near) if abs(value) >= 1 and abs(value - near) < abs(value) * 1e-12 else value


def _words(said: str) -> tuple[float, str | None, str | None]:
    """Return what the words after a number multiply it by, its currency, and what else is there."""
    if said in MULTIPLIERS and said != "m":
        return MULTIPLIERS[said], None, None
    if said in CURRENCIES:
        return 1.0, CURRENCIES[said], None
    for cut in range(len(said), 0, -1):
        first, rest = said[:cut].strip(), said[cut:].strip(" .")
        if first in MULTIPLIERS and rest in CURRENCIES:
            return MULTIPLIERS[first], CURRENCIES[rest], None
    if said in LENGTHS or said in ("%", "do", "nguoi", "ha", "m2", "km2"):
        return 1.0, None, said
    raise ValueProblem(Problem.NOT_A_NUMBER)


def plain(text: str, mark: Mark | None = None) -> float:
    """Return the number of digits, marks and spaces alone."""
    digits = _SPACES.sub("", text.strip()).replace("−", "-")
    sign = -1.0 if digits.startswith("-") else 1.0
    digits = digits.lstrip("+-").rstrip(".,")
    try:
        return sign * float(_english(digits, mark))
    except ValueError:
        raise ValueProblem(Problem.NOT_A_NUMBER) from None


def _english(digits: str, mark: Mark | None) -> str:
    """Return digits with a point before the decimals and nothing between thousands."""
    points, commas = digits.count("."), digits.count(",")
    if mark is not None:
        other = "," if mark is Mark.POINT else "."
        return _decimal(digits, mark) if mark in digits else _thousands(digits, other)
    if points and commas:
        last = max(".,", key=digits.rindex)
        return _decimal(digits, last)
    for sign in ".,":
        if digits.count(sign) > 1:
            return _thousands(digits, sign)
    if commas:
        return digits.replace(",", ".")
    if points and _GROUPED["."].fullmatch(digits) and not digits.startswith("0"):
        whole, real = digits.replace(".", ""), digits
        raise ValueProblem(Problem.AMBIGUOUS_NUMBER, Said.same(f"{whole} / {real}"))
    return digits


def _decimal(digits: str, mark: str) -> str:
    whole, _, rest = digits.partition(mark)
    other = "," if mark == "." else "."
    if mark in rest or other in rest:
        raise ValueProblem(Problem.NOT_A_NUMBER)
    return f"{_thousands(whole, other) if other in whole else whole}.{rest}"


def _thousands(digits: str, mark: str) -> str:
    if mark in digits and not _GROUPED[mark].fullmatch(digits):
        raise ValueProblem(Problem.NOT_A_NUMBER)
    return digits.replace(mark, "")


def decimal_mark(texts: list[str]) -> Mark | None:
    """Return the decimal mark that the texts of a column prove, or None if none does, or both."""
    proven = {found for text in texts if (found := _proven(text))}
    return proven.pop() if len(proven) == 1 else None


def _proven(text: str) -> Mark | None:
    found = _PARTS.fullmatch(text)
    digits = _SPACES.sub("", found["number"]) if found else ""
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return Mark.COMMA if digits.rindex(",") > digits.rindex(".") else Mark.POINT
    if points > 1 or (commas == 1 and not _GROUPED[","].fullmatch(digits.lstrip("+-"))):
        return Mark.COMMA
    if commas > 1 or (points == 1 and not _GROUPED["."].fullmatch(digits.lstrip("+-"))):
        return Mark.POINT
    return None

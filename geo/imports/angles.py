"""Longitudes and latitudes in degrees, minutes and seconds, in many spellings.

`22°23'45,6"N`, `107 độ 26 phút 13 giây Đông`, `B 12°15.3'`, `22-23-45.6`, `22 23 45.6`, `107.5`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from geo.imports.findings import Problem, ValueProblem
from geo.imports.numbers import Mark, plain
from geo.names import fold

_SIGNS = str.maketrans(
    {"º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "´": "'", "`": "'",
     "″": '"', "”": '"', "“": '"', "−": "-", "\u00a0": " "}
)  # fmt: skip
_WORDS = (
    (r"do\b|deg\b|d(?=\s*\d)", "°"),
    (r"phut\b|min\b|m\b|m(?=\d)", "'"),
    (r"giay\b|sec\b", '"'),
)
_NUMBER = r"\d+(?:[.,]\d+)?"
_DMS = re.compile(
    rf"(?P<sign>-?)(?P<d>{_NUMBER})\s*(?:[°\-:\s]\s*(?:(?P<m>{_NUMBER})\s*"
    rf"(?:['\-:\s]\s*(?:(?P<s>{_NUMBER})\s*(?:\"|'')?)?)?)?)?"
)
# In Vietnamese B, N, Đ, T are north, south, east, west; N is north to everybody else, and no
# border of this register lies south of the equator.
_SIDES = {
    "n": ("lat", 1), "b": ("lat", 1), "bac": ("lat", 1), "north": ("lat", 1),
    "s": ("lat", -1), "nam": ("lat", -1), "south": ("lat", -1),
    "e": ("lon", 1), "d": ("lon", 1), "dong": ("lon", 1), "east": ("lon", 1),
    "w": ("lon", -1), "t": ("lon", -1), "tay": ("lon", -1), "west": ("lon", -1),
}  # fmt: skip
_AXES = re.compile(r"\b(?:(vi do|latitude|lat)|(kinh do|longitude|long|lon|lng))\b\s*:?")
_SIDE = re.compile(
    r"^(?P<first>bac|nam|dong|tay|[nsewbdt])?\s*:?\s*(?P<body>[-\d].*?)\s*"
    r"(?P<last>bac|nam|dong|tay|north|south|east|west|[nsewbdt])?$"
)


class Axis(StrEnum):
    """Which of the two an angle is, where it says so."""

    LON = "lon"
    LAT = "lat"


class Angle(NamedTuple):
    """Degrees, south and west negative; `axis` is None where the text does not tell."""

    degrees: float
    axis: Axis | None


def read(given: str | float) -> Angle:
    """Return the angle that a cell states.

    Raises:
        ValueProblem: it states none, or more than 60 minutes or 180 degrees.
    """
    if isinstance(given, int | float):
        return Angle(float(given), None)
    text = _folded(given)
    named = _AXES.search(text)
    found = _SIDE.match(_signs(_AXES.sub(" ", text).strip()))
    if found is None:
        raise ValueProblem(Problem.NOT_AN_ANGLE)
    side = _SIDES.get(found["first"] or found["last"] or "")
    axis = side[0] if side else "lat" if named and named[1] else "lon" if named else None
    degrees = _degrees(found["body"].strip()) * (side[1] if side else 1)
    return Angle(degrees, Axis(axis) if axis else None)


def _folded(text: str) -> str:
    kept = text.strip().translate(_SIGNS).replace("–", "-").replace("-", "\x01")
    return fold(kept).replace("\x01", "-").rstrip(". ")


def _signs(folded: str) -> str:
    for word, sign in _WORDS:
        # Such a word comes after digits; `d` at the end is east.
        folded = re.sub(rf"(?<=\d)\s*(?:{word})", sign, folded)
    return folded


def _degrees(body: str) -> float:
    found = _DMS.fullmatch(body.strip())
    if found is None:
        raise ValueProblem(Problem.NOT_AN_ANGLE)
    d, m, s = (plain(part, _mark(part)) if part else 0.0 for part in found.group("d", "m", "s"))
    broken = (found["m"] and d % 1) or (found["s"] and m % 1)
    if m >= 60 or s >= 60 or d > 180 or broken:
        raise ValueProblem(Problem.NOT_AN_ANGLE)
    degrees = d + m / 60 + s / 3600
    return -degrees if found["sign"] else degrees


def _mark(part: str) -> Mark:
    return Mark.COMMA if "," in part else Mark.POINT


def pair(text: str) -> tuple[Angle, Angle] | None:
    """Return the two angles of a cell that holds both, in the order of the text, or None."""
    for parting in (r"\s*;\s*", r"\s*,\s+", r"\s*\|\s*", r"\s+-\s+", r",", r"\s+"):
        parts = [part for part in re.split(parting, text.strip().strip("()")) if part]
        if len(parts) == 2:
            try:
                return read(parts[0]), read(parts[1])
            except ValueProblem:
                continue
    return None

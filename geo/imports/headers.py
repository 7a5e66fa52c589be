"""Where the headers of a sheet are, and which property each column holds.

Above them may stand titles, over them merged cells that name a group, under them units and
running numbers of the columns.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from geo.imports.aliases import ABBREVIATIONS, FIELDS, OF_MARKERS, PLACES, Target
from geo.imports.findings import FileError, Refusal
from geo.imports.marks import column_letters
from geo.names import fold
from geo.schema import Layer

LOOKED_AT = 60  # rows in which headers are looked for
LEAST = 0.6  # confidence below which a column is not guessed
_PARENTHESES = re.compile(r"[(\[]([^)\]]*)[)\]]")
_NUMBERING = re.compile(r"\(?\[?\d{1,2}\]?\)?|[a-z]|\(\d+\)=.*")
_UNITS = re.compile(
    r"m|km|cm|mm|do|°|%|usd|vnd|dong|ty dong|trieu dong|ty|trieu|trieu usd|nghin dong|ha|km2|m2|"
    r"nguoi|cai|moc|vi tri|dd/mm/yyyy|d/m/y|ngay/thang/nam|do thap phan|do, phut, giay|d m s|"
    r"wgs 84|wgs84|vn 2000|vn2000"
)
Cells = Sequence[Any]


class Guess(NamedTuple):
    """What a column is taken to hold, 0–1 how surely; `target` is None where nothing fits."""

    target: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: its number from 0, its header, its unit, what it holds."""

    number: int
    header: str
    unit: str | None
    guess: Guess

    @property
    def letter(self) -> str:
        """The letter by which spreadsheets name it."""
        return column_letters(self.number)

    def told(self) -> dict[str, Any]:
        """Return the column as plain values."""
        return {
            "column": self.letter,
            "header": self.header,
            "unit": self.unit,
            "target": self.guess.target,
            "confidence": round(self.guess.confidence, 2),
        }


class Heading(NamedTuple):
    """The columns, the titles that stand above them, and the first row of data, from 0."""

    columns: tuple[Column, ...]
    titles: tuple[str, ...]
    first: int


def find(layer: Layer, rows: Sequence[Cells], merged: Iterable[tuple[int, ...]]) -> Heading:
    """Return the heading that fits best to the layer among the first rows of a sheet.

    Raises:
        FileError: no row names at least one property.
    """
    filled = _spread([list(row) for row in rows[:LOOKED_AT]], merged)
    scores = [(_score(layer, row), -number) for number, row in enumerate(filled)]
    best, place = max(scores, default=(0.0, 0))
    if best < LEAST:
        raise FileError(Refusal.NO_HEADER)
    top, bottom = _extent(layer, rows, filled, -place)
    first, units = _below(rows, bottom + 1)
    titles = [str(c) for row in rows[:top] for c in row if isinstance(c, str) and c]
    return Heading(_columns(layer, filled[top : bottom + 1], units), tuple(titles), first)


def _spread(rows: list[list[Any]], merged: Iterable[tuple[int, ...]]) -> list[list[Any]]:
    """Put the text of merged cells into each of them."""
    for top, left, bottom, right in merged:
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top : bottom + 1]:
                row.extend([None] * (right + 1 - len(row)))
                row[left : right + 1] = [rows[top][left]] * (right + 1 - left)
    return rows


def _score(layer: Layer, row: Cells) -> float:
    """Return how many columns a row would name, each by its confidence, repeated ones once."""
    texts = {cell for cell in row if isinstance(cell, str) and len(cell) <= 80}
    guesses = (guess(layer, text) for text in texts)
    return sum(one.confidence for one in guesses if one.target is not None)


def _extent(
    layer: Layer, rows: Sequence[Cells], filled: Sequence[Cells], best: int
) -> tuple[int, int]:
    """Return the first and last row of the headers: a row of groups above or below counts too."""
    top = bottom = best
    below = filled[best + 1] if best + 1 < len(filled) else []
    shared = sum(1 for a, b in zip(filled[best], below, strict=False) if a and a == b)
    if shared >= 1 and _is_text(below) and _score(layer, below) >= LEAST:
        bottom += 1
    above = filled[best - 1] if best else []
    own = {cell for cell in rows[best] if cell} if best else set()
    if len({cell for cell in above if isinstance(cell, str)}) > 1 and (
        len(own) < len({c for c in filled[best] if c}) or _is_group(above)
    ):
        top -= 1
    return top, bottom


def _is_text(row: Cells) -> bool:
    held = [cell for cell in row if cell is not None]
    return bool(held) and all(isinstance(cell, str) for cell in held)


def _is_group(row: Cells) -> bool:
    """Say whether a text is repeated beside itself, as that of a merged cell is."""
    return any(a and a == b for a, b in pairwise(row))


def _below(rows: Sequence[Cells], start: int) -> tuple[int, dict[int, str]]:
    """Return the first row of data and the units that stand between it and the headers."""
    units: dict[int, str] = {}
    for number in range(start, min(start + 3, len(rows))):
        held = {at: str(c) for at, c in enumerate(rows[number]) if c is not None and c != ""}
        folded = {at: fold(text).strip("()[] ") for at, text in held.items()}
        if not held or not all(_is_aside(text) for text in folded.values()):
            return number, units
        if len(held) > 1 and _counts_up(folded.values()):
            continue
        if any(text.isdigit() for text in folded.values()):
            return number, units
        units |= {at: text for at, text in folded.items() if _UNITS.fullmatch(text)}
    return min(start + 3, len(rows)) if start < len(rows) else start, units


def _is_aside(text: str) -> bool:
    return bool(_UNITS.fullmatch(text) or _NUMBERING.fullmatch(text))


def _counts_up(texts: Iterable[str]) -> bool:
    numbers = [int(text) for text in texts if text.isdigit()]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _columns(layer: Layer, rows: Sequence[Cells], units: dict[int, str]) -> tuple[Column, ...]:
    width = max((len(row) for row in rows), default=0)
    made: list[Column] = []
    for number in range(width):
        parts = [str(row[number]) for row in rows if number < len(row) and row[number]]
        header = " – ".join(dict.fromkeys(" ".join(part.split()) for part in parts))
        found = _best(layer, list(dict.fromkeys(parts)))
        made.append(Column(number, header, units.get(number) or _unit(header), found))
    return tuple(without_rivals(made))


def _best(layer: Layer, parts: list[str]) -> Guess:
    options = [guess(layer, part) for part in parts[-1:]]
    if len(parts) > 1:
        options.append(guess(layer, " ".join(parts)))
        # A group alone says less than what stands under it.
        above = guess(layer, parts[0])
        options.append(above._replace(confidence=above.confidence * 0.5))
    best = max(options, key=lambda one: one.confidence, default=Guess(None, 0))
    return best if best.confidence >= LEAST else Guess(None, best.confidence)


def without_rivals(columns: list[Column]) -> list[Column]:
    """Let each target be held by one column: the surest, the first of those as sure."""
    best: dict[str, Column] = {}
    for column in columns:
        target = column.guess.target
        if target and (
            target not in best or column.guess.confidence > best[target].guess.confidence
        ):
            best[target] = column
    lost = Guess(None, 0.0)
    return [
        column
        if column.guess.target is None or best[column.guess.target] is column
        else Column(column.number, column.header, column.unit, lost)
        for column in columns
    ]


def _unit(header: str) -> str | None:
    found = [fold(inner) for inner in _PARENTHESES.findall(header)]
    return next((unit for unit in found if _UNITS.fullmatch(unit)), None)


@cache
def guess(layer: Layer, header: str) -> Guess:
    """Return what a header names in a layer."""
    names = _names(layer)
    text = _plain(_PARENTHESES.sub(" ", header))
    if not text:
        return Guess(None, 0.0)
    for spelled, sure in ((_plain(header), 1.0), (text, 1.0), (_long(text), 0.95)):
        if spelled in names:
            return Guess(names[spelled][0], sure * names[spelled][1])
    words = set(text.split())
    within = [(len(n), n) for n in names if len(n) > 3 and set(n.split()) <= words]
    if within:
        share = max(within)[0] / len(text)
        return Guess(names[max(within)[1]][0], 0.55 + 0.35 * share)
    near = difflib.get_close_matches(text, [n for n in names if len(n) > 3], n=1, cutoff=0.84)
    return Guess(names[near[0]][0], 0.7) if near else Guess(None, 0.0)


def _plain(header: str) -> str:
    text = re.sub(r"[^\w\s/,.#]", " ", fold(header).replace("_", " "))
    return " ".join(text.split()).strip(".,: ")


def _long(text: str) -> str:
    return " ".join(ABBREVIATIONS.get(word, word) for word in text.split())


@cache
def _names(layer: Layer) -> dict[str, tuple[str, float]]:
    """Return what each folded name stands for, and how surely; the surest meaning wins."""
    found: dict[str, tuple[str, float]] = {}
    for name, target, sure in _meanings(layer):
        if name and (name not in found or sure > found[name][1]):
            found[name] = (target, sure)
    return found


def _meanings(layer: Layer) -> Iterable[tuple[str, str, float]]:
    for field in layer.fields:
        # Province is derived where the original unit is known, but sheets state it by name.
        if field.name == "revision" or (field.derived and field.name != "province"):
            continue
        yield _plain(field.name), field.name, 1.0
        for title in field.title:
            yield _plain(title), field.name, 0.95
        for name in FIELDS.get(field.name, ()):
            yield name, field.name, 0.9
    others = {**PLACES, **OF_MARKERS} if layer.name == "markers" else PLACES
    for target, names in others.items():
        if layer.geometry or target in (Target.ID, Target.COUNT):
            for name in names:
                yield _plain(name), str(target), 0.98
    if layer.geometry == "Point":
        yield "lon", Target.LON, 1.0
        yield "lat", Target.LAT, 1.0


def targets(layer: Layer) -> list[str]:
    """Return all that a column may be mapped to by hand."""
    return sorted({target for _, target, _ in _meanings(layer)})

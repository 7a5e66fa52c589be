"""Vietnamese twins of the English remarks, from one table, `curated/vietnamese.csv`.

A remark is translated whole, or by its longest parts between semicolons. An entry may hold
`{date}` (YYYY-MM-DD, shown dd/mm/yyyy), `{n}` (a number, shown with decimal comma and thousands
dot) and `{text}` (kept as it is); each stands for the same thing in both languages, in order.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

TABLE = Path(__file__).with_name("curated") / "vietnamese.csv"
REMARKS = ("note", "class_note", "position_method", "evidence")  # each has a twin with `_vi`
PATTERNS = {
    "date": r"\d{4}-\d\d-\d\d",
    "n": r"\d+(?:,\d{3})*(?:\.\d+)?",
    "text": r"[^;]+?",
}
HOLE = re.compile(r"\{(\w+)\}")


class MissingTranslationError(ValueError):
    """A remark has no Vietnamese; the message names file, row, field and text."""


class Entry(NamedTuple):
    """A line of the table: what the English looks like, what its holes are, the Vietnamese."""

    pattern: re.Pattern[str]
    holes: list[str]
    vi: str


def vi_date(text: str) -> str:
    """`2014-06-30` as 30/06/2014."""
    return "/".join(reversed(text.split("-")))


def vi_number(text: str) -> str:
    """`2,337.459` as 2.337,459."""
    return text.translate(str.maketrans(",.", ".,"))


def vi_text(text: str) -> str:
    """A name or code, alike in both languages."""
    return text


WRITTEN: dict[str, Callable[[str], str]] = {"date": vi_date, "n": vi_number, "text": vi_text}


@cache
def table() -> dict[str, str]:
    """Vietnamese by English, as the table has them."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["en"]: row["vi"] for row in csv.DictReader(file)}


@cache
def templates() -> tuple[Entry, ...]:
    """The entries that hold placeholders, in the order of the table."""
    return tuple(entry(en, vi) for en, vi in table().items() if HOLE.search(en))


def entry(en: str, vi: str) -> Entry:
    """A template as a pattern; its holes are named after their kinds, in order."""
    parts = HOLE.split(en)  # text, kind, text, kind, text
    pattern = "".join(
        f"({PATTERNS[part]})" if i % 2 else re.escape(part) for i, part in enumerate(parts)
    )
    return Entry(re.compile(pattern), parts[1::2], vi)


def filled(found: re.Match[str], template: Entry) -> str:
    """The Vietnamese of a template; its first `{n}` is the first of the English, and so on."""
    values: dict[str, list[str]] = {}
    for kind, value in zip(template.holes, found.groups(), strict=True):
        values.setdefault(kind, []).append(WRITTEN[kind](value))
    return HOLE.sub(lambda hole: values[hole[1]].pop(0), template.vi)


def looked_up(text: str) -> str | None:
    """Vietnamese of a text that is an entry of the table; None where it is none."""
    if text in table():
        return table()[text]
    for template in templates():
        if found := template.pattern.fullmatch(text):
            return filled(found, template)
    return None


def translated(text: str) -> str:
    """Vietnamese of a remark.

    Raises:
        MissingTranslationError: a part of it is not in the table; the message is that part.
    """
    return "; ".join(by_parts(text.split("; ")))


def by_parts(parts: list[str]) -> Iterator[str]:
    """Vietnamese of consecutive parts, the longest run that the table has first."""
    while parts:
        for count in range(len(parts), 0, -1):
            vi = looked_up("; ".join(parts[:count]))
            if vi is not None:
                yield vi
                parts = parts[count:]
                break
        else:
            raise MissingTranslationError(parts[0])


def with_vietnamese(file: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the Vietnamese twin of each remark after it; a twin that it has is kept.

    Raises:
        MissingTranslationError: a remark has no Vietnamese.
    """
    full: dict[str, Any] = {}
    for name, value in row.items():
        full.setdefault(name, value)
        if name in REMARKS:
            full[f"{name}_vi"] = row.get(f"{name}_vi") or twin(file, row, name)
    return full


def twin(file: str, row: Mapping[str, Any], name: str) -> str | None:
    """Vietnamese of one remark of a row; None where there is no remark."""
    try:
        return translated(row[name]) if row[name] else None
    except MissingTranslationError as missing:
        raise MissingTranslationError(
            f"{file}, row {row.get('id')}, {name}: no Vietnamese in curated/{TABLE.name} "
            f"for {str(missing)!r}"
        ) from None

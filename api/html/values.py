"""Values of properties as a person reads them in one of the two languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from geo.schema import Field, Kind

NOTHING = "–"
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Shown:
    """A value in words; `link` is an address of ours or of the web that it leads to."""

    text: str
    link: str | None = None
    quiet: bool = False  # nothing is known


def number(value: float, lang: str) -> str:
    """Return a number with the marks of the language: 1.234,5 in vi, 1,234.5 in en."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def day(value: str, lang: str) -> str:
    """Return an ISO date or instant: 30/06/2014 in vi, 30 June 2014 in en; else as it is."""
    try:
        found = date.fromisoformat(value[:10])
    except ValueError:
        return value
    clock = f" {value[11:16]} UTC" if len(value) > 10 else ""
    return (f"{found:%d/%m/%Y}" if lang == "vi" else f"{found.day} {found:%B %Y}") + clock


def text(field: Field, value: Any, lang: str) -> str:
    """Return the words of a value of a declared property, with its unit."""
    if value is None or value == []:
        return NOTHING
    if field.vocabulary:
        labels = {word.value: getattr(word, lang) for word in field.vocabulary}
        return str(labels.get(value, value))
    match field.kind:
        case Kind.BOOLEAN:
            return {"vi": ("không", "có"), "en": ("no", "yes")}[lang][bool(value)]
        case Kind.INTEGER | Kind.REAL:
            return number(value, lang) + (f" {_UNITS.get(field.unit, field.unit)}" if field.unit else "")
        case Kind.DATE | Kind.TIMESTAMP:
            return day(value, lang)
        case Kind.LIST:
            return ", ".join(map(str, value))
        case Kind.JSON:
            return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return str(value)


_UNITS = {"degree": "°"}


def shown(field: Field, value: Any, lang: str, base: str) -> Shown:
    """Return a value in words, with a link where it names a row of another layer or an address."""
    words = text(field, value, lang)
    if words == NOTHING:
        return Shown(words, quiet=True)
    if field.refers and isinstance(value, str):
        return Shown(words, f"{base}/collections/{field.refers}/items/{value}")
    if isinstance(value, str) and value.startswith(_WEB):
        return Shown(words, value)
    return Shown(words)

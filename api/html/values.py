"""Values of properties as a person reads them in one of the two languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

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
    return _WRITERS.get(field.kind, _plain)(field, value, lang)


def _plain(_field: Field, value: Any, _lang: str) -> str:
    return str(value)


def _answer(_field: Field, value: Any, lang: str) -> str:
    return _ANSWERS[lang][bool(value)]


def _amount(field: Field, value: Any, lang: str) -> str:
    unit = f" {_UNITS.get(field.unit, field.unit)}" if field.unit else ""
    return number(value, lang) + unit


def _date(_field: Field, value: Any, lang: str) -> str:
    return day(value, lang)


def _list(_field: Field, value: Any, _lang: str) -> str:
    return ", ".join(map(str, value))


def _nested(_field: Field, value: Any, _lang: str) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


_WRITERS: dict[Kind, Callable[[Field, Any, str], str]] = {
    Kind.BOOLEAN: _answer,
    Kind.INTEGER: _amount,
    Kind.REAL: _amount,
    Kind.DATE: _date,
    Kind.TIMESTAMP: _date,
    Kind.LIST: _list,
    Kind.JSON: _nested,
}
_UNITS = {"degree": "°"}
_ANSWERS = {"vi": ("không", "có"), "en": ("no", "yes")}


def shown(field: Field, value: Any, lang: str, base: str) -> list[Shown]:
    """Return the parts of a value in words, linked where they name a row or an address."""
    if value is None or value == []:
        return [Shown(NOTHING, quiet=True)]
    if field.refers:
        names = value if isinstance(value, list) else [value]
        # Of all times, because the row named may no longer hold today.
        rows = f"{base}/collections/{field.refers}/items"
        return [Shown(str(n), f"{rows}/{quote(str(n), safe='')}?datetime=../..") for n in names]
    words = text(field, value, lang)
    return [Shown(words, value if str(value).startswith(_WEB) else None)]

"""CQL2 filters (OGC 21-065r2): text or JSON in, one SQL condition on a layer's view out.

The library cql2 parses both encodings into the standard's JSON; here that JSON becomes SQL.
Geometry literals are WGS 84, lon then lat.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from geo.cql.literals import bad
from geo.cql.text import read, read_json
from geo.cql.translate import SPATIAL, SUPPORTED, Condition, condition
from geo.errors import BadInputError
from geo.schema import Layer

__all__ = ["LANGUAGES", "SPATIAL", "SUPPORTED", "Condition", "condition", "kept", "parse"]
KEPT = 256  # conditions held at once
_AT = re.compile(r"(?:--> |line )(\d+)(?::| column )(\d+)")  # of a text, of JSON; both from 1
_LINE = re.compile(r"^\d+ +\| (.*)$", re.MULTILINE)
LANGUAGES = ("cql2-text", "cql2-json")


def parse(source: str, language: str = "cql2-text") -> Any:
    """Return a filter as CQL2 JSON.

    Raises:
        BadInputError: it cannot be read; the message says where.
    """
    if language not in LANGUAGES:
        raise BadInputError(
            f"Unknown filter language {language!r}",
            parameter="filter-lang",
            value=language,
            allowed=LANGUAGES,
        )
    try:
        return read(source) if language == "cql2-text" else read_json(source)
    except BadInputError:
        raise
    except Exception as error:  # the library raises plain exceptions
        said = str(error)
        raise bad(f"The filter cannot be read: {said}", source, vi=_in_vietnamese(said)) from error


def _in_vietnamese(said: str) -> str:
    """Return where a filter could not be read, of what the parsers say in English."""
    at = _AT.search(said)
    if at is None:
        return "không đọc được bộ lọc"
    line, column = int(at[1]), int(at[2])
    shown = _LINE.search(said)
    where = f"không đọc được bộ lọc ở dòng {line}, cột {column}"
    return f"{where}: {shown[1][: column - 1]} ▶ {shown[1][column - 1 :]}" if shown else where


@lru_cache(KEPT)
def kept(layer: Layer, source: str, language: str = "cql2-text") -> Condition:
    """Return the condition of a filter, the same object for the same text.

    Raises:
        BadInputError, UnknownPropertyError: as of `parse` and `condition`.
    """
    return condition(layer, parse(source, language))

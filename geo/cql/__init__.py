"""CQL2 filters (OGC 21-065r2): text or JSON in, one SQL condition on a layer's view out.

The library cql2 parses both encodings into the standard's JSON; here that JSON becomes SQL.
Geometry literals are WGS 84, lon then lat.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from geo.cql.literals import bad
from geo.cql.text import read, read_json
from geo.cql.translate import SPATIAL, SUPPORTED, Condition, condition
from geo.errors import BadInputError
from geo.schema import Layer

__all__ = ["LANGUAGES", "SPATIAL", "SUPPORTED", "Condition", "condition", "kept", "parse"]
KEPT = 256  # conditions held at once
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
        raise bad(f"The filter cannot be read: {error}", source) from error


@lru_cache(KEPT)
def kept(layer: Layer, source: str, language: str = "cql2-text") -> Condition:
    """Return the condition of a filter, the same object for the same text.

    Raises:
        BadInputError, UnknownPropertyError: as of `parse` and `condition`.
    """
    return condition(layer, parse(source, language))

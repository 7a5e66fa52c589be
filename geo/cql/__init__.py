"""CQL2 filters (OGC 21-065r2): text or JSON in, one SQL condition on a layer's view out.

The library cql2 parses both encodings into the standard's JSON; here that JSON becomes SQL.
Geometry literals are WGS 84, lon then lat.
"""

from __future__ import annotations

from typing import Any

from geo.cql.literals import bad
from geo.cql.text import read, read_json
from geo.cql.translate import SPATIAL, SUPPORTED, Condition, condition
from geo.errors import BadInputError

__all__ = ["LANGUAGES", "SPATIAL", "SUPPORTED", "Condition", "condition", "parse"]
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

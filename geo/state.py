"""The state of a feature in short: what an edit was made on, compared before it is written."""

from __future__ import annotations

import hashlib
import re

_MARK = b'"revision":'
_DIGITS = re.compile(rb"\d{1,18}")


def state(text: str | bytes) -> str:
    """Return `revision-digest` of a finished GeoJSON feature.

    The revision counts the changes to the row itself; the digest also tells what follows from
    other rows, such as a marker's stage, so that two states never share a name.
    """
    raw = text.encode() if isinstance(text, str) else text
    digest = hashlib.blake2b(raw, digest_size=8).hexdigest()
    return f"{_revision(raw)}-{digest}"


def _revision(raw: bytes) -> str:
    """Find the last property of every layer without parsing the rest."""
    found = _DIGITS.match(raw, raw.rfind(_MARK) + len(_MARK))
    return found[0].decode() if found else "0"


def revision(state: str) -> int | None:
    """Return the revision that a state names, or None if it is not one of ours."""
    number = state.partition("-")[0]
    return int(number) if _DIGITS.fullmatch(number.encode()) else None

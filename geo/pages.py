"""What is read of a layer: features as finished GeoJSON, and numbers of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Item(NamedTuple):
    """One finished GeoJSON feature, UTF-8."""

    feature: bytes
    revision: int


class Page(NamedTuple):
    """Finished features, UTF-8, and the keys to go on and back from, or None at an end."""

    features: list[bytes]
    next_after: int | None
    prev_before: int | None
    matched: int
    revision: int


class Sheet(NamedTuple):
    """A page of finished features as one text, UTF-8, a comma and a line feed between them.

    The keys lead on and back, None at an end; back from where the page was asked to begin.
    """

    text: bytes | memoryview
    returned: int
    next_after: int | None
    prev_before: int | None
    matched: int
    revision: int


class Counts(NamedTuple):
    """Numbers of features by the values of properties; of different values, by property."""

    groups: list[dict[str, Any]]
    distinct: dict[str, int]
    revision: int


def ends(keys: Sequence[int], after: int, before: int | None) -> tuple[int, int]:
    """Return the keys to go on and back from a page, from its own or where it was to be."""
    if keys:
        return keys[-1], keys[0]
    return max(0, (before or 0) - 1), after + 1

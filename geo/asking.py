"""The words in which something is asked of a layer, as an address or a command line gives them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from geo import reproject
from geo.errors import BadInputError, UnknownPropertyError
from geo.query import property_of
from geo.reproject import CRS84_URI
from geo.schema import Layer
from geo.types import BBox

RESERVED = frozenset(
    (
        "bbox", "bbox-crs", "datetime", "province", "filter", "filter-lang", "filter-crs",
        "properties", "limit", "cursor", "before", "crs", "f", "lang", "by", "distinct",
        "download",
    )
)  # fmt: skip
BBOX_FORM = "west,south,east,north in degrees, south ≤ north"


def bbox(text: str | None, system: str = CRS84_URI) -> BBox | None:
    """Read four numbers, or six of which the heights are left out, into a WGS 84 box.

    `system` is the URI of the system that they are in, in its own axis order.

    Raises:
        BadInputError: they are not four or six finite numbers in range, or south > north.
    """
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise _bad_bbox(text) from None
    if len(numbers) == 6:
        numbers = [*numbers[0:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise _bad_bbox(text)
    a, b, c, d = numbers
    west, south, east, north = reproject.box_from((a, b, c, d), system)
    if not (abs(west) <= 180 and abs(east) <= 180 and -90 <= south <= north <= 90):
        raise _bad_bbox(text)
    return west, south, east, north


def _bad_bbox(text: str) -> BadInputError:
    return BadInputError(
        f"bbox {text!r} is not a box", parameter="bbox", value=text, allowed=[BBOX_FORM]
    )


def values(layer: Layer, given: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Read filters on properties: name, and values with commas between.

    Raises:
        UnknownPropertyError: the layer has no property of one of the names.
    """
    found: dict[str, list[str]] = {}
    for name, text in given:
        if name not in RESERVED:
            if name != "id":
                property_of(layer, name)
            found.setdefault(name, []).extend(text.split(","))
    return found


def names(layer: Layer, text: str, parameter: str) -> list[str]:
    """Read a comma-separated list of property names; one that is repeated counts once.

    Raises:
        UnknownPropertyError: the layer has no property of one of the names.
    """
    wanted = dict.fromkeys(name.strip() for name in text.split(",")) if text else {}
    try:
        return [property_of(layer, name).name for name in wanted]
    except UnknownPropertyError as error:
        error.value, error.parameter = error.parameter, parameter
        raise

"""An export in the words in which it was asked for, as `items` of the API takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from geo import asking, cql, period, reproject
from geo.audience import Sight
from geo.errors import BadInputError
from geo.exports.order import Order
from geo.register import Register
from geo.reproject import CRS84_URI
from geo.schema import Layer


def ordered(
    register: Register,
    layer: Layer,
    given: Mapping[str, str],
    *,
    sight: Sight,
    catalogue: Sequence[Mapping[str, Any]],
) -> Order:
    """Return the order that these words mean; `catalogue` tells of the embedded data.

    Raises:
        BadInputError: a value cannot be used, or a name is unknown.
    """
    system = _system(given, "bbox-crs")
    asked = register.filter(
        when=period.parse(given.get("datetime")),
        bbox=asking.bbox(given.get("bbox"), system),
        province=given.get("province"),
        values=asking.values(layer, given.items()),
        sight=sight,
    )
    names = given.get("properties")
    return Order(
        layer,
        replace(asked, expression=_condition(layer, given)),
        _system(given, "crs"),
        _most(given.get("limit")),
        None if names is None else asking.names(layer, names, "properties"),
        register.exercise,
        dict(given),
        catalogue,
    )


def _system(given: Mapping[str, str], name: str) -> str:
    return reproject.known(given.get(name, CRS84_URI), parameter=name)


def _condition(layer: Layer, given: Mapping[str, str]) -> cql.Condition | None:
    text = given.get("filter")
    if text is None:
        return None
    return cql.condition(layer, cql.parse(text, given.get("filter-lang", "cql2-text")))


def _most(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number < 2**62:
        raise BadInputError(f"limit {text!r} is no number above 0", parameter="limit", value=text)
    return number

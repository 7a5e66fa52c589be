"""Query parameters shared by routes, read once into a filter."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Query, Request

from api.deps import LayerDep, Reader, RegisterDep, SettingsDep
from geo import cql, period, reproject
from geo.cql import Condition
from geo.errors import BadInputError, UnknownPropertyError
from geo.query import Filter, property_of
from geo.reproject import CRS84_URI
from geo.schema import Layer
from geo.types import BBox

DEFAULT_LIMIT = 10
RESERVED = frozenset(
    (
        "bbox", "bbox-crs", "datetime", "province", "filter", "filter-lang", "filter-crs",
        "properties", "limit", "cursor", "before", "crs", "f", "lang", "by", "distinct",
        "download",
    )
)  # fmt: skip
_BBOX_FORM = "west,south,east,north in degrees, south ≤ north"


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
        f"bbox {text!r} is not a box", parameter="bbox", value=text, allowed=[_BBOX_FORM]
    )


def limit(asked: int, most: int) -> int:
    """Clamp a limit to what the server gives at once.

    Raises:
        BadInputError: it is below one.
    """
    if asked < 1:
        raise BadInputError(
            f"limit {asked} is below 1", parameter="limit", value=asked, allowed=[f"1–{most}"]
        )
    return min(asked, most)


def _condition(
    layer: LayerDep,
    text: Annotated[
        str | None,
        Query(alias="filter", description="CQL2", examples=["stage = 'built' AND main > 50"]),
    ] = None,
    language: Annotated[
        str, Query(alias="filter-lang", description="cql2-text or cql2-json")
    ] = "cql2-text",
    system: Annotated[str, Query(alias="filter-crs", description="CRS84 only")] = CRS84_URI,
) -> Condition | None:
    if reproject.known(system, parameter="filter-crs") != CRS84_URI:
        raise BadInputError(
            "Geometries in filters are in CRS84",
            parameter="filter-crs",
            value=system,
            allowed=[CRS84_URI],
        )
    return None if text is None else cql.condition(layer, cql.parse(text, language))


ConditionDep = Annotated[Condition | None, Depends(_condition)]


def _system(
    asked: Annotated[
        str, Query(alias="crs", description="system of the answer's coordinates, by URI")
    ] = CRS84_URI,
) -> str:
    return reproject.known(asked, parameter="crs")


def _filter(
    request: Request,
    layer: LayerDep,
    register: RegisterDep,
    sight: Reader,
    bbox_text: Annotated[
        str | None, Query(alias="bbox", description=_BBOX_FORM, examples=["107,12,108,13"])
    ] = None,
    datetime: Annotated[
        str | None,
        Query(description="date or interval; absent = today, ../.. = all versions"),
    ] = None,
    province: Annotated[
        str | None,
        Query(description="province, any spelling and era", examples=["Đắk Nông"]),
    ] = None,
    bbox_crs: Annotated[
        str, Query(alias="bbox-crs", description="system of bbox, by URI")
    ] = CRS84_URI,
    condition: ConditionDep = None,
) -> Filter:
    asked = register.filter(
        when=period.parse(datetime),
        bbox=bbox(bbox_text, reproject.known(bbox_crs, parameter="bbox-crs")),
        province=province,
        values=values(layer, request.query_params.multi_items()),
        sight=sight,
    )
    return replace(asked, expression=condition)


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


def pairs(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Read `name=value` of a command line."""
    return [(name, value) for name, _, value in (text.partition("=") for text in texts)]


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page begins and how long it is; `asked` is the limit before it was clamped."""

    limit: int
    after: int
    before: int | None
    asked: int | None


def _paging(
    request: Request,
    settings: SettingsDep,
    asked: Annotated[
        int | None, Query(alias="limit", description="features of a page; more is clamped")
    ] = None,
    cursor: Annotated[int, Query(ge=0, le=2**62, description="from a next link")] = 0,
    before: Annotated[int | None, Query(ge=0, le=2**62, description="from a prev link")] = None,
) -> Paging:
    size = limit(DEFAULT_LIMIT if asked is None else asked, settings.max_limit)
    key = request.app.state.cursors.key
    return Paging(size, key(cursor), None if before is None else key(before), asked)


def _names(
    layer: LayerDep,
    properties: Annotated[
        str | None, Query(description="names of the properties wanted, comma between")
    ] = None,
) -> list[str] | None:
    return None if properties is None else names(layer, properties, "properties")


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


System = Annotated[str, Depends(_system)]
FilterDep = Annotated[Filter, Depends(_filter)]
PagingDep = Annotated[Paging, Depends(_paging)]
Names = Annotated[list[str] | None, Depends(_names)]

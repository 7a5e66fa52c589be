"""Query parameters shared by routes, read once into a filter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Query, Request

from api.deps import LayerDep, Reader, RegisterDep, SettingsDep
from geo import asking, cql, period, reproject
from geo.asking import BBOX_FORM
from geo.cql import Condition
from geo.errors import BadInputError
from geo.query import Filter
from geo.reproject import CRS84_URI

DEFAULT_LIMIT = 10


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
        str | None, Query(alias="bbox", description=BBOX_FORM, examples=["107,12,108,13"])
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
        bbox=asking.bbox(bbox_text, reproject.known(bbox_crs, parameter="bbox-crs")),
        province=province,
        values=asking.values(layer, request.query_params.multi_items()),
        sight=sight,
    )
    return replace(asked, expression=condition)


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
    # A cursor stands between two rows: a page begins behind it, or ends there.
    return Paging(size, key(cursor), None if before is None else key(before) + 1, asked)


def _names(
    layer: LayerDep,
    properties: Annotated[
        str | None, Query(description="names of the properties wanted, comma between")
    ] = None,
) -> list[str] | None:
    return None if properties is None else asking.names(layer, properties, "properties")


System = Annotated[str, Depends(_system)]
FilterDep = Annotated[Filter, Depends(_filter)]
PagingDep = Annotated[Paging, Depends(_paging)]
Names = Annotated[list[str] | None, Depends(_names)]

"""What lies along a corridor: pure functions over lines, places and amounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, TypedDict

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import BadInputError
from geo.referencing import LineReference
from geo.types import LonLat, Row
from geo.vocabulary import FinanceKind


class Site(NamedTuple):
    """A feature with all its locations (none: unlocated) and their uncertainty."""

    id: str
    points: tuple[LonLat, ...] = ()
    uncertainty_km: float = 0.0


class Hit(NamedTuple):
    """A feature within reach, by its location nearest to the corridor.

    `possible`: only within reach if the uncertainties are added.
    """

    id: str
    distance_km: float  # geodesic
    chainage_km: float  # from the start of the first segment
    possible: bool


@dataclass(frozen=True, slots=True)
class Overlay:
    """Features within reach of a corridor, in order along it; `unlocated` could not be placed."""

    hits: tuple[Hit, ...]
    unlocated: int
    length_km: float

    @property
    def possible(self) -> int:
        """Number of hits that are only possible."""
        return sum(hit.possible for hit in self.hits)


class Money(TypedDict):
    """A sum in one currency; currencies are never converted."""

    currency: str
    value: int | float


class Total(TypedDict):
    """Features of one kind of finance: their number, their sums, and how many state no amount."""

    kind: str
    count: int
    unstated: int
    amounts: list[Money]


def site(row: Row) -> Site:
    """Return a row of a point layer as a site; an uncertainty that is not known counts as 0."""
    metres = row.properties.get("position_uncertainty_m") or 0.0
    return Site(row.id, _points(row.geometry), metres / 1000)


def _points(geometry: BaseGeometry | None) -> tuple[LonLat, ...]:
    if geometry is None or geometry.is_empty:
        return ()
    if geometry.geom_type not in {"Point", "MultiPoint"}:
        raise BadInputError(f"A {geometry.geom_type} is no place along a corridor")
    return tuple((float(x), float(y)) for x, y in shapely.get_coordinates(geometry))


def within(
    lines: BaseGeometry | Sequence[BaseGeometry],
    features: Iterable[Site],
    *,
    km: float,
    uncertainty_km: float = 0.0,
) -> Overlay:
    """Return the features within `km` of a corridor, and those that may be.

    Args:
        lines: the corridor's segments in order, WGS 84 lon, lat; chainage runs on from one to
            the next, also where they do not touch.
        features: sites; one without points is counted and never placed.
        km: reach on the ellipsoid, not negative.
        uncertainty_km: positional uncertainty of the corridor's line.

    Raises:
        BadInputError: a negative or infinite reach or uncertainty, or no line.
    """
    _check_reach(km, "within_km")
    _check_reach(uncertainty_km, "uncertainty_km")
    parts = [lines] if isinstance(lines, BaseGeometry) else list(lines)
    reference = LineReference(shapely.MultiLineString(_segments(parts)))
    sites = list(features)
    located = [one for one in sites if one.points]
    hits = [
        Hit(one.id, distance, chainage, distance > km)
        for one, chainage, distance in _nearest(reference, located)
        if distance <= km + uncertainty_km + one.uncertainty_km
    ]
    hits.sort(key=lambda hit: (hit.chainage_km, hit.distance_km, hit.id))
    return Overlay(tuple(hits), len(sites) - len(located), reference.length_km)


def _check_reach(km: float, name: str) -> None:
    if not 0 <= km < float("inf"):
        raise BadInputError("A distance is a number of km, zero or more", parameter=name, value=km)


def _segments(parts: list[BaseGeometry]) -> list[BaseGeometry]:
    return [part for line in parts for part in shapely.get_parts(line) if not part.is_empty]


def _nearest(reference: LineReference, sites: list[Site]) -> Iterable[tuple[Site, float, float]]:
    """Yield each site with chainage and distance, km, of its location nearest to the line."""
    if not sites:
        return
    sizes = [len(one.points) for one in sites]
    points = np.array([point for one in sites for point in one.points])
    chainage, offset = reference.chainages(points)
    for one, last, size in zip(sites, np.cumsum(sizes), sizes, strict=True):
        best = last - size + int(np.argmin(offset[last - size : last]))
        yield one, float(chainage[best]), float(offset[best]) / 1000


def totals(rows: Iterable[Mapping[str, Any]]) -> list[Total]:
    """Add up amounts by kind of finance and currency, in the order of the vocabulary.

    Args:
        rows: properties with `finance_kind` and `amounts`, a list (or its JSON text) of
            {value, currency, date}. An amount without value or currency adds nothing.
    """
    groups: dict[str, list[list[Money]]] = {}
    for row in rows:
        kind = row.get("finance_kind") or FinanceKind.UNKNOWN.value
        groups.setdefault(kind, []).append(_amounts(row.get("amounts")))
    order = [kind.value for kind in FinanceKind]
    return [_total(kind, groups[kind]) for kind in sorted(groups, key=order.index)]


def _amounts(stored: Any) -> list[Money]:
    found = orjson.loads(stored) if isinstance(stored, str | bytes) and stored else stored or []
    return [
        {"currency": amount["currency"], "value": amount["value"]}
        for amount in found
        if amount.get("currency") and amount.get("value") is not None
    ]


def _total(kind: str, features: list[list[Money]]) -> Total:
    sums: dict[str, Decimal] = {}
    for amount in (amount for amounts in features for amount in amounts):
        currency = amount["currency"]
        sums[currency] = sums.get(currency, Decimal()) + Decimal(str(amount["value"]))
    return {
        "kind": kind,
        "count": len(features),
        "unstated": sum(not amounts for amounts in features),
        "amounts": [{"currency": c, "value": _number(sums[c])} for c in sorted(sums)],
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)

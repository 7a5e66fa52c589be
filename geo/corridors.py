"""Corridors of a register, and the projects that lie along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
import shapely
from sqlalchemy import Connection

from geo import corridor as overlay
from geo import query
from geo.errors import NotFoundError
from geo.geometry import from_geojson
from geo.layers import CORRIDORS, PROJECTS
from geo.query import Filter
from geo.types import BBox, Row

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Corridor:
    """A corridor as a whole; lengths in km, the box in WGS 84 degrees."""

    id: str
    name_vi: str
    name_en: str
    length_published_km: float | None
    length_measured_km: float | None
    position_uncertainty_m: float | None
    countries: list[str]
    segments_count: int
    source: str | None
    bbox: BBox | None


def corridors(conn: Connection, asked: Filter) -> list[Corridor]:
    """Return every corridor."""
    groups: dict[str, list[Feature]] = {}
    for feature in _features(conn, asked):
        groups.setdefault(feature["properties"]["corridor_id"], []).append(feature)
    return [_whole(key, features) for key, features in groups.items()]


def corridor(conn: Connection, key: str, asked: Filter) -> tuple[Corridor, list[Feature]]:
    """Return a corridor and its segments in order.

    Raises:
        NotFoundError: there is no such corridor.
    """
    features = _features(conn, replace(asked, values={"corridor_id": [key]}))
    if not features:
        raise NotFoundError(f"There is no corridor {key!r}", parameter="corridor_id", value=key)
    return _whole(key, features), _segments(features)


def projects_near(conn: Connection, key: str, asked: Filter, *, within_km: float) -> dict[str, Any]:
    """Return the projects within a distance of a corridor, in order along it.

    Those only within reach because line and place are uncertain are marked `possible`, and are
    not in the totals.

    Raises:
        NotFoundError: there is no such corridor, or it has no line.
        BadInputError: the distance is negative or not finite.
    """
    _, segments = corridor(conn, key, asked)
    lines = [from_geojson(s["geometry"]) for s in segments]
    if not lines:
        raise NotFoundError(f"Corridor {key!r} has no line", parameter="corridor_id", value=key)
    projects = {p["id"]: p for p in map(orjson.loads, query.every(conn, PROJECTS, asked))}
    worst_km = max(_uncertainty_km(s) for s in segments)
    sites = {one.id: one for one in (overlay.site(_row(p)) for p in projects.values())}
    found = overlay.within(lines, sites.values(), km=within_km, uncertainty_km=worst_km)
    hits = [h for h in found.hits if _reachable(h, sites[h.id], segments, within_km)]
    features = [_placed(projects[hit.id], hit) for hit in hits]
    certain = [f for f in features if not f["properties"]["possible"]]
    return {
        "corridor": key,
        "within_km": within_km,
        "uncertainty_km": worst_km,
        "total": len(certain),
        "possible": len(features) - len(certain),
        "totals": overlay.totals(f["properties"] for f in certain),
        "unlocated": found.unlocated,
        "features": features,
    }


def _uncertainty_km(segment: Feature) -> float:
    return (segment["properties"]["position_uncertainty_m"] or 0) / 1000


def _reachable(
    hit: overlay.Hit, site: overlay.Site, segments: list[Feature], within_km: float
) -> bool:
    """Say whether a place lies within reach given the uncertainty of the segment nearest to it."""
    nearest = next(
        (s for s in segments if hit.chainage_km <= (s["properties"]["chainage_to_km"] or 0)),
        segments[-1],
    )
    return hit.distance_km <= within_km + _uncertainty_km(nearest) + site.uncertainty_km


def _features(conn: Connection, asked: Filter) -> list[Feature]:
    return [orjson.loads(text) for text in query.every(conn, CORRIDORS, asked)]


def _segments(features: Sequence[Feature]) -> list[Feature]:
    lines = [f for f in features if f["geometry"] is not None]
    return sorted(lines, key=lambda f: f["properties"]["seq"] or 0)


def _whole(key: str, features: list[Feature]) -> Corridor:
    """Build a corridor from its own row (id equal to the corridor's) and its segments."""
    own = next((f for f in features if f["id"] == key), features[0])["properties"]
    segments = _segments(features)
    shapes = [from_geojson(s["geometry"]) for s in segments]
    box = shapely.total_bounds(shapes).tolist() if shapes else None
    return Corridor(
        id=key,
        name_vi=own["corridor_name_vi"],
        name_en=own["corridor_name_en"],
        length_published_km=own["length_published_km"],
        length_measured_km=own["length_measured_km"],
        position_uncertainty_m=own["position_uncertainty_m"],
        countries=own["countries"] or [],
        segments_count=len(segments),
        source=own["source"],
        bbox=box,
    )


def _row(feature: Feature) -> Row:
    shape = feature["geometry"]
    geometry = None if shape is None else from_geojson(shape)
    return Row(feature["id"], feature["properties"], geometry)


def _placed(feature: Feature, hit: overlay.Hit) -> Feature:
    """Add where along the corridor a project lies; km to one decimal, as good as the line is."""
    where = {
        "distance_km": round(hit.distance_km, 1),
        "chainage_km": round(hit.chainage_km, 1),
        "possible": hit.possible,
    }
    return {**feature, "properties": {**feature["properties"], **where}}

"""Partner provinces: who they are, whom they face, and what joins them with Vietnam."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection

from geo import layers, query
from geo.errors import NotFoundError
from geo.geometry import from_geojson
from geo.query import Filter
from geo.types import BBox, Properties
from geo.vocabulary import AdminLevel, BorderLevel

HOME = "VN"  # ISO 3166-1 code of the country whose register this is
_TOLD = ("agreements", "commitments", "exchanges", "indicators")
CORRIDOR_REACH_DEG = 0.02  # about 2 km: corridors are schematic and may miss an outline slightly


@dataclass(frozen=True, slots=True)
class Partner:
    """Everything about one partner province; features are GeoJSON objects."""

    unit: dict[str, Any]
    bbox: BBox | None
    faces: list[Properties]
    collections: dict[str, list[dict[str, Any]]]
    tables: dict[str, list[Properties]]


def partners(conn: Connection, asked: Filter) -> list[Properties]:
    """Return the provinces abroad that face Vietnam or carry a corridor, with their box."""
    by_id = _provinces(conn, asked)
    boxes = query.boxes(conn, layers.ADMIN_UNITS, _only_provinces(asked))
    return [
        {
            **_short(p),
            "bbox": boxes.get(key),
            "faces": [_short(other) for other in _facing(p, by_id)],
        }
        for key, p in by_id.items()
        if _is_partner(p, by_id)
    ]


def _only_provinces(asked: Filter) -> Filter:
    return replace(asked, values={"level": [AdminLevel.PROVINCE.value]})


def _provinces(conn: Connection, asked: Filter) -> dict[str, Properties]:
    rows = query.rows(conn, layers.ADMIN_UNITS, _only_provinces(asked))
    return {row["id"]: row for row in rows}


def _is_partner(p: Properties, by_id: dict[str, Properties]) -> bool:
    """Say whether a province abroad faces Vietnam, or is Thai and faces Laos or Cambodia."""
    if p["country"] == HOME or not p["iso_code"]:
        return False
    across = {other["country"] for other in _facing(p, by_id)}
    return HOME in across or (p["country"] == "TH" and bool(across & {"LA", "KH"}))


def _facing(p: Properties, by_id: dict[str, Properties]) -> list[Properties]:
    return [by_id[key] for key in p["faces"] or () if key in by_id]


def _short(p: Properties) -> Properties:
    names = {name: p[name] for name in ("name_vi", "name_en", "name_local")}
    return {"id": p["id"], "code": p["iso_code"], "country": p["country"], **names}


def partner(conn: Connection, code: str, asked: Filter) -> Partner:
    """Return one partner province by ISO 3166-2 code or unit id.

    Raises:
        NotFoundError: no province abroad has this code.
    """
    by_id = _provinces(conn, asked)
    wanted = code.casefold()
    chosen = next(
        (p for p in by_id.values() if wanted in ((p["iso_code"] or "").casefold(), p["id"])), None
    )
    if chosen is None or chosen["country"] == HOME:
        raise NotFoundError(f"There is no partner province {code!r}", parameter="code", value=code)
    facing = _facing(chosen, by_id)
    drawn = _drawn(conn, [chosen, *facing], asked)
    unit = drawn[chosen["id"]]
    own = replace(asked, units=frozenset([chosen["id"]]))
    stretches = replace(own, values={"level": [BorderLevel.STRETCH.value]})
    borders = _features(conn, "borders", stretches)
    collections = {
        "borders": borders,
        "gates": _features(conn, "gates", own),
        "corridors": _passing(conn, unit, asked),
        "projects": _features(conn, "projects", own),
    }
    tables = {name: _rows(conn, name, own) for name in _TOLD}
    tables["sources"] = _sources(conn, asked, collections, tables)
    return Partner(unit, _bbox(unit), _faces(facing, drawn, borders), collections, tables)


def _drawn(conn: Connection, chosen: list[Properties], asked: Filter) -> dict[str, dict[str, Any]]:
    """Return the features of these units by id."""
    wanted = replace(asked, values={"id": [p["id"] for p in chosen]})
    return {f["id"]: f for f in _features(conn, "admin_units", wanted)}


def _bbox(feature: dict[str, Any]) -> BBox | None:
    shape = feature["geometry"]
    if shape is None:
        return None
    west, south, east, north = from_geojson(shape).bounds
    return west, south, east, north


def _features(conn: Connection, name: str, asked: Filter) -> list[dict[str, Any]]:
    return [orjson.loads(text) for text in query.every(conn, layers.get(name), asked)]


def _rows(conn: Connection, name: str, asked: Filter) -> list[Properties]:
    return query.rows(conn, layers.get(name), asked)


def _passing(conn: Connection, unit: dict[str, Any], asked: Filter) -> list[dict[str, Any]]:
    if unit["geometry"] is None:
        return []
    outline = from_geojson(unit["geometry"]).buffer(CORRIDOR_REACH_DEG)
    near = replace(asked, bbox=outline.bounds)
    return [
        segment
        for segment in _features(conn, "corridors", near)
        if outline.intersects(from_geojson(segment["geometry"]))
    ]


def _faces(
    facing: list[Properties], drawn: dict[str, dict[str, Any]], borders: list[dict[str, Any]]
) -> list[Properties]:
    """Describe each province faced; a pair may share its border in several stretches."""
    found = []
    for p in facing:
        shared = [b["properties"] for b in borders if b["properties"]["province_id"] == p["id"]]
        length = sum(b["length_km"] for b in shared)
        found.append(
            {
                **_short(p),
                "border": shared[0]["border"] if shared else None,
                "length_km": round(length, 3) if shared else None,
                "feature": drawn[p["id"]],
            }
        )
    return found


def _sources(
    conn: Connection,
    asked: Filter,
    collections: dict[str, list[dict[str, Any]]],
    tables: dict[str, list[Properties]],
) -> list[Properties]:
    cited = {p["source_id"] for p in _properties(collections, tables) if p["source_id"]}
    wanted = replace(asked, when=None, units=None, values={"id": sorted(cited)})
    return query.rows(conn, layers.SOURCES, wanted) if cited else []


def _properties(
    collections: dict[str, list[dict[str, Any]]], tables: dict[str, list[Properties]]
) -> Iterable[Properties]:
    for features in collections.values():
        yield from (feature["properties"] for feature in features)
    for rows in tables.values():
        yield from rows

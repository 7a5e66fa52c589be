"""Partner provinces: who they are, whom they face, and what joins them with Vietnam."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import orjson
import shapely
from sqlalchemy import Connection

from geo import layers, query
from geo.errors import NotFoundError
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
    provinces = _provinces(conn, asked)
    by_id = {item["id"]: item["properties"] for item in provinces}
    chosen = [item for item in provinces if _is_partner(item["properties"], by_id)]
    return [
        {
            "code": item["properties"]["iso_code"],
            "id": item["id"],
            **_names(item["properties"]),
            "country": item["properties"]["country"],
            "bbox": _bbox(item),
            "faces": [_short(key, by_id[key]) for key in _facing(item["properties"], by_id)],
        }
        for item in chosen
    ]


def _provinces(conn: Connection, asked: Filter) -> list[dict[str, Any]]:
    wanted = replace(asked, values={"level": [AdminLevel.PROVINCE.value]})
    return [orjson.loads(f) for f in query.every(conn, layers.ADMIN_UNITS, wanted)]


def _is_partner(p: Properties, by_id: dict[str, Properties]) -> bool:
    if p["country"] == HOME or not p["iso_code"]:
        return False
    return any(by_id[key]["country"] == HOME for key in _facing(p, by_id)) or bool(
        p["country"] == "TH" and _facing(p, by_id)
    )


def _facing(p: Properties, by_id: dict[str, Properties]) -> list[str]:
    return [key for key in p["faces"] or () if key in by_id]


def _names(p: Properties) -> Properties:
    return {name: p[name] for name in ("name_vi", "name_en", "name_local")}


def _short(key: str, p: Properties) -> Properties:
    return {"id": key, "code": p["iso_code"], "country": p["country"], **_names(p)}


def _bbox(feature: dict[str, Any]) -> BBox | None:
    shape = feature["geometry"]
    if shape is None:
        return None
    west, south, east, north = shapely.from_geojson(orjson.dumps(shape)).bounds
    return west, south, east, north


def partner(conn: Connection, code: str, asked: Filter) -> Partner:
    """Return one partner province by ISO 3166-2 code or unit id.

    Raises:
        NotFoundError: no province abroad has this code.
    """
    provinces = _provinces(conn, asked)
    by_id = {item["id"]: item for item in provinces}
    wanted = code.casefold()
    unit = next(
        (i for i in provinces if wanted in ((i["properties"]["iso_code"] or "").lower(), i["id"])),
        None,
    )
    if unit is None or unit["properties"]["country"] == HOME:
        raise NotFoundError(f"There is no partner province {code!r}", parameter="code", value=code)
    own = replace(asked, units=frozenset([unit["id"]]))
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
    return Partner(unit, _bbox(unit), _faces(unit, by_id, borders), collections, tables)


def _features(conn: Connection, name: str, asked: Filter) -> list[dict[str, Any]]:
    return [orjson.loads(text) for text in query.every(conn, layers.get(name), asked)]


def _rows(conn: Connection, name: str, asked: Filter) -> list[Properties]:
    return query.rows(conn, layers.get(name), asked)


def _passing(conn: Connection, unit: dict[str, Any], asked: Filter) -> list[dict[str, Any]]:
    if unit["geometry"] is None:
        return []
    outline = shapely.from_geojson(orjson.dumps(unit["geometry"])).buffer(CORRIDOR_REACH_DEG)
    near = replace(asked, bbox=outline.bounds)
    return [
        segment
        for segment in _features(conn, "corridors", near)
        if outline.intersects(shapely.from_geojson(orjson.dumps(segment["geometry"])))
    ]


def _faces(
    unit: dict[str, Any], by_id: dict[str, dict[str, Any]], borders: list[dict[str, Any]]
) -> list[Properties]:
    stretch = {b["properties"]["province_id"]: b["properties"] for b in borders}
    return [
        {
            **_short(key, by_id[key]["properties"]),
            "border": stretch.get(key, {}).get("border"),
            "length_km": stretch.get(key, {}).get("length_km"),
            "feature": by_id[key],
        }
        for key in unit["properties"]["faces"] or ()
        if key in by_id
    ]


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

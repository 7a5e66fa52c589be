"""Small registers built in code for one test."""

from typing import Any

from shapely.geometry import MultiPolygon, Point, box
from shapely.geometry.base import BaseGeometry

from geo import layers, load, store
from geo.register import Register
from geo.store import Target
from geo.types import Row


def row(layer: str, key: str, geometry: BaseGeometry | None = None, **given: Any) -> Row:
    """Return a row with every declared property; what is not given is unknown."""
    values: dict[str, Any] = {f.name: None for f in layers.get(layer).fields}
    values |= {"classification": "public", "revision": 1, "confidence": "high", **given}
    return Row(key, values, geometry)


def unit(key: str, name: str, **given: Any) -> Row:
    shape = MultiPolygon([box(107, 12, 108, 13)])
    known = {"name_vi": name, "level": "province", "country": "VN", **given}
    return row("admin_units", key, shape, **known)


MERGER = "2025-07-01"
UNITS = [
    unit("vn.dak-nong", "Đắk Nông", iso_code="VN-72", valid_to=MERGER,
         successors=["vn.lam-dong.2025"]),
    unit("vn.lam-dong", "Lâm Đồng", valid_to=MERGER, successors=["vn.lam-dong.2025"]),
    unit("vn.lam-dong.2025", "Lâm Đồng", valid_from=MERGER,
         predecessors=["vn.dak-nong", "vn.lam-dong"]),
]  # fmt: skip


def marker(key: str, lon: float, lat: float, **given: Any) -> Row:
    known = {"number": key, "border": "VN-KH", "province_origin_id": "vn.dak-nong", **given}
    return row("markers", key, Point(lon, lat), **known)


def event(marker_id: str, name: str, date: str) -> Row:
    key = f"{marker_id}.{name}.{date}"
    return row("marker_events", key, marker_id=marker_id, event=name, date=date)


def register(target: Target, **rows: list[Row]) -> Register:
    """Return an open register of these rows, with the two eras of Đắk Nông unless given."""
    every = {name: rows.get(name, []) for name in layers.LAYERS}
    every["admin_units"] = rows.get("admin_units", UNITS)
    load.make(target, every)
    return Register(store.open_store(target))

"""What a row is found by and shown as in the search."""

from __future__ import annotations

import math
import re
from typing import Any

from geo.geometry import bounds
from geo.layers import INSPECTIONS, LAYERS, MARKER_EVENTS, PROGRESS
from geo.names import fold
from geo.schema import Layer
from geo.types import Properties, Row

# What a person most likely looks for comes first; layers that are absent are not searched.
_WEIGHTS = {
    "admin_units": 9.0,
    "corridors": 7.0,
    "gates": 8.0,
    "projects": 6.5,
    "borders": 5.5,
    "agreements": 4.0,
    "islands": 8.0,
    "places": 3.0,
    "posts": 6.0,
    "positions": 5.0,  # those that may be many come last, see geo.search
    "markers": 6.0,
}
SEARCHED = tuple(_WEIGHTS)  # names of layers
START = "\x1e\x1f"  # before the folded text; no folded text holds it, for it is white space
EACH = 2**40  # numbers for the entries of a layer that are as weighty as each other
_NUMBERED = re.compile(r"[a-z]{2}-[a-z]{2}\.(\d+)\.(\d+)\.(\d+)")  # border, main, aux, k
_ALSO = ("name_local", "other_names", "counterpart_name", "iso_code", "locality", "partner")


def keys(name: str) -> tuple[int, int]:
    """Return the least and the greatest number that the entries of a layer have."""
    place = 2 * SEARCHED.index(name) * EACH
    return place, place + 2 * EACH - 1


def spaced(folded: str) -> str:
    """Return a folded text as entries hold it: with two spaces before a word.

    So its first letter makes three with what is before it, which an index finds; before a dot is
    one, so that the end of a name is found as quickly as its start.
    """
    return folded.replace(" ", "  ").replace("  ·", " ·")


def entry(layer: Layer, row: Row, vid: int) -> dict[str, Any] | None:
    """Return the search entry of a row, or None if its layer is not searched.

    Its number tells the layer, what no longer is after what is, and the view that it is of.
    """
    if layer.name not in _WEIGHTS:
        return None
    p = row.properties
    title_vi, title_en = titles(layer, row)
    words = [title_vi, title_en, p.get("province") or "", row.id]
    for name in _ALSO:
        value = p.get(name)
        words += value if isinstance(value, list) else [value or ""]
    box = bounds(row.geometry)
    return {
        "seq": keys(layer.name)[0] + (EACH if p.get("valid_to") is not None else 0) + vid,
        "layer": layer.name,
        "id": row.id,
        "folded": START + spaced(" · ".join(fold(word) for word in words if word)),
        "title_vi": title_vi,
        "title_en": title_en,
        "subtitle_vi": _subtitle(layer, p, "vi"),
        "subtitle_en": _subtitle(layer, p, "en"),
        "weight": _WEIGHTS[layer.name] + _size(p),
        "bbox": box,
    }


def titles(layer: Layer, row: Row) -> tuple[str, str]:
    """Return what a row is called, in Vietnamese and in English."""
    p = row.properties
    if layer.name == "markers":
        extra = f" · {p['name_vi']}" if p.get("name_vi") else ""
        return f"Cột mốc {p['number']}{extra}", f"Marker {p['number']}{extra}"
    if layer.name == "positions":
        return f"Vị trí mốc {p['number']}", f"Position {p['number']}"
    if layer in (MARKER_EVENTS, INSPECTIONS, PROGRESS):
        return _told(layer, p, "vi"), _told(layer, p, "en")
    vi = p.get("name_vi") or p.get("name_en") or row.id
    return vi, p.get("name_en") or vi


def _told(layer: Layer, p: Properties, lang: str) -> str:
    """Return what a row without a name is called: what it is about, what it says, its day."""
    field = layer.field("event") or layer.field("condition") or layer.field("measure")
    said = next((w for w in field.vocabulary or () if w == p[field.name]), None) if field else None
    about = _marker(p["marker_id"], lang) if "marker_id" in p else p["border"]
    day = str(p.get("date") or p.get("at") or p.get("as_of") or "")[: len("2026-11-22")]
    told = (about, said and getattr(said, lang), "/".join(reversed(day.split("-"))))
    return ", ".join(part for part in told if part)


def _marker(key: str | None, lang: str) -> str:
    """Return what a marker is called by its identifier, such as vn-kh.48.0.1: cột mốc 48(1)."""
    parts = _NUMBERED.fullmatch(key or "")
    if not parts:
        return key or ""
    main, aux, k = parts.groups()
    number = main + (f"/{aux}" if aux != "0" else "") + (f"({k})" if k != "0" else "")
    return f"Cột mốc {number}" if lang == "vi" else f"Marker {number}"


def _subtitle(layer: Layer, p: Properties, lang: str) -> str:
    title = LAYERS[layer.name].title
    place = p.get("province") or p.get("country") or p.get("border") or ""
    kind = title.vi if lang == "vi" else title.en
    return f"{kind} · {place}" if place else kind


def _size(p: Properties) -> float:
    population = p.get("population") or 0
    current = 0.5 if p.get("valid_to") is None else 0.0
    return current + (math.log10(population) / 3 if population > 0 else 0.0)

"""What the offline map holds: the register's rows as of a day, cut down to what is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from geo import layers, query, signs
from geo.geometry import from_geojson
from geo.leaflet.backdrop import geojson
from geo.query import Filter
from geo.schema import Field, Layer
from geo.vocabulary import Exactness

Feature = dict[str, Any]
Parts = dict[str, list[signs.Part]]

COVERED = (92.0, 5.0, 118.0, 28.0)  # west, south, east, north of the base map, degrees
NAME_TOLERANCE = 0.02  # degrees; how exactly a name's place in its area is found
LEAST_POPULATION = 5_000  # of a place that is named at all
TAIL = ("source", "confidence", "valid_from", "valid_to", "note")
SHOWN: dict[str, tuple[str, ...]] = {
    "markers": (
        "number", "name_vi", "position_id", "border", "province", "locality", "kind",
        "multiplicity", "side", "stage", "stage_as_of", "condition", "condition_as_of",
        "inspection_due", "position_quality", "position_uncertainty_m", "height_m",
        "height_datum", "position_method",
    ),
    "gates": (
        "name_vi", "name_en", "counterpart_name", "border", "province", "partner", "gate_class",
        "class_note", "transport", "road_vn", "road_other", "markers", "commune", "proposal",
        "position_quality", "position_uncertainty_m",
    ),
    "projects": (
        "name_vi", "name_en", "finance_kind", "sector", "status", "province", "amount_usd",
        "capacity", "dates_text", "start_date", "end_date", "location_exactness",
        "position_quality", "position_uncertainty_m",
    ),
    "borders": (
        "name_vi", "name_en", "border", "province", "partner", "length_km", "chainage_from_km",
        "chainage_to_km", "demarcated", "register_complete", "viewpoint",
    ),
    "corridors": (
        "name_vi", "name_en", "corridor_name_vi", "corridor_name_en", "road", "countries",
        "length_published_km", "length_measured_km", "chainage_from_km", "chainage_to_km",
        "geometry_quality", "position_uncertainty_m",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """Features by layer, each with the name of its sign where it has one, and those signs."""

    features: dict[str, list[Feature]]
    names: list[list[Any]]  # text, lon, lat, kind: country, unit or island
    places: list[list[Any]]  # text, lon, lat, population
    islands: list[dict[str, Any]]  # name, province, statement, at; none in a neutral map
    signs: Parts

    def counts(self, layer: str, by: str) -> Counter[str]:
        """Count the rows of a layer by a property, those without a place too."""
        found = (item["properties"].get(by) for item in self.features[layer])
        return Counter("unknown" if value is None else str(value) for value in found)

    def unplaced(self, layer: str) -> int:
        """Count the rows of a layer that have no geometry, so that no sign shows them."""
        return sum(item["geometry"] is None for item in self.features[layer])


def read_content(conn: Connection, asked: Filter, *, lang: str, islands: bool) -> Content:
    """Read the register through a filter; `lang` is vi or en."""
    features = {name: _features(conn, layers.get(name), asked) for name in SHOWN}
    features["borders"] = [f for f in features["borders"] if f["properties"]["level"] == "stretch"]
    used = _signed(features)
    groups = _read(conn, "islands", asked) if islands else []
    return Content(
        features=_cut(features, lang),
        names=_unit_names(_read(conn, "admin_units", asked), lang),
        places=_places(_read(conn, "places", asked), lang),
        islands=[_island(item, lang) for item in groups],
        signs=used,
    )


def _read(conn: Connection, name: str, asked: Filter) -> list[Feature]:
    return [orjson.loads(text) for text in query.every(conn, layers.get(name), asked)]


def _features(conn: Connection, layer: Layer, asked: Filter) -> list[Feature]:
    found = _read(conn, layer.name, asked)
    if layer.geometry != "Point":
        for item in found:
            shape = _shape(item)
            item["geometry"] = None if shape is None else geojson(shape)
    return found


def _shape(item: Feature) -> BaseGeometry | None:
    given = item["geometry"]
    return None if given is None else from_geojson(given)


def _signed(features: dict[str, list[Feature]]) -> Parts:
    """Give each feature that is drawn as a sign its name; return the signs by name."""
    used: Parts = {}
    for layer, sign in (("markers", _marker), ("gates", _gate), ("projects", _project)):
        for item in features[layer]:
            if item["geometry"] is not None:
                name, parts = sign(item["properties"])
                item["sign"] = name
                used[name] = parts
    return used


def _word(values: dict[str, Any], name: str) -> str:
    """Return a value that becomes part of a sign's name, which is written into markup."""
    value = str(values.get(name))
    return value if re.fullmatch(r"[a-z_]+", value) else "unknown"


def _marker(values: dict[str, Any]) -> tuple[str, list[signs.Part]]:
    stage, condition = _word(values, "stage"), _word(values, "condition")
    return f"m-{stage}-{condition}", signs.marker(stage, condition)


def _gate(values: dict[str, Any]) -> tuple[str, list[signs.Part]]:
    kind = _word(values, "gate_class")
    return f"g-{kind}", signs.gate(kind)


def _project(values: dict[str, Any]) -> tuple[str, list[signs.Part]]:
    kind, usd = _word(values, "finance_kind"), values.get("amount_usd")
    if values.get("location_exactness") != Exactness.EXACT:
        return f"a-{kind}", signs.area(kind)
    return f"p-{kind}-{signs.project_side(usd):.0f}", signs.project(kind, usd)


def _cut(features: dict[str, list[Feature]], lang: str) -> dict[str, list[Feature]]:
    """Keep the properties that a popup shows, where they are known; remarks in the language."""
    for layer, names in SHOWN.items():
        shown = [(name, _told(layer, name, lang).name) for name in (*names, *TAIL)]
        for item in features[layer]:
            values = item["properties"]
            known = {name: values.get(told) or values.get(name) for name, told in shown}
            item["properties"] = {k: v for k, v in known.items() if v not in (None, [], "")}
    return features


def _told(layer: str, name: str, lang: str) -> Field:
    """Return a field, in Vietnamese its twin (`note_vi` beside `note`) if it has one."""
    declared = layers.get(layer)
    twin = declared.field(f"{name}_vi") if lang == "vi" else None
    found = twin or declared.field(name)
    assert found is not None  # noqa: S101
    return found


def fields(layer: str, lang: str) -> list[dict[str, Any]]:
    """Return the shown fields of a layer with title, unit, kind and the labels of their values."""
    other = "_en" if lang == "vi" else "_vi"
    names = [n for n in SHOWN[layer] if not n.endswith(other) or layer == "markers"]
    return [{**_field(_told(layer, n, lang), lang), "name": n} for n in (*names, *TAIL)]


def _field(field: Field, lang: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": field.name,
        "title": getattr(field.title, lang),
        "kind": field.kind.value,
    }
    if field.unit:
        made["unit"] = field.unit
    if field.vocabulary:
        made["labels"] = {word.value: getattr(word, lang) for word in field.vocabulary}
    return made


def _named(values: dict[str, Any], lang: str, what: str = "name") -> str:
    return str(values.get(f"{what}_{lang}") or values.get(f"{what}_vi") or "")


def _unit_names(units: Iterable[Feature], lang: str) -> list[list[Any]]:
    frame = shapely.box(*COVERED)
    found = []
    for item in units:
        shape = _shape(item)
        at = None if shape is None else _middle(shapely.simplify(shape, NAME_TOLERANCE), frame)
        kind = "country" if item["properties"]["level"] == "country" else "unit"
        if at:
            found.append([_named(item["properties"], lang), *at, kind])
    return found


def _middle(shape: Any, frame: Any) -> tuple[float, float] | None:
    """Return the centre of the largest circle in the largest part within the frame."""
    parts = shapely.get_parts(shapely.intersection(shapely.make_valid(shape), frame))
    areas = parts[shapely.get_dimensions(parts) == 2]
    if not len(areas):
        return None
    largest = areas[shapely.area(areas).argmax()]
    circle = shapely.maximum_inscribed_circle(largest, tolerance=NAME_TOLERANCE)
    x, y = shapely.get_coordinates(circle)[0]
    return round(float(x), 3), round(float(y), 3)


def _places(places: Iterable[Feature], lang: str) -> list[list[Any]]:
    found = []
    for item in places:
        values, shape = item["properties"], item["geometry"]
        population = values.get("population") or 0
        if shape and population >= LEAST_POPULATION:
            at = [round(c, 3) for c in shape["coordinates"]]
            found.append([_named(values, lang), *at, population])
    return sorted(found, key=lambda place: -place[3])


def _island(item: Feature, lang: str) -> dict[str, Any]:
    values = item["properties"]
    return {
        "name": _named(values, lang),
        "province": values.get("province"),
        "statement": _named(values, lang, "statement") or _named(values, lang),
        "at": [values.get("label_lon"), values.get("label_lat")],
    }

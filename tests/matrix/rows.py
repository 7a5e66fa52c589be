"""A small register with something secret in every layer, and what each reader may know of it.

`everything` is the whole; `known` leaves out what a reader may not know: rows, fields, the exact
place. It says so in words of its own, so that it does not repeat what it is to test.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, box
from shapely.geometry.base import BaseGeometry

from geo.layers import LAYERS
from geo.schema import Layer
from geo.types import Row
from geo.vocabulary import Classification
from office.actor import ANONYMOUS, Actor, Role
from tests.geo import build
from tests.geo.test_evidence import photo

PUBLIC, PARTNER, INTERNAL, RESTRICTED = Classification
ORDER = list(Classification)
GRID = 0.1  # degrees, to which exact places are coarsened in the test
STRETCH = "vn-la.quang-tri.savannakhet"
PHOTOS = {level: photo(40 + rank) for rank, level in enumerate(Classification)}
SHA256 = {level: hashlib.sha256(data).hexdigest() for level, data in PHOTOS.items()}
UNITS = [
    *build.UNITS,
    build.unit("vn.quang-tri", "Quảng Trị", faces=["la.savannakhet"]),
    build.unit("la.savannakhet", "Savannakhet", country="LA", iso_code="LA-SV",
               faces=["vn.quang-tri"]),
]  # fmt: skip
HOLDERS = {"own": "vn.dak-nong", "merged": "vn.lam-dong", "other": "vn.quang-tri",
           "facing": "vn.quang-tri", "nowhere": None}  # fmt: skip
PLACES = tuple(HOLDERS)
UNIT_PLACES = {"vn.dak-nong": "own", "vn.lam-dong": "merged", "vn.lam-dong.2025": "merged",
               "vn.quang-tri": "other", "la.savannakhet": "abroad"}  # fmt: skip
FACING = ("partner_id", "partner_ids", "unit_ids", "border_id", "border_ids", "marker_id")


@dataclass(frozen=True)
class Reader:
    """Somebody who reads; `home` are the places where he reads as `inside`."""

    name: str
    actor: Actor
    outside: Classification
    inside: Classification
    home: tuple[str, ...] = ()


def somebody(role: Role, *provinces: str, **more: Any) -> Actor:
    given: dict[str, Any] = {"id": "u", "second_factor": True} | more
    return Actor(name=role.value, role=role, provinces=frozenset(provinces), via="session", **given)


TERRITORY = ("own", "merged")  # one province since 2025-07-01
READERS = [
    Reader("anonymous", ANONYMOUS, PUBLIC, PUBLIC),
    Reader("viewer", somebody(Role.VIEWER, "vn.dak-nong"), INTERNAL, INTERNAL),
    Reader("inspector before the merger", somebody(Role.INSPECTOR, "vn.dak-nong"),
           INTERNAL, RESTRICTED, TERRITORY),
    Reader("editor of another province", somebody(Role.EDITOR, "vn.quang-tri"),
           INTERNAL, RESTRICTED, ("other", "facing")),
    Reader("partner", somebody(Role.PARTNER, "la.savannakhet"),
           PUBLIC, PARTNER, ("facing", "abroad")),
    Reader("admin", somebody(Role.ADMIN), RESTRICTED, RESTRICTED),
]  # fmt: skip
# Those who read just as one of the above.
ALIKE = {
    "viewer": [
        somebody(Role.PLANNER, "vn.dak-nong"),
        somebody(Role.FOREIGN_AFFAIRS),
        somebody(Role.EDITOR),
        *(somebody(role, "vn.dak-nong", second_factor=False)
          for role in (Role.INSPECTOR, Role.EDITOR, Role.APPROVER, Role.AUDITOR, Role.ADMIN)),
    ],
    "inspector before the merger": [
        somebody(Role.EDITOR, "vn.lam-dong"),
        somebody(Role.APPROVER, "vn.lam-dong.2025"),
    ],
    "admin": [somebody(Role.AUDITOR)],
    "anonymous": [somebody(Role.ADMIN, scopes=frozenset()), somebody(Role.PARTNER)],
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A row of the register, and where and how closed it is."""

    row: Row
    place: str
    level: Classification


def everything() -> dict[str, list[Made]]:
    """Return every row: in each layer one for each place and class."""
    found = {name: list(_of_layer(layer)) for name, layer in LAYERS.items()}
    found["admin_units"] += [Made(unit, UNIT_PLACES[unit.id], PUBLIC) for unit in UNITS]
    stretch = _row(LAYERS["borders"], STRETCH, "facing", PUBLIC, 0)
    found["borders"].append(Made(stretch, "facing", PUBLIC))
    return found


def _of_layer(layer: Layer) -> Iterator[Made]:
    named = {field.name for field in layer.fields}
    held = named & {"province_id", "marker_id"} or {"partner_id"} & named
    for place in PLACES if held else ("nowhere",):
        if place == "nowhere" and "marker_id" in named:
            continue
        for level in ORDER:
            key = f"{layer.name}-{place}-{level.value}"
            yield Made(_row(layer, key, place, level, ORDER.index(level)), place, level)


def _row(layer: Layer, key: str, place: str, level: Classification, rank: int) -> Row:
    values: dict[str, Any] = {
        "name_vi": f"Tên {key}", "name_en": f"Name {key}", "number": key, "locality": f"at {key}",
        "note": f"mật {key}", "inspector": f"Đại úy {key}", "source": f"Nguồn {level.value}",
        "source_id": f"sources-nowhere-{level.value}", "classification": level.value,
        "border": "VN-LA", "corridor_id": "c" if rank % 2 == 0 else f"c-{key}", "seq": rank,
        "date": f"20{10 - 3 * rank:02}-01-01", "at": f"20{10 - 3 * rank:02}-02-02T00:00:00Z",
        "as_of": f"20{10 - 3 * rank:02}-01-01", "numerator": 10.0 + rank, "value": 1.0 + rank,
        "length_km": 5.0 + rank, "amount_usd": 1e6 * (rank + 1), "chainage_to_km": 9.0,
        "event": ("located", "built", "measured", "accepted")[rank],
        "condition": ("intact", "leaning", "damaged", "missing")[rank],
        "surveyed_x": 800_000.0 + rank, "surveyed_y": 1_400_000.0 + rank,
        "surveyed_crs": "EPSG:9218", "population": 1000 * (rank + 1), "country": "VN",
        "files": [SHA256[level]], "position_uncertainty_m": 10.0,
        "marker_id": f"markers-{place}-public",
    }  # fmt: skip
    if rank and "date" not in {f.name for f in layer.fields}:
        values["valid_from"] = f"20{10 - rank:02}-05-05"  # a period that only this row begins
    values |= _placing(place)
    declared = {field.name: field for field in layer.fields}
    given = {name: value for name, value in values.items() if name in declared}
    for name, field in declared.items():
        if field.vocabulary and name not in given:
            given[name] = next(iter(field.vocabulary)).value
    if layer.name == "admin_units":
        given["level"] = "province"
    if layer.name == "borders":
        given["level"] = "stretch"
    return build.row(layer.name, key, _shape(layer, place, rank), **given)


def _placing(place: str) -> dict[str, Any]:
    holder = HOLDERS[place]
    if holder is None:
        return {}
    found: dict[str, Any] = {"province_id": holder, "province_origin_id": holder}
    found["unit_ids"] = [holder]
    if place == "facing":
        found |= {"partner_id": "la.savannakhet", "partner_ids": ["la.savannakhet"]}
        found |= {"border_id": STRETCH, "border_ids": [STRETCH]}
        found["unit_ids"] = [holder, "la.savannakhet"]
    return found


def _shape(layer: Layer, place: str, rank: int) -> BaseGeometry | None:
    """Return a geometry off the grid; what is more closed lies further out."""
    x, y = 106.04 + PLACES.index(place) + rank * 0.2, 12.04 + rank * 0.4
    match layer.geometry:
        case "Point":
            return Point(x, y)
        case "LineString":
            return LineString([(x, y), (x + 0.5, y + 0.5)])
        case "MultiLineString":
            return MultiLineString([LineString([(x, y), (x + 0.5, y + 0.5)])])
        case "MultiPolygon":
            return MultiPolygon([box(x, y, x + 0.3, y + 0.3)])
    return None


def known(reader: Reader) -> dict[str, list[Row]]:
    """Return the rows of the register as if there were no more than the reader may know."""
    return {
        name: [row for made in rows if (row := _known(LAYERS[name], made, reader)) is not None]
        for name, rows in everything().items()
    }


def audience(layer: Layer, place: str, reader: Reader) -> Classification:
    """Return the class up to which a reader reads here."""
    home = place in reader.home
    if reader.actor.role is Role.PARTNER:
        home = place == "abroad" or (home and any(layer.field(name) for name in FACING))
    return reader.inside if home else reader.outside


def sees(layer: Layer, made: Made, reader: Reader) -> bool:
    return ORDER.index(audience(layer, made.place, reader)) >= ORDER.index(made.level)


def _known(layer: Layer, made: Made, reader: Reader) -> Row | None:
    if not sees(layer, made, reader):
        return None
    reads_as = audience(layer, made.place, reader)
    values, shape = dict(made.row.properties), made.row.geometry
    if reads_as is not RESTRICTED:
        values["note"] = None
        if "surveyed_x" in values:
            values |= {"surveyed_x": None, "surveyed_y": None}
        if shape is not None:  # another place, in the same cell of the grid
            shape = shapely.transform(shape, lambda xy: xy - 0.013)
    if reads_as in (PUBLIC, PARTNER) and "inspector" in values:
        values["inspector"] = None
    return made.row._replace(properties=values, geometry=shape)


def whole() -> dict[str, list[Row]]:
    """Return the rows of the whole register."""
    return {name: [made.row for made in rows] for name, rows in everything().items()}

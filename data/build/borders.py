"""`boundaries/borders.geojson`: the three land borders, whole and cut by pairs of provinces."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data.build import units
from data.build.common import (
    ODBL,
    REFORM,
    Context,
    Row,
    cite,
    read_geodata,
    record,
    write_geojson,
)
from data.build.cutting import Chain, Stretch, chain, stretches

FILE = "boundaries/borders.geojson"
STORED_TOLERANCE = 2e-5  # degrees (2.2 m) of the stored geometry; lengths are from the full line
SOURCE = "OpenStreetMap 2026 (timezonefinder-data 3.2026.3.post1)"
OFFICIAL_KM = {"VN-LA": 2337.459, "VN-KH": 1255.0, "VN-CN": 1449.566}
NEIGHBOUR = {"LAO": "VN-LA", "KHM": "VN-KH", "CHN": "VN-CN"}
NAMES = {
    "VN-LA": ("Biên giới Việt Nam – Lào", "Viet Nam – Laos border", "yes"),
    "VN-KH": ("Biên giới Việt Nam – Campuchia", "Viet Nam – Cambodia border", "partial"),
    "VN-CN": ("Biên giới Việt Nam – Trung Quốc", "Viet Nam – China border", "yes"),
}
LINE_NOTES = {
    "VN-LA": "Official length 2,337.459 km (2016). Protocol of 2016-03-16 on the line and markers.",
    "VN-KH": "Official length about 1,255 km today; 1,137 km was stated in 2014. About 84 % "
    "demarcated by 2019 (1,045 km).",
    "VN-CN": "Official length 1,449.566 km (2009), of it 1,065.652 on land and 383.914 in water. "
    "A gap of 15 m in the source near Móng Cái is bridged.",
}
NOTES = {
    "vn-kh.dak-nong.mondulkiri": "The province's documents of 2014 state more than 130 km.",
    "vn-la.quang-tri.savannakhet": "The press states 126 km with Savannakhet and 80 km with "
    "Salavan; the province outlines used place the limit to Quảng Bình differently.",
}


@dataclass(frozen=True)
class Line:
    """One border: its measured chain and its stretches between provinces of before 2025-07."""

    border: str
    points: Chain
    parts: tuple[Stretch, ...]


def lines(context: Context) -> tuple[Line, ...]:
    """The three borders, cut by the provinces as of 2025-06-30."""
    return _lines(context.geodata, context.facts)


@cache
def _lines(geodata: Path, facts: Path) -> tuple[Line, ...]:
    context = Context(geodata, facts, geodata)
    vietnamese = {row["id"]: shape for row, shape in units.before(context)}
    others = units.partners(context)
    found = []
    for row, shape in read_geodata(context, "land_borders_osm2026_full"):
        if row["a"] == "VNM":
            border = NEIGHBOUR[row["b"]]
            partners = {u["id"]: s for u, s in others if u["country"] == border[3:]}
            points = chain(shape)
            found.append(Line(border, points, tuple(stretches(points, vietnamese, partners))))
    return tuple(found)


def pieces(line: Line) -> dict[int, np.ndarray]:
    """Stored vertices of each stretch by its start: simplified between the cuts."""
    simple = {}
    for part in line.parts:
        full = shapely.linestrings(line.points.xy[part.start : part.stop + 1])
        simple[part.start] = shapely.get_coordinates(shapely.simplify(full, STORED_TOLERANCE))
    return simple


def drawn(line: Line, parts: list[Stretch]) -> BaseGeometry:
    """Geometry of consecutive stretches as one MultiLineString, from the northern end."""
    stored = pieces(line)
    xy = np.concatenate([stored[parts[0].start][:1], *(stored[p.start][1:] for p in parts)])
    return shapely.multilinestrings([shapely.linestrings(xy)])


def span(line: Line, start: int, stop: int) -> Row:
    """Length and chainage of the vertices `start` to `stop`, km to the metre."""
    first, last = (round(float(line.points.km[i]), 3) for i in (start, stop))
    return {
        "length_km": round(last - first, 3),
        "chainage_from_km": first,
        "chainage_to_km": last,
    }


def line_row(line: Line) -> Row:
    """Properties of a whole border."""
    name_vi, name_en, demarcated = NAMES[line.border]
    measured = span(line, 0, len(line.points.km) - 1)
    official = OFFICIAL_KM[line.border]
    return {
        "id": line.border.lower(),
        "name_vi": name_vi,
        "name_en": name_en,
        "level": "line",
        "border": line.border,
        "country": line.border[3:],
        **measured,
        "length_official_km": official,
        "length_difference_percent": round((measured["length_km"] / official - 1) * 100, 2),
        "demarcated": demarcated,
        **origin(LINE_NOTES[line.border]),
    }


def origin(note: str | None) -> Row:
    """Source and confidence, alike for all rows."""
    return {"source": SOURCE, "source_id": "osm-2026", "confidence": "medium", "note": note}


def stretch_row(line: Line, parts: list[Stretch], province: Row, partner: Row) -> Row:
    """Properties of one stretch between a Vietnamese province and its partner."""
    origins = {part.province for part in parts}
    row_id = f"{line.border.lower()}.{province['id'][3:]}.{partner['id'][3:]}"
    return {
        "id": row_id,
        "name_vi": f"{province['name_vi']} – {partner['name_vi']}",
        "name_en": f"{province['name_en']} – {partner['name_en']}",
        "level": "stretch",
        "border": line.border,
        "province": province["name_vi"],
        "province_id": province["id"],
        "province_origin_id": origins.pop() if len(origins) == 1 else None,
        "partner": partner["name_en"],
        "partner_id": partner["id"],
        "country": line.border[3:],
        **span(line, parts[0].start, parts[-1].stop),
        "demarcated": None if line.border == "VN-KH" else "yes",
        "valid_from": province["valid_from"],
        "valid_to": province["valid_to"],
        **origin(NOTES.get(row_id)),
    }


def cut(line: Line, rows: dict[str, Row], *, later: bool) -> list[tuple[Row, BaseGeometry]]:
    """Stretches by the provinces of one era; `later` gives those that 2025-07-01 changed."""

    def pair(part: Stretch) -> tuple[str, str]:
        after = rows[part.province]["successors"]
        return (after[0] if later and after else part.province, part.partner)

    found = []
    for (province, partner), group in groupby(line.parts, key=pair):
        parts = list(group)
        if not later or rows[province]["valid_from"] == REFORM:
            row = stretch_row(line, parts, rows[province], rows[partner])
            found.append((row, drawn(line, parts)))
    return found


def numbered(features: list[tuple[Row, BaseGeometry]]) -> list[tuple[Row, BaseGeometry]]:
    """Give the second and later stretches of one pair the suffixes `.2`, `.3`."""
    seen: Counter[str] = Counter()
    for row, _ in features:
        seen[row["id"]] += 1
        if seen[row["id"]] > 1:
            row["id"] += f".{seen[row['id']]}"
    return features


def build(context: Context) -> None:
    """Write the three lines and their stretches."""
    every = [*units.before(context), *units.after(context), *units.partners(context)]
    rows = {row["id"]: row for row, _ in every}
    features: list[tuple[Row, BaseGeometry]] = []
    for line in lines(context):
        features.append((line_row(line), drawn(line, list(line.parts))))
        features += cut(line, rows, later=False) + cut(line, rows, later=True)
    write_geojson(context, FILE, numbered(features))
    note_source(context)


def note_source(context: Context) -> None:
    """Catalogue the file and its source."""
    cite(
        context,
        "osm-2026",
        name_vi="OpenStreetMap 2026, ranh giới quốc gia",
        name_en="OpenStreetMap 2026, country outlines",
        kind="dataset",
        publisher="OpenStreetMap contributors",
        licence=ODBL[0],
        url="https://www.openstreetmap.org/copyright",
        note="by way of timezonefinder-data 3.2026.3.post1",
    )
    record(
        context,
        FILE,
        layer="borders",
        title="Land borders of Viet Nam, whole and by pairs of provinces",
        source=SOURCE,
        version="3.2026.3.post1",
        rights=ODBL,
        method="Each piece of the full lines goes to its nearest province on either side; runs "
        "under 1.5 km are absorbed. Lengths and chainage: geodesics on WGS 84 along the "
        "unsimplified line, from the northern end. Stored geometry: simplified by 0.00002° "
        "(2.2 m) between the cuts.",
        viewpoint="The lines as OpenStreetMap has them; not an official delimitation.",
    )

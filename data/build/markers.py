"""`markers/`: positions, markers and their dated steps, as far as public sources state them.

Coordinates are those published. Đắk Nông's positions 48 to 60 have none: they are spread over
the border line for orientation, say so, and must not be measured on.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from data.build.common import Context, Row, read_facts
from data.build.facts import curated, notes, number, origin, sourced, table
from data.build.numbering import Number, basics, parse, position_basics
from geo import layers
from geo.formats import read_rows
from geo.referencing import LineReference, geod
from geo.vocabulary import Stage

FRAME_M = 25.0  # the frame is not stated; read as WGS 84, single markers lie 5–23 m from the line
STRETCH = "vn-kh.dak-nong.mondulkiri"
OPEN_END_KM = 19.0  # not demarcated, at the south-western end (Quảng Trực)
DOUBLES = range(48, 56)  # Đắk Nông's positions with two markers each
OPEN = range(56, 61)  # its positions without markers
BUILT_BY, HANDED_OVER_BY = "2014-06-30", "2014-12-22"  # count's date; date of the document
PROTOCOL_ID, PROTOCOL_CN = (
    "vn-cn-protocol-2009",
    "2009-11-18",
)  # signed; it describes its markers with coordinates
DAK_NONG_SOURCE = "seed 003; baolangson, plo, TTXVN 2017, baomoi 2019"
RIGHTS = (
    "CC-BY-4.0 and ODbL-1.0",
    "Cột Mốc contributors; each row names its source; "
    "indicative positions lie on a line © OpenStreetMap contributors",
)
CEREMONY = "the press tells of a ceremony at marker 54 on 8 December, year not stated"
OPEN_NOTE = (
    "without markers; about 19 km in Quảng Trực are not demarcated. A placement within it is "
    "for orientation only"
)
DAK_NONG_STEPS = (
    (Stage.LOCATED, BUILT_BY),
    (Stage.BUILT, BUILT_BY),
    (Stage.HANDED_OVER, HANDED_OVER_BY),
)
# What a position takes over from its first marker.
CARRIED = ("province", "province_id", "province_origin_id", "source", "source_id", "confidence",
           "classification")  # fmt: skip
PLACE = ("lon", "lat", "position_quality", "position_uncertainty_m", "position_method")
LISTS = {("KH", "170/171"): ("170", "171")}  # lists of main numbers, not auxiliaries
EVIDENCE = {("KH", "54")}  # evidence for a position that is held already, no further marker
TRIPOINTS = {
    "CN/LA": ("VN-CN", "Mốc ngã ba A Pa Chải"),
    "LA/KH": ("VN-LA", "Mốc ngã ba Việt Nam – Lào – Campuchia"),
}
REMARKS: dict[tuple[str, str], Row] = {
    ("LA/KH", "0"): {
        "surveyed_x": 775331.60,
        "surveyed_y": 1625161.02,
        "surveyed_crs": "EPSG:32648",
        "datum_operation": "EPSG:16048",
        "note": "The source names northing X and easting Y; here x is the easting. Grid and "
        "geographic coordinates agree to 0.1 m; EPSG:16048 is the map projection alone, the "
        "datum is WGS 84",
    },
    ("CN", "222(1)"): {"multiplicity": "triple"},
    ("CN", "222(2)"): {"multiplicity": "triple"},
    ("CN", "222(3)"): {"multiplicity": "triple"},
    ("CN", "103(2)"): {"note": "141.08 m from 103(1) as computed, 141.03 m as published"},
    ("CN", "261(2)"): {"locality": "cửa khẩu Thanh Thủy"},
    ("CN", "589"): {"locality": "đồn Cô Ba"},
    ("CN", "666"): {"locality": "đồn Sóc Giang"},
    ("CN", "1116"): {"name_vi": "Hữu Nghị (phía Việt Nam)"},
    ("CN", "1117"): {"name_vi": "Hữu Nghị (phía Trung Quốc)"},
    ("CN", "555"): {"height_m": 928.43},
    ("CN", "79"): {"locality": None, "note": "the highest marker"},
    ("CN", "675"): {"note": "old number 108"},
    ("CN", "1378"): {
        "locality": None,
        "note": "last marker of the line; about 108.050 E 21.496 N, not verified and not used",
    },
    ("LA", "605"): {
        "name_vi": "Lao Bảo – Đen Sạ Vẳn",
        "multiplicity": "double",
        "note": "first of the densification; numbers of its two stones not stated",
    },
    ("LA", "635"): {
        "name_vi": "La Lay",
        "marker_class": "large",
        "note": "ground was broken on 2010-09-03; later steps not in the sources held",
    },
    ("LA", "281"): {"marker_class": "large", "note": "also called G5 or Big 281"},
    ("LA", "511/1"): {"note": "last auxiliary marker of Hà Tĩnh"},
    ("KH", "314"): {"note": "last marker of the line, of a special form"},
}
BUILT = {  # by marker: day and evidence
    "vn-la.605.0.0": ("2008-09-05", "inauguration"),
    "vn-la.460.0.0": ("2013-07-09", "inauguration"),
}


def known(context: Context) -> Iterator[Row]:
    """Markers that the facts name one by one, with their published coordinates if any."""
    for fact in read_facts(context, "markers_facts"):
        key = (fact["border"], fact["marker_no"])
        if fact["kind"] == "marker" and key not in EVIDENCE:
            for text in LISTS.get(key, (fact["marker_no"],)):
                yield fact_row(context, fact, text)


def fact_row(context: Context, fact: dict[str, str], text: str) -> Row:
    """One marker of the facts; `text` is its number."""
    tripoint = TRIPOINTS.get(fact["border"])
    border = tripoint[0] if tripoint else f"VN-{fact['border']}"
    remarks = REMARKS.get((fact["border"], fact["marker_no"]), {})
    row = {
        **basics(border, parse(text)),
        "name_vi": fact["name"] or None,
        **origin(fact["province_old"]),
        "locality": fact["sector"] or None,
        "height_m": number(fact["height_m"]),
        **published(fact),
        **side(border, parse(text)),
        **sourced(context, fact["source"], fact["confidence"]),
    }
    if tripoint:
        row |= tripoint_columns(fact, tripoint[1])
    return {**row, **remarks, "note": notes(remarks.get("note"), row.get("note"))}


def tripoint_columns(fact: dict[str, str], name: str) -> Row:
    """What sets a tripoint apart: it stands on two lines and counts once."""
    lines = [f"vn-{country.lower()}" for country in fact["border"].split("/")]
    return {"name_vi": name, "kind": "tripoint", "border_ids": lines, "note": None}


def side(border: str, which: Number) -> Row:
    """Who planted a single marker of the Chinese line: even numbers Viet Nam, odd ones China."""
    if border != "VN-CN" or which.k or which.aux or not which.main:
        return {}
    country = "CN" if which.main % 2 else "VN"
    return {"side": country, "note": "side by the rule of even and odd numbers"}


def published(fact: dict[str, str]) -> Row:
    """Columns of a published position; nothing where none was."""
    if not fact["lon"]:
        return {}
    return {
        "lon": float(fact["lon"]),
        "lat": float(fact["lat"]),
        "position_quality": "published",
        "position_uncertainty_m": FRAME_M,
        "position_method": "as published; frame not stated, read as WGS 84",
    }


def numbered(context: Context) -> Iterator[Row]:
    """Markers of which only the number and province are known, from ranges in the sources."""
    for fact in curated("marker_numbers"):
        yield {
            **basics(fact["border"], parse(fact["number"])),
            **origin(fact["province"]),
            "locality": fact["locality"] or None,
            **side(fact["border"], parse(fact["number"])),
            **sourced(context, fact["source"], fact["confidence"]),
            "note": fact["note"],
        }


class Indicative(NamedTuple):
    """A place on the line for orientation only."""

    lon: float
    lat: float
    uncertainty_m: float

    def columns(self, stretch_km: float) -> Row:
        """Columns of the position, which say how it came about."""
        return {
            "lon": round(self.lon, 6),
            "lat": round(self.lat, 6),
            "position_quality": "indicative",
            "position_uncertainty_m": round(self.uncertainty_m, -2),
            "position_method": "no public coordinate: spread evenly, in the order of numbers, "
            f"over the {stretch_km:.0f} km between Đắk Nông and Mondulkiri; not for measurement",
        }


def spread(line: LineReference) -> dict[int, Indicative]:
    """Places of Đắk Nông's positions by number: 48 to 55 north of the open end, 56 to 60 on it."""
    closed = line.length_km - OPEN_END_KM
    built = {
        n: Indicative(*line.locate(km), line.length_km * 500)
        for n, km in zip(DOUBLES, middles(0, closed, len(DOUBLES)), strict=True)
    }
    unbuilt = {
        n: Indicative(*line.locate(km), OPEN_END_KM * 1000)
        for n, km in zip(OPEN, middles(closed, line.length_km, len(OPEN)), strict=True)
    }
    return built | unbuilt


def middles(start: float, stop: float, count: int) -> list[float]:
    """Middles of `count` equal parts of an interval."""
    return [start + (stop - start) * (i + 0.5) / count for i in range(count)]


def dak_nong(context: Context) -> LineReference:
    """Kilometres along the line between Đắk Nông and Mondulkiri from its northern end."""
    rows = read_rows(layers.get("borders"), context.out / "boundaries/borders.geojson")
    shape = next(row.geometry for row in rows if row.id == STRETCH)
    return LineReference.from_north(shape)


def doubles(context: Context, line: LineReference) -> Iterator[Row]:
    """Đắk Nông's sixteen markers 48(1) to 55(2); both of a position at its indicative point."""
    for main, place in spread(line).items():
        for k in (1, 2) if main in DOUBLES else ():
            yield {
                **basics("VN-KH", Number(main, 0, k)),
                **origin("Đắk Nông"),
                "locality": "Thuận Hà" if main == 54 else None,
                "multiplicity": "double",
                **place.columns(line.length_km),
                **sourced(context, DAK_NONG_SOURCE, "high"),
                "note": CEREMONY if main == 54 else None,
            }


def dak_nong_positions(context: Context, line: LineReference) -> Iterator[Row]:
    """Positions 48 to 60; the last five have no markers and are not demarcated."""
    for main, place in spread(line).items():
        built = main in DOUBLES
        yield {
            **position_basics("VN-KH", Number(main, 0, 0)),
            **origin("Đắk Nông"),
            "multiplicity": "double" if built else None,
            "expected_markers": 2 if built else None,
            "demarcated": "yes" if built else "no",
            **place.columns(line.length_km),
            **sourced(context, DAK_NONG_SOURCE, "high"),
            "note": CEREMONY if main == 54 else None if built else OPEN_NOTE,
        }


def positions(markers: list[Row]) -> Iterator[Row]:
    """The position of each group of markers; its point is their mean."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in markers:
        groups[row["position_id"]].append(row)
    for rows in groups.values():
        first = rows[0]
        several = first.get("multiplicity")
        yield {
            **position_basics(first["border"], Number(first["main"], first["aux"], 0)),
            **{name: first.get(name) for name in CARRIED},
            "multiplicity": several,
            "expected_markers": {"double": 2, "triple": 3}.get(several or ""),
            **middle(rows),
        }


def middle(rows: list[Row]) -> Row:
    """Columns of the mean point of a position's markers, where those are placed."""
    placed = [(row["lon"], row["lat"]) for row in rows if row.get("lon") is not None]
    if not placed:
        return {}
    if len(placed) == 1:
        return {name: rows[0][name] for name in PLACE}
    lon, lat = (sum(values) / len(placed) for values in zip(*placed, strict=True))
    reach = max(geod().inv(lon, lat, *point)[2] for point in placed)
    return {
        "lon": round(lon, 7),
        "lat": round(lat, 7),
        "position_quality": "approximate",
        "position_uncertainty_m": round(reach + FRAME_M),
        "position_method": f"mean of its {len(placed)} markers with published coordinates",
    }


def events(context: Context, markers: list[Row]) -> Iterator[Row]:
    """Dated steps that a source states or plainly implies."""
    for row in markers:
        if row["position_quality"] == "indicative":
            for step, date in DAK_NONG_STEPS:
                yield event(row, step, date, precision="not_later_than") | {
                    "document": "seed-003",
                    "evidence": "Đắk Nông's department counts 8 positions and 16 markers",
                    **sourced(context, "seed 003", "high"),
                    "note": "the date is that of the count or of the document",
                }
        elif row["source_id"] == PROTOCOL_ID:
            for step in (Stage.BUILT, Stage.MEASURED):
                yield event(row, step, PROTOCOL_CN, precision="not_later_than") | {
                    "document": "vn-cn-protocol-2009",
                    "evidence": "described with coordinates in the protocol",
                    **sourced(context, "protocol quote", "medium"),
                    "note": "inferred: the protocol signed on that day describes the marker",
                }
        elif row["id"] in BUILT:
            date, evidence = BUILT[row["id"]]
            yield event(row, Stage.BUILT, date, precision="day") | {
                "evidence": evidence,
                **sourced(context, "news", "high"),
            }


def event(marker: Row, step: Stage, date: str, *, precision: str) -> Row:
    """A dated step of a marker, its source still to come."""
    return {
        "id": f"{marker['id']}.{step.value}",
        "marker_id": marker["id"],
        "event": step.value,
        "date": date,
        "date_precision": precision,
    }


def staged(markers: list[Row], steps: list[Row]) -> list[Row]:
    """Markers with the furthest stage that is dated, and its date."""
    order = [stage.value for stage in Stage]
    furthest: dict[str, Row] = {}
    for step in sorted(steps, key=lambda row: order.index(row["event"])):
        furthest[step["marker_id"]] = {"stage": step["event"], "stage_as_of": step["date"]}
    return [{**row, **furthest.get(row["id"], {})} for row in markers]


def build(context: Context) -> None:
    """Write positions, markers and marker events."""
    line = dak_nong(context)
    stated = [*known(context), *numbered(context)]
    markers = [*stated, *doubles(context, line)]
    steps = list(events(context, markers))
    places = [*positions(stated), *dak_nong_positions(context, line)]
    write(context, "positions", places)
    write(context, "markers", staged(markers, steps))
    write(context, "marker_events", steps)


def write(context: Context, layer: str, rows: list[Row]) -> None:
    """Write one of the three tables."""
    table(
        context,
        layer,
        f"markers/{layer}.csv",
        rows,
        source="Researched facts; indicative positions along OpenStreetMap 2026 border lines",
        method="Published coordinates as they are; indicative ones spread along the line",
        rights=RIGHTS,
    )

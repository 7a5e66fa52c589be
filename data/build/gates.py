"""`gates/gates.csv`: every researched border gate, one row for each period of its class.

Placeholders of the facts (the middle of a commune's border) are no positions: such gates are
listed without a point.
"""

import re
from collections import defaultdict

from data.build.common import Context, Row, read_facts
from data.build.facts import curated, notes, origin, partner, sourced, split, table
from data.build.markers import RIGHTS
from data.build.numbering import parse

FILE = "gates/gates.csv"
# Free text of the facts' class column → vocabulary, first match.
CLASSES = (("international", "international"), ("main", "main"), ("auxiliary", "auxiliary"))
# What the facts' confidence in a coordinate is taken to mean, m.
UNCERTAINTY = (
    ("±5 km", 5_000),
    ("2 km", 2_000),
    ("low", 3_000),
    ("medium", 1_000),
    ("high", 300),
)
METHODS = (  # how the facts begin, what it means, source of the coordinate; first match
    ("own knowledge snapped", "general knowledge, moved onto the border line", "own knowledge"),
    ("own knowledge", "general knowledge", "own knowledge"),
    ("coordinate pair", "public page, address not retained", "public page"),
    ("vi-wiki", "Vietnamese Wikipedia", "vi-wiki"),
    ("wiki", "Wikipedia", "wiki"),
    ("scribd", "provincial document on a document-sharing site", "scribd"),
    ("si7o", "travel blog of 2017; general knowledge agrees to 0.3 km", "si7o"),
    ("published marker", "coordinates of marker 261(2) at the gate", "protocol quote"),
)
MORE_SOURCES = {"G-KH-05": "Viet Nam News 3/1/2011"}
LEFT_OUT = "no position: "
# Gates for which the facts name a marker of the sector, not of the gate.
NOT_AT_THE_GATE = {"G-CN-16", "G-CN-25", "G-LA-10"}
CONFLICTS = {
    "G-CN-11": "one list says international; a newspaper of February 2025 says that in Cao Bằng "
    "only Trà Lĩnh is",
    "G-KH-05": "a list says main (quốc gia); the province's document of 2014 calls it "
    "international while it proposes the upgrade",
}
CLASS_NOTES = {
    "G-CN-07": "also customs clearance of the Hữu Nghị gate; opened in 2015 for that",
    "G-KH-25": "river; by road international by Resolution 146/NQ-CP of 2021",
    "G-LA-13": "international when recorded on 2007-10-17",
}
PROPOSALS = {
    "G-KH-05": "nâng cấp thành cửa khẩu quốc tế Bu Prăng – Đăk Đam (2014)",
    "G-KH-04": "nâng cấp thành cửa khẩu quốc tế (đề xuất 2018)",
    "G-KH-26": "cửa khẩu quốc tế (theo quy hoạch sau này)",
    "G-LA-20": "cửa khẩu chính trước năm 2029",
}
REMARKS = {
    "G-CN-16": "marker 666 stands in the sector of the post, not at the gate",
    "G-CN-22": "near markers 103(1) and 103(2)",
    "G-CN-25": "the tripoint is about 10 km away",
    "G-KH-05": "81 km from Gia Nghĩa; one of seven gates named for road transport with Cambodia "
    "(Viet Nam News, 2011-01-03)",
    "G-LA-05": "marker 281 is also called G5",
    "G-LA-09": "marker 460 was inaugurated on 2013-07-09",
    "G-LA-10": "marker 511/1 is the last auxiliary one of Hà Tĩnh, not at the gate",
    "G-LA-13": "marker 605 was inaugurated on 2008-09-05; special trade area since Decision "
    "11/2005/QĐ-TTg",
    "G-LA-14": "another page's 107.020966 E, 16.300276 N lies 4.5 km inside Viet Nam: rejected",
    "G-TH-LA-01": "second Thai–Lao Friendship Bridge, 1,600 m",
    "G-TH-MM-01": "bridge of 420 m; second bridge of 760 m opened on 2019-10-31",
}
FOREIGN = {
    "G-TH-LA-01": ["th.mukdahan", "la.savannakhet"],
    "G-TH-LA-02": ["th.ubon-ratchathani", "la.champasak"],
    "G-TH-MM-01": ["th.tak", "mm.kayin"],
}
ENGLISH = {
    "Đồng Đăng (đường sắt)": "Đồng Đăng (railway)",
    "(Thái Lan) Mukdahan": "Mukdahan – Savannakhet (2nd Friendship Bridge)",
    "(Thái Lan) Chong Mek": "Chong Mek – Vang Tao",
    "(Thái Lan) Mae Sot": "Mae Sot – Myawaddy (Friendship Bridge 1)",
}
VIETNAMESE = {
    "(Thái Lan) Mukdahan": "Mukdahan – Savannakhet (cầu Hữu nghị Thái – Lào số 2)",
    "(Thái Lan) Chong Mek": "Chong Mek – Vang Tao",
    "(Thái Lan) Mae Sot": "Mae Sot – Myawaddy (cầu Hữu nghị số 1)",
}


def versions(context: Context, fact: dict[str, str], history: list[dict[str, str]]) -> list[Row]:
    """Rows of one gate, one for each known period of its class."""
    base = gate(context, fact)
    periods = history or [{"gate_class": class_of(fact["class"])}]
    return [{**base, **period(context, fact, kept)} for kept in periods]


def period(context: Context, fact: dict[str, str], kept: dict[str, str]) -> Row:
    """Columns of one period of a gate's class; without dates it has always been so."""
    key, own = fact["id"], "source" in kept
    return {
        "gate_class": kept["gate_class"],
        "class_note": notes(CONFLICTS.get(key), CLASS_NOTES.get(key), kept.get("class_note")),
        "valid_from": kept.get("valid_from") or None,
        "valid_to": kept.get("valid_to") or None,
        **(cited(context, fact, kept["source"], kept["confidence"]) if own else {}),
    }


def class_of(text: str) -> str:
    """The vocabulary's class of a free text."""
    return next((word for mark, word in CLASSES if text.startswith(mark)), "unknown")


def gate(context: Context, fact: dict[str, str]) -> Row:
    """Columns of a gate that do not change with its class."""
    key, name = fact["id"], fact["name_vn"]
    confidence = "low" if key in CONFLICTS else fact["confidence"]
    railway = fact["road_vn"] == "đường sắt"
    return {
        "id": key.lower(),
        "name_vi": VIETNAMESE.get(name, name),
        "name_en": ENGLISH.get(name, name),
        "counterpart_name": fact["counterpart_name"].strip("-") or None,
        "border": fact["border"],
        **(origin(fact["province_vn_old"]) if fact["province_vn_old"] != "—" else {}),
        "partner": fact["counterpart_province"],
        "partner_ids": FOREIGN.get(key) or partners(fact),
        "transport": transport(fact),
        "road_vn": None if railway else fact["road_vn"] or None,
        "road_other": fact["road_other"].strip("?") or None,
        "markers": markers_at(fact),
        "commune": commune(fact["commune_2025"]),
        "proposal": PROPOSALS.get(key),
        **position(fact),
        **cited(context, fact, fact["source"], confidence),
        "note": notes(REMARKS.get(key), doubt(fact)),
    }


def partners(fact: dict[str, str]) -> list[str]:
    """Ids of the units across; of China the province, of what follows the slash the prefecture."""
    country = fact["border"].removeprefix("VN-")
    names = fact["counterpart_province"].split("/")
    across = names[:1] if country == "CN" else names
    return [partner(country, name.strip()) for name in across]


def transport(fact: dict[str, str]) -> str | None:
    """How people and goods pass; None where the facts name no way."""
    for mark, word in (("(rail", "rail"), ("(river", "river")):
        if mark in fact["class"]:
            return word
    return "road" if fact["road_vn"] or fact["road_other"] else None


def markers_at(fact: dict[str, str]) -> list[str]:
    """Ids of the markers at the gate, from lists as `1116/1117`, `522-526`, `261(1),261(2)`."""
    if fact["id"] in NOT_AT_THE_GATE or not fact["markers"]:
        return []
    text = fact["markers"].removeprefix("near ")
    if span := re.fullmatch(r"(\d+)-(\d+)", text):
        numbers = [str(n) for n in range(int(span[1]), int(span[2]) + 1)]
    else:
        numbers = split(re.sub(r"[,/]", "|", text))
    return [parse(number).marker_id(fact["border"]) for number in numbers]


def commune(text: str) -> str | None:
    """Name of the commune of 2025, without its code."""
    return re.sub(r"^~?\d{5} ", "", text) or None


def doubt(fact: dict[str, str]) -> str | None:
    """Says so where the facts mark the commune as uncertain."""
    return "commune uncertain" if fact["commune_2025"].startswith("~") else None


def position(fact: dict[str, str]) -> Row:
    """Columns of the point: published or remembered; none for a placeholder."""
    method = fact["coord_method"]
    if not fact["lon"] or method.startswith("PLACEHOLDER"):
        why = "only its commune is known" if fact["lon"] else "none found"
        return {"position_quality": "unknown", "position_method": LEFT_OUT + why}
    remembered = method.startswith("own knowledge")
    return {
        "lon": float(fact["lon"]),
        "lat": float(fact["lat"]),
        "position_quality": "approximate" if remembered else "published",
        "position_uncertainty_m": uncertainty(fact["coord_confidence"]),
        "position_method": how(fact)[1],
    }


def how(fact: dict[str, str]) -> tuple[str, str, str]:
    """Where a gate's coordinate comes from; empty texts where it has none that counts."""
    method = fact["coord_method"]
    return next((kind for kind in METHODS if method.startswith(kind[0])), ("", "", ""))


def cited(context: Context, fact: dict[str, str], text: str, confidence: str) -> Row:
    """Columns of the source of a gate's class, with that of its coordinate."""
    texts = (text, how(fact)[2], MORE_SOURCES.get(fact["id"]))
    return sourced(context, "; ".join(part for part in texts if part), confidence)


def uncertainty(confidence: str) -> float:
    """Metres that the facts' words for confidence in a coordinate are taken to mean."""
    return float(next(metres for mark, metres in UNCERTAINTY if mark in confidence))


def build(context: Context) -> None:
    """Write the gates."""
    history: dict[str, list[dict[str, str]]] = defaultdict(list)
    for kept in curated("gate_classes"):
        history[kept["id"]].append(kept)
    rows = [
        row
        for fact in read_facts(context, "gates")
        for row in versions(context, fact, history[fact["id"].lower()])
    ]
    table(
        context,
        "gates",
        FILE,
        rows,
        source="Researched facts: Vietnamese Wikipedia, press, provincial documents",
        method="Facts as they are; class periods written down by hand; placeholders left out",
        rights=RIGHTS,
    )

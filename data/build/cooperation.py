"""`cooperation/`: agreements, commitments, exchanges and figures of five provincial documents.

Names are our own short words; no sentence of a document is kept.
"""

import calendar
import re
from collections.abc import Iterable

from data.build.common import Context, Row, read_facts
from data.build.facts import clv_units, curated, number, origin, sourced, split, table

# Themes of the facts that describe the documents themselves, not the province.
METADATA = {"document", "legal", "national", "organisation", "event", "MIA"}
WORDING = (("CHECK ", "sum of the four: "), ("seed", "document"), ("(see above)", "trips"))
LISTS = {"units", "parties", "topics"}
SCALE = {"million": 1_000_000, "billion": 1_000_000_000}
DATES = {"year", "date", "month"}  # units of a date, which is no quantity
QUALIFIERS = {
    "more than": "more_than",
    "nearly": "nearly",
    "approx.": "approx",
    "planned": "plan",
    "named": "named",
    "named, list open-ended": "named",
}
UNITS_VI = {
    "USD": "USD",
    "VND": "đồng",
    "USD per year": "USD/năm",
    "percent": "%",
    "km": "km",
    "positions": "vị trí",
    "markers": "cột mốc",
    "donors": "nhà tài trợ",
    "organisations": "tổ chức",
    "organisations per year": "tổ chức/năm",
    "provinces": "tỉnh",
    "projects": "dự án",
    "project": "dự án",
    "gates": "cửa khẩu",
    "gate pair": "cặp cửa khẩu",
    "delegations": "đoàn",
    "groups": "đoàn",
    "visits": "lượt người",
    "persons": "người",
    "arrivals": "lượt khách",
    "edition": "lần",
    "months": "tháng",
    "years": "năm",
    "conferences": "hội thảo",
    "agreements": "thỏa thuận",
    "countries/territories": "quốc gia, vùng lãnh thổ",
    "fields": "lĩnh vực",
    "localities": "địa phương",
    "corridor": "hành lang",
    "embassies": "đại sứ quán",
    "status": None,
}


def listed(context: Context, fact: dict[str, str]) -> Row:
    """A row of a curated table of cooperation, its columns turned into those of the layer."""
    apart = {"province", "source", "confidence", *LISTS}
    row: Row = {name: value or None for name, value in fact.items() if name not in apart}
    row |= {name: split(fact[name]) for name in LISTS - {"units"} if name in fact}
    return {
        **row,
        **(origin(fact["province"]) if fact["province"] else {}),
        "unit_ids": clv_units(context) if fact["units"] == "CLV" else split(fact["units"]),
        **sourced(context, fact["source"], fact["confidence"]),
    }


def indicators(context: Context) -> Iterable[Row]:
    """Figures of the documents, each with its source's own wording of the value."""
    names = {row["id"]: row for row in curated("indicators")}
    for fact in read_facts(context, "seeds_facts"):
        if fact["theme"] not in METADATA:
            yield figure(context, fact, names[fact["id"]])


def figure(context: Context, fact: dict[str, str], named: dict[str, str]) -> Row:
    """One figure of a province for a period."""
    unit, factor, qualifier = measure(fact["unit"])
    stated = number(fact["value"]) if unit not in DATES else None
    home = origin(fact["province_seed"])
    return {
        "id": fact["id"].lower(),
        "name_vi": named["name_vi"],
        "name_en": named["name_en"],
        "theme": fact["theme"],
        **home,
        "unit_ids": [home["province_origin_id"], *split(named["units"])],
        "value": None if stated is None else scaled(stated, factor),
        "value_text": " ".join([fact["value"], *([fact["unit"]] if stated is not None else [])]),
        "unit": None if unit in DATES else unit or None,
        "unit_vi": UNITS_VI[unit] if unit and unit not in DATES else None,
        "period": fact["period"] or None,
        "as_of": last_day(fact["period"]),
        "qualifier": named["qualifier"] or qualifier,
        **sourced(context, fact["source"][: len("seed 000")], fact["confidence"]),
        "note": remark(fact["note"]),
    }


def remark(text: str) -> str | None:
    """The facts' remark in words of their own; a check that held says nothing."""
    if text.startswith("CHECK") and text.endswith("OK"):
        return None
    for mark, words in WORDING:
        text = text.replace(mark, words)
    return text or None


def measure(text: str) -> tuple[str, int, str | None]:
    """(unit, factor, qualifier) of the facts' free text: `million USD (more than)`."""
    found = re.fullmatch(r"(.*?)(?: \((.*)\))?", re.sub(r" (of [\d,]+|vs 2011)$", "", text))
    words, remark = found.groups() if found else (text, None)
    words = words.removeprefix("from ")
    scale = words.split(" ")[0]
    factor = SCALE.get(scale, 1)
    unit = words.removeprefix(f"{scale} ") if factor > 1 else words
    return unit, factor, QUALIFIERS.get(remark or "")


def scaled(value: float, factor: int) -> float:
    """The value in its base unit, without the dust of binary fractions."""
    return value if factor == 1 else round(value * factor)


def last_day(period: str) -> str | None:
    """The last day of a period given as a day or month; None for a year or span."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", period):
        return period
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        year, month = (int(part) for part in period.split("-"))
        return f"{period}-{calendar.monthrange(year, month)[1]}"
    return None


def build(context: Context) -> None:
    """Write agreements, commitments, exchanges and indicators."""
    for layer in ("agreements", "commitments", "exchanges"):
        rows = [listed(context, fact) for fact in curated(layer)]
        write(context, layer, rows, "Read from the documents by hand, in our own words")
    write(context, "indicators", list(indicators(context)), "Values as stated, in base units")


def write(context: Context, layer: str, rows: list[Row], method: str) -> None:
    """Write one of the four tables."""
    table(
        context,
        layer,
        f"cooperation/{layer}.csv",
        rows,
        source="Five provincial documents of Quảng Trị, Quảng Nam, Cao Bằng and Đắk Nông; "
        "researched facts",
        method=method,
    )

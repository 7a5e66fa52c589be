"""`cooperation/`: agreements, commitments, exchanges and figures of five provincial documents.

Names are our own short words; no sentence of a document is kept.
"""

import calendar
import re
from collections.abc import Iterable

from data.build.common import Context, Row, read_facts
from data.build.facts import clv_units, curated, number, origin, sourced, split, table
from data.build.vietnamese import vi_date, vi_number
from geo.vocabulary import Qualifier

# Themes of the facts that describe the documents themselves, not the province.
METADATA = {"document", "legal", "national", "organisation", "event", "MIA"}
WORDING = (("CHECK ", "sum of the four: "), ("seed", "document"), ("(see above)", "trips"))
LISTS = {"units", "parties", "topics"}
SCALE = {"million": 1_000_000, "billion": 1_000_000_000}
DATES = {"year", "date", "month"}  # units of a date, which is no quantity
SCALE_VI = {1: "", 1_000_000: "triệu", 1_000_000_000: "tỷ"}
PREFIXES = (Qualifier.APPROX, Qualifier.MORE_THAN, Qualifier.NEARLY)
PREFIX_VI: dict[str | None, str] = {word.value: word.vi for word in PREFIXES}
WORDS_VI = {
    "early 2011": "đầu năm 2011",
    "to 2015; 2015-2020": "đến 2015; 2015–2020",
    "hundreds": "hàng trăm",
    "yes": "có",
}
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
        "theme": fact["theme"].lower().replace(" ", "_"),
        **home,
        "unit_ids": [home["province_origin_id"], *split(named["units"])],
        "value": None if stated is None else scaled(stated, factor),
        "value_text": " ".join([fact["value"], *([fact["unit"]] if stated is not None else [])]),
        "value_text_vi": stated_vi(fact, unit, factor, [qualifier, named["qualifier"]]),
        "unit": None if unit in DATES else unit or None,
        "unit_vi": UNITS_VI[unit] if unit and unit not in DATES else None,
        "period": fact["period"] or None,
        "as_of": last_day(fact["period"]),
        "qualifier": named["qualifier"] or qualifier,
        **sourced(context, fact["source"][: len("seed 000")], fact["confidence"]),
        "note": remark(fact["note"]),
    }


def stated_vi(
    fact: dict[str, str], unit: str, factor: int, qualifiers: list[str | None]
) -> str | None:
    """A figure as stated, in Vietnamese: `trên 30 triệu USD`, `248 vị trí trên tổng số 314`."""
    value = number(fact["value"])
    if value is None or unit in DATES:
        parts = [words_vi(fact["value"]), UNITS_VI.get(unit)]
    elif unit == "edition":
        parts = ["lần thứ", vi_number(fact["value"])]
    else:
        before = next((PREFIX_VI[word] for word in qualifiers if word in PREFIX_VI), None)
        size = vi_number(f"{value:,}")
        parts = [before, size, SCALE_VI[factor], UNITS_VI[unit], rest_vi(fact)]
    return " ".join(part for part in parts if part) or None


def words_vi(text: str) -> str:
    """A period, date or word of the facts: `2011-2015` as 2011–2015, `2012-07` as 07/2012."""
    text = WORDS_VI.get(text, text)
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text):
        return vi_date(text)
    return re.sub(r"(?<=\d)-(?=\d)", "–", text)


def rest_vi(fact: dict[str, str]) -> str | None:
    """What the facts' unit says besides: the total, the year compared with, that it names them."""
    if "(named" in fact["unit"]:
        return f"({Qualifier.NAMED.vi})"
    if found := re.search(r" of ([\d,]+)$", fact["unit"]):
        return f"trên tổng số {vi_number(found[1])}"
    found = re.search(r" vs (\d{4})$", fact["unit"])
    return f"so với năm {found[1]}" if found else None


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

"""`projects/projects.csv`: investment and aid activities, their money in its own currency."""

from data.build.common import Context, Row, old_province_id, read_facts
from data.build.facts import (
    as_json,
    clv_units,
    curated,
    notes,
    number,
    origin,
    sourced,
    split,
    table,
)
from data.build.vietnamese import translated

FILE = "projects/projects.csv"
SOURCES = {"cam-lo-la-son-expressway": "news", "chia-se": "seed 000; own knowledge"}


def activity(context: Context, fact: dict[str, str], kept: dict[str, str]) -> Row:
    """One project: place and source from the facts, the rest as read from their free text."""
    texts = ("id", "name_vi", "name_en", "finance_kind", "sector", "status", "capacity",
             "start_date", "end_date", "dates_text")  # fmt: skip
    return {
        **{name: kept[name] or None for name in texts},
        **home(kept),
        "unit_ids": units(context, kept),
        "parties": as_json([party(text) for text in split(kept["parties"])]),
        "amounts": as_json([amount(text) for text in split(kept["amounts"])]),
        "amount_usd": number(kept["amount_usd"]),
        "location_exactness": kept["exactness"],
        **position(fact, kept),
        **sourced(context, SOURCES.get(kept["id"], fact["source"]), fact["confidence"]),
        "note": notes(kept["note"]),
    }


def home(kept: dict[str, str]) -> Row:
    """Province columns: the first Vietnamese province, or the only foreign unit."""
    provinces, others = split(kept["provinces"]), split(kept["units"])
    if provinces:
        return origin(provinces[0])
    return {"province_origin_id": others[0]} if len(others) == 1 and "." in others[0] else {}


def units(context: Context, kept: dict[str, str]) -> list[str]:
    """Ids of all units concerned; `CLV` stands for the triangle's provinces."""
    ours = [old_province_id(name) for name in split(kept["provinces"])]
    others = split(kept["units"])
    return [*ours, *(clv_units(context) if others == ["CLV"] else others)]


def party(text: str) -> Row:
    """A party `name:role` or `name (English name):role`.

    The role is IATI's (funding, accountable, extending, implementing).
    """
    names, role = text.rsplit(":", 1)
    name, _, name_en = names.removesuffix(")").partition(" (")
    return {"name": name, **({"name_en": name_en} if name_en else {}), "role": role}


def amount(text: str) -> Row:
    """An amount `value;currency;date;text`; date and text may be empty."""
    value, currency, date, words = text.split(";")
    return {
        "value": int(value),
        "currency": currency,
        "date": date or None,
        "text": words or None,
        "text_vi": translated(words) if words else None,
    }


def position(fact: dict[str, str], kept: dict[str, str]) -> Row:
    """Columns of the point; without one the project is known by its area alone."""
    if not fact["lon"]:
        return {"position_quality": "unknown"}
    exact = kept["exactness"] == "exact"
    return {
        "lon": float(fact["lon"]),
        "lat": float(fact["lat"]),
        "position_quality": "published" if exact else "approximate",
        "position_uncertainty_m": number(kept["uncertainty_m"]),
        "position_method": kept["method"],
    }


def build(context: Context) -> None:
    """Write the projects."""
    read = {kept["name"]: kept for kept in curated("projects")}
    rows = [activity(context, fact, read[fact["name"]]) for fact in read_facts(context, "projects")]
    table(
        context,
        "projects",
        FILE,
        rows,
        source="Researched facts: provincial documents, press, ADB",
        method="Free text of the facts read by hand; amounts as stated, never converted",
    )

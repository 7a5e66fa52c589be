"""What the researched facts share: sources, confidence, units, numbers, and rows cut to fields."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.build.common import (
    FACTS,
    Context,
    Row,
    cite,
    old_province_id,
    partner_id,
    province_name,
    read_facts,
    record,
    write_csv,
)
from geo import layers
from geo.vocabulary import Confidence

CURATED = Path(__file__).with_name("curated")
LOWEST_FIRST = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)
OURS = {"id", "marks", "cited_as"}  # columns of curated/sources.csv that are not of the layer
PUBLIC = {"classification": "public"}
# Names that the facts and the documents use for units of other countries.
PARTNERS = {
    "Quảng Tây": "cn.guangxi",
    "Vân Nam": "cn.yunnan",
    "Tbong Khmum": "kh.kampong-cham",  # its unit here includes Tbong Khmum
    "Ubon": "th.ubon-ratchathani",
}
COUNTRIES = ("la", "kh", "th", "cn", "mm")


def curated(name: str) -> Iterator[dict[str, str]]:
    """Rows of `curated/{name}.csv`, written by hand from the documents and facts."""
    with (CURATED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def sources_in(text: str) -> list[dict[str, str]]:
    """Known sources named in a text, in the order of their first mention."""
    found: dict[int, tuple[int, dict[str, str]]] = {}  # by place of mention: the longest there
    for row in curated("sources"):
        for mark in marks(row):
            place = mention(mark, text)
            if place and len(mark) > found.get(place.start(), (0, row))[0]:
                found[place.start()] = (len(mark), row)
    named = [found[start][1] for start in sorted(found)]
    return [row for i, row in enumerate(named) if row not in named[:i]]


def marks(row: dict[str, str]) -> list[str]:
    """What gives a source away in a text: its id and the usual ways of naming it."""
    return [row["id"], *row["marks"].split("|")]


def mention(mark: str, text: str) -> re.Match[str] | None:
    """The first place where a text names a source, as words of their own."""
    return re.search(rf"(?<![\w-]){re.escape(mark)}(?![\w-])", text)


def sourced(context: Context, text: str, confidence: str) -> Row:
    """Columns source, source_id, confidence, classification; every source named is cited.

    Raises:
        ValueError: the text names no source of `curated/sources.csv`.
    """
    found = sources_in(text)
    if not found:
        raise ValueError(f"No known source in {text!r}")
    for row in found:
        cited = {key: value or None for key, value in row.items() if key not in OURS}
        cite(context, row["id"], **cited)  # type: ignore[arg-type]
    return {
        "source": "; ".join(row["cited_as"] for row in found),
        "source_id": found[0]["id"],
        "confidence": level(confidence),
        **PUBLIC,
    }


def level(text: str) -> str:
    """The vocabulary's confidence for free text; of several the lowest (`high/medium` → medium)."""
    return next((word for word in LOWEST_FIRST if word in text), Confidence.UNKNOWN).value


def origin(name: str) -> Row:
    """Columns province and province_origin_id of a Vietnamese province by its name before 2025."""
    bare = "Huế" if name == "Thừa Thiên Huế" else province_name(name)
    return {"province": bare, "province_id": None, "province_origin_id": old_province_id(bare)}


def partner(country: str, name: str) -> str:
    """Id of a unit of another country, by any name that the facts give it."""
    return PARTNERS.get(name) or partner_id(country, name)


def clv_units(context: Context) -> list[str]:
    """Ids of the 13 provinces of the Cambodia–Laos–Viet Nam Development Triangle."""
    return [
        old_province_id(row["province"])
        if row["country"] == "VN"
        else partner(row["country"], row["province"])
        for row in read_facts(context, "clv_dta")
    ]


def as_json(value: Any) -> str:
    """Text of a JSON column."""
    return json.dumps(value, ensure_ascii=False)


def notes(*parts: str | None) -> str | None:
    """Remarks joined by semicolons; None where there is none."""
    return "; ".join(part for part in parts if part) or None


def split(text: str) -> list[str]:
    """Values of a list column of a curated table."""
    return [part.strip() for part in text.split("|") if part.strip()]


def number(text: str) -> float | None:
    """A number of the facts, None where the text is not one."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", text.strip()):
        return None
    return float(text) if "." in text else int(text)


def table(
    context: Context,
    layer_name: str,
    file: str,
    rows: list[Row],
    *,
    source: str,
    method: str,
    rights: tuple[str, str] = FACTS,
) -> None:
    """Write rows of a layer to `file` with its declared columns, and note it for the catalogue.

    Rows are `id`, fields, and for points `lon` and `lat` in degrees; they are put in the order
    of their ids.

    Raises:
        ValueError: a row has a key that the layer does not declare.
    """
    layer = layers.get(layer_name)
    place = ("lon", "lat") if layer.geometry == "Point" else ()
    names = ("id", *place, *(field.name for field in layer.fields if field.name != "revision"))
    strange = {key for row in rows for key in row} - set(names)
    if strange:
        raise ValueError(f"{file}: {layer_name} has no field {sorted(strange)}")
    full = [{name: row.get(name) for name in names} for row in sorted(rows, key=natural)]
    write_csv(context, file, full)
    record(
        context,
        file,
        layer=layer_name,
        title=layer.title.en,
        source=source,
        version="1",
        rights=rights,
        method=method,
    )


def natural(row: Row) -> list[tuple[int, str]]:
    """Sort key of a row by its id: numbers among the parts of an id in order of size."""
    parts = re.split(r"[.\-]", f"{row['id']}")
    dated = [(-1, str(row.get("valid_from") or ""))]
    return [(int(p), "") if p.isdigit() else (-1, p) for p in parts] + dated

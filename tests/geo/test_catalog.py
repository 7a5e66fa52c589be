"""`data/catalog.json`: every file of the data set, whence it comes and on what terms."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "data"
CODE = {"build", "__pycache__", "__init__.py", "catalog.json"}
ENTRIES: list[dict[str, Any]] = json.loads((DATA / "catalog.json").read_bytes())
BY_FILE = {entry["file"]: entry for entry in ENTRIES}


def test_every_file_is_catalogued() -> None:
    files = {
        path.relative_to(DATA).as_posix()
        for path in DATA.rglob("*")
        if path.is_file() and path.relative_to(DATA).parts[0] not in CODE
    }
    assert files == BY_FILE.keys()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_an_entry_is_true_and_complete(entry: dict[str, Any]) -> None:
    content = (DATA / entry["file"]).read_bytes()
    assert (entry["bytes"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    for key in ("title", "source", "version", "licence", "attribution", "method"):
        assert entry[key], key
    assert date.fromisoformat(entry["date"])


def test_open_data_are_credited_as_their_licences_ask() -> None:
    for file in ("boundaries/admin_units.geojson", "boundaries/borders.geojson"):
        assert BY_FILE[file]["licence"] == "ODbL-1.0"
        assert "© OpenStreetMap contributors" in BY_FILE[file]["attribution"]
    assert "© OpenStreetMap contributors" in BY_FILE["basemap/base.pmtiles"]["attribution"]
    assert BY_FILE["places/places.csv"]["licence"] == "CC-BY-4.0"
    assert "GeoNames" in BY_FILE["places/places.csv"]["attribution"]
    assert BY_FILE["terrain/relief.tif"]["licence"] == "public domain"


def test_a_claim_is_said_to_be_a_viewpoint() -> None:
    assert BY_FILE["boundaries/islands.geojson"]["viewpoint"].startswith("vn:")


def test_the_data_set_stays_small() -> None:
    assert sum(entry["bytes"] for entry in ENTRIES) < 12_000_000


def test_every_cited_source_is_listed() -> None:
    with (DATA / "sources.csv").open(encoding="utf-8", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    cited: set[str] = set()
    for entry in ENTRIES:
        if entry["layer"] and entry["layer"] != "sources":
            cited |= cited_in(DATA / entry["file"])
    assert cited <= known


def cited_in(path: Path) -> set[str]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            rows: list[dict[str, Any]] = list(csv.DictReader(file))
    else:
        rows = [f["properties"] for f in json.loads(path.read_bytes())["features"]]
    return {row["source_id"] for row in rows if row.get("source_id")}

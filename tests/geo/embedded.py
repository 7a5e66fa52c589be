"""The embedded data and the researched facts, read for the tests that compare them."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod

from geo import layers
from geo.formats import read_rows
from geo.types import Row

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
FACTS = ROOT.parent / "shared/facts"
GEOD = Geod(ellps="WGS84")
FILES = {
    "positions": "markers/positions.csv",
    "markers": "markers/markers.csv",
    "marker_events": "markers/marker_events.csv",
    "progress": "markers/progress.csv",
    "gates": "gates/gates.csv",
    "corridors": "corridors/corridors.geojson",
    "projects": "projects/projects.csv",
    "agreements": "cooperation/agreements.csv",
    "commitments": "cooperation/commitments.csv",
    "exchanges": "cooperation/exchanges.csv",
    "indicators": "cooperation/indicators.csv",
    "sources": "sources.csv",
}

needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the researched facts are not here")


@cache
def rows(layer: str) -> list[Row]:
    return read_rows(layers.get(layer), DATA / FILES[layer])


@cache
def ids_of(layer: str) -> set[str]:
    return {row.id for row in rows(layer)}


@cache
def geojson_ids(name: str) -> set[str]:
    collection = json.loads((DATA / f"boundaries/{name}.geojson").read_bytes())
    return {feature["id"] for feature in collection["features"]}


def one(layer: str, key: str) -> dict[str, Any]:
    (row,) = [row for row in rows(layer) if row.id == key]
    return row.properties


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def point(row: Row) -> tuple[float, float]:
    assert row.geometry is not None
    return row.geometry.x, row.geometry.y

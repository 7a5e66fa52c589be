"""What nobody changes alone: where a thing stands, which one it is, and when it was so."""

from __future__ import annotations

from typing import Any

import pytest
from shapely.geometry import Point

from geo.guarding import is_guarded, touched, undoes, waits
from geo.jsonschema import schema
from geo.layers import BORDERS, GATES, INSPECTIONS, LAYERS, MARKERS, POSITIONS
from geo.schema import GEOMETRY, Layer
from geo.types import Row
from tests.geo import build

NONE: frozenset[str] = frozenset()
HELD = build.row("markers", "m", Point(107.5, 12.5), number="48", main=48)


def changed(**values: Any) -> Row:
    shape = values.pop("shape", HELD.geometry)
    return HELD._replace(properties=HELD.properties | values, geometry=shape)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_a_layer_guards_what_it_has(layer: Layer) -> None:
    whole = {field.name for field in layer.fields if not field.derived}
    assert layer.guarded <= whole | ({GEOMETRY} if layer.geometry else set())


@pytest.mark.parametrize(
    ("after", "names"),
    [
        (changed(), []),
        (changed(locality="bản", stage="built", condition="leaning", revision=9), []),
        (changed(shape=Point(107.5, 12.5)), []),
        (changed(shape=Point(107.5, 12.50001)), ["geometry"]),
        (changed(shape=None), ["geometry"]),
        (changed(number="49", height_m=612.5), ["number", "height_m"]),
        (changed(valid_to="2026-01-01"), ["valid_to"]),
        (changed(position_quality="surveyed"), ["position_quality"]),
        (changed(position_quality="indicative"), []),  # as of any place of which nothing is said
    ],
)
def test_what_of_a_marker_waits(after: Row, names: list[str]) -> None:
    assert sorted(touched(MARKERS, HELD, after)) == sorted(names)
    assert waits(MARKERS, HELD, after, NONE, [HELD]) is bool(names)


def test_a_new_row_waits_for_nobody_but_another_version_of_one_does() -> None:
    assert not waits(MARKERS, None, HELD, NONE)
    assert waits(MARKERS, None, HELD, NONE, [HELD])
    visit = build.row("inspections", "i", None)
    assert not waits(INSPECTIONS, None, visit, NONE, [visit])


@pytest.mark.parametrize("own", [True, False])
def test_whoever_added_a_row_takes_it_back_alone(own: bool) -> None:
    assert is_guarded(MARKERS, HELD, None)
    assert undoes(MARKERS, HELD, None, NONE, own=own) is not own
    assert undoes(MARKERS, None, HELD, NONE, own=own) is not own
    assert undoes(MARKERS, HELD, changed(number="49"), NONE, own=own)
    assert not undoes(MARKERS, HELD, changed(locality="bản"), NONE, own=own)


def test_the_schema_says_what_waits() -> None:
    for layer, names in (
        (MARKERS, {"geometry", "number", "surveyed_x", "height_m", "kind", "valid_to"}),
        (POSITIONS, {"geometry", "expected_markers"}),
        (GATES, {"geometry", "gate_class"}),
        (BORDERS, {"geometry", "viewpoint", "demarcated"}),
    ):
        told = schema(layer, address="", lang="vi")["properties"]
        marked = {name for name, one in told.items() if one.get("x-cotmoc-guarded")}
        assert names <= marked
        assert not {"stage", "condition", "locality", "name_vi"} & marked

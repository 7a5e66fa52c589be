"""What is not written, and why, on both stores."""

from typing import Any

import pytest
from sqlalchemy import Connection

from geo import change, history, query
from geo.change import Edit, Saved
from geo.errors import ConflictError, StaleError
from geo.period import parse
from geo.query import Filter
from geo.refusal import FeatureError
from geo.register import Register
from geo.state import state
from tests.geo.edits import (
    MARKERS,
    TODAY,
    UNITS,
    do,
    entries,
    feature,
    patch,
    read,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change_", "parameter", "reason"),
    [
        ({"properties": {"colour": "red"}}, "colour", "unknown"),
        ({"colour": "red"}, "colour", "unknown"),
        ({"properties": {"number": None}}, "number", "required"),
        ({"properties": {"number": 48}}, "number", "type"),
        ({"properties": {"main": "48"}}, "main", "type"),
        ({"properties": {"main": 1.5}}, "main", "type"),
        ({"properties": {"main": True}}, "main", "type"),
        ({"properties": {"main": 2**63}}, "main", "too_large"),
        ({"properties": {"height_m": 1e400}}, "height_m", "type"),
        ({"properties": {"inspection_due": "31/12/2026"}}, "inspection_due", "type"),
        ({"properties": {"border_ids": "vn-kh"}}, "border_ids", "type"),
        ({"properties": {"note": "a\0b"}}, "note", "nul"),
        ({"properties": {"kind": "tall"}}, "kind", "vocabulary"),
        ({"properties": {"stage": "planned"}}, "stage", "derived"),
        ({"properties": {"stage": None}}, "stage", "derived"),
        ({"properties": {"condition": "intact"}}, "condition", "derived"),
        ({"properties": {"province": "Huế"}}, "province", "derived"),
        ({"properties": {"position_id": "vn-kh.1"}}, "position_id", "reference"),
        ({"properties": {"border_ids": ["vn-xx"]}}, "border_ids", "reference"),
        ({"properties": {"province_origin_id": "vn.x"}}, "province_origin_id", "reference"),
        ({"properties": {"valid_from": "2020-01-01", "valid_to": "2020-01-01"}}, "valid_to",
         "period"),
        ({"properties": {"classification": "internal"}}, "classification", "hidden"),
        ({"geometry": {"type": "Point", "coordinates": [12.5, 107.5]}}, "geometry", "range"),
        ({"geometry": {"type": "Point", "coordinates": [107, 12, 800]}}, "geometry", "height"),
        ({"geometry": {"type": "Point", "coordinates": [107, "12"]}}, "geometry", "geometry"),
        ({"geometry": {"type": "Point", "coordinates": []}}, "geometry", "geometry"),
        ({"geometry": {"type": "LineString", "coordinates": [[107, 12], [108, 12]]}},
         "geometry", "geometry_type"),
        ({"id": "another"}, "id", "fixed"),
        ({"type": "Marker"}, "type", "type"),
        ([], "feature", "type"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_named(
    untouched: Register, change_: Any, parameter: str, reason: str
) -> None:
    before = entries(untouched)
    with pytest.raises(FeatureError) as refused:
        do(untouched, change.update, MARKERS, "vn-kh.48.0.1", change_)
    assert (refused.value.parameter, refused.value.reason.value) == (parameter, reason)
    assert entries(untouched) == before


def test_a_stale_edit_names_both_revisions(changeable: Register) -> None:
    with changeable.engine.connect() as conn:
        first = state(query.one(conn, MARKERS, "vn-kh.48.0.1", Filter(TODAY)))
    base = Edit("a", "b", when=TODAY, expected=[first])
    patch(changeable, "vn-kh.48.0.1", note="theirs", edit=base)
    with pytest.raises(StaleError) as refused:
        patch(changeable, "vn-kh.48.0.1", note="yours", edit=base)
    assert (refused.value.base, refused.value.revision) == (1, 2)
    assert read(changeable, MARKERS, "vn-kh.48.0.1")["properties"]["note"] == "theirs"


def test_a_revision_in_the_body_is_compared_too(changeable: Register) -> None:
    old = read(changeable, MARKERS, "vn-kh.48.0.1")
    patch(changeable, "vn-kh.48.0.1", note="theirs")
    with pytest.raises(StaleError) as refused:
        do(changeable, change.replace, MARKERS, "vn-kh.48.0.1", old)
    assert (refused.value.base, refused.value.revision) == (1, 2)


def test_a_unit_cannot_follow_itself(changeable: Register) -> None:
    back = {"properties": {"successors": ["vn.dak-nong"]}}
    with pytest.raises(FeatureError) as refused:
        do(changeable, change.update, UNITS, "vn.lam-dong.2025", back)
    assert refused.value.reason.value == "cycle"


def test_what_others_name_cannot_be_taken_out(changeable: Register) -> None:
    then = Edit("a", "b", when=parse("2020-01-01"))
    for layer, key, holder in (
        (MARKERS, "vn-kh.48.0.1", "marker_events vn-kh.48.0.1.located.2010-01-01"),
        (UNITS, "vn.dak-nong", "admin_units vn.lam-dong.2025"),
    ):
        with pytest.raises(ConflictError, match=holder):
            do(changeable, change.delete, layer, key, edit=then)


def test_an_id_that_is_taken_or_none_is_refused(changeable: Register) -> None:
    with pytest.raises(ConflictError):
        do(changeable, change.create, MARKERS, feature(number="x") | {"id": "vn-kh.48.0.1"})
    bad: list[Any] = ["../x", "a b", True, "é", "x" * 200, {}, [], "-x", ""]
    for key in bad:
        with pytest.raises(FeatureError):
            do(changeable, change.create, MARKERS, feature(number="x") | {"id": key})
        with pytest.raises(FeatureError):
            do(changeable, change.replace, MARKERS, "vn-kh.49.0.1", feature() | {"id": key})


def test_the_wrong_zone_is_refused(changeable: Register) -> None:
    grid = Edit("a", "b", when=TODAY, system="http://www.opengis.net/def/crs/EPSG/0/9218")
    with pytest.raises(FeatureError) as refused:
        do(changeable, change.create, MARKERS, feature(1_350_000, 410_000, number="61"), edit=grid)
    assert refused.value.reason.value == "range"


def test_an_error_leaves_nothing_behind(changeable: Register) -> None:
    def two(conn: Connection, edit: Edit) -> Saved:
        change.update(conn, MARKERS, "vn-kh.49.0.1", {"properties": {"note": "x"}}, edit)
        return change.delete(conn, MARKERS, "vn-kh.48.0.1", edit)

    with pytest.raises(ConflictError):
        do(changeable, two)
    assert read(changeable, MARKERS, "vn-kh.49.0.1")["properties"]["note"] is None
    with changeable.engine.connect() as conn:
        assert history.first_broken(conn) is None


def test_merging_follows_the_examples_of_rfc_7396() -> None:
    """Appendix A of the RFC."""
    for target, given, result in (
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ):
        assert change.merge(target, given) == result

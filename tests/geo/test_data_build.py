"""The code that makes the embedded data: naming, writing, cutting of lines, tile numbers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.build import common, cutting, tiles
from data.build.places import kind, local_name, vietnamese_name


@pytest.fixture
def context(tmp_path: Path) -> common.Context:
    facts = Path(__file__).parents[2] / "tests"
    return common.Context(facts, facts, tmp_path)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Đắk Nông", "dak-nong"),
        ("Ðắk Nông", "dak-nong"),  # U+00D0, as some sources write it
        ("Bà Rịa - Vũng Tàu", "ba-ria-vung-tau"),
        ("Takéo", "takeo"),
    ],
)
def test_slug(name: str, wanted: str) -> None:
    assert common.slug(name) == wanted


def test_province_ids_leave_out_the_rank() -> None:
    assert common.old_province_id("Thành phố Huế") == "vn.hue"
    assert common.old_province_id("Tỉnh Đắk Nông") == "vn.dak-nong"
    assert common.partner_id("LA", "Savannakhet") == "la.savannakhet"


def test_cells_of_csv() -> None:
    values = [None, True, ["a", "b"], {"b": 1, "a": "é"}, 1.5, date(2025, 7, 1)]
    wanted = ["", "true", "a|b", '{"a": "é", "b": 1}', "1.5", "2025-07-01"]
    assert [common.cell(value) for value in values] == wanted


def test_csv_has_every_key_as_a_column(context: common.Context) -> None:
    common.write_csv(context, "x/y.csv", [{"id": "a", "lon": 1.0}, {"id": "b", "road": "ô, ơ"}])
    text = (context.out / "x/y.csv").read_text(encoding="utf-8")
    assert text == 'id,lon,road\na,1.0,\nb,,"ô, ơ"\n'


def test_geojson_is_rfc_7946(context: common.Context) -> None:
    row = {"id": "a", "valid_from": date(2025, 7, 1), "faces": ["b"]}
    common.write_geojson(context, "a.geojson", [(row, shapely.Point(105.12345678, 20))])
    (feature,) = json.loads((context.out / "a.geojson").read_bytes())["features"]
    assert feature == {
        "type": "Feature",
        "id": "a",
        "properties": {"valid_from": "2025-07-01", "faces": ["b"]},
        "geometry": {"type": "Point", "coordinates": [105.123457, 20.0]},
    }


def test_catalogue_states_size_and_digest(context: common.Context) -> None:
    common.write_csv(context, "a.csv", [{"id": "a"}])
    common.record(
        context,
        "a.csv",
        layer="places",
        title="A",
        source="B",
        version="1",
        rights=common.ODBL,
        method="C",
    )
    common.write_catalog(context)
    (entry,) = json.loads((context.out / "catalog.json").read_bytes())
    assert entry["bytes"] == 5
    assert entry["sha256"] == "1830fc9c555d1d487575d177ff91a65767af948c8319af93d72ca6cffa43c7f9"
    assert entry["attribution"] == "© OpenStreetMap contributors"
    assert entry["viewpoint"] is None


def test_a_chain_starts_in_the_north_and_is_measured_on_the_ellipsoid() -> None:
    chain = cutting.chain(shapely.LineString([(105, 10), (105, 11)]))
    assert chain.xy[0] == pytest.approx([105, 11])
    assert chain.km[-1] == pytest.approx(110.61, abs=0.01)  # a degree of latitude at 10.5° N
    assert np.diff(chain.km).max() < 0.12  # long segments are split


def test_jitter_goes_to_the_longer_neighbour() -> None:
    km = np.arange(0, 12, 1.0)
    labels = ["a"] * 5 + ["b"] + ["c"] * 5
    assert cutting.without_jitter(labels, km) == ["a"] * 6 + ["c"] * 5


def test_a_run_between_two_of_the_same_province_may_be_longer_and_still_be_jitter() -> None:
    km = np.arange(0, 13, 1.0)
    assert cutting.without_jitter(["a"] * 5 + ["b"] * 2 + ["a"] * 5, km) == ["a"] * 12
    kept = ["a"] * 5 + ["b"] * 2 + ["c"] * 5
    assert cutting.without_jitter(kept, km) == kept


def test_a_line_is_cut_where_either_side_changes() -> None:
    chain = cutting.chain(shapely.LineString([(105, 11), (105, 10)]))
    west = {"w1": shapely.box(104, 10.5, 105, 11), "w2": shapely.box(104, 10, 105, 10.5)}
    east = {"e1": shapely.box(105, 10.3, 106, 11), "e2": shapely.box(105, 10, 106, 10.3)}
    found = cutting.stretches(chain, west, east)
    assert [(s.province, s.partner) for s in found] == [("w1", "e1"), ("w2", "e1"), ("w2", "e2")]
    cuts = [chain.xy[s.stop, 1] for s in found]
    assert cuts == pytest.approx([10.5, 10.3, 10.0], abs=cutting.STEP)


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ((0, 0, 0), 0),
        ((1, 0, 0), 1),
        ((1, 0, 1), 2),
        ((1, 1, 1), 3),
        ((1, 1, 0), 4),
        ((2, 0, 0), 5),
        ((12, 3423, 1763), 19078479),
    ],
)
def test_tile_numbers_are_those_of_the_specification(key: tiles.Key, number: int) -> None:
    assert tiles.tile_id(key) == number


@given(st.integers(min_value=0, max_value=2**63))
def test_varint_round_trip(value: int) -> None:
    parts = [byte & 0x7F for byte in tiles.varint(value)]
    assert sum(part << (7 * place) for place, part in enumerate(parts)) == value


def test_equal_tiles_are_stored_once() -> None:
    entries, data = tiles.packed({(1, 0, 0): b"sea", (1, 0, 1): b"sea", (1, 1, 0): b"land"})
    assert [(e.first, e.count, e.offset) for e in entries] == [(1, 2, 0), (4, 1, entries[0].length)]
    assert len(data) == entries[0].length + entries[1].length


@pytest.mark.parametrize(
    ("name", "others", "wanted"),
    [
        ("Đông Hà", ["Dong Ha"], "Đông Hà"),
        ("Hanoi", ["Hà Nội", "Hanoï", "Thành phố Hà Nội"], "Hà Nội"),
        ("Yến Lạc", ["Yên Lạc"], "Yến Lạc"),
        ("Thị Trấn Yên Minh", [], "Yên Minh"),
        ("Kon Tum", ["Contum"], "Kon Tum"),
    ],
)
def test_vietnamese_name_of_a_town(name: str, others: list[str], wanted: str) -> None:
    assert vietnamese_name(name, others, "VN") == wanted


def test_names_of_foreign_towns_are_not_guessed() -> None:
    assert vietnamese_name("Pakse", ["Paksé"], "LA") is None
    assert local_name(["ວຽງຈນ", "ວຽງຈັນ", "Vientiane"], "LA") == "ວຽງຈັນ"
    assert local_name(["萍乡", "憑祥"], "CN") is None


def test_kind_of_a_town() -> None:
    assert [kind(n) for n in (0, 10_000, 99_999, 100_000)] == ["village", "town", "town", "city"]

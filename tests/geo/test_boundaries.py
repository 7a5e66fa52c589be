"""Borders, administrative units and islands of the embedded data, against outside figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from tests.geo.independent import to_ecef

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
SHARED = ROOT.parent / "shared"
REFORM = "2025-07-01"

# Official lengths, km: VN-LA 2016, VN-KH as stated today, VN-CN 2009.
OFFICIAL = {"VN-LA": 2337.459, "VN-KH": 1255.0, "VN-CN": 1449.566}

# Land-border neighbours of the provinces as of 2025-06-30.
PAIRS = {
    "VN-LA": """dien-bien.phongsaly dien-bien.luang-prabang son-la.luang-prabang son-la.houaphanh
        thanh-hoa.houaphanh nghe-an.houaphanh nghe-an.xiangkhouang nghe-an.bolikhamxay
        ha-tinh.bolikhamxay ha-tinh.khammouane quang-binh.khammouane quang-binh.savannakhet
        quang-tri.savannakhet quang-tri.salavan hue.salavan hue.sekong quang-nam.sekong
        kon-tum.sekong kon-tum.attapeu""",
    "VN-KH": """kon-tum.ratanakiri gia-lai.ratanakiri dak-lak.mondulkiri dak-nong.mondulkiri
        binh-phuoc.mondulkiri binh-phuoc.kratie binh-phuoc.kampong-cham tay-ninh.kampong-cham
        tay-ninh.prey-veng tay-ninh.svay-rieng long-an.svay-rieng long-an.prey-veng
        dong-thap.prey-veng an-giang.kandal an-giang.takeo kien-giang.takeo kien-giang.kampot""",
    "VN-CN": """dien-bien.yunnan lai-chau.yunnan lao-cai.yunnan ha-giang.yunnan ha-giang.guangxi
        cao-bang.guangxi lang-son.guangxi quang-ninh.guangxi""",
}
# Lengths that provinces or the press state, km, and how far the open outlines may be off.
PUBLISHED = [
    ("vn-kh.dak-nong.mondulkiri", 130, 0.08),  # "more than 130 km", 2014
    ("vn-la.quang-nam.sekong", 157.4, 0.03),
    ("vn-cn.cao-bang.guangxi", 333, 0.05),
    ("vn-la.quang-tri.salavan", 80, 0.05),
]

Props = dict[str, Any]
Found = dict[str, tuple[Props, BaseGeometry]]


@cache
def layer(name: str) -> Found:
    features = json.loads((DATA / "boundaries" / f"{name}.geojson").read_bytes())["features"]
    shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in features])
    return {f["id"]: (f["properties"], s) for f, s in zip(features, shapes, strict=True)}


def units(keep: Callable[[Props], bool]) -> Found:
    return {key: found for key, found in layer("admin_units").items() if keep(found[0])}


def provinces_before() -> Found:
    return units(lambda p: p["level"] == "province" and p["valid_from"] is None)


def provinces_after() -> Found:
    return units(lambda p: p["level"] == "province" and p["valid_to"] is None)


def vietnamese(found: Found) -> Found:
    return {key: value for key, value in found.items() if value[0]["country"] == "VN"}


def stretches(border: str, *, after: bool = False) -> list[tuple[str, Props]]:
    ended, began = ("valid_to", REFORM), ("valid_from", REFORM)
    key, day = ended if after else began
    rows = [
        (key_, props)
        for key_, (props, _) in layer("borders").items()
        if props["border"] == border and props["level"] == "stretch" and props[key] != day
    ]
    return sorted(rows, key=lambda row: float(row[1]["chainage_from_km"]))


def chord_km(shape: BaseGeometry) -> float:
    """Length through space from vertex to vertex; for vertices this near the geodesic length."""
    parts = [to_ecef(shapely.get_coordinates(part)) for part in shapely.get_parts(shape)]
    return float(sum(np.linalg.norm(np.diff(p, axis=0), axis=1).sum() for p in parts)) / 1000


@pytest.mark.parametrize("border", OFFICIAL)
def test_length_is_near_the_official_one_and_the_difference_is_stated(border: str) -> None:
    props, _ = layer("borders")[border.lower()]
    assert props["length_official_km"] == OFFICIAL[border]
    difference = (props["length_km"] / OFFICIAL[border] - 1) * 100
    assert abs(difference) < 6
    assert props["length_difference_percent"] == pytest.approx(difference, abs=0.01)


def test_the_figure_of_2014_is_told_beside_todays() -> None:
    assert "1,137" in layer("borders")["vn-kh"][0]["note"]


@pytest.mark.parametrize("border", PAIRS)
def test_pairs_of_provinces_are_the_known_ones_from_north_to_south(border: str) -> None:
    found = [key.removeprefix(border.lower() + ".") for key, _ in stretches(border)]
    assert found == PAIRS[border].split()


def test_numbers_of_provinces_on_either_side() -> None:
    def sides(border: str) -> tuple[int, int]:
        rows = [props for _, props in stretches(border)]
        return len({r["province_id"] for r in rows}), len({r["partner_id"] for r in rows})

    assert sides("VN-KH") == (10, 9)  # stated by the document of 2014
    assert sides("VN-LA") == (10, 10)
    assert sides("VN-CN") == (7, 2)


def test_kampong_cham_says_that_it_includes_tbong_khmum() -> None:
    props, _ = layer("admin_units")["kh.kampong-cham"]
    assert props["name_en"] == "Kampong Cham (incl. Tbong Khmum)"
    assert props["iso_code"] == "KH-3"
    assert "Tbong Khmum" in props["other_names"]


@pytest.mark.parametrize("border", OFFICIAL)
@pytest.mark.parametrize("after", [False, True])
def test_stretches_follow_each_other_and_make_up_the_line(border: str, after: bool) -> None:
    rows = [props for _, props in stretches(border, after=after)]
    ends = [0.0, *(row["chainage_to_km"] for row in rows)]
    assert [row["chainage_from_km"] for row in rows] == ends[:-1]
    line, _ = layer("borders")[border.lower()]
    assert sum(row["length_km"] for row in rows) == pytest.approx(line["length_km"], abs=0.01)
    assert ends[-1] == line["chainage_to_km"] == line["length_km"]


@pytest.mark.parametrize("border", OFFICIAL)
def test_a_line_starts_in_the_north(border: str) -> None:
    xy = shapely.get_coordinates(layer("borders")[border.lower()][1])
    start = {"VN-LA": (102.144, 22.400), "VN-KH": (107.557, 14.686), "VN-CN": (102.144, 22.400)}
    assert xy[0] == pytest.approx(start[border], abs=0.001)  # the two tripoints
    assert xy[0, 1] > xy[-1, 1]


@pytest.mark.parametrize("border", OFFICIAL)
def test_stored_geometry_has_the_stated_length_by_another_computation(border: str) -> None:
    for key, (props, shape) in layer("borders").items():
        if props["border"] == border:
            assert chord_km(shape) == pytest.approx(props["length_km"], rel=0.005), key


@pytest.mark.skipif(not SHARED.is_dir(), reason="the full lines are not beside this checkout")
def test_lengths_are_those_of_the_full_lines() -> None:
    text = (SHARED / "geodata" / "land_borders_osm2026_full.geojson").read_text(encoding="utf-8")
    codes = {"LAO": "vn-la", "KHM": "vn-kh", "CHN": "vn-cn"}
    for feature in json.loads(text)["features"]:
        if feature["properties"]["a"] == "VNM":
            full = chord_km(shapely.from_geojson(json.dumps(feature["geometry"])))
            props, _ = layer("borders")[codes[feature["properties"]["b"]]]
            assert full == pytest.approx(props["length_km"], abs=0.02)  # a gap of 15 m is bridged


@pytest.mark.parametrize(("key", "published", "tolerance"), PUBLISHED)
def test_stretch_is_near_the_published_length(key: str, published: float, tolerance: float) -> None:
    measured = layer("borders")[key][0]["length_km"]
    assert measured == pytest.approx(published, rel=tolerance)


def test_dak_nong_tells_of_the_130_km_that_its_documents_state() -> None:
    props, _ = layer("borders")["vn-kh.dak-nong.mondulkiri"]
    assert props["length_km"] < 130
    assert "130 km" in props["note"]


def test_a_stretch_of_2025_keeps_the_line_of_the_old_ones() -> None:
    borders = layer("borders")
    new, old = (borders[f"vn-kh.{p}.mondulkiri"] for p in ("lam-dong.2025", "dak-nong"))
    assert new[1].equals(old[1])
    assert (new[0]["province_origin_id"], new[0]["valid_from"]) == ("vn.dak-nong", REFORM)
    both = borders["vn-la.quang-tri.2025.savannakhet"][0]
    assert both["length_km"] == pytest.approx(
        sum(borders[f"vn-la.{p}.savannakhet"][0]["length_km"] for p in ("quang-binh", "quang-tri"))
    )


def test_63_provinces_until_2025_and_34_from_then() -> None:
    assert len(vietnamese(provinces_before())) == 63
    assert len(vietnamese(provinces_after())) == 34
    both = vietnamese(provinces_before()).keys() & vietnamese(provinces_after()).keys()
    assert len(both) == 11


def test_predecessors_and_successors_answer_each_other() -> None:
    rows = {key: props for key, (props, _) in layer("admin_units").items()}
    for key, props in rows.items():
        assert all(key in rows[after]["predecessors"] for after in props["successors"]), key
        assert all(key in rows[before]["successors"] for before in props["predecessors"]), key
    assert rows["vn.dak-nong"]["successors"] == ["vn.lam-dong.2025"]
    assert rows["vn.lam-dong.2025"]["predecessors"] == [
        "vn.binh-thuan",
        "vn.dak-nong",
        "vn.lam-dong",
    ]


def test_old_rows_end_when_new_ones_begin() -> None:
    for props, _ in vietnamese(provinces_before()).values():
        assert (props["valid_to"] == REFORM) == bool(props["successors"])
    for props, _ in vietnamese(provinces_after()).values():
        assert (props["valid_from"] == REFORM) == bool(props["predecessors"])


@pytest.mark.parametrize("era", [provinces_before, provinces_after])
def test_neighbours_share_their_edges_exactly(era: Callable[[], Found]) -> None:
    shapes = [shape for _, shape in era().values()]
    assert shapely.coverage_is_valid(shapes)
    assert all(shapely.is_valid(shapes))


def test_countries_and_their_provinces_share_their_edges() -> None:
    nations = units(lambda p: p["level"] == "country")
    assert shapely.coverage_is_valid([shape for _, shape in nations.values()])
    for era in (provinces_before(), provinces_after()):
        parts = [shape for _, shape in vietnamese(era).values()]
        assert shapely.coverage_union_all(parts).normalize().equals(nations["vn"][1].normalize())


def test_all_names_are_there_and_no_icelandic_letter() -> None:
    scripts = {"LA": "ກ", "KH": "ក", "TH": "ก", "CN": "一", "MM": "က", "VN": "A"}
    for key, (props, _) in layer("admin_units").items():
        names = (props["name_vi"], props["name_en"], props["name_local"])
        assert all(names), key
        assert "Ð" not in "".join(names)
        assert max(names[2]) >= scripts[props["country"]], key  # written in its own script


def test_codes_are_unique_in_an_era() -> None:
    for era in (provinces_before(), provinces_after()):
        codes = [props["iso_code"] for props, _ in era.values() if props["iso_code"]]
        assert len(codes) == len(set(codes))
    codes_by_name = {p["name_en"]: p["iso_code"] for p, _ in provinces_before().values()}
    assert codes_by_name["Savannakhet"] == "LA-SV"
    assert codes_by_name["Vientiane Capital"] == "LA-VT"
    assert codes_by_name["Dong Nai"] == "VN-39"


def test_faces_answer_each_other_and_follow_the_borders() -> None:
    rows = {key: props for key, (props, _) in layer("admin_units").items()}
    for key, props in rows.items():
        assert all(key in rows[other]["faces"] for other in props["faces"]), key
    assert rows["kh.mondulkiri"]["faces"] == [
        "vn.binh-phuoc",
        "vn.dak-lak",
        "vn.dak-lak.2025",
        "vn.dak-nong",
        "vn.dong-nai.2025",
        "vn.lam-dong.2025",
    ]
    assert {"th.mukdahan", "vn.quang-tri"} <= set(rows["la.savannakhet"]["faces"])


def test_no_country_holds_the_islands() -> None:
    for name in ("Hoàng Sa", "Trường Sa"):
        (shape,) = [s for p, s in layer("islands").values() if name in p["name_vi"]]
        zone = shapely.box(*shape.bounds).buffer(0.2)
        assert not any(zone.intersects(s) for _, s in layer("admin_units").values())


def test_islands_carry_province_viewpoint_and_label() -> None:
    found = {p["name_vi"]: p for p, _ in layer("islands").values()}
    hoang_sa, truong_sa = found["Quần đảo Hoàng Sa"], found["Quần đảo Trường Sa"]
    assert (hoang_sa["province"], truong_sa["province"]) == ("Đà Nẵng", "Khánh Hòa")
    assert {hoang_sa["viewpoint"], truong_sa["viewpoint"]} == {"vn"}
    assert (hoang_sa["label_lon"], hoang_sa["label_lat"]) == (112.3, 16.5)
    assert (truong_sa["label_lon"], truong_sa["label_lat"]) == (114.3, 10.0)


def test_the_data_reach_from_myanmar_to_the_eastern_islands() -> None:
    shapes = [shape for name in ("admin_units", "islands") for _, shape in layer(name).values()]
    west, south, east, north = shapely.total_bounds(shapes)
    assert (west, north) == (92, 28)
    assert 115.8 < east < 118
    assert south < 8.5

"""A planner counts the projects along a corridor and takes them along as a file."""

import re
from pathlib import Path
from typing import Any

import geopandas
from playwright.sync_api import Locator, Page, expect

from tests.web.kit import api, both_sizes, follow, raise_sheet

EWEC = "Hành lang kinh tế Đông – Tây"


def open_corridors(page: Page) -> Locator:
    """From the map to the corridors, with EWEC chosen. Returns the panel."""
    page.goto("/")
    follow(page, "Hành lang")
    expect(page).to_have_url(re.compile("/corridors"))
    raise_sheet(page)
    panel = page.get_by_role("region", name="Hành lang kinh tế")
    panel.get_by_label("Hành lang").select_option(label=EWEC)
    return panel


def set_reach(page: Page, panel: Locator, km: int) -> dict[str, Any]:
    """Move the slider; wait for the panel's count, which is the server's. Returns its answer."""
    panel.get_by_role("slider").fill(str(km))
    answer: dict[str, Any] = api(page, "corridors/ewec/projects", within_km=str(km))
    expect(panel.get_by_test_id("corridor-count")).to_have_text(str(answer["total"]))
    expect(panel).to_contain_text(f"dự án trong phạm vi {km} km")
    return answer


def download(page: Page, button: Locator, folder: Path) -> geopandas.GeoDataFrame:
    """Save what a button gives, and read it as a GIS does."""
    with page.expect_download() as waiting:
        button.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.suffix == ".geojson"
    return geopandas.read_file(path, engine="pyogrio")


def expect_same(file: geopandas.GeoDataFrame, found: list[dict[str, Any]]) -> None:
    """The file holds the server's features: ids, places and distances, in WGS 84."""
    by_id = {feature["id"]: feature for feature in found}
    assert sorted(file["id"]) == sorted(by_id)
    assert file.crs.to_epsg() == 4326
    for row in file.itertuples():
        assert [row.geometry.x, row.geometry.y] == by_id[row.id]["geometry"]["coordinates"]
        assert row.distance_km == by_id[row.id]["properties"]["distance_km"]


@both_sizes
def test_count_list_and_file_follow_the_reach(page: Page, tmp_path: Path) -> None:
    panel = open_corridors(page)
    totals = []
    for km in (20, 100):
        answer = set_reach(page, panel, km)
        totals.append(answer["total"])
        expect(panel).to_contain_text(f"{answer['unlocated']} dự án chưa rõ địa điểm")
        listed = answer["total"] + answer["possible"]
        expect(panel.get_by_role("listitem")).to_have_count(listed)
        button = panel.get_by_role("button", name=f"Tải GeoJSON ({listed})")
        expect_same(download(page, button, tmp_path), answer["features"])
    assert totals[1] > totals[0] > 0
    page.reload()
    expect(panel.get_by_test_id("corridor-count")).to_have_text(str(totals[1]))
    expect(panel.get_by_role("slider")).to_have_value("100")


@both_sizes
def test_what_is_only_possibly_near_is_listed_but_not_counted(page: Page) -> None:
    page.goto("/corridors?corridor=ewec&km=100")
    panel = page.get_by_role("region", name="Hành lang kinh tế")
    answer = set_reach(page, panel, 100)
    assert answer["possible"] > 0
    maybe = panel.get_by_role("listitem").filter(has_text="có thể")
    expect(maybe).to_have_count(answer["possible"])
    summary = panel.get_by_role("paragraph").filter(has=page.get_by_test_id("corridor-count"))
    expect(summary).to_contain_text(re.compile(rf"\b{answer['possible']}\b.*có thể"))
    rows = panel.get_by_role("table").get_by_role("row").filter(has=page.get_by_role("cell"))
    kinds = [int(row.get_by_role("cell").first.inner_text()) for row in rows.all()]
    assert sum(kinds) == answer["total"]


@both_sizes
def test_a_project_of_the_corridor_opens(page: Page) -> None:
    panel = open_corridors(page)
    set_reach(page, panel, 20)
    panel.get_by_role("button", name="Cầu Hữu nghị Thái – Lào số 2").click()
    drawer = page.get_by_role("region", name="Thông tin chi tiết")
    expect(drawer.get_by_role("heading", name="Cầu Hữu nghị Thái – Lào số 2")).to_be_visible()
    expect(drawer).to_contain_text("ODA")
    drawer.get_by_role("link", name="Mở trang riêng").click()
    expect(page.get_by_role("heading", name="Cầu Hữu nghị Thái – Lào số 2")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(panel.get_by_test_id("corridor-count")).to_be_visible()


@both_sizes
def test_only_oda_projects_leave_as_a_file(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    raise_sheet(page)
    page.get_by_role("region", name="Chú giải").get_by_role("button", name="ODA").click()
    export = page.get_by_role("region", name="Xuất dữ liệu đang xem")
    export.get_by_label("Lớp").select_option(label="Dự án")
    counts = api(page, "collections/projects/counts", by="finance_kind")["counts"]
    oda = next(row["count"] for row in counts if row["finance_kind"] == "oda")
    file = download(page, export.get_by_role("link", name=f"Tải GeoJSON ({oda})"), tmp_path)
    assert len(file) == oda
    assert set(file["finance_kind"]) == {"oda"}

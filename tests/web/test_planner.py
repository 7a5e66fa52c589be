"""A planner counts the projects along a corridor and takes them along as a file."""

import re
from pathlib import Path

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


def set_reach(page: Page, panel: Locator, km: int) -> dict[str, int]:
    """Move the slider; wait for the panel's count. Returns what the server says: id and counts."""
    panel.get_by_role("slider").fill(str(km))
    answer = api(page, "corridors/ewec/projects", within_km=str(km))
    expect(panel.get_by_test_id("corridor-count")).to_have_text(str(answer["total"]))
    expect(panel).to_contain_text(f"dự án trong phạm vi {km} km")
    return {name: answer[name] for name in ("total", "possible", "unlocated")}


def download(page: Page, button: Locator, folder: Path) -> geopandas.GeoDataFrame:
    """Save what a button gives, and read it as a GIS does."""
    with page.expect_download() as waiting:
        button.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.suffix == ".geojson"
    return geopandas.read_file(path, engine="pyogrio")


@both_sizes
def test_the_count_follows_the_reach(page: Page) -> None:
    panel = open_corridors(page)
    near = set_reach(page, panel, 20)
    expect(panel).to_contain_text(f"{near['unlocated']} dự án chưa rõ địa điểm")
    far = set_reach(page, panel, 100)
    assert far["total"] > near["total"] > 0
    table = panel.get_by_role("table").get_by_role("row").filter(has=page.get_by_role("cell"))
    kinds = [int(row.get_by_role("cell").first.inner_text()) for row in table.all()]
    assert sum(kinds) == far["total"]
    page.reload()
    expect(panel.get_by_test_id("corridor-count")).to_have_text(str(far["total"]))
    expect(panel.get_by_role("slider")).to_have_value("100")


@both_sizes
def test_the_file_holds_the_projects_of_the_panel(page: Page, tmp_path: Path) -> None:
    panel = open_corridors(page)
    for km in (20, 100):
        counts = set_reach(page, panel, km)
        listed = counts["total"] + counts["possible"]
        button = panel.get_by_role("button", name=f"Tải GeoJSON ({listed})")
        file = download(page, button, tmp_path)
        found = api(page, "corridors/ewec/projects", within_km=str(km))["features"]
        by_id = {feature["id"]: feature for feature in found}
        assert set(file["id"]) == set(by_id)
        assert len(file) == listed
        assert file.crs.to_epsg() == 4326
        for row in file.itertuples():
            assert [row.geometry.x, row.geometry.y] == by_id[row.id]["geometry"]["coordinates"]
            assert row.distance_km == by_id[row.id]["properties"]["distance_km"]


@both_sizes
def test_projects_that_are_only_possibly_near_are_said_to_be(page: Page) -> None:
    panel = open_corridors(page)
    counts = set_reach(page, panel, 100)
    assert counts["possible"] > 0
    expect(panel.get_by_role("listitem").filter(has_text="có thể")).to_have_count(
        counts["possible"]
    )
    summary = panel.get_by_role("paragraph").filter(has=page.get_by_test_id("corridor-count"))
    expect(summary).to_contain_text(re.compile(rf"\b{counts['possible']}\b.*có thể"))


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

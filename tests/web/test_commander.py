"""A commander finds his province, reads what stands there and when, and opens a marker."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from rasterio.io import MemoryFile

from tests.web.kit import (
    Watch,
    api,
    both_in_motion,
    box_of,
    follow,
    is_wide,
    option,
    raise_sheet,
    settled,
)

MARKER = "vn-kh.48.0.1"
REPORTED = {  # the provincial department's document of 22/12/2014
    "positions_located": "248 / 314",
    "markers_located": "300 / 371",
    "positions_built": "233 / 314",
    "markers_built": "282 / 371",
    "km_demarcated": "866 / 1.137",
}
DOCUMENT = "Sở Ngoại vụ Đắk Nông, 22/12/2014"
RING = ".leaflet-top-pane .sign-icon svg"  # around the chosen sign
NAMES = ".leaflet-names-pane .leaflet-marker-icon, .islands-inset text"
ISAN = "103.5,15.2"  # degrees, inland
GULF_OF_TONKIN = "107.6,19.3"


def find_province(page: Page, asked: str) -> None:
    """Type into the search box and take the province."""
    page.get_by_role("combobox", name="Tìm kiếm").fill(asked)
    option(page, "Kết quả tìm kiếm", "Đơn vị hành chính").click()


def expect_counts(page: Page, positions: str, markers: str) -> None:
    """Two counts, each with its own noun; neither a fraction nor a share of the other."""
    expect(page.get_by_test_id("count-positions")).to_have_text(positions)
    expect(page.get_by_test_id("count-markers")).to_have_text(markers)
    line = page.get_by_role("paragraph").filter(has=page.get_by_test_id("count-positions"))
    expect(line).to_contain_text(re.compile(rf"{positions}\s+vị trí.*{markers}\s+cột mốc"))
    expect(line).not_to_contain_text(re.compile(r"%|\d\s*/\s*\d"))


def stage_row(page: Page, stage: str) -> Locator:
    """The legend's row of a stage; its text is the stage and how many there are."""
    legend = page.get_by_role("region", name="Chú giải")
    return legend.get_by_role("button").filter(has_text=re.compile(stage, re.IGNORECASE))


def rows(page: Page) -> Locator:
    """The markers in the list."""
    return page.get_by_role("region", name="Danh sách").get_by_role("button", name="Mốc")


def drawer(page: Page) -> Locator:
    return page.get_by_role("region", name="Thông tin chi tiết")


def map_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Bản đồ biên giới")


def is_land(page: Page) -> bool:
    """Whether the ground around the middle of the map is warm as land is, not blue as the sea."""
    box = box_of(map_of(page))
    x, y = box["x"] + box["width"] / 2 - 40, box["y"] + box["height"] / 2 - 40
    picture = page.screenshot(clip={"x": x, "y": y, "width": 80, "height": 80})
    with MemoryFile(picture) as file, file.open() as pixels:
        red, _, blue = (pixels.read(band).astype(int).mean() for band in (1, 2, 3))
    return bool(red > blue)


def open_list(page: Page, query: str = "") -> None:
    page.goto(f"/?province=Đắk Nông&panel=list{query}")
    raise_sheet(page)
    expect(rows(page)).to_have_count(16)


@both_in_motion
def test_the_province_is_found_in_any_spelling(page: Page) -> None:
    page.goto("/")
    for asked in ("Đắk Nông", "ĐĂK NÔNG", "dak nong"):
        page.get_by_role("combobox", name="Tìm kiếm").fill(asked)
        expect(option(page, "Kết quả tìm kiếm", "Đơn vị hành chính")).to_contain_text("Đắk Nông")
    find_province(page, "dak nong")
    expect_counts(page, "8", "16")
    expect(page).to_have_url(re.compile("province="))


@both_in_motion
def test_the_legend_counts_stages_of_the_chosen_day_and_filters_by_them(page: Page) -> None:
    page.goto("/?province=dak nong")
    expect_counts(page, "8", "16")
    raise_sheet(page)
    expect(stage_row(page, "đã bàn giao")).to_contain_text("16")
    expect(stage_row(page, "đã xây dựng")).to_have_count(0)
    page.get_by_label("Tính đến ngày").fill("2014-06-30")
    expect(stage_row(page, "đã xây dựng")).to_contain_text("16")
    expect(stage_row(page, "đã bàn giao")).to_have_count(0)
    expect_counts(page, "8", "16")
    expect(page.get_by_text("Tình hình ngày 30/06/2014")).to_be_attached()
    page.get_by_role("button", name="Hôm nay").click()
    expect(page).not_to_have_url(re.compile("date="))
    page.get_by_role("button", name="Bỏ lọc theo tỉnh").click()
    row = stage_row(page, "đã đo đạc")
    expect(row).to_be_visible()
    row.click()
    expect(row).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("count-markers")).to_have_text(row.locator(".num").inner_text())


@both_in_motion
def test_the_list_names_the_province_of_the_day(page: Page) -> None:
    open_list(page, "&date=2014-06-30")
    expect(rows(page).first).to_have_text(re.compile(r"Mốc 48\(1\).*đã xây dựng.*Đắk Nông"))
    expect(rows(page).last).to_contain_text("Mốc 55(2)")
    open_list(page)
    expect(rows(page).first).to_have_text(re.compile(r"Mốc 48\(1\).*đã bàn giao.*Lâm Đồng"))


@both_in_motion
def test_a_marker_opens_from_the_list_and_has_a_page(page: Page) -> None:
    open_list(page)
    rows(page).first.click()
    expect(drawer(page).get_by_role("heading", name="Mốc 48(1)")).to_be_visible()
    expect(drawer(page).get_by_text("vị trí minh họa").first).to_be_visible()
    expect(drawer(page)).to_contain_text(f"Nguồn{DOCUMENT}")
    expect(drawer(page)).to_contain_text("Độ tin cậy: cao")
    beside = page.url
    drawer(page).get_by_role("link", name="Mở trang riêng").click()
    expect(page).to_have_url(re.compile(rf"/markers/{re.escape(MARKER)}(\?|$)"))
    expect(settled(page).get_by_role("heading", name="48(1)", level=1)).to_be_visible()
    main = page.get_by_role("main")
    expect(main.get_by_text("Vị trí minh họa.")).to_be_visible()
    expect(main).to_contain_text("WGS 84")
    story = main.locator("section").filter(has=page.get_by_role("heading", name="Diễn biến"))
    expect(story.get_by_role("listitem").filter(has_text="bàn giao")).to_contain_text("2014")
    page.go_back()
    expect(page).to_have_url(beside)
    expect(drawer(page).get_by_role("heading", name="Mốc 48(1)")).to_be_visible()
    page.go_back()
    expect(drawer(page)).to_have_count(0)
    expect(rows(page)).to_have_count(16)


@both_in_motion
def test_a_marker_opens_from_the_map(page: Page) -> None:
    page.goto("/")
    marker = api(page, f"collections/markers/items/{MARKER}")
    lon, lat = marker["geometry"]["coordinates"]
    page.goto(f"/?at={lon},{lat},12")
    expect(page.get_by_test_id("count-markers")).to_be_visible()
    settled(page)
    box = box_of(map_of(page))
    page.wait_for_load_state("networkidle")
    left_twin = box["x"] + box["width"] / 2 - 13, box["y"] + box["height"] / 2
    page.mouse.click(*left_twin) if is_wide(page) else page.touchscreen.tap(*left_twin)
    expect(drawer(page).get_by_role("heading", name="Mốc 48(1)")).to_be_visible()


@both_in_motion
def test_an_address_brings_its_marker_into_view(page: Page) -> None:
    page.goto(f"/?sel=markers/{MARKER}")
    expect(drawer(page).get_by_role("heading", name="Mốc 48(1)")).to_be_visible()
    settled(page)
    expect(page.locator(RING)).to_have_count(1)
    page.wait_for_load_state("networkidle")
    sign, map_box = box_of(page.locator(RING)), box_of(map_of(page))
    bottom = map_box["y"] + map_box["height"]
    if not is_wide(page):
        bottom = min(bottom, box_of(page.get_by_role("region", name="Bảng thông tin"))["y"])
    assert map_box["x"] < sign["x"] < map_box["x"] + map_box["width"]
    assert map_box["y"] < sign["y"] < bottom


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@both_in_motion
def test_the_first_screen_shows_land_sea_and_both_archipelagos(page: Page) -> None:
    page.goto("/")
    settled(page)
    for group in ("Hoàng Sa", "Trường Sa"):
        expect(page.locator(NAMES).filter(has_text=group)).to_be_visible()
    page.goto(f"/?at={ISAN},7")
    settled(page)
    page.wait_for_load_state("networkidle")
    assert is_land(page)
    page.goto(f"/?at={GULF_OF_TONKIN},7")
    settled(page)
    page.wait_for_load_state("networkidle")
    assert not is_land(page)


@both_in_motion
def test_the_progress_screen_gives_the_reported_figures_with_their_source(page: Page) -> None:
    page.goto("/?date=2014-06-30")
    follow(page, "Tiến độ")
    raise_sheet(page)
    panel = page.get_by_role("region", name="Tiến độ phân giới cắm mốc")
    for measure, figure in REPORTED.items():
        block = panel.locator(f"[data-measure={measure}]")
        expect(block).to_contain_text(figure)
        expect(block).to_contain_text("30/06/2014")
        block.get_by_text(re.compile(r"Nguồn$")).click()
        expect(block.get_by_text(DOCUMENT)).to_be_visible()
    expect(panel.locator("[data-measure=km_demarcated]")).to_contain_text("khoảng")
    expect(panel).not_to_contain_text("%")


@both_in_motion
def test_the_progress_of_a_province_keeps_plans_apart(page: Page) -> None:
    page.goto("/progress?date=2014-06-30&province=Đăk Nông")
    raise_sheet(page)
    expect_counts(page, "8", "16")
    panel = page.get_by_role("region", name="Tiến độ phân giới cắm mốc")
    built = panel.locator("[data-measure=markers_built]").first
    expect(built.locator(".figure")).to_have_text(re.compile(r"^16$"))
    expect(built).to_contain_text("khớp với báo cáo")
    expect(panel.get_by_text("24", exact=True)).to_be_hidden()
    panel.get_by_text("Số kế hoạch").click()
    expect(panel.get_by_text("24", exact=True)).to_be_visible()


@both_in_motion
def test_the_address_alone_restores_the_screen(page: Page) -> None:
    open_list(page, "&date=2014-06-30&stage=built")
    rows(page).nth(2).click()
    heading = drawer(page).get_by_role("heading", name="Mốc 49(1)")
    expect(heading).to_be_visible()
    page.reload()
    expect(heading).to_be_visible()
    expect(drawer(page)).to_contain_text("Đã xây dựng", ignore_case=True)
    expect(page.get_by_text("Tình hình ngày 30/06/2014")).to_be_attached()
    drawer(page).get_by_role("button", name="Đóng").click()
    expect(rows(page)).to_have_count(16)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_language_stays_when_the_page_is_loaded_again(page: Page, lang: str) -> None:
    page.goto(f"/?lang={lang}")
    settled(page)
    page.goto("/progress")
    expect(page.locator("html")).to_have_attribute("lang", lang)


def test_keys_alone_lead_to_a_marker_and_back(page: Page) -> None:
    page.goto("/?province=Đắk Nông")
    settled(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Bỏ qua bản đồ, tới danh sách")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Danh sách")).to_be_focused()
    expect(rows(page)).to_have_count(16)
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    second = rows(page).nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(drawer(page).get_by_role("heading", name="Mốc 48(2)")).to_be_visible()
    expect(drawer(page).get_by_role("button", name="Đóng")).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer(page)).to_have_count(0)
    expect(second).to_be_focused()


def test_slash_searches_and_arrows_choose(page: Page) -> None:
    page.goto("/?sel=gates/g-la-13")
    expect(drawer(page)).to_contain_text("Lao Bảo")
    page.keyboard.press("/")
    search = page.get_by_role("combobox", name="Tìm kiếm")
    expect(search).to_be_focused()
    page.keyboard.type("48(2)")
    suggestions = page.get_by_role("listbox", name="Kết quả tìm kiếm").get_by_role("option")
    expect(suggestions.first).to_contain_text("48(2)")
    page.keyboard.press("Escape")
    expect(suggestions).to_have_count(0)
    expect(drawer(page)).to_contain_text("Lao Bảo")
    page.keyboard.press("Backspace")
    page.keyboard.type(")")
    expect(suggestions.first).to_contain_text("48(2)")
    page.keyboard.press("Enter")
    expect(drawer(page).get_by_role("heading", name="48(2)")).to_be_visible()


@both_in_motion
def test_a_wrong_address_is_told_in_the_app(page: Page, watch: Watch) -> None:
    watch.allow("404")
    answer = page.goto("/moc-gioi/48")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Không có trang này", level=1)).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_visible()
    page.get_by_role("link", name="Về bản đồ").click()
    expect(map_of(page)).to_be_visible()

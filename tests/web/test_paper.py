"""The map on paper: what a sheet needs, and nothing that a finger presses."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.kit import SIZES, settled

DAK_NONG = "/?province=%C4%90%E1%BA%AFk%20N%C3%B4ng&date=2014-06-30"
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_the_printed_map_has_title_legend_source_and_no_fields(page: Page) -> None:
    page.goto(DAK_NONG)
    settled(page)
    expect(page.get_by_test_id("legend").get_by_text("Đã xây dựng")).to_have_count(1)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Bản đồ biên giới")).to_be_visible()
    expect(page.get_by_text("Tính đến ngày 30/06/2014 · Tỉnh: Đắk Nông")).to_be_visible()
    expect(page.get_by_test_id("legend").get_by_text("Đã xây dựng")).to_be_visible()
    expect(page.get_by_text(re.compile("Nguồn bản đồ: .*OpenStreetMap"))).to_be_visible()
    expect(page.get_by_role("img", name="Mã QR tới trang này")).to_be_visible()
    for role in ("textbox", "combobox", "searchbox", "checkbox", "slider", "link", "navigation"):
        expect(page.get_by_role(role), role).to_have_count(0)
    for words in ("Danh sách", "Hôm nay", "Campuchia", "Xuất dữ liệu đang xem"):
        expect(page.get_by_role("button", name=words), words).to_have_count(0)


@pytest.mark.parametrize("page", SIZES, indirect=True)
@pytest.mark.parametrize("path", ["/", DAK_NONG])
def test_the_map_and_its_legend_fill_one_sheet(page: Page, path: str) -> None:
    page.goto(path)
    settled(page)
    assert len(PAGE.findall(page.pdf(prefer_css_page_size=True))) == 1


def test_the_progress_on_paper_says_its_sources(page: Page) -> None:
    page.goto("/progress")
    settled(page)
    source = page.locator(".measure details p").first
    expect(source).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Tiến độ phân giới cắm mốc")).to_be_visible()
    expect(source).to_be_visible()

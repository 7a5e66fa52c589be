"""The API's own pages in a browser: nothing grave for axe, nothing foreign, nothing cut off."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.kit import PHONE
from tests.web.screens import grave_violations

MARKERS = "/api/collections/markers"
PAGES = (
    "/api",
    f"{MARKERS}?lang=en",
    f"{MARKERS}/items?province=Dak%20Nong",
    f"{MARKERS}/items/vn-kh.48.0.1?lang=en",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave(page: Page, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(path)
    assert grave_violations(page) == []


@pytest.mark.parametrize("page", [PHONE], indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_the_page_without_scrolling_sideways(page: Page, path: str) -> None:
    page.goto(path)
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0


def test_keys_lead_through_a_page(page: Page) -> None:
    page.goto(f"{MARKERS}/items?province=Dak%20Nong")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#content$"))
    page.get_by_role("link", name="48(1)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cột mốc 48(1)")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Border markers 48(1)")
    expect(page.get_by_role("img", name="Small map: Border markers")).to_be_visible()


def test_the_filter_of_the_form_finds(page: Page) -> None:
    page.goto(f"{MARKERS}/items?lang=en")
    page.get_by_label("Province").fill("dak nong")
    page.get_by_label("CQL2 condition").fill("main > 53")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("4 of 4 features")).to_be_visible()
    expect(page.locator("svg.map use[x]")).to_have_count(4)

"""A register of thousands: what is loaded stays small, and map, list and counts say the same."""

import re
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.once import EXERCISE_MARKERS
from tests.web.kit import Watch, api, box_of, settled

MOST = 2000  # features in one answer
PAGE = 100  # markers in a page of the list
NORTH = "105,22.5"  # degrees, where the exercise has many markers


class Loaded:
    """Notes how many features each answer brought."""

    def __init__(self, page: Page) -> None:
        self._finished: list[Request] = []
        page.on("requestfinished", lambda one: self._finished.append(one))  # noqa: PLW0108

    @cached_property
    def answers(self) -> list[tuple[str, int]]:
        found = [one.response() for one in self._finished if "/items?" in one.url]
        return [(one.url, one.json()["numberReturned"]) for one in found if one]

    def of(self, layer: str) -> list[int]:
        return [number for url, number in self.answers if f"/{layer}/items" in url]

    def limits(self) -> set[int]:
        asked = [parse_qs(urlsplit(url).query).get("limit") for url, _ in self.answers]
        assert None not in asked, "an answer without a limit"
        return {int(limit[0]) for limit in asked if limit}


def drawn(page: Page) -> Locator:
    return page.locator(".map-canvas")


def expect_all_to_say(page: Page, number: int) -> None:
    """The map, the list and the heading count the same markers."""
    text = f"{number:,}".replace(",", ".")
    expect(page.get_by_test_id("count-markers")).to_have_text(text)
    expect(page.get_by_test_id("list-count")).to_have_attribute("data-markers", str(number))
    expect(drawn(page)).to_have_attribute("data-markers", str(number))


def counted(page: Page, **asked: str) -> Any:
    return api(page, "collections/markers/counts", by="stage,condition", **asked)


def test_no_answer_is_large_and_all_counts_agree(exercise_page: Page) -> None:
    page = exercise_page
    loaded = Loaded(page)
    page.goto("/?panel=list")
    settled(page)
    page.wait_for_load_state("networkidle")
    expect_all_to_say(page, EXERCISE_MARKERS)
    assert counted(page)["total"] == EXERCISE_MARKERS
    assert max(loaded.limits()) <= MOST
    assert max(number for _, number in loaded.answers) <= MOST
    assert sum(loaded.of("markers")) <= 2 * PAGE


def test_signs_and_numbers_on_the_map_add_up(exercise_page: Page) -> None:
    page = exercise_page
    page.goto("/")
    settled(page)
    page.wait_for_load_state("networkidle")
    expect(drawn(page)).to_have_attribute("data-markers", str(EXERCISE_MARKERS))
    numbers = page.locator(".cluster-number").all_inner_texts()
    alone = page.locator(".leaflet-signs-pane .sign-icon svg").count()
    in_clusters = sum(int(text.replace(".", "")) for text in numbers)
    assert 0 <= EXERCISE_MARKERS - in_clusters <= 3 * alone  # twins and triples share a sign


@pytest.mark.parametrize(
    ("chosen", "parameters"),
    [
        ("stage=built", {"stage": "built"}),
        ("stage=built,located&condition=damaged", {"filter": "condition = 'damaged' AND "
                                                   "(stage = 'built' OR stage = 'located')"}),
        ("border=VN-LA", {"border": "VN-LA"}),
        ("date=2014-06-30&stage=accepted", {"datetime": "2014-06-30", "stage": "accepted"}),
        ("text=dt 12", {"filter": "number LIKE '%DT 12%'"}),
        ("text=12%25", {"filter": "number LIKE '%12\\%%'"}),
    ],
)  # fmt: skip
def test_filters_leave_the_same_on_map_list_and_counts(
    exercise_page: Page, chosen: str, parameters: dict[str, str]
) -> None:
    page = exercise_page
    page.goto(f"/?panel=list&{chosen}")
    settled(page)
    expect_all_to_say(page, counted(page, **parameters)["total"])


def test_the_list_brings_the_next_page_when_it_is_scrolled(exercise_page: Page) -> None:
    page = exercise_page
    page.goto(f"/?panel=list&at={NORTH},6")
    rows = page.get_by_role("region", name="Danh sách").get_by_role("button", name="Mốc")
    expect(rows).to_have_count(PAGE)
    last = page.get_by_role("button", name=re.compile(r"^Thêm [\d.]+ đối tượng"))
    last.scroll_into_view_if_needed()
    expect(rows).to_have_count(2 * PAGE)
    titles = rows.locator(".list-title").all_inner_texts()
    assert len(set(titles)) == 2 * PAGE


def test_a_number_opens_into_what_it_stands_for(exercise_page: Page) -> None:
    page = exercise_page
    page.goto("/")
    settled(page)
    page.wait_for_load_state("networkidle")
    first = page.locator(".cluster").first
    box = box_of(first)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page).to_have_url(re.compile(r"at="))
    fewer = re.compile(rf"^(?!(0|{EXERCISE_MARKERS})$)\d+$")
    expect(drawn(page)).to_have_attribute("data-markers", fewer)


def test_tiles_that_do_not_come_are_told_and_asked_for_again(page: Page, watch: Watch) -> None:
    watch.allow("503")
    tiles = re.compile(r"/collections/markers/tiles/")
    page.route(tiles, lambda route: route.fulfill(status=503, json={"detail": "busy"}))
    page.goto("/")
    failed = page.get_by_role("alert").filter(has_text="Cột mốc")
    expect(failed).to_be_visible()
    page.unroute(tiles)
    failed.get_by_role("button", name="Thử lại").click()
    expect(failed).to_have_count(0)
    items = api(page, "collections/markers/items", filter="geometry IS NOT NULL", limit="1")
    expect(drawn(page)).to_have_attribute("data-markers", str(items["numberMatched"]))

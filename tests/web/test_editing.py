"""A steward changes the register through its forms; nothing typed is lost on the way."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import once
from tests.server import running
from tests.web.kit import DESKTOP, PHONE, Viewport, Watch, api, both_sizes, watched
from tests.web.screens import grave_violations, overflowing, too_small

MARKER = "vn-kh.48.0.1"


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that lets everybody on this machine write."""
    store = once.embedded(tmp_path_factory)
    with running(store, env={"COTMOC_ALLOW_ANONYMOUS_WRITES": "true"}) as url:
        yield url


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, open_server: str) -> Iterator[Page]:
    size: Viewport = getattr(request, "param", DESKTOP)
    watch = Watch(host=urlsplit(open_server).netloc)
    for refused in ("412", "422", "net::ERR_FAILED"):
        watch.allow(refused)
    with watched(browser, watch, size, base_url=open_server) as page:
        yield page


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#field-{name}")


def save(page: Page) -> None:
    page.get_by_role("button", name="Lưu").click()


def marker(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = api(page, f"collections/markers/items/{MARKER}")
    return found


def patch(page: Page, properties: dict[str, Any]) -> None:
    """Change the marker from elsewhere."""
    parts = urlsplit(page.url)
    request = urllib.request.Request(
        f"{parts.scheme}://{parts.netloc}/api/collections/markers/items/{MARKER}",
        data=json.dumps({"properties": properties}).encode(),
        headers={"content-type": "application/merge-patch+json", "if-match": "*"},
        method="PATCH",
    )
    urllib.request.urlopen(request, timeout=30).close()


def open_form(page: Page) -> None:
    page.goto(f"/markers/{MARKER}")
    page.get_by_role("link", name="Sửa").click()
    expect(page.get_by_role("heading", name="Sửa Cột mốc: 48(1)")).to_be_visible()


@both_sizes
def test_a_change_reaches_the_register_and_its_page(page: Page) -> None:
    open_form(page)
    field(page, "locality").fill("xã Thuận Hạnh")
    field(page, "height_m").fill("812,5")
    field(page, "kind").select_option(label="mốc chính")
    field(page, "reason").fill("Biên bản thử 01")
    save(page)
    expect(page).to_have_url(f"/markers/{MARKER}")
    expect(page.get_by_text("xã Thuận Hạnh")).to_be_visible()
    expect(page.get_by_text("812.5 m")).to_be_visible()
    assert marker(page)["properties"]["height_m"] == 812.5


def test_a_place_is_chosen_on_the_map_or_typed(page: Page) -> None:
    open_form(page)
    before = field(page, "geometry").input_value()
    page.get_by_role("region", name="Bản đồ chọn vị trí").click(position={"x": 200, "y": 90})
    expect(field(page, "geometry")).not_to_have_value(before)
    field(page, "geometry").fill("12°20′44,4″B 107°07′24,4″Đ")
    save(page)
    expect(page).to_have_url(f"/markers/{MARKER}")
    assert marker(page)["geometry"]["coordinates"] == pytest.approx([107.123444, 12.345667], 1e-7)


def test_what_cannot_be_read_or_is_refused_is_said_at_its_field(page: Page) -> None:
    open_form(page)
    field(page, "height_m").fill("cao lắm")
    save(page)
    expect(field(page, "height_m")).to_be_focused()
    expect(page.get_by_text("Không đọc được giá trị này.")).to_be_visible()
    field(page, "height_m").fill("")
    field(page, "position_id").fill("khong.co")
    save(page)
    told = page.locator("[data-field=position_id] .form-problem")
    expect(told).to_contain_text("khong.co")
    assert marker(page)["properties"]["position_id"] != "khong.co"


def test_two_who_change_the_same_row_see_each_other(page: Page) -> None:
    open_form(page)
    expect(field(page, "locality")).to_be_visible()
    patch(page, {"locality": "bản khác", "note": "ghi trong lúc đó"})
    field(page, "locality").fill("bản của tôi")
    field(page, "side").fill("VN")
    save(page)
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("đã được người khác sửa")
    row = notice.locator("[data-field=locality]")
    expect(row).to_contain_text("bản khác")
    expect(row).to_contain_text("bản của tôi")
    row.get_by_role("button", name="Lấy giá trị của họ").click()
    expect(field(page, "locality")).to_have_value("bản khác")
    notice.get_by_role("button", name="Tiếp tục trên bản mới").click()
    save(page)
    expect(page).to_have_url(f"/markers/{MARKER}")
    held = marker(page)["properties"]
    assert (held["locality"], held["side"]) == ("bản khác", "VN")
    assert held["note"] == "ghi trong lúc đó"


def test_what_is_typed_outlives_the_page(page: Page) -> None:
    open_form(page)
    field(page, "name_vi").fill("mốc đang nhập dở")
    page.goto("/")
    open_form(page)
    expect(field(page, "name_vi")).to_have_value("mốc đang nhập dở")
    expect(page.get_by_text("đã nhập lần trước mà chưa lưu")).to_be_visible()
    page.get_by_role("button", name="Bỏ phần đang nhập").click()
    expect(field(page, "name_vi")).to_have_value("")
    page.reload()
    expect(field(page, "name_vi")).to_have_value("")


def test_without_the_server_nothing_is_lost(page: Page) -> None:
    open_form(page)
    field(page, "name_vi").fill("gõ lúc mất mạng")
    page.route("**/api/collections/markers/items/**", lambda route: route.abort("failed"))
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Không kết nối được máy chủ")
    page.unroute("**/api/collections/markers/items/**")
    save(page)
    expect(page).to_have_url(f"/markers/{MARKER}")
    assert marker(page)["properties"]["name_vi"] == "gõ lúc mất mạng"


def test_an_event_is_added_from_the_marker_and_moves_its_stage(page: Page) -> None:
    page.goto(f"/markers/{MARKER}")
    page.get_by_role("link", name="Thêm: Sự kiện").click()
    expect(field(page, "marker_id")).to_have_value(MARKER)
    field(page, "event").select_option("handed_over")
    field(page, "date").fill("2026-10-01")
    save(page)
    page.goto(f"/markers/{MARKER}")
    expect(page.locator(".head-sign")).to_contain_text("đã bàn giao")


def test_the_history_tells_a_change_and_undoes_it(page: Page) -> None:
    open_form(page)
    before = field(page, "side").input_value()
    field(page, "side").fill("KH")
    field(page, "reason").fill("nhầm bên")
    save(page)
    page.get_by_role("link", name="Lịch sử").click()
    latest = page.get_by_role("listitem").first
    expect(latest).to_contain_text("nhầm bên")
    expect(latest.locator("[data-field=side]")).to_contain_text("KH")
    latest.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_role("listitem").first).not_to_contain_text("nhầm bên")
    assert (marker(page)["properties"]["side"] or "") == before
    page.goto("/history?layer=markers")
    expect(page.get_by_role("listitem").first).to_contain_text("Cột mốc 48(1)")
    assert grave_violations(page) == []


def test_who_may_not_write_is_offered_nothing(browser: Browser, server: str) -> None:
    watch = Watch(host=urlsplit(server).netloc)
    with watched(browser, watch, DESKTOP, base_url=server) as page:
        page.goto(f"/markers/{MARKER}")
        expect(page.get_by_role("button", name="In", exact=True)).to_be_visible()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("link", name="Sửa")).to_have_count(0)


@pytest.mark.parametrize("page", [DESKTOP, PHONE], indirect=True)
def test_the_form_is_usable_by_everybody(page: Page) -> None:
    open_form(page)
    expect(field(page, "locality")).to_be_visible()
    assert grave_violations(page) == []
    assert overflowing(page) == []
    assert too_small(page) == []

"""The code of a screen comes when it is asked for, or does not; and meanwhile there is another."""

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.server import ROOT, running
from tests.web.kit import DESKTOP, Watch, follow, settled, watched

CONNECT = "**/assets/ConnectScreen-*.js"
FIRST_MAP = 120_000  # bytes of gzip of our own script before the map is there, Leaflet apart


def heading(page: Page) -> None:
    expect(page.get_by_role("heading", name="Kết nối", level=1)).to_be_visible()


def test_a_screen_that_does_not_come_says_so_and_is_tried_again(page: Page, watch: Watch) -> None:
    watch.allow("net::ERR_FAILED")
    page.goto("/")
    settled(page)
    page.route(CONNECT, lambda route: route.abort("failed"))
    follow(page, "Kết nối")
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Không mở được màn hình này")
    page.unroute(CONNECT)
    notice.get_by_role("button", name="Thử lại").click()
    heading(page)
    expect(page).to_have_url(re.compile("/connect$"))


def test_a_start_that_fails_is_tried_again_where_the_page_will_stand(
    page: Page, watch: Watch
) -> None:
    watch.allow("net::ERR_FAILED")
    page.route("**/api/info", lambda route: route.abort("failed"))
    page.goto("/connect")
    notice = page.get_by_role("main").get_by_role("alert")
    expect(notice).to_contain_text("Không kết nối được máy chủ")
    page.unroute("**/api/info")
    notice.get_by_role("button", name="Thử lại").click()
    heading(page)


def test_without_a_server_the_page_stays_and_goes_on_later(page: Page, watch: Watch) -> None:
    watch.allow("net::ERR_INTERNET_DISCONNECTED")
    watch.allow("Failed to fetch")  # tiles of the map that was left
    page.goto("/")
    settled(page)
    page.context.set_offline(True)
    follow(page, "Kết nối")
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Không kết nối được máy chủ")
    notice.get_by_role("button", name="Thử lại").click()
    expect(notice.get_by_role("button", name="Thử lại")).to_be_enabled()
    expect(page.get_by_role("navigation")).to_be_visible()
    page.context.set_offline(False)
    notice.get_by_role("button", name="Thử lại").click()
    heading(page)


def renamed(web: Path) -> None:
    """Put another version in the place of a build: every script has another name."""
    scripts = list((web / "assets").glob("*.js"))
    names = {one.name: f"new-{one.name}" for one in scripts}
    pattern = re.compile("|".join(map(re.escape, names)))
    for file in [*scripts, web / "index.html"]:
        text = pattern.sub(lambda found: names[found[0]], file.read_text(encoding="utf-8"))
        file.unlink()
        (file.parent / names.get(file.name, file.name)).write_text(text, encoding="utf-8")


@pytest.fixture
def web(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "web/dist", tmp_path / "dist"))


@pytest.fixture
def own_page(browser: Browser, store: Path, web: Path) -> Iterator[Page]:
    with running(store, env={"COTMOC_WEB": str(web)}) as home:
        watch = Watch(urlsplit(home).netloc)
        watch.allow("404")
        with watched(browser, watch, DESKTOP, base_url=home) as page:
            yield page


def test_a_new_version_leaves_no_open_page_behind(own_page: Page, web: Path) -> None:
    page = own_page
    page.goto("/?province=Đắk Nông")
    settled(page)
    script = page.locator("script[type=module]")
    before = script.get_attribute("src")
    renamed(web)
    follow(page, "Kết nối")
    heading(page)
    expect(page).to_have_url(re.compile("/connect"))
    assert script.get_attribute("src") != before
    page.go_back()
    expect(page.get_by_test_id("count-markers")).to_be_visible()


def test_the_first_map_needs_little_code(page: Page) -> None:
    scripts: list[Response] = []
    page.on("response", lambda one: scripts.append(one) if one.url.endswith(".js") else None)
    page.goto("/")
    settled(page)
    expect(page.locator(".map-canvas")).to_have_attribute("data-markers", re.compile("^[1-9]"))
    sizes = {Path(one.url).name: len(gzip.compress(one.body())) for one in scripts}
    own = {name: size for name, size in sizes.items() if not name.startswith("leaflet")}
    assert len(own) < len(sizes)
    assert sum(own.values()) < FIRST_MAP, own

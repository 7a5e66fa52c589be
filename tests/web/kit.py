"""What the browser tests share: screen sizes, and a watch that notes everything that went wrong."""

import json
import re
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FloatRect,
    Locator,
    Page,
    Request,
    expect,
)

OWN_SCHEMES = {"data", "blob", "about"}
CANCELLED = "net::ERR_ABORTED"  # the app gave up a request that it no longer needs, or a download
ECHO = "TypeError: Failed to fetch"  # of a request that is noted by itself, or was given up


@dataclass(frozen=True)
class Viewport:
    """A screen in CSS pixels."""

    width: int  # px
    height: int  # px
    touch: bool = False
    locale: str = "vi-VN"
    moves: bool = False  # what fades and slides; drawing it is a sixth of the browser's work


DESKTOP = Viewport(1366, 768)
PHONE = Viewport(390, 844, touch=True)
WIDE = 1024  # px, from here on the desk's layout
SIZES = [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]
SETTLED = 20_000  # ms that an answer may take on a loaded machine

both_sizes = pytest.mark.parametrize("page", SIZES, indirect=True)
both_in_motion = pytest.mark.parametrize(
    "page",
    [
        pytest.param(replace(DESKTOP, moves=True), id="desktop"),
        pytest.param(replace(PHONE, moves=True), id="phone"),
    ],
    indirect=True,
)
expect.set_options(timeout=SETTLED)

I18N = Path(__file__).parents[2] / "web/src/i18n"


@dataclass
class Watch:
    """Notes page errors, console errors, failed requests and requests to another host."""

    host: str  # host:port of the server; empty for a file, which must not ask anybody
    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, text: str) -> None:
        """Expect problems whose description holds this text: the test provokes them."""
        self.allowed.append(text)

    def attach(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        context.on("weberror", lambda error: self._note(f"page error: {error.error}"))
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)

    def check(self) -> None:
        """Raises AssertionError, listing what was noted and not allowed."""
        found = [p for p in self.problems if not any(text in p for text in self.allowed)]
        assert not found, "The page had problems:\n" + "\n".join(found)

    def _note(self, problem: str) -> None:
        self.problems.append(problem)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.text != ECHO:
            self._note(f"console error: {message.text} ({message.location['url']})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        own = parts.netloc == self.host and parts.scheme in {"http", "file"}
        if not own and parts.scheme not in OWN_SCHEMES:
            self._note(f"request to another host: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != CANCELLED:
            self._note(f"failed request: {request.url} ({request.failure})")


@contextmanager
def watched(
    browser: Browser,
    watch: Watch,
    viewport: Viewport,
    *,
    base_url: str | None = None,
    cookies: Sequence[Any] = (),
) -> Iterator[Page]:
    """A page in a profile with these cookies. Leaving it checks the watch; without base_url it is
    offline.
    """
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": viewport.width, "height": viewport.height},
        has_touch=viewport.touch,
        is_mobile=viewport.touch,
        locale=viewport.locale,
        timezone_id="Asia/Ho_Chi_Minh",
        reduced_motion="no-preference" if viewport.moves else "reduce",
        offline=base_url is None,
    )
    context.add_cookies(cookies)
    watch.attach(context)
    try:
        yield context.new_page()
    finally:
        context.close()
    watch.check()


def catalogue(lang: str) -> dict[str, str]:
    """The words of the interface in a language, by key."""
    words: dict[str, str] = json.loads((I18N / f"{lang}.json").read_text(encoding="utf-8"))
    return words


def api(page: Page, path: str, **query: str) -> Any:
    """The answer of the server that serves this page to `/api/{path}`."""
    parts = urlsplit(page.url)
    url = f"{parts.scheme}://{parts.netloc}/api/{path}?{urlencode(query)}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def is_wide(page: Page) -> bool:
    """Whether the page has the desk's layout."""
    assert page.viewport_size
    return page.viewport_size["width"] >= WIDE


def raise_sheet(page: Page) -> None:
    """On a phone, pull the bottom sheet up to its full height; on a desk there is none."""
    if is_wide(page):
        return
    sheet = page.get_by_role("region", name="Bảng thông tin")
    for height, next_one in (("peek", "half"), ("half", "full")):
        if height in (sheet.get_attribute("class") or ""):
            sheet.get_by_role("button", name="Nâng bảng").click()
            expect(sheet).to_have_class(re.compile(next_one))


def follow(page: Page, place: str) -> None:
    """Go to a place of the navigation, through the menu of the phone where it stands there."""
    bar = page.get_by_role("navigation")
    expect(bar).to_be_visible()
    link = bar.get_by_role("link", name=place)
    if not link.count():
        bar.get_by_role("button", name="Thêm").click()
    link.click()


def switch_to_english(page: Page) -> None:
    """Press the language button, wherever this size has it."""
    bar = page.get_by_role("navigation")
    expect(bar).to_be_visible()
    if not is_wide(page):
        bar.get_by_role("button", name="Thêm").click()
    bar.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def settled(page: Page) -> Page:
    """Wait until a screen has its content: a main part, and nothing that is still loading."""
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)
    return page


def option(page: Page, listbox: str, text: str) -> Locator:
    """The first suggestion that holds this text."""
    rows = page.get_by_role("listbox", name=listbox).get_by_role("option")
    return rows.filter(has_text=text).first


def box_of(shown: Locator) -> FloatRect:
    """Where something is on the screen, px; the map draws its signs anew when it has moved."""
    for _ in range(50):
        expect(shown).to_be_visible()
        if box := shown.bounding_box():
            return box
    raise AssertionError("it never stays")

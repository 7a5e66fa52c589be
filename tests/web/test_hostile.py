"""Stored XSS: text that is a script is shown as text on every screen, and nothing of it runs."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import once
from tests.geo.test_evidence import PDF
from tests.server import running
from tests.web.kit import DESKTOP, Watch, follow, settled, watched

# An element, a handler, a way out of an attribute, an address: each would tell by itself.
SCRIPT = "<script>window.pwned = 1</script>"
HANDLER = '"><img src=x onerror="window.pwned = 1">'
HOSTILE = f"đá {SCRIPT}{HANDLER}'><svg/onload=window.pwned=1>javascript:window.pwned=1"
ITEMS = "/api/collections/{layer}/items"
SHOWN = ("", "markers"), ("", "gates"), ("", "projects")
LAYERS = ("markers", "gates", "projects", "agreements", "corridors")
NAME = HANDLER + ".pdf"  # of a file
MARKER, PARTNER = "vn-kh.48.0.1", "LA-SV"


class Clerk:
    """Somebody who may write, and writes what he should not."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, path: str, body: Any = None, media: str = "application/json") -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
        headers = {"content-type": media, "if-match": "*"}
        asked = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def first(self, layer: str) -> str:
        if layer == "markers":
            return MARKER
        found: str = self.ask("GET", f"{ITEMS.format(layer=layer)}?limit=1")["features"][0]["id"]
        return found

    def spoil(self, layer: str) -> int:
        """Write the text into every field of a row that takes a text; how many took it."""
        schema = self.ask("GET", f"/api/collections/{layer}/schema")["properties"]
        path, done = f"{ITEMS.format(layer=layer)}/{quote(self.first(layer))}", 0
        for name, told in schema.items():
            if (
                "string" in str(told.get("type"))
                and not told.get("readOnly")
                and "enum" not in told
            ):
                with suppress(urllib.error.HTTPError):
                    body = {"properties": {name: HOSTILE}}
                    self.ask("PATCH", path, body, "application/merge-patch+json")
                    done += 1
        return done


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose register holds the text wherever a text may be, a file's name too."""
    store = once.embedded(tmp_path_factory)
    with running(store, env={"COTMOC_ALLOW_ANONYMOUS_WRITES": "true"}) as url:
        clerk = Clerk(url)
        assert sum(clerk.spoil(layer) for layer in LAYERS) > 20
        sent = clerk.ask(
            "POST",
            f"/api/evidence?name={quote(NAME)}",
            PDF,
            "application/octet-stream",
        )
        visit = {
            "marker_id": MARKER, "at": "2026-05-03T03:11:12Z", "condition": "intact",
            "findings": HOSTILE, "files": [sent["sha256"]],
        }  # fmt: skip
        feature = {"type": "Feature", "geometry": None, "properties": visit}
        clerk.ask("POST", ITEMS.format(layer="inspections"), feature)
        yield url


@pytest.fixture
def watch(spoilt: str) -> Watch:
    return Watch(host=urlsplit(spoilt).netloc)


@pytest.fixture
def page(browser: Browser, spoilt: str, watch: Watch) -> Iterator[Page]:
    with watched(browser, watch, DESKTOP, base_url=spoilt) as page:
        page.on("dialog", lambda dialog: watch.problems.append(f"a dialog: {dialog.message}"))
        yield page


def nothing_ran(page: Page) -> None:
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.querySelectorAll('img[src=x], svg[onload]').length") == 0


def test_no_screen_of_a_row_runs_it(page: Page, spoilt: str) -> None:
    for form, layer in (*SHOWN, ("/edit", "markers"), ("/history", "markers")):
        page.goto(f"{form}/{layer}/{quote(Clerk(spoilt).first(layer))}")
        settled(page)
        if not form:
            expect(page.get_by_role("main")).to_contain_text("window.pwned")
        nothing_ran(page)


def test_the_name_of_a_file_is_shown_as_text(page: Page) -> None:
    page.goto(f"/markers/{quote(MARKER)}")
    expect(page.get_by_role("link", name=NAME)).to_be_visible()
    nothing_ran(page)


def test_no_screen_of_many_runs_it(page: Page) -> None:
    for path in (f"/partners/{PARTNER}", f"/partners/{PARTNER}/embed", "/corridors", "/history"):
        page.goto(path)
        settled(page)
        nothing_ran(page)


def test_the_map_does_not_run_what_it_finds(page: Page) -> None:
    page.goto(f"/?marker={MARKER}&lang=vi")
    expect(page.get_by_role("main")).to_be_visible()
    box = page.get_by_role("combobox").first
    box.fill("window.pwned")
    nothing_ran(page)
    follow(page, "Tiến độ")
    settled(page)
    nothing_ran(page)


def test_no_page_of_the_api_runs_it(page: Page) -> None:
    for path in (f"/api/collections/markers/items/{MARKER}", ITEMS.format(layer="gates")):
        page.goto(f"{path}?f=html")
        expect(page.get_by_role("main")).to_contain_text("window.pwned")
        nothing_ran(page)


def test_what_comes_from_the_address_is_text_too(page: Page, watch: Watch) -> None:
    watch.allow("40")
    for path in ("/api/{}", "/nothing/{}", "/sign-in?next={}"):
        page.goto(path.format(quote(HOSTILE, safe="")))
        expect(page.locator("body")).to_be_visible()
        nothing_ran(page)


@pytest.mark.parametrize("path", ["/sign-in", "/api"])
def test_were_it_put_into_a_page_the_policy_would_stop_it(
    page: Page, watch: Watch, path: str
) -> None:
    """The second line: markup that got in as markup, and a script from elsewhere."""
    watch.allow("Content Security Policy")
    watch.allow("failed request")
    watch.allow("404")
    page.goto(path)
    expect(page.locator("body")).to_be_visible()
    page.evaluate("""(markup) => {
      document.body.insertAdjacentHTML('beforeend', markup);
      const own = document.createElement('script');
      own.textContent = 'window.pwned = 1';
      document.body.append(own);
      const style = document.createElement('style');
      style.textContent = 'body { --pwned: 1 }';
      document.body.append(style);
    }""", HANDLER)  # fmt: skip
    expect(page.locator("img[src=x]")).to_be_attached()
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--pwned')") == ""
    refused = [one for one in watch.problems if "Content Security Policy" in one]
    assert len(refused) >= 2

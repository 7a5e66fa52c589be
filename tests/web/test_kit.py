"""The watch itself: a page that misbehaves is noticed, one that does not is not."""

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.web.kit import DESKTOP, PHONE, SETTLED, Viewport, Watch, watched

HOST = "app.test"
MISDEEDS = {
    "page error": "throw new Error('broken')",
    "console error": "console.error('broken')",
    "to another host": "fetch('http://elsewhere.test/x')",
    "failed request": "fetch('http://app.test/cut')",
    "404": "fetch('http://app.test/missing')",
}


def serve(page: Page, script: str) -> None:
    """Answer for the host that the watch knows, without any network."""

    def answer(route: Route) -> None:
        if route.request.url.endswith("/cut"):
            route.abort("connectionreset")
        elif route.request.url.endswith("/missing"):
            route.fulfill(status=404)
        else:
            route.fulfill(content_type="text/html", body=f"<p>x</p><script>{script}</script>")

    page.context.route("**/*", answer)
    page.goto(f"http://{HOST}/")


def see(browser: Browser, watch: Watch, misdeed: str) -> None:
    """Open a page that misbehaves and wait until the watch has seen it."""
    with watched(browser, watch, DESKTOP, base_url=f"http://{HOST}") as page:
        serve(page, MISDEEDS[misdeed])
        for _ in range(SETTLED // 50):
            if any(misdeed in problem for problem in watch.problems):
                break
            page.wait_for_timeout(50)


@pytest.mark.parametrize("misdeed", MISDEEDS)
def test_misdeeds_fail_the_test(browser: Browser, misdeed: str) -> None:
    watch = Watch(host=HOST)
    with pytest.raises(AssertionError, match=misdeed):
        see(browser, watch, misdeed)


def test_what_a_test_allows_does_not_fail_it(browser: Browser) -> None:
    watch = Watch(host=HOST)
    watch.allow("404")
    see(browser, watch, "404")
    assert watch.problems


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_good_page_passes_at_its_size(browser: Browser, viewport: Viewport) -> None:
    with watched(browser, Watch(host=HOST), viewport, base_url=f"http://{HOST}") as page:
        serve(page, "document.title = innerWidth + ' ' + navigator.maxTouchPoints")
        page.wait_for_timeout(300)
        size = page.evaluate("[screen.width, screen.height, navigator.maxTouchPoints > 0]")
        assert size == [viewport.width, viewport.height, viewport.touch]

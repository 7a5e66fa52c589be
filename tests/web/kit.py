"""What the browser tests share: screen sizes, and a watch that notes everything that went wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request

OWN_SCHEMES = {"data", "blob", "about"}
CANCELLED = "net::ERR_ABORTED"  # the app gave up a request that it no longer needs, or a download


@dataclass(frozen=True)
class Viewport:
    """A screen in CSS pixels."""

    width: int  # px
    height: int  # px
    touch: bool = False
    locale: str = "vi-VN"


DESKTOP = Viewport(1366, 768)
PHONE = Viewport(390, 844, touch=True)


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
        context.on("console", lambda message: self._console(message.type, message.text))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)

    def check(self) -> None:
        """Raises AssertionError, listing what was noted and not allowed."""
        found = [p for p in self.problems if not any(text in p for text in self.allowed)]
        assert not found, "The page had problems:\n" + "\n".join(found)

    def _note(self, problem: str) -> None:
        self.problems.append(problem)

    def _console(self, kind: str, text: str) -> None:
        if kind == "error":
            self._note(f"console error: {text}")

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
    browser: Browser, watch: Watch, viewport: Viewport, *, base_url: str | None = None
) -> Iterator[Page]:
    """A page in a fresh profile. Leaving it checks the watch; without base_url it is offline."""
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": viewport.width, "height": viewport.height},
        has_touch=viewport.touch,
        is_mobile=viewport.touch,
        locale=viewport.locale,
        timezone_id="Asia/Ho_Chi_Minh",
        offline=base_url is None,
    )
    watch.attach(context)
    try:
        yield context.new_page()
    finally:
        context.close()
    watch.check()

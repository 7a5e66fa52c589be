"""Fixtures of the browser tests: a server on a store of its own, and pages that are watched.

`page` is a desk screen at the server's address; for a phone:
`@pytest.mark.parametrize("page", [PHONE], indirect=True)`. `offline_page` opens files.
A test that provokes an error says so first: `watch.allow("404")`.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import browser as installed
from tests import once
from tests.server import running
from tests.web.kit import DESKTOP, Viewport, Watch, watched


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once.embedded(tmp_path_factory)


@pytest.fixture(scope="session")
def server(store: Path) -> Iterator[str]:
    with running(store) as url:
        yield url


@pytest.fixture(scope="session")
def exercise_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(once.exercise_register(tmp_path_factory)) as url:
        yield url


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=installed.find(), args=list(installed.FLAGS)
        )
        yield chromium
        chromium.close()


@pytest.fixture
def watch(server: str) -> Watch:
    return Watch(host=urlsplit(server).netloc)


@pytest.fixture
def page(
    request: pytest.FixtureRequest, browser: Browser, server: str, watch: Watch
) -> Iterator[Page]:
    size: Viewport = getattr(request, "param", DESKTOP)
    with watched(browser, watch, size, base_url=server) as page:
        yield page


@pytest.fixture
def exercise_page(
    request: pytest.FixtureRequest, browser: Browser, exercise_server: str
) -> Iterator[Page]:
    size: Viewport = getattr(request, "param", DESKTOP)
    watch = Watch(host=urlsplit(exercise_server).netloc)
    with watched(browser, watch, size, base_url=exercise_server) as page:
        yield page


@pytest.fixture
def offline_page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    size: Viewport = getattr(request, "param", DESKTOP)
    with watched(browser, Watch(host=""), size) as page:
        yield page

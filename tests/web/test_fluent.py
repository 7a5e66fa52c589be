"""How fluent the map is on a large exercise register: measured and written down, not judged.

    COTMOC_FLUENT_MARKERS=20000,100000 python -m pytest -m soak -s tests/web/test_fluent.py

COTMOC_FLUENT_STORES names registers that are at hand instead, comma between. Times hang on the
machine and on who else is at work; sizes, counts and the browser's own CPU seconds do so less.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Request, ViewportSize, expect

from tests import soak
from tests.server import make_store, running
from tests.web.kit import DESKTOP, box_of

pytestmark = pytest.mark.soak

SIZES = [int(n) for n in os.environ.get("COTMOC_FLUENT_MARKERS", "20000").split(",")]
STORES = [Path(one) for one in os.environ.get("COTMOC_FLUENT_STORES", "").split(",") if one]
SECTION = "The web map on a large exercise"
RECORDED = ("first markers, ms", "API bytes to then, kB", "longest task, ms", "script CPU, s")
PATIENCE = 120_000  # ms
STEPS = 12  # pans, then as many zooms
LONG = 50  # ms, the W3C's long task
WATCH = f"""
  window.gaps = []; window.long = [];
  let last = performance.now();
  const tick = (now) => {{
    window.gaps.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  }};
  requestAnimationFrame(tick);
  new PerformanceObserver((list) => {{
    for (const one of list.getEntries()) window.long.push(one.duration);
  }}).observe({{ type: 'longtask', buffered: true }});
  document.addEventListener('DOMContentLoaded', () => new MutationObserver((_, seen) => {{
    if (Number(document.querySelector('.map-canvas')?.dataset.markers) > 0) {{
      window.first = performance.now(); seen.disconnect();
    }}
  }}).observe(document.body, {{ subtree: true, attributes: true, childList: true }}));
  window.longest = (values) => Math.round(Math.max(0, ...values));
  window.over = (values) => values.filter((one) => one > {LONG}).length;
"""


@pytest.fixture(scope="module", params=STORES or SIZES, ids=str)
def big(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    given: Path | int = request.param
    if isinstance(given, int):
        made = tmp_path_factory.mktemp("big") / "big.gpkg"
        given = make_store(made, exercise_markers=given)
    with running(given) as url:
        yield url


def count(url: str) -> int:
    address = f"{url}/api/collections/markers/counts?by=stage"
    with urlopen(address, timeout=PATIENCE / 1000) as answer:
        total: int = json.load(answer)["total"]
        return total


def metrics(cdp: CDPSession) -> dict[str, float]:
    cdp.send("HeapProfiler.collectGarbage")
    return {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}


def still(page: Page) -> None:
    page.wait_for_load_state("networkidle", timeout=PATIENCE)
    page.wait_for_timeout(400)


def pan_and_zoom(page: Page) -> None:
    """Drag the map about, then go in and out with the wheel, waiting for nothing between."""
    box = box_of(page.locator(".map-canvas"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for step in range(STEPS):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 60, y + (150 if step % 4 < 2 else -150), steps=8)
        page.mouse.up()
        page.wait_for_timeout(120)
    for step in range(STEPS):
        page.mouse.wheel(0, -240 if step < STEPS * 2 / 3 else 240)
        page.wait_for_timeout(300)
    still(page)


def measured(page: Page, cdp: CDPSession, url: str) -> dict[str, Any]:
    asked: list[Request] = []
    page.on("requestfinished", lambda one: asked.append(one))  # noqa: PLW0108
    page.goto(url, wait_until="commit")
    expect(page.locator(".map-canvas")).to_have_attribute(
        "data-markers", re.compile("[1-9]"), timeout=PATIENCE
    )
    first = page.evaluate("Math.round(window.first)")
    still(page)
    sent = sum(one.sizes()["responseBodySize"] for one in asked if "/api/" in one.url)
    before = metrics(cdp)
    page.evaluate("window.gaps = []; window.long = []")
    pan_and_zoom(page)
    after = metrics(cdp)
    return {
        "first markers, ms": first,
        "API bytes to then, kB": sent // 1000,
        "JS heap, MB": round(before["JSHeapUsedSize"] / 1e6, 1),
        "DOM nodes": int(before["Nodes"]),
        "frames": page.evaluate("window.gaps.length"),
        "longest frame gap, ms": page.evaluate("window.longest(window.gaps)"),
        f"frame gaps > {LONG} ms": page.evaluate("window.over(window.gaps)"),
        "long tasks": page.evaluate("window.long.length"),
        "longest task, ms": page.evaluate("window.longest(window.long)"),
        "script CPU, s": round(after["ScriptDuration"] - before["ScriptDuration"], 2),
        "all CPU of the page, s": round(after["TaskDuration"] - before["TaskDuration"], 2),
        "JS heap after, MB": round(after["JSHeapUsedSize"] / 1e6, 1),
        "requests for tiles": sum("/tiles/" in one.url for one in asked),
    }


def test_how_fluent_the_map_is(browser: Browser, big: str) -> None:
    size = ViewportSize(width=DESKTOP.width, height=DESKTOP.height)
    with browser.new_context(base_url=big, viewport=size, locale="vi-VN") as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        cdp = context.new_cdp_session(page)
        cdp.send("Performance.enable")
        told = [f"{count(big):,} markers"]
        for path in ("/?at=106,17,7", "/?at=106,17,7&stage=built&panel=list"):
            found = measured(page, cdp, path)
            told.append(", ".join([path, *(f"{what} {found[what]}" for what in RECORDED)]))
            print(f"\n{path}")  # noqa: T201
            for what, value in found.items():
                print(f"  {what:26} {value}")  # noqa: T201
            assert found["frames"] > 0
    soak.record(SECTION, "; ".join(told))

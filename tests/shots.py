"""Photograph the screens into shots/: `make shots`, or `python -m tests.shots NAME …` for some.

shots/{register}-{name}-{lang}-{size}.png; the first line of a problem is printed, nothing fails.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests import browser as installed
from tests.server import ROOT, make_store, running
from tests.web.kit import DESKTOP, PHONE, Watch, watched

OUT = ROOT / "shots"
EXERCISE_MARKERS = 3000
SETTLE = 1500  # ms for tiles and labels after the last request
SIZES = {"desktop": DESKTOP, "phone": PHONE}
LANGUAGES = ("vi", "en")
SCREENS = {
    "map": "/",
    "dak-nong-2014": "/?province=%C4%90%C4%83k%20N%C3%B4ng&date=2014-06-30",
    "dak-nong-today": "/?province=%C4%90%C4%83k%20N%C3%B4ng",
    "marker": "/markers/vn-kh.48.0.1",
    "gate": "/gates/g-la-13",
    "progress": "/progress",
    "corridors": "/corridors",
    "partners": "/partners",
    "savannakhet": "/partners/LA-SV",
    "embed": "/partners/LA-SV/embed",
}
EXERCISE_SCREENS = {name: SCREENS[name] for name in ("map", "progress")}


def shoot(browser: Browser, url: str, register: str, screens: dict[str, str]) -> Iterator[str]:
    """Photograph each screen in each language and size; yields a line for each photograph."""
    for (name, path), lang, size in product(screens.items(), LANGUAGES, SIZES):
        target = OUT / f"{register}-{name}-{lang}-{size}.png"
        watch = Watch(host=urlsplit(url).netloc)
        try:
            with watched(browser, watch, SIZES[size], base_url=url) as page:
                _photograph(page, f"{path}{'&' if '?' in path else '?'}lang={lang}", target)
            yield target.name
        except AssertionError as error:
            yield f"{target.name}: {error}"


def _photograph(page: Page, path: str, target: Path) -> None:
    page.goto(path, wait_until="networkidle")
    page.wait_for_timeout(SETTLE)
    page.screenshot(path=target)


def chosen(screens: dict[str, str], names: list[str]) -> dict[str, str]:
    """The screens named, all of them without a name."""
    return {name: path for name, path in screens.items() if not names or name in names}


def main(names: list[str]) -> None:
    """Serve the real and the exercise register in turn and photograph both."""
    if not names:
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(exist_ok=True)
    registers = {"real": (SCREENS, None), "exercise": (EXERCISE_SCREENS, EXERCISE_MARKERS)}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed.find(), args=list(installed.FLAGS)
        )
        for register, (screens, markers) in registers.items():
            store = make_store(Path(folder) / f"{register}.gpkg", exercise_markers=markers)
            with running(store) as url:
                for line in shoot(browser, url, register, chosen(screens, names)):
                    print(line)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])

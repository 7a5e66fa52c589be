"""Photograph the screens: `make shots`, or `python -m tests.shots [--to FOLDER] NAME …` for some.

{register}-{name}-{lang}-{kind}.png, where a kind is a size, a size in the dark, or paper. The first
line of a problem is printed, nothing fails.
"""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from geo.history import keys
from office.actor import Role
from tests import browser as installed
from tests.scenes import Scene, close, play
from tests.server import ROOT, make_store, running
from tests.web.kit import DESKTOP, PHONE, Viewport, Watch, settled, watched
from tests.web.people import cookie

OUT = ROOT / "shots"
EXERCISE_MARKERS = 3000
SETTLE = 1500  # ms for tiles and labels after the last request
A4 = Viewport(794, 1123)  # px at 96 to the inch


@dataclass(frozen=True)
class Kind:
    """How a screen is looked at."""

    size: Viewport
    theme: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"
    langs: tuple[str, ...] = ("vi", "en")


KINDS = {
    "desktop": Kind(DESKTOP),
    "phone": Kind(PHONE),
    "dark": Kind(DESKTOP, "dark", langs=("vi",)),
    "phone-dark": Kind(PHONE, "dark", langs=("vi",)),
    "paper": Kind(A4, media="print", langs=("vi",)),
}
DAK_NONG = "province=%C4%90%C4%83k%20N%C3%B4ng"
SCREENS = {
    "map": "/",
    "list": f"/?panel=list&{DAK_NONG}&sheet=full",
    "dak-nong-2014": f"/?{DAK_NONG}&date=2014-06-30",
    "dak-nong-today": f"/?{DAK_NONG}",
    "drawer": f"/?sel=markers/vn-kh.48.0.1&{DAK_NONG}&sheet=full",
    "marker": "/markers/vn-kh.48.0.1",
    "gate": "/gates/g-la-13",
    "project": "/projects/thai-lao-bridge-2",
    "progress": "/progress?sheet=full",
    "corridors": "/corridors?sheet=full",
    "projects": "/?panel=projects&sheet=full",
    "cooperation": "/?panel=cooperation&sheet=full",
    "partners": "/partners",
    "savannakhet": "/partners/LA-SV",
    "embed": "/partners/LA-SV/embed",
    "connect": "/connect",
    "sign-in": "/sign-in",
    "jobs-nobody": "/jobs",
    "not-found": "/khong-co",
    "no-partner": "/partners/XX-99",
}
EXERCISE_SCREENS = {name: SCREENS[name] for name in ("map", "progress")}
OF_PEOPLE = {
    Role.EDITOR: {
        "map-editor": "/",
        "marker-files": "/markers/vn-kh.48.0.1",
        "edit-marker": "/edit/markers/vn-kh.48.0.1",
        "edit-inspection": "/edit/inspections?marker_id=vn-kh.48.0.1",
        "edit-project": "/edit/projects",
        "history": "/history",
        "history-marker": "/history/markers/vn-kh.49.0.1",
        "import": "/import",
        "import-columns": "",
        "import-check": "",
        "import-write": "",
        "jobs": "/jobs",
        "account": "/account",
        "proposals": "/proposals",
    },
    Role.APPROVER: {"proposal": ""},
    Role.AUDITOR: {f"audit-{view}": f"/audit?view={view}" for view in
                   ("chain", "changes", "reads", "events")},
    Role.ADMIN: {"people": "/people", "jobs-all": "/jobs"},
    Role.ANONYMOUS: {"link": ""},
}  # fmt: skip


@dataclass(frozen=True)
class Studio:
    """A server, whose pages somebody looks at."""

    browser: Browser
    url: str
    folder: Path
    token: str | None = None

    def shoot(self, register: str, screens: dict[str, str]) -> Iterator[str]:
        """Photograph each screen; yields a line for each photograph."""
        for name, path in screens.items():
            for kind, how in KINDS.items():
                for lang in how.langs:
                    target = self.folder / f"{register}-{name}-{lang}-{kind}.png"
                    yield f"{target.name}{self._shot(in_language(path, lang), how, target)}"

    def _shot(self, path: str, how: Kind, target: Path) -> str:
        watch = Watch(host=urlsplit(self.url).netloc)
        watch.allow("404")
        cookies = [cookie(self.url, self.token)] if self.token else []
        try:
            with watched(self.browser, watch, how.size, base_url=self.url, cookies=cookies) as page:
                _photograph(page, path, how, target)
        except AssertionError as error:
            return f": {error}"
        return ""


def in_language(path: str, lang: str) -> str:
    """An address with its language; what stands after # stays there."""
    before, sign, secret = path.partition("#")
    return f"{before}{'&' if '?' in before else '?'}lang={lang}{sign}{secret}"


def _photograph(page: Page, path: str, how: Kind, target: Path) -> None:
    page.emulate_media(media=how.media, color_scheme=how.theme)
    page.goto(path, wait_until="networkidle")
    settled(page)
    page.wait_for_timeout(SETTLE)
    page.screenshot(path=target, full_page=how.media == "print")


def chosen(screens: dict[str, str], names: list[str]) -> dict[str, str]:
    """The screens named, all of them without a name."""
    return {name: path for name, path in screens.items() if not names or name in names}


def at_work(studio: Studio, scene: Scene, names: list[str]) -> Iterator[str]:
    """Photograph what people with accounts see, each his own."""
    for role, screens in OF_PEOPLE.items():
        own = Studio(studio.browser, studio.url, studio.folder, scene.who.get(role))
        placed = {name: path or scene.places[name] for name, path in screens.items()}
        yield from own.shoot("real", chosen(placed, names))


def real(browser: Browser, folder: Path, place: Path, names: list[str]) -> Iterator[str]:
    """Photograph the embedded register, without an account and with one."""
    close(make_store(place))
    keys.make(place.with_name("audit.key"))
    signing = {
        "COTMOC_AUDIT_KEY": str(place.with_name("audit.key")),
        "COTMOC_AUDIT_TO": str(place.with_name("checkpoints.jsonl")),
    }
    with running(place, env=signing, worker=True) as url:
        studio = Studio(browser, url, folder)
        yield from studio.shoot("real", chosen(SCREENS, names))
        if any(chosen(screens, names) for screens in OF_PEOPLE.values()):
            yield from at_work(studio, play(url, place), names)


def exercise(browser: Browser, folder: Path, place: Path, names: list[str]) -> Iterator[str]:
    """Photograph the exercise register."""
    with running(make_store(place, exercise_markers=EXERCISE_MARKERS)) as url:
        yield from Studio(browser, url, folder).shoot("exercise", chosen(EXERCISE_SCREENS, names))


def main() -> None:
    """Serve the real and the exercise register in turn and photograph both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--to", type=Path, default=OUT, help="folder of the photographs")
    given = parser.parse_args()
    given.to.mkdir(exist_ok=True, parents=True)
    for old in () if given.names else given.to.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed.find(), args=list(installed.FLAGS)
        )
        for name, register in {"real": real, "exercise": exercise}.items():
            place = Path(folder) / f"{name}.gpkg"
            for line in register(browser, given.to, place, given.names):
                print(line)  # noqa: T201


if __name__ == "__main__":
    main()

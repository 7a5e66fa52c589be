"""A Chromium for the browser tests: found, or installed by apt where that is allowed.

`python -m tests.browser` prints its path; without one it prints the one command to run and fails.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import apt

WITHOUT_WINDOWS, WITH_WINDOWS = "chromium-headless-shell", "chromium"
PACKAGES = (WITHOUT_WINDOWS, "fonts-noto-core", "fonts-noto-cjk")
# The one without windows first: the same engine, at two thirds of the work.
COMMANDS = (
    WITHOUT_WINDOWS,
    WITH_WINDOWS,
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
MAC_APPS = ("Google Chrome", "Chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowserError(Exception):
    """This machine has no browser for the tests; the message holds the command that brings one."""


def find() -> Path:
    """The browser named by COTMOC_BROWSER, else the first one installed. Raises NoBrowserError."""
    for path in _candidates():
        if path.is_file() and os.access(path, os.X_OK):
            return path
    if named := os.environ.get("COTMOC_BROWSER"):
        raise NoBrowserError(f"COTMOC_BROWSER names no program: {named}")
    raise NoBrowserError(f"The browser tests need Chromium or Chrome. Run: {_command()}")


def _candidates() -> Iterator[Path]:
    named = os.environ.get("COTMOC_BROWSER")
    if named:
        yield Path(named)
        return
    for command in COMMANDS:
        found = shutil.which(command)
        if found and not _is_snap_stub(Path(found)):
            yield Path(found)
    for app in MAC_APPS:
        yield Path(f"/Applications/{app}.app/Contents/MacOS/{app}")
    with sync_playwright() as playwright:
        yield Path(playwright.chromium.executable_path)


def _is_snap_stub(path: Path) -> bool:
    """Ubuntu's chromium-browser is a script that only asks for a snap."""
    head = path.read_bytes()[:2000]
    return head.startswith(b"#!") and b"snap" in head and not Path("/snap/bin/chromium").exists()


def _command() -> str:
    if shutil.which("apt-get") and _apt_has_chromium():
        return f"sudo apt-get install {' '.join(PACKAGES)}"
    extra = "--with-deps " if shutil.which("apt-get") else ""
    return f".venv/bin/playwright install {extra}chromium"


def _apt_has_chromium() -> bool:
    """Debian has the package; Ubuntu's archive has only a stub for snap."""
    release = Path("/etc/os-release")
    return release.exists() and "ID=debian" in release.read_text().splitlines()


def _missing_packages() -> list[str]:
    def installed(package: str) -> bool:
        query = ["dpkg-query", "-W", "-f", "${Status}", package]
        answer = subprocess.run(query, capture_output=True, text=True, check=False)
        return answer.stdout == "install ok installed"

    return [package for package in PACKAGES if not installed(package)]


def install() -> None:
    """As root on Debian, install what is missing of PACKAGES; elsewhere do nothing."""
    if not apt.allowed() or not _apt_has_chromium() or os.environ.get("COTMOC_BROWSER"):
        return
    if missing := _missing_packages():
        apt.install(missing)
    if WITHOUT_WINDOWS in (missing := _missing_packages()):  # older archives lack it
        apt.install([WITH_WINDOWS, *(one for one in missing if one != WITHOUT_WINDOWS)])


def main() -> int:
    """Install what may be installed, then print the browser's path."""
    install()
    try:
        print(f"Browser: {find()}")  # noqa: T201
    except NoBrowserError as error:
        print(f"cotmoc: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

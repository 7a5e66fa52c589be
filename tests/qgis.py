"""QGIS for the tests: the Python that has its modules, found or installed by apt where allowed.

`python -m tests.qgis` installs what it may and says whether the tests can use one. It never fails
unless COMPULSORY is set, as CI does: without QGIS those tests skip and say so.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests import apt

COMPULSORY = "COTMOC_TEST_QGIS"  # set to "required", a missing QGIS is a failure
PYTHONS = ("/usr/bin/python3", "/Applications/QGIS.app/Contents/MacOS/bin/python3")
PACKAGES = ("qgis", "python3-qgis")  # with GDAL's own Python binding
PROBE = "from qgis.core import Qgis; print(Qgis.QGIS_VERSION)"


class NoQgisError(Exception):
    """This machine has no QGIS for the tests; the message holds the command that brings it."""


def find() -> Path:
    """Return the Python that can import QGIS. Raises NoQgisError."""
    for name in PYTHONS:
        if Path(name).exists() and version(Path(name)):
            return Path(name)
    raise NoQgisError(
        "The tests with QGIS need its Python modules. "
        f"Run: sudo apt-get install --no-install-recommends {' '.join(PACKAGES)}"
    )


def version(python: Path) -> str:
    """Return the version of QGIS that a Python has, or nothing."""
    done = subprocess.run(
        [python, "-c", PROBE], env=environment(), capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def environment(home: Path | None = None) -> dict[str, str]:
    """Return the environment of a QGIS without a screen and without our virtual environment."""
    kept = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    return kept | {"HOME": str(home or os.environ.get("HOME", "/tmp"))}


def main() -> int:
    """Install what may be installed, then say what the tests will use."""
    try:
        python = _found_or_installed()
        print(f"QGIS: {version(python)} by {python}")  # noqa: T201
    except NoQgisError as error:
        print(f"cotmoc: {error}", file=sys.stderr)  # noqa: T201
        return int(os.environ.get(COMPULSORY) == "required")
    return 0


def _found_or_installed() -> Path:
    try:
        return find()
    except NoQgisError:
        apt.install(PACKAGES)
        return find()


if __name__ == "__main__":
    sys.exit(main())

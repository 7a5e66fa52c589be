"""Where the bench keeps what is slow to make: environments, registers and the peers' data."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

UV = Path(sys.executable).parent / "uv"
REQUIREMENTS = Path(__file__).parent / "requirements"
DONE = ".done"  # stands in a folder that is whole
# Interpreters that write no byte code would make every start a compilation.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("COTMOC_", "PYTHON", "TIPG_"))
}


def folder() -> Path:
    """The cache; it may be deleted whenever no bench runs."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "cotmoc-bench"


def interpreter(needs: str) -> str | None:
    """The first Python at hand that runs the statement without an error."""
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    managed = sorted(home.glob("versions/3.*/bin/python3"), key=_version, reverse=True)
    plain = [Path(f"/usr/bin/python3{minor}") for minor in (".14", ".13", ".12", "")]
    for python in (Path(sys.executable), *managed, *plain):
        if (
            python.exists()
            and not subprocess.run(
                [python, "-c", needs], capture_output=True, env=ENVIRONMENT, check=False
            ).returncode
        ):
            return str(python)
    return None


def _version(path: Path) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", path.parts[-3])))


def environment(name: str, *, python: str = sys.executable) -> Path:
    """The programs of a virtual environment with requirements/NAME.txt; uv makes it once."""
    wanted = REQUIREMENTS / f"{name}.txt"
    key = hashlib.sha256(f"{python}\n{wanted.read_text()}".encode()).hexdigest()[:12]
    home = folder() / "environments" / f"{name}-{key}"
    if not (home / DONE).exists():
        _uv("venv", "--quiet", "--clear", "--python", python, str(home))
        target = ("--python", str(home / "bin" / "python"))
        _uv("pip", "install", "--quiet", "--compile-bytecode", *target, "-r", str(wanted))
        (home / DONE).touch()
    return home / "bin"


def _uv(*words: str) -> None:
    subprocess.run([UV, *words], check=True, env=ENVIRONMENT | {"UV_PYTHON_DOWNLOADS": "never"})

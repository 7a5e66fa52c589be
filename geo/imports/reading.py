"""Reading a file in a process of its own, and the table that it comes back as."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from geo.imports import guard
from geo.imports.findings import FileError, Refusal
from geo.imports.kinds import MEMORY, SECONDS, SHEETS, Format

ROOT = Path(__file__).parents[2]
_PATIENCE = 2.5  # times the CPU time that it may take


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: its rows lie in a file of lines, so that not all are in memory."""

    kind: Format
    lines: Path
    sheet: str | None
    sheets: tuple[str, ...]
    merged: tuple[tuple[int, int, int, int], ...]  # first row and column, last ones; from 0
    crs: str | None

    def rows(self) -> Iterator[list[Any]]:
        """Yield the cells of each row of the file, empty rows included."""
        with self.lines.open("rb") as file:
            next(file)
            for line in file:
                if line.startswith(b"["):
                    yield orjson.loads(line)


@contextmanager
def table(path: Path, name: str, sheet: str | None = None) -> Iterator[Table]:
    """Check and read a file; `name` is what its owner calls it, `sheet` a sheet or layer of it.

    Raises:
        FileError: it is refused.
    """
    kind = guard.check(path, name)
    with tempfile.TemporaryDirectory(prefix="cotmoc-import-") as folder:
        lines = Path(folder) / "lines"
        _run(path, kind, sheet, lines)
        with lines.open("rb") as file:
            head = orjson.loads(file.readline())
        merged = tuple((a, b, c, d) for a, b, c, d in head["merged"])
        yield Table(kind, lines, head["sheet"], tuple(head["sheets"]), merged, head.get("crs"))


def _run(path: Path, kind: Format, sheet: str | None, lines: Path) -> None:
    told = {
        "path": str(path.resolve()), "kind": kind.value, "sheet": sheet, "out": str(lines),
        "memory": MEMORY, "seconds": SECONDS,
    }  # fmt: skip
    command = [sys.executable, "-m", "geo.imports.child"]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=orjson.dumps(told),
            capture_output=True,
            timeout=SECONDS * _PATIENCE,
            env=_environment(gdal=kind not in SHEETS and kind is not Format.GEOJSON),
            cwd=lines.parent,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileError(Refusal.TOO_LONG_TO_READ) from error
    end = _last_line(lines)
    if "refusal" in end:
        reason = next(one for one in Refusal if one.value == end["refusal"])
        more = end["detail"][len(reason.en) + 2 :]
        raise FileError(reason, more, value=end["value"])
    if done.returncode or "end" not in end:
        killed = done.returncode < 0 or b"MemoryError" in done.stderr or b"alloc" in done.stderr
        raise FileError(Refusal.TOO_LONG_TO_READ if killed else Refusal.BROKEN)


def _last_line(lines: Path) -> dict[str, Any]:
    """Return how the reader ended; nothing where it was ended."""
    if not lines.exists():
        return {}
    with lines.open("rb") as file:
        file.seek(max(0, lines.stat().st_size - 10_000))
        last = file.read().rpartition(b"\n")[2]
    try:
        found = orjson.loads(last)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _environment(*, gdal: bool) -> dict[str, str]:
    """Return what the process knows: no secrets of ours, no drivers of GDAL beyond our own."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PROJ_DATA", "GDAL_DATA")
    known = {name: os.environ[name] for name in kept if name in os.environ}
    plain = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "ARROW_NUM_THREADS": "1"}
    if gdal:
        plain |= {"OGR_SKIP": _other_drivers(), "GDAL_SKIP": _other_drivers()}
        plain |= {"GDAL_DISABLE_READDIR_ON_OPEN": "TRUE", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{}"}
    return known | plain


@cache
def _other_drivers() -> str:
    import pyogrio  # noqa: PLC0415

    from geo.imports.vectors import DRIVERS  # noqa: PLC0415

    return ",".join(name for name in pyogrio.list_drivers() if name not in DRIVERS)

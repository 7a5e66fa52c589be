"""Reading a file in a process of its own, and the table that it comes back as."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from geo import files
from geo.imports import guard
from geo.imports.findings import FileError, Refusal
from geo.imports.kinds import MEMORY, SECONDS, SHEETS, Format

MOST_KEPT = 200_000_000  # bytes of lines that are kept for the next time
ROOT = Path(__file__).parents[2]
_BEAT_S = 1.0
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
        return map(orjson.loads, self.lines_of_rows())

    def lines_of_rows(self) -> Iterator[bytes]:
        """Yield each row as JSON text."""
        with self.lines.open("rb") as file:
            next(file)
            yield from (line for line in file if line.startswith(b"["))


@contextmanager
def table(
    path: Path,
    name: str,
    sheet: str | None = None,
    *,
    beat: Callable[[], None] = lambda: None,
    keep: Path | None = None,
) -> Iterator[Table]:
    """Check and read a file; `name` is what its owner calls it, `sheet` a sheet or layer of it.

    `beat` is called each second while it is read, and may raise to end that. In the folder `keep`
    what was read is left for the next time.

    Raises:
        FileError: it is refused.
    """
    kind = guard.check(path, name)
    with tempfile.TemporaryDirectory(prefix="cotmoc-import-") as folder:
        lines = _kept(keep, sheet) if keep else None
        if lines is None or not lines.exists():
            made = Path(folder) / "lines"
            _run(path, kind, sheet, made, beat)
            lines = _put(made, lines)
        with lines.open("rb") as file:
            head = orjson.loads(file.readline())
        merged = tuple((a, b, c, d) for a, b, c, d in head["merged"])
        yield Table(kind, lines, head["sheet"], tuple(head["sheets"]), merged, head.get("crs"))


def _kept(folder: Path, sheet: str | None) -> Path:
    """Return where the lines of a sheet are kept."""
    digest = hashlib.sha256(repr(sheet).encode()).hexdigest()[:16]
    return folder / f"lines.{digest}"


def _put(made: Path, kept: Path | None) -> Path:
    """Keep lines, and those of no other sheet, unless they are too many."""
    if kept is None or made.stat().st_size > MOST_KEPT:
        return made
    with files.whole(kept) as path:
        shutil.copyfile(made, path)
    for other in kept.parent.glob("lines.*"):
        if other != kept:
            other.unlink(missing_ok=True)
    return kept


def _run(
    path: Path, kind: Format, sheet: str | None, lines: Path, beat: Callable[[], None]
) -> None:
    told = {
        "path": str(path.resolve()), "kind": kind.value, "sheet": sheet, "out": str(lines),
        "memory": MEMORY, "seconds": SECONDS,
    }  # fmt: skip
    gdal = kind not in SHEETS and kind is not Format.GEOJSON
    with subprocess.Popen(
        [sys.executable, "-m", "geo.imports.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(gdal=gdal),
        cwd=lines.parent,
    ) as child:
        try:
            complaint = _awaited(child, orjson.dumps(told), beat)
        except BaseException:
            child.kill()
            raise
    end = _last_line(lines)
    if "refusal" in end:
        reason = next(one for one in Refusal if one.value == end["refusal"])
        more = end["detail"][len(reason.en) + 2 :]
        raise FileError(reason, more, value=end["value"])
    if child.returncode or "end" not in end:
        killed = child.returncode < 0 or b"MemoryError" in complaint or b"alloc" in complaint
        raise FileError(Refusal.TOO_LONG_TO_READ if killed else Refusal.BROKEN)


def _awaited(child: subprocess.Popen[bytes], given: bytes, beat: Callable[[], None]) -> bytes:
    """Wait for the end of the process that reads; returns what it complained of.

    Raises:
        FileError: it takes too long.
    """
    deadline = time.monotonic() + SECONDS * _PATIENCE
    unsent: bytes | None = given
    while True:
        try:
            return child.communicate(unsent, timeout=_BEAT_S)[1]
        except subprocess.TimeoutExpired:
            unsent = None  # it goes on with what it was given
            if time.monotonic() > deadline:
                raise FileError(Refusal.TOO_LONG_TO_READ) from None
            beat()


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

"""The process that reads a file: `python -m geo.imports.child`, bounded in memory and time.

It is told by JSON on its input what to read and where to write; each line of what it writes is
JSON, the first says what the file is, the last whether all went well.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from geo.imports import sheets
from geo.imports.findings import FileError
from geo.imports.kinds import SHEETS, Format

MOST_WRITTEN = 2_000_000_000  # bytes


def _bound(memory: int, seconds: int) -> None:
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: MOST_WRITTEN,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        with suppress(ValueError, OSError):  # where the system knows no such limit
            resource.setrlimit(what, (most, most))


def _read(path: Path, kind: Format, sheet: str | None) -> Iterator[Any]:
    if kind is Format.CSV:
        return sheets.comma_separated(path)
    if kind in SHEETS:
        return sheets.book(path, kind, sheet)
    from geo.imports import vectors  # noqa: PLC0415

    if kind is Format.GEOJSON:
        return vectors.geojson(path)
    return vectors.by_gdal(path, kind, sheet)


def main() -> None:
    """Read one file as told."""
    told = orjson.loads(sys.stdin.buffer.read())
    _bound(told["memory"], told["seconds"])
    with Path(told["out"]).open("wb") as out:
        try:
            for line in _read(Path(told["path"]), Format(told["kind"]), told["sheet"]):
                out.write(orjson.dumps(line))
                out.write(b"\n")
            end: dict[str, Any] = {"end": True}
        except FileError as error:
            end = {"refusal": error.refusal.value, "detail": error.detail, "value": error.value}
        out.write(orjson.dumps(end, default=str))


if __name__ == "__main__":
    main()

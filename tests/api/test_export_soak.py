"""A million markers leave a server that stays small: `make soak`."""

import os
import urllib.request
from pathlib import Path

import pytest

from tests import soak
from tests.geo import many
from tests.server import running

MARKERS = 1_000_000
MADE = 20_000  # then repeated
MOST_MB = 300  # of all processes that serve


def children(parent: int) -> list[int]:
    """The processes below one, itself not included."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it has just ended
            if int(fields[1]) == parent:
                found += [int(entry.name), *children(int(entry.name))]
    return found


def peak_mb(process: int) -> float:
    """The most that a process has held at once, shared pages and mapped files included."""
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


@pytest.mark.soak
def test_a_million_markers_leave_as_text(tmp_path: Path) -> None:
    path = soak.register() or _made(tmp_path / "million.gpkg")
    told = [_leave(path, form) for form in ("geojson", "geojsonseq", "csv")]
    soak.record("Large export", "; ".join(told))


def _made(path: Path) -> Path:
    many.make(path, MADE)
    many.multiply(path, MARKERS // MADE)
    return path


def _leave(path: Path, form: str) -> str:
    """Take all markers from a fresh server; returns how large they are and what it held."""
    with running(path) as url:
        address = f"{url}/api/collections/markers/items?f={form}&download"
        head, tail, size, lines = b"", b"", 0, 0
        with urllib.request.urlopen(address, timeout=600) as answer:
            while chunk := answer.read(1 << 20):
                head, tail = head or chunk[:40], (tail + chunk)[-100:]
                size, lines = size + len(chunk), lines + chunk.count(b"\n")
        held = sum(peak_mb(process) for process in children(os.getpid()))
    assert lines >= MARKERS - 1
    if form == "geojson":
        assert head.startswith(b'{"type":"FeatureCollection"')
        assert tail.endswith(b'"numberReturned":1000000,"numberMatched":1000000}')
    assert 0 < held < MOST_MB
    return f"{form} {size / 1e6:,.0f} MB, {held:.0f} MB held"

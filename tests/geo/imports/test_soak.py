"""A sheet of 100,000 markers is previewed in bounded time and memory: `make soak`."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tests import soak
from tests.geo.build import register
from tests.geo.imports import big, messy
from tests.source import ROOT

MANY = 100_000  # rows
SECONDS, BYTES = 60, 500_000_000


@pytest.mark.soak
def test_a_large_sheet_previews_in_bounded_time_and_memory(tmp_path: Path) -> None:
    store, path = tmp_path / "r.gpkg", tmp_path / "big.xlsx"
    register(store, admin_units=messy.units()).engine.dispose()
    big.write(path, MANY)
    command = [sys.executable, "-m", "tests.geo.imports.big", str(store), str(path)]
    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    told = orjson.loads(done.stdout)
    assert told["counts"]["create"] == MANY
    assert told["seconds"] < SECONDS
    assert told["bytes"] < BYTES
    spent = f"{told['seconds']:.0f} s of CPU and {told['bytes'] / 1e6:.0f} MB"
    soak.record("Large import", f"{MANY:,} rows previewed in {spent}")

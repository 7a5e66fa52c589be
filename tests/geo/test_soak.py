"""Long campaigns: `make soak`."""

import random
import time
from pathlib import Path

import pytest

from geo import check, exercise, load, query, store
from geo.layers import MARKERS
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from tests import soak
from tests.once import DATA

MANY = 50_000  # markers


@pytest.mark.soak
def test_a_large_exercise_is_whole_and_pages_without_gap(tmp_path: Path) -> None:
    path = tmp_path / "large.gpkg"
    load.make(path, exercise.replace(load.read_folder(DATA), markers=MANY), is_exercise=True)
    made = Register(store.open_store(path))
    assert check.check(made.engine) == []
    start = time.monotonic()
    random.seed(7)
    for _ in range(20):
        when = f"{random.randint(2004, 2026)}-{random.randint(1, 12):02}-15"
        asked = Filter(parse(when))
        with made.engine.connect() as conn:
            counted = query.matched(conn, MARKERS, asked)
            assert sum(1 for _ in query.every(conn, MARKERS, asked)) == counted == MANY
    spent = time.monotonic() - start
    soak.record("Large exercise", f"{MANY:,} markers, read 20 times in {spent:.0f} s, whole")

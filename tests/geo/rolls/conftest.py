"""A small register and the files beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from geo import rolls as rolls_of
from geo import touched
from geo.register import Register
from geo.rolls import Rolls
from geo.store import Target
from tests.geo.rolls.lying import made


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of few rows, of runs of two keys, seen and made anew at once."""
    monkeypatch.setattr(touched, "BITS", 1)
    monkeypatch.setattr(rolls_of, "LEAST", 1)
    monkeypatch.setattr(rolls_of, "LOOK_S", 0.0)
    monkeypatch.setattr(rolls_of, "REST", 0)


@pytest.fixture
def some(place: Target) -> Iterator[Register]:
    found = made(place)
    yield found
    found.engine.dispose()


@pytest.fixture
def rolls(place: Target, tmp_path: Path) -> Rolls:
    return Rolls(place, tmp_path)

"""Registers to be changed, on both stores."""

from collections.abc import Iterator

import pytest

from geo.register import Register
from geo.store import Target
from tests.conftest import Places
from tests.geo.edits import make


@pytest.fixture
def changeable(place: Target) -> Iterator[Register]:
    made = make(place)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def untouched(places: Places) -> Iterator[Register]:
    """For what is refused."""
    made = make(places())
    yield made
    made.engine.dispose()

"""The ball tree of chords against looking at every chord."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.chords import Chords
from tests.geo.independent import Array


def every_distance(start: Array, end: Array, point: Array) -> Array:
    """Distances from one point to all chords, by dividing each into its nearest share."""
    vector = end - start
    share = np.clip(((point - start) * vector).sum(1) / (vector**2).sum(1), 0, 1)
    distance: Array = np.linalg.norm(start + share[:, None] * vector - point, axis=1)
    return distance


@settings(deadline=None)
@given(st.integers(1, 3000), st.integers(0, 2**32 - 1), st.floats(0.1, 1000))
def test_no_chord_is_nearer(count: int, seed: int, spread: float) -> None:
    random = np.random.default_rng(seed)
    vertices = np.cumsum(random.normal(0, 1, (count + 1, 3)), axis=0)
    points = random.normal(0, spread, (5, 3))
    chord, share = Chords(vertices[:-1], vertices[1:]).nearest(points)
    for point, i, s in zip(points, chord, share, strict=True):
        found = np.linalg.norm(vertices[i] + s * (vertices[i + 1] - vertices[i]) - point)
        assert found == pytest.approx(every_distance(vertices[:-1], vertices[1:], point).min())


def test_no_points_no_answers() -> None:
    chords = Chords(np.zeros((1, 3)), np.ones((1, 3)))
    chord, share = chords.nearest(np.empty((0, 3)))
    assert len(chord) == len(share) == 0

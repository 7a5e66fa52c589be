"""All that is drawn for one line, and its division into runs of positions that fit in memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from geo.exercise import plan
from geo.exercise.plan import STAGES, UNTIL, Dates, Floats, Ints, Line, Markers, Positions, Visits
from geo.vocabulary import MarkerEvent, Stage

CLASS_SHARE = (0.05, 0.25, 0.70)
LATER = {MarkerEvent.REPAIRED: 0.03, MarkerEvent.MOVED: 0.005}  # share of markers handed over
HANDED_OVER = STAGES.index(Stage.HANDED_OVER)
JOINT_SHARE = 0.3
Columns = TypeVar("Columns", bound="tuple[Any, ...]")


class Fixes(NamedTuple):
    """How each inspection was made; arrays of one length."""

    accuracy: Floats  # m
    joint: NDArray[np.bool_]
    fixes: Ints  # positions averaged
    inspector: Ints
    azimuth: Floats  # degrees, from the marker to the fix
    away: Floats  # m, from the marker to the fix


class Later(NamedTuple):
    """Repairs and moves, each with the index of its marker."""

    marker: Ints
    event: list[str]
    day: Dates


class Drawn(NamedTuple):
    """What stands and happened along a line, or along a run of its positions."""

    line: Line
    positions: Positions
    markers: Markers
    classes: Ints  # of each marker, of three
    visits: Visits
    fixes: Fixes
    later: list[Later]


def draw(line: Line, count: int, random: Generator) -> Drawn:
    """Draw the positions of a line that hold exactly so many markers, and all that follows."""
    positions = plan.draw_positions(line, count, random)
    markers = plan.draw_markers(line, positions, random)
    visits = plan.draw_visits(markers, random)
    classes = random.choice(3, count, p=CLASS_SHARE)
    later = [_later(markers, event, share, random) for event, share in LATER.items()]
    fixes = _fixes(len(visits.marker), random)
    return Drawn(line, positions, markers, classes, visits, fixes, later)


def _later(markers: Markers, event: MarkerEvent, share: float, random: Generator) -> Later:
    """Draw repairs or moves, some time after the handing over."""
    ready = (markers.stage == HANDED_OVER) & (random.random(len(markers.id)) < share)
    marker = np.flatnonzero(ready)
    day = markers.dates[marker, HANDED_OVER] + random.integers(200, 2000, len(marker))
    done = day <= np.datetime64(UNTIL)
    return Later(marker[done], [event.value] * int(done.sum()), day[done])


def _fixes(n: int, random: Generator) -> Fixes:
    accuracy = random.uniform(2, 8, n).round(1)
    joint = random.random(n) < JOINT_SHARE
    count, inspector = random.integers(5, 60, n), random.integers(1, 40, n)
    azimuth = random.uniform(0, 360, n)
    return Fixes(accuracy, joint, count, inspector, azimuth, accuracy * random.random(n))


def runs(drawn: Drawn, markers: int) -> Iterator[Drawn]:
    """Cut what was drawn into runs of positions with about so many markers each."""
    last = np.cumsum(drawn.positions.size)
    full = np.arange(markers, int(last[-1]), markers)
    cuts = [0, *np.unique(np.searchsorted(last, full) + 1).tolist(), len(last)]
    for begin, end in pairwise(cuts):
        if begin < end:
            yield _run(drawn, begin, end)


def _run(drawn: Drawn, begin: int, end: int) -> Drawn:
    first, stop = np.searchsorted(drawn.markers.position, (begin, end)).tolist()
    of_visits = slice(*np.searchsorted(drawn.visits.marker, (first, stop)).tolist())
    markers = _cut(drawn.markers, slice(first, stop))
    visits = _cut(drawn.visits, of_visits)
    return Drawn(
        drawn.line,
        _cut(drawn.positions, slice(begin, end)),
        markers._replace(position=markers.position - begin),
        drawn.classes[first:stop],
        visits._replace(marker=visits.marker - first),
        _cut(drawn.fixes, of_visits),
        [_later_of(later, first, stop) for later in drawn.later],
    )


def _cut(columns: Columns, where: slice) -> Columns:
    return type(columns)(*(column[where] for column in columns))


def _later_of(later: Later, first: int, stop: int) -> Later:
    where = slice(*np.searchsorted(later.marker, (first, stop)).tolist())
    cut = _cut(later, where)
    return cut._replace(marker=cut.marker - first)

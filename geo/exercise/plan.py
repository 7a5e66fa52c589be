"""What stands where and when in an exercise: drawn at random, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from geo.referencing import LineReference, geod
from geo.vocabulary import Condition, MarkerKind, Stage

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Dates = NDArray[np.datetime64]

UNTIL = date(2026, 6, 30)  # the register's last day
BEGIN = np.datetime64("2006-01-01")
FIRST_NUMBER = 1001
BLOCK = 40.0  # km of line on which work goes on together
STAGES = list(Stage)
KINDS = (MarkerKind.MAIN, MarkerKind.AUXILIARY, MarkerKind.POST)
KIND_SHARE = (0.70, 0.20, 0.10)
SIZE_SHARE = ((0.80, 0.16, 0.04), (0.85, 0.15, 0.0), (1.0, 0.0, 0.0))  # by kind
FINAL_SHARE = (0.04, 0.06, 0.08, 0.07, 0.15, 0.60)  # by the last stage
STEP_DAYS = (250, 300, 90, 200, 250)  # mean time from each stage to the next
STARTS = 6000  # days after BEGIN, by which work has begun everywhere
ALIKE = 0.85  # share of positions that keep pace with their block
CONDITIONS = list(Condition)
CONDITION_SHARE = (0.82, 0.04, 0.05, 0.04, 0.02, 0.015, 0.01, 0.005)
VISITS = 1.8  # mean number of inspections of a built marker
VISITED = 300.0  # days ago, on average
# Which side of the line is Vietnam, going on from its northern end.
VIETNAM_LEFT = {"VN-LA": True, "VN-KH": True, "VN-CN": False}


@dataclass(frozen=True, slots=True)
class Line:
    """A border line with its provinces of before July 2025 in order along it."""

    id: str
    border: str
    reference: LineReference
    starts: Floats  # km at which each stretch begins
    provinces: list[tuple[str, str, str]]  # name, id, CRS of its zone

    @property
    def prefix(self) -> str:
        """What ids begin with."""
        return f"dt-{self.id}"

    def stretch(self, km: Floats) -> Ints:
        """Index of the stretch at each chainage."""
        return np.maximum(np.searchsorted(self.starts, km, side="right") - 1, 0)

    def azimuth(self, km: Floats) -> Floats:
        """Direction of the line at each chainage, smoothed over 100 m, degrees."""
        ends = np.clip([km - 0.05, km + 0.05], 0, self.reference.length_km)
        back, ahead = (self.reference.locate_many(end) for end in ends)
        return np.asarray(geod().inv(back[:, 0], back[:, 1], ahead[:, 0], ahead[:, 1])[0])


class Positions(NamedTuple):
    """Positions in order along a line; arrays of one length."""

    id: list[str]
    kind: Ints
    size: Ints  # markers at the position
    main: Ints
    aux: Ints
    km: Floats
    stretch: Ints
    lonlat: Floats
    azimuth: Floats  # of the line, degrees
    stage: Ints  # reached by UNTIL
    dates: Dates  # (n, 6), of each stage


class Markers(NamedTuple):
    """Markers, each with the index of its position."""

    id: list[str]
    number: list[str]
    position: Ints
    k: Ints  # 1 upward, 0 where it stands alone
    lonlat: Floats
    stage: Ints
    dates: Dates


class Visits(NamedTuple):
    """Inspections, each with the index of its marker, in order of marker and time."""

    marker: Ints
    at: Dates
    condition: Ints


def draw_positions(line: Line, count: int, random: Generator) -> Positions:
    """Draw positions along a line that hold exactly so many markers."""
    kind, size = _sequence(count, random)
    n = len(kind)
    is_main = kind == 0
    main = np.cumsum(is_main)
    aux = np.arange(n) - np.flatnonzero(is_main)[main - 1]
    length = line.reference.length_km
    km = (np.arange(n) + 0.5 + random.uniform(-0.35, 0.35, n)) * length / n
    final, dates = _schedule(km, random)
    number = main + FIRST_NUMBER - 1
    ids = [
        f"{line.prefix}.{m}.{a}" if a else f"{line.prefix}.{m}"
        for m, a in zip(number.tolist(), aux.tolist(), strict=True)
    ]
    return Positions(
        ids, kind, size, number, aux, km, line.stretch(km),
        line.reference.locate_many(km), line.azimuth(km), final, dates,
    )  # fmt: skip


def _sequence(count: int, random: Generator) -> tuple[Ints, Ints]:
    """Draw kinds and sizes of positions until they hold exactly so many markers."""
    kind = random.choice(3, count, p=KIND_SHARE)
    kind[0] = 0  # an auxiliary is numbered after a main marker
    chance = random.random(count)
    size = 1 + (chance[:, None] > np.cumsum(SIZE_SHARE, axis=1)[kind][:, :2]).sum(axis=1)
    n = int(np.searchsorted(np.cumsum(size), count)) + 1
    kind, size = kind[:n], size[:n]
    size[-1] -= size.sum() - count
    return kind, size


def _schedule(km: Floats, random: Generator) -> tuple[Ints, Dates]:
    """Draw what stage each position reached and when; neighbours mostly went together."""
    block = (km / BLOCK).astype(int)
    blocks = int(block.max()) + 1
    reached = random.choice(6, blocks, p=FINAL_SHARE)[block]
    own = random.random(len(km)) > ALIKE
    reached = np.where(own, random.choice(6, len(km), p=FINAL_SHARE), reached)
    start = random.integers(0, STARTS, blocks)[block] + random.integers(0, 200, len(km))
    steps = random.gamma(4.0, np.array(STEP_DAYS) / 4, (len(km), 5))
    days = np.column_stack([start, start[:, None] + np.cumsum(steps, axis=1)]).astype(int)
    dates = BEGIN + days.astype("timedelta64[D]")
    by_then = (dates <= np.datetime64(UNTIL)).sum(axis=1) - 1
    return np.minimum(reached, by_then), dates


def draw_markers(line: Line, positions: Positions, random: Generator) -> Markers:
    """Put markers at the positions: alone on the line, several on both banks by turns."""
    at = np.repeat(np.arange(len(positions.size)), positions.size)
    rank = np.arange(len(at)) - np.repeat(
        np.cumsum(positions.size) - positions.size, positions.size
    )
    k = np.where(positions.size[at] > 1, rank + 1, 0)
    left = VIETNAM_LEFT[line.border] == (k % 2 == 1)
    away = np.where(k > 0, random.uniform(20, 150, len(k)), 0.0)
    bearing = positions.azimuth[at] + np.where(left, -90, 90) + np.where(k == 3, 40, 0)
    lonlat = shifted(positions.lonlat[at], bearing, away)
    named = list(
        zip(positions.main[at].tolist(), positions.aux[at].tolist(), k.tolist(), strict=True)
    )
    return Markers(
        [f"{line.prefix}.{m}.{a}.{i}" for m, a, i in named],
        [f"DT {m}{f'/{a}' if a else ''}{f'({i})' if i else ''}" for m, a, i in named],
        at, k, lonlat, positions.stage[at], positions.dates[at],
    )  # fmt: skip


def shifted(lonlat: Floats, azimuth: Floats, metres: Floats) -> Floats:
    """Return lon, lat moved by so many metres in directions in degrees."""
    lon, lat, _ = geod().fwd(lonlat[:, 0], lonlat[:, 1], azimuth, metres)
    return np.column_stack([lon, lat])


def draw_visits(markers: Markers, random: Generator) -> Visits:
    """Draw inspections of the markers that are built; more of them in recent years."""
    built = np.where(markers.stage >= STAGES.index(Stage.BUILT), 1, 0)
    marker = np.repeat(np.arange(len(built)), random.poisson(VISITS, len(built)) * built)
    last = np.datetime64(UNTIL)
    first = np.maximum(
        markers.dates[marker, STAGES.index(Stage.BUILT)], np.datetime64("2019-01-01")
    )
    span = (last - first).astype(int) + 1
    ago = random.exponential(VISITED, len(marker)).astype(int) % span
    order = np.lexsort((-ago, marker))
    seconds = random.integers(0, 9 * 3600, len(marker))  # from 0 to 9 UTC, 7 to 16 in Vietnam
    day = (last - ago[order].astype("timedelta64[D]")).astype("datetime64[s]")
    condition = random.choice(len(CONDITIONS), len(marker), p=CONDITION_SHARE)
    latest = np.append(marker[1:] != marker[:-1], True)[: len(marker)]
    return Visits(marker, day + seconds.astype("timedelta64[s]"), np.where(latest, condition, 0))

"""What is asked, in words of no server, and what the right answer holds."""

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bench.data import FILTERED, Markers
from geo.types import BBox

SEED = 20140630
MOST = 4_000  # questions of a kind
MOST_DEEP = 10_000  # so that a quick server is asked for longer than it takes to begin
WINDOW = 100  # features
PAGE, DEEP_PAGE = 1_000, 100  # features
DEEP = 0.9  # share of all features that lie before a deep page
TURNS = 2  # of asking for the whole layer
FEW = 20  # features that a filter should find at least
FILTERS = 200  # questions of filters at least
ROUNDING = 6  # decimals of a degree


@dataclass(frozen=True, slots=True)
class Item:
    """One feature by its key."""

    number: int  # from 1
    id: str


@dataclass(frozen=True, slots=True)
class Window:
    """The features in a box, at most WINDOW of them."""

    box: BBox


@dataclass(frozen=True, slots=True)
class Page:
    """`limit` features after the first `skipped`."""

    skipped: int
    limit: int


@dataclass(frozen=True, slots=True)
class Equal:
    """The first `limit` features whose columns FILTERED have these values; None is any."""

    values: tuple[str | None, ...]
    limit: int = WINDOW

    @property
    def given(self) -> dict[str, str]:
        """What is asked for, by column."""
        pairs = zip(FILTERED, self.values, strict=True)
        return {name: value for name, value in pairs if value is not None}


@dataclass(frozen=True, slots=True)
class Whole:
    """Every feature, with all its properties and its geometry."""

    turn: int  # asked in so many ways that mean the same


@dataclass(frozen=True, slots=True)
class MapTile:
    """A vector tile of WebMercatorQuad."""

    z: int
    x: int
    y: int


Question: TypeAlias = Item | Window | Page | Equal | Whole | MapTile


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table."""

    name: str
    title: str
    goal: float | None = None  # least ratio to the best peer at 100,000
    of: str = ""  # a repeated question is one of this other kind
    warmed_by: str = ""  # so few can be asked that servers are started anew, warmed by these

    @property
    def repeated(self) -> bool:
        """Whether one address is asked again and again."""
        return bool(self.of)


COLD = (
    Kind("item", "one item", 1.0),
    Kind("window", "window of 100", 5.0),
    Kind("page", "page of 1,000", 5.0),
    Kind("filter", "attribute filter, 100", 5.0),
    Kind("deep", "deep page of 100", 50.0),
    Kind("apart", "deep page of 100, none overlapping"),
    Kind("tile12", "tile at z12", 2.0),
    Kind("tile6", "tile at z6", 20.0, warmed_by="around6"),
    Kind("whole", "whole layer", 4.0),
)
HOT = tuple(
    Kind(f"{kind.name} again", f"{kind.title}, again", of=kind.name)
    for kind in COLD
    if kind.name not in ("whole", "apart")
)
KINDS = (*COLD, *HOT)


def draw(markers: Markers) -> dict[str, list[Question]]:
    """Different questions of each kind, in an order of chance that is always the same."""
    chance = random.Random(SEED)
    total = len(markers.ids)
    numbers = chance.sample(range(total), min(total, 5 * MOST))
    found: dict[str, list[Question]] = {
        "item": [Item(n + 1, markers.ids[n]) for n in numbers],
        "window": list(windows(markers, numbers[: MOST // 2])),
        "page": [Page(n, PAGE) for n in _starts(0, total - PAGE, MOST // 2)],
        "filter": list(filters(markers)),
        "deep": [
            Page(n, DEEP_PAGE) for n in _starts(int(DEEP * total), total - DEEP_PAGE, MOST_DEEP)
        ],
        "apart": [Page(n, DEEP_PAGE) for n in _apart(total)],
        "tile12": list(tiles(markers, 12)),
        "tile6": list(tiles(markers, 6)),
        "around6": [*tiles(markers, 5), *tiles(markers, 7)],
        "whole": [Whole(turn) for turn in range(TURNS)],
    }
    for name in ("page", "filter", "deep", "apart", "tile12"):
        chance.shuffle(found[name])
    return found


def _starts(first: int, last: int, most: int) -> range:
    """Places at which pages begin: close together, so that depth is the same for all."""
    return range(first, min(last, first + most) + 1)


def _apart(total: int) -> range:
    """Places in the second half at which pages begin that share no row and do not touch."""
    step = DEEP_PAGE + 1
    return range(total // 2, total - DEEP_PAGE + 1, step)[: MOST // 2]


def windows(markers: Markers, centres: list[int]) -> Iterator[Window]:
    """Yield boxes around markers, each with close to WINDOW markers and none with more."""
    order = np.argsort(markers.lonlat[:, 1])
    sorted_points = markers.lonlat[order]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    for centre in centres:
        box = _window(sorted_points, markers.lonlat[centre], int(place[centre]))
        if box is not None:
            yield Window(box)


def _window(points: np.ndarray, at: np.ndarray, place: int) -> BBox | None:
    """A box around a point; `points` are sorted by latitude, and `place` is its own there."""
    near = 20 * WINDOW
    band = points[max(0, place - near) : place + near]
    away = np.sort(np.abs(band - at).max(axis=1))
    if len(away) <= WINDOW:
        return None
    half = float(away[WINDOW - 1] + away[WINDOW]) / 2
    if half > min(at[1] - band[0, 1], band[-1, 1] - at[1]) and len(band) < len(points):
        return None
    sides = (at[0] - half, at[1] - half, at[0] + half, at[1] + half)
    west, south, east, north = (round(float(side), ROUNDING) for side in sides)
    inside = _inside(band, (west, south, east, north))
    return (west, south, east, north) if int(inside.sum()) <= WINDOW else None


def _inside(points: np.ndarray, box: BBox) -> np.ndarray:
    west, south, east, north = box
    x, y = points.T
    found: np.ndarray = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return found


def filters(markers: Markers) -> Iterator[Equal]:
    """Yield combinations of values that some markers have.

    Where there are few of them, each is asked for with several limits, from WINDOW down.
    """
    rows = zip(*(markers.values[name] for name in FILTERED), strict=True)
    found = [values for values, count in sorted(Counter(rows).items()) if count >= FEW]
    limits = math.ceil(FILTERS / max(len(found), 1))
    for limit in range(WINDOW, max(WINDOW - limits, FEW), -1):
        yield from (Equal(values, limit) for values in found)


def tiles(markers: Markers, z: int) -> list[Question]:
    """Every tile that holds a marker."""
    x, y = _columns_rows(markers.lonlat, z)
    return [MapTile(z, *pair) for pair in sorted(set(zip(x.tolist(), y.tolist(), strict=True)))]


def _columns_rows(lonlat: np.ndarray, z: int) -> tuple[np.ndarray, np.ndarray]:
    lon, lat = lonlat.T
    x = (lon + 180) / 360 * 2**z
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / math.pi) / 2 * 2**z
    return np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Truth:
    """What a right answer holds, computed from the markers alone."""

    count: int
    ids: frozenset[str] | None = None  # None where a right answer may hold any of several sets


def truth(markers: Markers, question: Question) -> Truth:
    """The answer as the markers themselves give it."""
    match question:
        case Item(id=one):
            return Truth(1, frozenset((one,)))
        case Window(box):
            return _all(markers, np.flatnonzero(_inside(markers.lonlat, box)).tolist())
        case Page(skipped, limit):
            return Truth(limit, frozenset(markers.ids[skipped : skipped + limit]))
        case Equal(values, limit):
            rows = zip(*(markers.values[name] for name in FILTERED), strict=True)
            found = [n for n, row in enumerate(rows) if row == values]
            return _all(markers, found) if len(found) <= limit else Truth(limit)
        case Whole():
            return Truth(len(markers.ids), frozenset(markers.ids))
        case MapTile(z, x, y):
            columns, rows_ = _columns_rows(markers.lonlat, z)
            return Truth(int(((columns == x) & (rows_ == y)).sum()))


def _all(markers: Markers, numbers: list[int]) -> Truth:
    return Truth(len(numbers), frozenset(markers.ids[n] for n in numbers))

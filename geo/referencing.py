"""Linear referencing on the ellipsoid: kilometre and offset of a place along a border line.

An edge between two vertices is the geodesic of WGS 84, measured by `pyproj.Geod` (C. F. F. Karney,
"Algorithms for geodesics", J. Geodesy 87, 2013). Points are lon, lat in degrees; chainage is in km
from the first vertex of the first part, running on without a jump from part to part.

The nearest edge is found among chords of at most a kilometre in geocentric X, Y, Z, where the
foot of a perpendicular is plain vector algebra: a chord of 1 km lies 2 cm under the ellipsoid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from geo.chords import Chords
from geo.errors import BadInputError, OutsideError
from geo.later import later
from geo.types import LonLat

if TYPE_CHECKING:
    import pyproj
else:
    pyproj = later("pyproj")

Floats = NDArray[np.float64]

PIECE = 1000.0  # m, longest chord that stands for the geodesic
TOLERANCE = 1e-3  # m, by which a chainage may pass an end of the line


@cache
def geod() -> pyproj.Geod:
    """Return the ellipsoid of WGS 84."""
    return pyproj.Geod(ellps="WGS84")


class Chainage(NamedTuple):
    """Where a point falls on a line: km along it, and metres from it on the ellipsoid."""

    km: float
    offset_m: float


@dataclass(frozen=True, slots=True)
class Near:
    """A point near a place: its index, distance, and azimuth clockwise from north as seen there."""

    index: int
    distance_m: float
    azimuth_deg: float


class Gap(NamedTuple):
    """A stretch of line without a marker."""

    from_km: float
    to_km: float

    @property
    def length_km(self) -> float:
        """Length of the gap."""
        return self.to_km - self.from_km


@dataclass(frozen=True, slots=True)
class Gaps:
    """Gaps of a stretch; none are stated where its register is not complete."""

    complete: bool
    holds: int  # markers held
    expected: int | None  # markers that there should be, if known
    gaps: tuple[Gap, ...] = ()

    @property
    def statement(self) -> str:
        """`holds n of N`, the only thing that can be said of an incomplete register."""
        return f"holds {self.holds} of {'unknown' if self.expected is None else self.expected}"


class _Edges(NamedTuple):
    """Geodesic edges of all parts in order; arrays of one length."""

    start: Floats  # (n, 2) lon, lat
    end: Floats
    azimuth: Floats  # degrees at the start
    length: Floats  # m
    chainage: Floats  # m at the start


class _Pieces(NamedTuple):
    """Chords of at most PIECE metres, cut from the edges."""

    chords: Chords
    chainage: Floats  # m at the start
    length: Floats  # m


class LineReference:
    """Kilometres along a line whose parts follow one another in the order and direction given."""

    def __init__(self, line: BaseGeometry) -> None:
        """Measure the line, a LineString or MultiLineString in WGS 84 degrees.

        Raises:
            BadInputError: another geometry, or a line without length.
        """
        self._parts = [_without_repeats(part) for part in _parts(line)]
        self._edges = _edges([part for part in self._parts if len(part) > 1])
        if not len(self._edges.length):
            raise BadInputError("The line has no length", parameter="line")
        self._parts = [part for part in self._parts if len(part) > 1]
        self._total = float(self._edges.chainage[-1] + self._edges.length[-1])

    @classmethod
    def from_north(cls, line: BaseGeometry) -> LineReference:
        """Join touching parts, put them in sequence and start at the northern end."""
        return cls(in_sequence(line))

    @property
    def length_km(self) -> float:
        """Length on the ellipsoid; gaps between parts do not count."""
        return self._total / 1000

    def chainage(self, point: LonLat) -> Chainage:
        """Return km and offset of the nearest place on the line."""
        km, offset = self.chainages([point])
        return Chainage(float(km[0]), float(offset[0]))

    def chainages(self, points: ArrayLike) -> tuple[Floats, Floats]:
        """Return km and offsets (m) of (n, 2) points; see `chainage`."""
        lonlat = _lonlat(points)
        pieces = self._pieces
        i, share = pieces.chords.nearest(_geocentric(lonlat))
        metres = pieces.chainage[i] + share * pieces.length[i]
        feet = self._at(metres)
        offset = geod().inv(lonlat[:, 0], lonlat[:, 1], feet[:, 0], feet[:, 1])[2]
        return metres / 1000, np.asarray(offset)

    def locate(self, km: float) -> LonLat:
        """Return the place at a chainage.

        Raises:
            OutsideError: the line has no such kilometre.
        """
        lon, lat = self.locate_many([km])[0]
        return float(lon), float(lat)

    def locate_many(self, km: ArrayLike) -> Floats:
        """Return lon, lat, shape (n, 2), of many chainages; errors as of `locate`."""
        return self._at(self._metres(km))

    def cut(self, from_km: float, to_km: float) -> LineString | MultiLineString:
        """Return the line between two chainages with its own vertices.

        Raises:
            OutsideError: the line has no such kilometre.
            BadInputError: `to_km` is not beyond `from_km`.
        """
        low, high = self._metres([from_km, to_km])
        if not low < high:
            raise BadInputError("A stretch ends beyond its start", parameter="to_km", value=to_km)
        lines = []
        for coordinates, chainage in zip(self._parts, self._vertex_chainages, strict=True):
            first, last = max(low, chainage[0]), min(high, chainage[-1])
            if last - first > TOLERANCE:
                inner = (chainage > first + TOLERANCE) & (chainage < last - TOLERANCE)
                ends = self._on_part(coordinates, chainage, np.array([first, last]))
                lines.append(LineString(np.vstack([ends[:1], coordinates[inner], ends[1:]])))
        return lines[0] if len(lines) == 1 else MultiLineString(lines)

    def _metres(self, km: ArrayLike) -> Floats:
        metres = np.asarray(km, dtype=np.float64) * 1000
        good = (metres >= -TOLERANCE) & (metres <= self._total + TOLERANCE)
        if not good.all():
            raise OutsideError(
                f"The line runs from km 0 to km {self.length_km:.3f}",
                parameter="km",
                value=float(metres[~good][0]) / 1000,
            )
        return np.clip(metres, 0.0, self._total)

    def _at(self, metres: Floats) -> Floats:
        """Return lon, lat at chainages in metres; at a break between parts, the later part's."""
        edges = self._edges
        i = np.searchsorted(edges.chainage, metres, side="right") - 1
        along = np.minimum(metres - edges.chainage[i], edges.length[i])
        return _along(edges.start[i], edges.azimuth[i], along)

    def _on_part(self, coordinates: Floats, chainage: Floats, metres: Floats) -> Floats:
        """Return lon, lat at chainages of one part, exactly a vertex where one is met."""
        i = np.searchsorted(chainage, metres)
        i -= (i > 0) & (metres - chainage[i - 1] < chainage[i] - metres)
        vertex = np.abs(chainage[i] - metres) <= TOLERANCE
        return np.where(vertex[:, None], coordinates[i], self._at(metres))

    @cached_property
    def _vertex_chainages(self) -> list[Floats]:
        sizes = [len(part) - 1 for part in self._parts]
        ends = self._edges.chainage + self._edges.length
        bounds = np.cumsum([0, *sizes])
        return [np.append(self._edges.chainage[a:b], ends[b - 1]) for a, b in pairwise(bounds)]

    @cached_property
    def _pieces(self) -> _Pieces:
        edges = self._edges
        count = np.maximum(np.ceil(edges.length / PIECE), 1).astype(np.intp)
        edge = np.repeat(np.arange(len(count)), count)
        rank = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
        length = edges.length[edge] / count[edge]
        start = _along(edges.start[edge], edges.azimuth[edge], rank * length)
        last = rank == count[edge] - 1
        end = np.where(last[:, None], edges.end[edge], np.roll(start, -1, axis=0))
        chords = Chords(_geocentric(start), _geocentric(end))
        return _Pieces(chords, edges.chainage[edge] + rank * length, length)


def _parts(line: BaseGeometry) -> list[Floats]:
    if line.geom_type not in {"LineString", "MultiLineString"}:
        raise BadInputError(
            f"A {line.geom_type} is not a line", parameter="line", allowed=["LineString"]
        )
    return [shapely.get_coordinates(part) for part in shapely.get_parts(line)]


def _without_repeats(coordinates: Floats) -> Floats:
    moved = (np.diff(coordinates, axis=0) != 0).any(axis=1)
    return coordinates[np.append(True, moved)] if len(coordinates) else coordinates


def _edges(parts: list[Floats]) -> _Edges:
    empty = np.empty((0, 2))
    start = np.vstack([empty, *(part[:-1] for part in parts)])
    end = np.vstack([empty, *(part[1:] for part in parts)])
    azimuth, _, length = geod().inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    return _Edges(start, end, np.asarray(azimuth), np.asarray(length), np.cumsum(length) - length)


def _along(start: Floats, azimuth: Floats, metres: Floats) -> Floats:
    lon, lat, _ = geod().fwd(start[:, 0], start[:, 1], azimuth, metres)
    return np.column_stack([lon, lat])


def _lonlat(points: ArrayLike) -> Floats:
    array = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if not (np.isfinite(array).all() and (np.abs(array[:, 1]) <= 90).all()):
        raise BadInputError("A point is not a lon, lat of this earth", parameter="point")
    return array


def _geocentric(lonlat: Floats) -> Floats:
    """Return X, Y, Z on the ellipsoid in metres."""
    lon, lat = np.radians(lonlat).T
    n = geod().a / np.sqrt(1 - geod().es * np.sin(lat) ** 2)
    x, y = n * np.cos(lat) * np.cos(lon), n * np.cos(lat) * np.sin(lon)
    return np.column_stack([x, y, n * (1 - geod().es) * np.sin(lat)])


def in_sequence(line: BaseGeometry) -> MultiLineString:
    """Return the line's parts joined where they touch, ordered and turned to run on from the north.

    The order is the one with the least distance between consecutive parts; of its two directions
    the one that starts at the end with the greater latitude.
    """
    merged = shapely.line_merge(MultiLineString(_parts(line)))
    parts = _parts(merged)
    turned = [(i, part) for i, p in enumerate(parts) for part in (p, p[::-1])]
    chains = [_chain(parts, i, part) for i, part in turned]
    jump = [sum(_jumps(chain)) for chain in chains]
    least = min(jump)
    good = [chain for chain, metres in zip(chains, jump, strict=True) if metres - least < 1.0]
    return MultiLineString(max(good, key=lambda chain: chain[0][0][1]))


def _chain(parts: list[Floats], first: int, start: Floats) -> list[Floats]:
    """Return the parts, each followed by the one that begins nearest to its end."""
    chain, left = [start], [p for i, p in enumerate(parts) if i != first]
    while left:
        ends = np.array([[p[0], p[-1]] for p in left]).reshape(-1, 2)
        here = np.broadcast_to(chain[-1][-1], ends.shape)
        i = int(np.argmin(geod().inv(here[:, 0], here[:, 1], ends[:, 0], ends[:, 1])[2]))
        part = left.pop(i // 2)
        chain.append(part[::-1] if i % 2 else part)
    return chain


def _jumps(chain: list[Floats]) -> Iterable[float]:
    return (float(geod().inv(*a[-1], *b[0])[2]) for a, b in pairwise(chain))


def nearest(points: ArrayLike, lon: float, lat: float, n: int) -> list[Near]:
    """Return the n of (m, 2) lon, lat points that are nearest to a place, nearest first.

    Distance and azimuth are those of the geodesic from the place to the point.
    """
    lonlat, place = _lonlat(points), _lonlat([lon, lat])
    n = min(n, len(lonlat))
    if n < 1:
        return []
    chord = np.linalg.norm(_geocentric(lonlat) - _geocentric(place), axis=1)
    # A chord orders points as the geodesic does but for the ellipsoid's flattening, under 1 %.
    close = np.flatnonzero(chord <= np.partition(chord, n - 1)[n - 1] * 1.02 + 1)
    here = np.broadcast_to(place[0], (len(close), 2))
    there = lonlat[close]
    azimuth, _, distance = geod().inv(here[:, 0], here[:, 1], there[:, 0], there[:, 1])
    order = np.argsort(distance, kind="stable")[:n]
    return [Near(int(close[i]), float(distance[i]), float(azimuth[i]) % 360) for i in order]


def gaps(
    chainages: ArrayLike,
    *,
    complete: bool,
    longer_than_km: float,
    expected: int | None = None,
    ends_km: tuple[float, float] | None = None,
) -> Gaps:
    """Return the stretches longer than a limit in which no marker stands.

    Args:
        chainages: km of the markers held, in any order.
        complete: whether the register is complete for the stretch; if not, or if it holds fewer
            than `expected`, no gap is stated.
        longer_than_km: shorter distances between neighbours are no gaps.
        expected: number of markers that the stretch should have.
        ends_km: chainages at which the stretch begins and ends, if gaps count from there.
    """
    km = np.sort(np.asarray(chainages, dtype=np.float64))
    whole = complete and (expected is None or len(km) >= expected)
    if not whole:
        return Gaps(complete=False, holds=len(km), expected=expected)
    held = km if ends_km is None else np.clip([ends_km[0], *km, ends_km[1]], *ends_km)
    wide = np.flatnonzero(np.diff(held) > longer_than_km)
    found = tuple(Gap(float(held[i]), float(held[i + 1])) for i in wide)
    return Gaps(complete=True, holds=len(km), expected=expected, gaps=found)

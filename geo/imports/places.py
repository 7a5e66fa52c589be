"""Where the rows lie: which of two coordinates is which, their system, and whether it can be.

Coordinates come as the sheet has them; what is kept is WGS 84, lon then lat, with the original
beside it where it was another system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.fields import SURVEYED
from geo.imports import zones
from geo.imports.aliases import Target
from geo.imports.findings import Problem, Said, ValueProblem
from geo.imports.headers import Column
from geo.imports.options import Options
from geo.imports.provinces import FAR, Provinces
from geo.imports.records import Raw, Record
from geo.imports.zones import System

REGION = (97.0, 4.0, 120.0, 31.0)  # west, south, east, north: the five countries and the isles
NORTHINGS = (700_000.0, 3_200_000.0)  # metres between which the northings of the region lie
EASTINGS = (50_000.0, 950_000.0)
DEGREES = 360.0  # numbers up to this are degrees, larger ones metres
Points = NDArray[np.float64]


class Placed(NamedTuple):
    """How the coordinates of a sheet were read."""

    systems: tuple[System, ...]
    fits: tuple[tuple[str, float], ...]  # zones and the share of points that each puts right
    northing_first: bool  # whether the sheet has its axes the other way round than its headers


def locate(
    records: Sequence[Record],
    columns: Sequence[Column],
    texts: Sequence[str],
    options: Options,
    provinces: Provinces,
    crs: str | None = None,
) -> Placed:
    """Give rows their points, and say what is wrong with them; `crs` is that of the file."""
    placed = [record for record in records if record.raw is not None]
    finite = [record for record in placed if _is_finite(record, columns)]
    flat = [record for record in finite if max(map(abs, record.raw or ())) > DEGREES]
    round_ = [record for record in finite if max(map(abs, record.raw or ())) <= DEGREES]
    turned = _orient(round_, columns, _swapped_degrees, Problem.SWAPPED)
    turned |= _orient(flat, columns, _swapped_metres, Problem.SWAPPED_AXES)
    used: list[System] = []
    fits: list[tuple[str, float]] = []
    if round_:
        used.append(_system_of_degrees(options, texts, crs))
        _place(round_, used[-1].crs, options)
    if flat:
        system, fits = _system_of_metres(flat, options, texts, provinces, crs)
        if system is None:
            for record in flat:
                record.find(Problem.NO_CRS, first_column(columns))
        else:
            used.append(system)
            _place(flat, system.crs, options)
    _check_region([r for r in finite if r.shape is not None], columns)
    _check_provinces(finite, columns, provinces, used[-1].crs if flat and used else None)
    return Placed(tuple(used), tuple(fits), turned)


def _is_finite(record: Record, columns: Sequence[Column]) -> bool:
    if record.raw is None or not np.isfinite(record.raw).all():
        record.find(Problem.NOT_FINITE, first_column(columns), record.raw)
        return False
    return True


def first_column(columns: Sequence[Column]) -> Column | None:
    """Return the column of the first coordinate."""
    wanted = (Target.LON, Target.EAST, Target.PLACE, Target.GEOMETRY)
    return next((column for column in columns if column.guess.target in wanted), None)


def _value(record: Record) -> str | None:
    return f"{record.raw.x:.9g}, {record.raw.y:.9g}" if record.raw else None


def _swapped_degrees(raw: Raw) -> bool | None:
    west, south, east, north = REGION
    straight = west <= raw.x <= east and south <= raw.y <= north
    swapped = west <= raw.y <= east and south <= raw.x <= north
    return swapped if straight != swapped else None


def _swapped_metres(raw: Raw) -> bool | None:
    def lies(x: float, y: float) -> bool:
        return EASTINGS[0] <= x % 1_000_000 <= EASTINGS[1] and NORTHINGS[0] <= y <= NORTHINGS[1]

    straight, swapped = lies(raw.x, raw.y), lies(raw.y, raw.x)
    return swapped if straight != swapped else None


def _orient(
    records: Sequence[Record],
    columns: Sequence[Column],
    judge: Callable[[Raw], bool | None],
    problem: Problem,
) -> bool:
    """Turn swapped coordinates round; those that differ from most rows are said so.

    X and Y mean one thing here and another there: where most rows have them the other way round,
    that is how the sheet uses them. Longitude and latitude mean but one thing.
    """
    found = [(record, judge(record.raw)) for record in records if record.raw is not None]
    swapped = sum(1 for _, verdict in found if verdict)
    straight = sum(1 for _, verdict in found if verdict is False)
    named = any(column.guess.target in (Target.LON, Target.LAT) for column in columns)
    usual = swapped > straight and not (named and problem is Problem.SWAPPED)
    for record, verdict in found:
        if verdict is not None and verdict != usual:
            record.find(problem, first_column(columns), _value(record))
        if verdict and record.raw is not None:
            record.raw = Raw(record.raw.y, record.raw.x)
    return usual


def _system_of_degrees(options: Options, texts: Iterable[str], crs: str | None) -> System:
    for named, by in ((options.crs, "given"), (crs, "file")):
        if named in (zones.WGS84, zones.VN2000):
            return System(named, by)
    if zones.says_vn2000(texts):
        return System(zones.VN2000, "titles")
    return System(zones.WGS84, "degrees")


def _system_of_metres(
    records: Sequence[Record],
    options: Options,
    texts: Sequence[str],
    provinces: Provinces,
    crs: str | None,
) -> tuple[System | None, list[tuple[str, float]]]:
    """Return the system of plane coordinates and how well each zone fits the provinces named."""
    points = np.array([record.raw for record in records], dtype=np.float64)
    groups = _groups(records, provinces)
    guessed = zones.candidates([record.province for record in records if record.province])
    shares = {}
    if groups:
        every = dict.fromkeys((*guessed, *zones.PROVINCIAL, *zones.WIDE))
        shares = {one: zones.share(points, one, groups, provinces) for one in every}
    fits = sorted(((c, round(s, 3)) for c, s in shares.items() if s), key=lambda f: -f[1])[:5]
    for named, by in ((options.crs, "given"), (crs, "file"), (zones.of_texts(texts), "titles")):
        if named and named not in (zones.WGS84, zones.VN2000):
            return System(named, by), fits
    best = max(guessed, key=lambda one: shares.get(one, 0.0), default=None)
    return (System(best, "province") if best else None), fits


def _groups(
    records: Sequence[Record], provinces: Provinces
) -> dict[frozenset[str], NDArray[np.int64]]:
    """Return the places of the records of each province that is named."""
    found: dict[frozenset[str], list[int]] = {}
    for place, record in enumerate(records):
        if record.province:
            try:
                found.setdefault(provinces.named(record.province), []).append(place)
            except ValueProblem:
                continue
    return {ids: np.array(places) for ids, places in found.items()}


def _place(records: Sequence[Record], crs: str, options: Options) -> None:
    points = np.array([record.raw for record in records], dtype=np.float64)
    lonlat, operation = zones.to_wgs84(points, crs)
    layer = options.of
    keeps = layer.field(SURVEYED[0]) is not None and crs != zones.WGS84
    shapes = shapely.points(np.nan_to_num(lonlat, nan=999.0))
    for record, shape in zip(records, shapes, strict=True):
        record.shape = shape
        if keeps and record.raw is not None:
            values: tuple[Any, ...] = (*record.raw, crs, operation)
            record.given |= dict(zip(SURVEYED, values, strict=True))


def _check_region(records: Sequence[Record], columns: Sequence[Column]) -> None:
    inside = shapely.intersects(shapely.box(*REGION), [record.shape for record in records])
    for record, holds in zip(records, np.atleast_1d(inside), strict=True):
        if not holds:
            record.find(Problem.OUTSIDE, first_column(columns), _value(record))
            record.shape = None


def _check_provinces(
    records: Sequence[Record], columns: Sequence[Column], provinces: Provinces, zone: str | None
) -> None:
    """Say which points lie far from the province of their row, and which zone would fit."""
    inside = [record for record in records if record.shape is not None]
    for ids, places in _groups(inside, provinces).items():
        here = [inside[place] for place in places]
        off = provinces.off_by(ids, shapely.get_coordinates([r.shape for r in here]))
        if off is None:
            continue
        far = [(r, float(d)) for r, d in zip(here, off, strict=True) if d > FAR]
        flat = [(r, d) for r, d in far if zone and max(map(abs, r.raw or (0,))) > DEGREES]
        fitting = _fitting([r for r, _ in flat], ids, provinces)
        column, name = first_column(columns), provinces.names(ids)
        for record, metres in far:
            km = f"{metres / 1000:.0f} km"
            better = fitting.get(record.row)
            where = Said(f"cách {name} {km}", f"{km} from {name}")
            if better and better != zone:
                other = zones.described(better)
                said = Said(f"{where.vi}; {other.vi} thì khớp", f"{where.en}; {other.en} fits")
                record.find(Problem.WRONG_ZONE, column, _value(record), said)
            else:
                record.find(Problem.OFF_PROVINCE, column, _value(record), where)


def _fitting(
    records: Sequence[Record], ids: frozenset[str], provinces: Provinces
) -> dict[int, str]:
    """Return by row the zone that puts it into its province: the likeliest of those that do."""
    if not records:
        return {}
    points = np.array([record.raw for record in records], dtype=np.float64)
    tried = dict.fromkeys((*zones.candidates([provinces.names(ids)]), *zones.PROVINCIAL))
    found: dict[int, tuple[float, str]] = {}
    for zone in tried:
        lonlat, _ = zones.to_wgs84(points, zone)
        off = provinces.off_by(ids, np.nan_to_num(lonlat, nan=999.0))
        for record, metres in zip(records, off if off is not None else (), strict=False):
            if metres <= FAR:
                found.setdefault(record.row, (metres, zone))
    return {row: zone for row, (_, zone) in found.items()}

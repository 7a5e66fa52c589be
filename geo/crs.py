"""Coordinate systems of the border documents, each taken to WGS 84 by a pinned operation.

Every datum has one operation that is used unless the caller names another of its candidates.
An operation is used within its area of use only, unless the caller names it; PROJ's "ballpark"
guesses, which move nothing, are never used. Points are lon, lat (or easting, northing) arrays
of shape (n, 2), in degrees (or metres).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import BadInputError, NotFoundError, OperationNeededError, UnknownCrsError
from geo.later import later
from geo.names import fold_unit

if TYPE_CHECKING:
    import pyproj
else:
    pyproj = later("pyproj")

Points = NDArray[np.float64]  # shape (n, 2)
Bounds = tuple[float, float, float, float]  # west, south, east, north; degrees

AREA_MARGIN = 0.1  # degrees; EPSG's areas are boxes rounded to the national outline
NULL_ACCURACY = 2.0  # m, what EPSG states for the WGS 84 ensemble

# Systems by the EPSG code of their geographic base.
SYSTEMS: dict[int, tuple[int, ...]] = {
    4326: (4326, 3857),
    4756: (4756, 3405, 3406, 5896, 5897, 5898, 5899, *range(9205, 9219)),  # VN-2000
    4131: (4131, 3148, 3149),  # Indian 1960
    4239: (4239,),  # Indian 1954
    4240: (4240,),  # Indian 1975
    4147: (4147, 2044, 2045),  # Hanoi 1972
    4678: (4678,),  # Lao 1997
    4677: (4677,),  # Lao 1993
    4676: (4676,),  # Vientiane 1982
    4490: (4490, 4544, 4545),  # CGCS2000
}
# Operations from each base to WGS 84, by EPSG code in the order applied; the first is the default.
# 6960 has the seven parameters of QĐ 05/2007/QĐ-BTNMT. For CGCS2000 EPSG has no operation: both
# frames are realisations of ITRF, so coordinates are taken as they are.
CANDIDATES: dict[int, tuple[tuple[int, ...], ...]] = {
    4326: ((),),
    4756: ((6960,), (5194,)),
    4131: ((1542,), (1541, 1240), (1543,)),
    4239: ((1153,),),
    4240: ((1812,), (1304,), (1537,)),
    4147: ((1544,),),
    4678: ((1065,),),
    4677: ((1064, 1065),),
    4676: ((1063, 1065),),
    4490: ((),),
}
_BASE = {code: base for base, codes in SYSTEMS.items() for code in codes}


@dataclass(frozen=True, slots=True)
class Operation:
    """A way from a datum to WGS 84; `bounds` is the box of its area of use, degrees."""

    id: str  # "EPSG:6960", "EPSG:1064+EPSG:1065", "null:4490"
    urn: str | None  # OGC URN; None where no registered operation is applied
    name: str
    accuracy_m: float
    area: str
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Transformed:
    """Transformed points with what is to be kept beside them.

    `operation` is the URN of the datum operation (None: the datum is WGS 84 or taken as such),
    `accuracy_m` what EPSG states for it, 0 where nothing was changed but the projection.
    """

    points: Points
    crs: str
    operation: str | None
    operation_name: str
    accuracy_m: float
    warnings: tuple[str, ...] = ()


def supported() -> tuple[str, ...]:
    """Identifiers of all supported systems, `OGC:CRS84` first."""
    return ("OGC:CRS84", *(f"EPSG:{code}" for code in _BASE))


def epsg_code(crs: str | int) -> int:
    """EPSG code of a supported system given as number, `EPSG:n`, OGC URN or OGC URI.

    CRS84 answers 4326, as axes are always lon, lat here.

    Raises:
        UnknownCrsError: not one of ours.
    """
    text = str(crs).strip()
    if re.fullmatch(r"(.*\W)?CRS84", text, re.IGNORECASE):
        return 4326
    match = re.fullmatch(r"(?:.*\bEPSG\b.*[:/])?(\d{4,5})", text, re.IGNORECASE)
    if match is None or int(match[1]) not in _BASE:
        raise UnknownCrsError(
            f"Coordinate system {text!r} is not supported",
            parameter="crs",
            value=text,
            allowed=supported(),
        )
    return int(match[1])


def operations(crs: str | int) -> tuple[Operation, ...]:
    """Operations that can take this system to WGS 84, the default first."""
    return _operations(_BASE[epsg_code(crs)])


@cache
def _operations(base: int) -> tuple[Operation, ...]:
    return tuple(_operation(base, codes) for codes in CANDIDATES[base])


def _operation(base: int, codes: tuple[int, ...]) -> Operation:
    if not codes:
        return _null(base)
    urn = _urn(codes)
    step = pyproj.Transformer.from_pipeline(urn)
    area, bounds = _area(step)
    name = "+".join(f"EPSG:{code}" for code in codes)
    return Operation(name, urn, step.description, step.accuracy, area, bounds)


def _urn(codes: tuple[int, ...]) -> str:
    """URN of one operation or of several in turn (OGC 07-092)."""
    kind = "coordinateOperation"
    parts = ",".join(f"{kind}:EPSG::{code}" for code in codes)
    return f"urn:ogc:def:{parts}" if len(codes) == 1 else f"urn:ogc:def:{kind},{parts}"


def _null(base: int) -> Operation:
    crs = pyproj.CRS.from_epsg(base)
    area, bounds = _area(crs)
    if base == 4326:
        return Operation("null:4326", None, "none (WGS 84)", 0.0, area, bounds)
    name = f"{crs.name} taken as WGS 84, nothing moved"
    return Operation(f"null:{base}", None, name, NULL_ACCURACY, area, bounds)


def _area(owner: pyproj.CRS | pyproj.Transformer) -> tuple[str, Bounds]:
    area = owner.area_of_use
    if area is None:
        return "World", (-180.0, -90.0, 180.0, 90.0)
    return area.name or "", area.bounds


@cache
def _to_base(code: int) -> pyproj.Transformer:
    """Transformer of a system to lon, lat on its own datum."""
    return pyproj.Transformer.from_crs(code, _BASE[code], always_xy=True)


@cache
def _datum_step(urn: str) -> pyproj.Transformer:
    """Transformer of exactly this operation; the registry's axis order: lat, lon."""
    return pyproj.Transformer.from_pipeline(urn)


def to_wgs84(points: ArrayLike, *, crs: str | int, operation: str | None = None) -> Transformed:
    """Take points of a system to WGS 84.

    Args:
        points: (n, 2) or (2,): easting, northing in metres, or lon, lat in degrees.
        crs: any form that `epsg_code` reads.
        operation: id or URN of one of `operations(crs)`; its area is then only warned of.

    Returns:
        lon, lat in degrees, shape (n, 2).

    Raises:
        UnknownCrsError: the system is not supported.
        OperationNeededError: points lie outside the area of the default operation.
        BadInputError: not numbers, impossible coordinates, or an operation of another datum.
    """
    code, xy = epsg_code(crs), _pairs(points)
    op = _choose(code, operation)
    lonlat = _forward(code, op, xy)
    warnings = _check_area(code, op, lonlat, named=operation is not None, given=xy)
    return _result(lonlat, code, op, warnings)


def from_wgs84(points: ArrayLike, *, crs: str | int, operation: str | None = None) -> Transformed:
    """Take WGS 84 lon, lat (degrees) to a system; arguments and errors as of `to_wgs84`.

    Returns:
        easting, northing in metres, or lon, lat in degrees, shape (n, 2).
    """
    code, lonlat = epsg_code(crs), _pairs(points)
    _check_degrees(lonlat)
    op = _choose(code, operation)
    warnings = _check_area(code, op, lonlat, named=operation is not None, given=None)
    xy = _inverse(code, op, lonlat)
    return _result(xy, code, op, warnings)


def _result(points: Points, code: int, op: Operation, warnings: tuple[str, ...]) -> Transformed:
    return Transformed(points, f"EPSG:{code}", op.urn, op.name, op.accuracy_m, warnings)


def _pairs(points: ArrayLike) -> Points:
    try:
        array = np.atleast_2d(np.asarray(points, dtype=np.float64))
    except (TypeError, ValueError):
        array = np.empty((0, 0))
    if array.ndim != 2 or array.shape[1] != 2:
        raise BadInputError("Points are pairs of numbers", parameter="points")
    if not np.isfinite(array).all():
        raise BadInputError("A coordinate is not a finite number", parameter="points")
    return array


def _check_degrees(lonlat: Points) -> None:
    if (np.abs(lonlat[:, 1]) > 90).any() or (np.abs(lonlat[:, 0]) > 360).any():
        raise BadInputError(
            "Latitude beyond 90° or longitude beyond 360°; the order is lon, lat",
            parameter="points",
            value=lonlat[np.abs(lonlat[:, 1]).argmax()].tolist(),
        )


def _choose(code: int, operation: str | None) -> Operation:
    candidates = operations(code)
    if operation is None:
        return candidates[0]
    named = tuple(re.findall(r"(?<![\d.])\d{4,5}", operation))
    for op in candidates:
        if named == tuple(re.findall(r"\d{4,5}", op.id)):
            return op
    raise BadInputError(
        f"{operation!r} does not take EPSG:{code} to WGS 84. Candidates: {_listing(candidates)}",
        parameter="operation",
        value=operation,
        allowed=[op.id for op in candidates],
    )


def _listing(candidates: Sequence[Operation]) -> str:
    return "; ".join(f"{o.id} ({o.name}; {o.accuracy_m:g} m; {o.area})" for o in candidates)


def _forward(code: int, op: Operation, points: Points) -> Points:
    """Coordinates of a system to WGS 84 lon, lat."""
    if code in SYSTEMS:
        _check_degrees(points)
    try:
        lon, lat = _to_base(code).transform(points[:, 0], points[:, 1], errcheck=True)
        if op.urn is not None:
            lat, lon = _datum_step(op.urn).transform(lat, lon, errcheck=True)
    except pyproj.exceptions.ProjError as error:
        raise _impossible(code, error) from error
    return np.column_stack([lon, lat])


def _inverse(code: int, op: Operation, points: Points) -> Points:
    """WGS 84 lon, lat to coordinates of a system."""
    back = pyproj.enums.TransformDirection.INVERSE
    lon, lat = points.T
    try:
        if op.urn is not None:
            lat, lon = _datum_step(op.urn).transform(lat, lon, direction=back, errcheck=True)
        x, y = _to_base(code).transform(lon, lat, direction=back, errcheck=True)
    except pyproj.exceptions.ProjError as error:
        raise _impossible(code, error) from error
    return np.column_stack([x, y])


def _impossible(code: int, error: pyproj.exceptions.ProjError) -> BadInputError:
    return BadInputError(
        f"These coordinates are impossible in EPSG:{code}: {error}", parameter="points"
    )


def _outside(lonlat: Points, bounds: Bounds) -> int:
    """Count the points that lie outside a box by more than the margin."""
    west, south, east, north = bounds
    low = (lonlat < np.array([west, south]) - AREA_MARGIN).any(axis=1)
    high = (lonlat > np.array([east, north]) + AREA_MARGIN).any(axis=1)
    return int((low | high).sum())


def _check_area(
    code: int, op: Operation, lonlat: Points, *, named: bool, given: Points | None
) -> tuple[str, ...]:
    """Refuse points outside the operation's area, or return what to warn of."""
    count, total = _outside(lonlat, op.bounds), len(lonlat)
    if count and not named:
        hint = (
            ""
            if given is None or not _swapped_fits(code, op, given)
            else (" The two coordinates look swapped: easting (or longitude) comes first.")
        )
        candidates = operations(code)
        raise OperationNeededError(
            f"{count} of {total} points lie outside the area of {op.id} ({op.area}).{hint}"
            f" Check the coordinates and the zone, or name an operation: {_listing(candidates)}",
            parameter="operation",
            allowed=[o.id for o in candidates],
        )
    warnings = [_warning(count, total, op.id, op.area)] if count else []
    area, bounds = _area(pyproj.CRS.from_epsg(code))
    if outside := _outside(lonlat, bounds):
        warnings.append(_warning(outside, total, f"EPSG:{code}", area))
    return tuple(warnings)


def _warning(count: int, total: int, what: str, area: str) -> str:
    return f"{count} of {total} points lie outside the area of {what} ({area})"


def _swapped_fits(code: int, op: Operation, given: Points) -> bool:
    try:
        lonlat = _forward(code, op, given[:, ::-1])
    except BadInputError:
        return False
    return _outside(lonlat, op.bounds) == 0


@dataclass(frozen=True, slots=True)
class Zone:
    """The TM-3 zone that a province of before July 2025 uses for its large-scale maps."""

    crs: str
    central_meridian: float  # degrees east
    province: str
    source: str
    confidence: str


@cache
def _zones() -> dict[str, tuple[Zone, ...]]:
    """Zones by folded province name: of the province itself first, then of what it took in."""
    text = files("geo").joinpath("zones.csv").read_text(encoding="utf-8")
    found: dict[str, list[Zone]] = {}
    for row in csv.DictReader(text.splitlines()):
        zone = Zone(
            f"EPSG:{row['epsg']}",
            float(row["central_meridian"]),
            row["province"],
            row["source"],
            row["confidence"],
        )
        own, later = fold_unit(row["province"]), fold_unit(row["province_2025"])
        found.setdefault(own, []).insert(0, zone)
        if later != own:
            found.setdefault(later, []).append(zone)
    return {name: tuple(zones) for name, zones in found.items()}


def guess_zones(province: str) -> tuple[Zone, ...]:
    """Zones in which coordinates of a province may be given, the likeliest first.

    A province of July 2025 answers its own zone, then those of the provinces that it took in.
    The wrong zone is tens of km off: show the points before they are kept.

    Args:
        province: Vietnamese province of either era, with or without accents and rank.

    Raises:
        NotFoundError: no such province.
    """
    try:
        return _zones()[fold_unit(province)]
    except KeyError:
        raise NotFoundError(
            f"No VN-2000 zone is known for {province!r}",
            parameter="province",
            value=province,
            allowed=[zones[0].province for zones in _zones().values()],
        ) from None

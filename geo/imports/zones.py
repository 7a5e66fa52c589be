"""Which coordinate system a sheet uses: as told, as its titles say, or as its province suggests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo import crs as systems
from geo.crs import guess_zones
from geo.errors import BadInputError, NotFoundError
from geo.imports.findings import Said
from geo.imports.provinces import FAR, Provinces
from geo.later import later
from geo.names import fold

if TYPE_CHECKING:
    import pyproj
else:
    pyproj = later("pyproj")

Points = NDArray[np.float64]
SAMPLE = 200  # points of a province by which a zone is judged
WGS84 = "EPSG:4326"
VN2000 = "EPSG:4756"
PROVINCIAL = tuple(f"EPSG:{code}" for code in (*range(9205, 9219), *range(5896, 5900)))
WIDE = ("EPSG:3405", "EPSG:3406")  # the national zones of six degrees
_MERIDIAN = re.compile(
    r"(?:ktt|kinh tuyen truc|central meridian|meridian|kinh tuyen)\D{0,12}"
    r"(\d{3})\s*(?:[°do\s.,'-]+\s*(\d{1,2}))?"
)
_CODE = re.compile(r"epsg\s*:?\s*(\d{4,5})")


class System(NamedTuple):
    """A system, and how it was found: `given`, `file`, `titles`, `province` or `degrees`."""

    crs: str
    by: str


@cache
def meridians() -> dict[float, str]:
    """Return the zone of three degrees of each central meridian, degrees east."""
    found: dict[float, str] = {}
    for code in PROVINCIAL:
        parameters = pyproj.CRS.from_user_input(code).coordinate_operation
        assert parameters is not None  # noqa: S101
        by_name = {one.name: one.value for one in parameters.params}
        found[round(float(by_name["Longitude of natural origin"]), 4)] = code
    return found


def of_texts(texts: Iterable[str]) -> str | None:
    """Return the system that titles or headers name: by EPSG code or by central meridian."""
    for text in map(fold, texts):
        if found := _CODE.search(text):
            try:
                return f"EPSG:{systems.epsg_code(found[1])}"
            except BadInputError:
                continue
        if found := _MERIDIAN.search(text):
            degrees = int(found[1]) + int(found[2] or 0) / 60
            if round(degrees, 4) in meridians():
                return meridians()[round(degrees, 4)]
    return None


def says_vn2000(texts: Iterable[str]) -> bool:
    """Say whether titles or headers speak of VN-2000."""
    return any("vn 2000" in fold(text) or "vn2000" in fold(text) for text in texts)


def candidates(provinces: Sequence[str]) -> list[str]:
    """Return the zones of the provinces that the rows name, the commonest first, then the rest."""
    found: dict[str, None] = {}
    for name, _ in Counter(provinces).most_common(5):
        try:
            found |= dict.fromkeys(zone.crs for zone in guess_zones(name))
        except NotFoundError:
            continue
    return list(found)


def to_wgs84(points: Points, crs: str) -> tuple[Points, str | None]:
    """Return lon, lat of points of a system, and the operation; NaN where they cannot be."""
    operation = systems.operations(crs)[0].id
    try:
        found = systems.to_wgs84(points, crs=crs, operation=operation)
    except BadInputError:
        return np.full_like(points, np.nan), None
    return found.points, found.operation


def share(points: Points, crs: str, groups: dict[frozenset[str], NDArray[np.int64]],
          provinces: Provinces) -> float:  # fmt: skip
    """Return the share of points, grouped by the units they belong to, that a system puts there."""
    fitting = total = 0
    for ids, places in groups.items():
        some = places[:: max(1, len(places) // SAMPLE)]
        lonlat, _ = to_wgs84(points[some], crs)
        off = provinces.off_by(ids, np.nan_to_num(lonlat, nan=999.0))
        if off is not None:
            fitting += int((off <= FAR).sum())
            total += len(some)
    return fitting / total if total else 0.0


@cache
def known() -> dict[str, Said]:
    """Return the systems that a person may choose from, in words; the likely ones first."""
    others = sorted(set(systems.supported()) - {WGS84, VN2000, *WIDE, *PROVINCIAL, "OGC:CRS84"})
    zones = [code for _, code in sorted(meridians().items())]
    return {code: described(code) for code in (WGS84, VN2000, *zones, *WIDE, *others)}


def described(crs: str) -> Said:
    """Return a system in words: its code and its central meridian."""
    for degrees, code in meridians().items():
        if code == crs:
            minutes = round(degrees % 1 * 60)
            meridian = f"{int(degrees)}°{minutes:02}′"
            return Said(f"{crs} (kinh tuyến trục {meridian})", f"{crs} (meridian {meridian})")
    name = pyproj.CRS.from_user_input(crs).name
    return Said.same(f"{crs} ({name})")

"""Height of the ground at a place, from the embedded relief or a raster like it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.errors import GeoError, OutsideError
from geo.types import BBox

RMSE = 51.0  # m, of the embedded 2' relief against another 5' grid
SPOT_RMSE = 360.0  # m, against the seven published heights of markers on summits and by rivers
STEPS = "15 low down, 60 at 2000 m"  # the relief comes from 8-bit grey levels


class TerrainError(GeoError):
    """The relief cannot be read."""

    code = "terrain_unavailable"


@dataclass(frozen=True, slots=True)
class Height:
    """Height above sea level with what it is worth; `resolution_m` is the cell on the ground.

    `accuracy_m` is the root mean square error of a cell's mean; a spot on a summit or by a river
    lies off it by more, `spot_accuracy_m` for the embedded relief (None for another raster).
    """

    height_m: float
    resolution_arcmin: float
    resolution_m: float
    accuracy_m: float
    spot_accuracy_m: float | None
    steps: str  # m, from one grey level to the next
    source: str


@dataclass(frozen=True, slots=True)
class _Relief:
    metres: NDArray[np.float64]  # rows from the north; NaN where nothing is known
    west: float
    north: float
    cell: tuple[float, float]  # degrees of longitude, of latitude
    accuracy: float
    steps: str  # m, from one grey level to the next
    source: str

    @property
    def box(self) -> BBox:
        rows, columns = self.metres.shape
        south, east = self.north - rows * self.cell[1], self.west + columns * self.cell[0]
        return self.west, south, east, self.north


def height(path: Path, lon: float, lat: float) -> Height:
    """Return the height at a place, bilinear between cell centres.

    Args:
        path: a raster of metres in EPSG:4326, north up.
        lon: degrees.
        lat: degrees.

    Raises:
        OutsideError: the raster does not reach there, or knows nothing there.
        TerrainError: no such raster, or another kind.
    """
    relief = _relief(path.resolve(), _changed(path))
    west, south, east, north = relief.box
    if not (west <= lon <= east and south <= lat <= north):
        raise OutsideError(
            f"The relief covers {west:g} to {east:g}° E, {south:g} to {north:g}° N",
            parameter="lon,lat",
            value=[lon, lat],
        )
    metres = _bilinear(relief, lon, lat)
    if np.isnan(metres):
        raise OutsideError("No height is known there", parameter="lon,lat", value=[lon, lat])
    side = relief.cell[1]
    return Height(
        height_m=round(metres, 1),
        resolution_arcmin=round(side * 60, 3),
        resolution_m=round(side * 111_195),  # of a mean degree of latitude
        accuracy_m=relief.accuracy,
        spot_accuracy_m=SPOT_RMSE if relief.accuracy == RMSE else None,
        steps=relief.steps,
        source=relief.source,
    )


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise TerrainError(f"There is no relief at {path}", parameter="path") from error


@lru_cache(maxsize=4)
def _relief(path: Path, changed: int) -> _Relief:  # noqa: ARG001
    """Read a whole raster once; ours is half a million cells."""
    import rasterio  # noqa: PLC0415 - takes long to load
    from rasterio.errors import RasterioError  # noqa: PLC0415

    try:
        with rasterio.open(path) as dataset:
            transform, tags = dataset.transform, dataset.tags()
            plain = transform.b == transform.d == 0 and transform.e < 0
            if not plain or dataset.crs is None or dataset.crs.to_epsg() != 4326:
                raise TerrainError(f"{path} is not a north-up raster in EPSG:4326")
            metres = dataset.read(1, masked=True).astype(np.float64).filled(np.nan)
    except RasterioError as error:
        raise TerrainError(f"{path} is not a raster: {error}") from error
    return _Relief(
        metres=metres,
        west=transform.c,
        north=transform.f,
        cell=(transform.a, -transform.e),
        accuracy=float(tags.get("RMSE_M", RMSE)),
        steps=tags.get("STEP_M", STEPS),
        source=tags.get("SOURCE", path.name),
    )


def _bilinear(relief: _Relief, lon: float, lat: float) -> float:
    """Weigh the four cell centres around; unknown ones do not count, at the rim the cell's own."""
    rows, columns = relief.metres.shape
    x = np.clip((lon - relief.west) / relief.cell[0] - 0.5, 0, columns - 1)
    y = np.clip((relief.north - lat) / relief.cell[1] - 0.5, 0, rows - 1)
    left, top = int(min(x, columns - 2)), int(min(y, rows - 2))
    four = relief.metres[top : top + 2, left : left + 2]
    weights = np.outer([1 - (y - top), y - top], [1 - (x - left), x - left])
    known = ~np.isnan(four) & (weights > 0)
    if not known.any():
        return float("nan")
    return float((four[known] * weights[known]).sum() / weights[known].sum())

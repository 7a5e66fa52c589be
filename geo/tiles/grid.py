"""The grid WebMercatorQuad (OGC 17-083r4, annex D.1): tiles, their boxes, and units inside them.

A *world* coordinate is a share of the Mercator square, u eastward and v southward from its
north-west corner, both in [0, 1]. A *unit* is 1/4096 of a tile's side.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.errors import NotFoundError
from geo.types import BBox

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXTENT = 4096  # units of a tile's side
BUFFER = 64  # units kept around a tile for lines and polygons, 4 of 256 pixels
MAX_ZOOM = 24
MAX_LAT = 85.0511287798066  # degrees; the Mercator square ends here
CIRCUMFERENCE = 40075016.68557849  # m, of the equator of WGS 84


class Tile(NamedTuple):
    """A tile in the order of its address: zoom, row from the north, column from the west."""

    z: int
    y: int
    x: int


def checked(tile: Tile) -> Tile:
    """Return the tile.

    Raises:
        NotFoundError: the grid has no such tile.
    """
    z, y, x = tile
    if not 0 <= z <= MAX_ZOOM:
        raise _outside("z", z, MAX_ZOOM)
    for name, value in (("y", y), ("x", x)):
        if not 0 <= value < 1 << z:
            raise _outside(name, value, (1 << z) - 1)
    return tile


def parent(tile: Tile, zoom: int) -> Tile:
    """Return the tile of a zoom that holds a tile, or the tile itself if it is no deeper."""
    deeper = max(tile.z - zoom, 0)
    return Tile(tile.z - deeper, tile.y >> deeper, tile.x >> deeper)


def _outside(name: str, value: int, last: int) -> NotFoundError:
    return NotFoundError(
        f"There is no tile with {name} = {value}",
        parameter=name,
        value=value,
        allowed=[f"0–{last}"],
    )


def world(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return world coordinates of WGS 84 degrees; beyond the square's edge they stop at it."""
    u = np.clip(lon / 360 + 0.5, 0, 1)
    v = 0.5 - np.arcsinh(np.tan(np.radians(np.clip(lat, -MAX_LAT, MAX_LAT)))) / (2 * np.pi)
    return u, np.clip(v, 0, 1)


def world_xy(lonlat: Floats) -> Floats:
    """Return world coordinates of an (n, 2) array of lon, lat."""
    return np.column_stack(world(lonlat[:, 0], lonlat[:, 1]))


def lonlat(u: float, v: float) -> tuple[float, float]:
    """Return WGS 84 degrees of a world coordinate."""
    return (u - 0.5) * 360, float(np.degrees(np.arctan(np.sinh((0.5 - v) * 2 * np.pi))))


def box(tile: Tile, *, buffer: int = 0) -> BBox:
    """Return west, south, east, north of a tile in degrees, widened by so many units."""
    left, top, right, bottom = (min(max(share, 0.0), 1.0) for share in world_box(tile, buffer))
    west, north = lonlat(left, top)
    east, south = lonlat(right, bottom)
    return west, south, east, north


def world_box(tile: Tile, buffer: int = 0) -> BBox:
    """Return left, top, right, bottom of a tile in world coordinates, widened by units."""
    side, more = 1 / (1 << tile.z), buffer / (EXTENT << tile.z)
    left, top = tile.x * side, tile.y * side
    return left - more, top - more, left + side + more, top + side + more


def metres_per_unit(z: int, lat: float = 0.0) -> float:
    """Return the ground length of a unit at a latitude in degrees."""
    return float(CIRCUMFERENCE * np.cos(np.radians(lat)) / (EXTENT << z))

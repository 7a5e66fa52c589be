"""Lines and polygons as features of a tile: clipped, on whole units, in the order MVT asks for."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.tiles.grid import BUFFER, EXTENT, Ints, Tile
from geo.tiles.wire import Tags, feature, zigzag

_MOVE_TO, _LINE_TO, _CLOSE = 1, 2, 7
_LINE, _POLYGON = 2, 3


def features(tile: Tile, shapes: list[BaseGeometry], used: Tags, *, snapped: bool) -> bytes:
    """Encode geometries given in units of the tile's zoom; what lies outside is left out.

    `snapped` says that they stand on whole units already, so that only a cut moves a vertex.
    """
    left, top = tile.x * EXTENT - BUFFER, tile.y * EXTENT - BUFFER
    right, bottom = left + EXTENT + 2 * BUFFER, top + EXTENT + 2 * BUFFER
    given = np.empty(len(shapes), dtype=object)
    given[:] = shapes
    sides = shapely.bounds(given)
    cut = ~(
        (sides[:, :2] >= (left, top)).all(axis=1) & (sides[:, 2:] <= (right, bottom)).all(axis=1)
    )
    rough = cut if snapped else np.ones(len(shapes), bool)
    dimensions = shapely.get_dimensions(given)
    given[cut] = shapely.clip_by_rect(given[cut], left, top, right, bottom)
    given[rough] = shapely.set_precision(given[rough], 1.0)
    corner = np.array([left + BUFFER, top + BUFFER])
    local = shapely.transform(given, lambda xy: xy - corner)
    rows = zip(local, dimensions.tolist(), used.codes, strict=True)
    return b"".join(_feature(shape, dimension, codes) for shape, dimension, codes in rows)


def _feature(shape: BaseGeometry, dimension: int, codes: Ints) -> bytes:
    commands = _commands(shape, dimension)
    kind = _POLYGON if dimension == 2 else _LINE
    return feature(kind, codes, np.concatenate(commands)) if commands else b""


def _commands(shape: BaseGeometry, dimension: int) -> list[Ints]:
    """Return MVT's commands for the parts that are left of a line (1) or an area (2)."""
    parts = shapely.get_parts(shape)
    wanted = parts[(shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)]
    pen = np.zeros(2, np.int64)
    commands: list[Ints] = []
    for line in _rings(wanted) if dimension == 2 else wanted:
        made, pen = _path(shapely.get_coordinates(line), pen, closed=dimension == 2)
        commands.append(made)
    return commands


def _rings(polygons: list[BaseGeometry]) -> list[BaseGeometry]:
    """Outer rings turn towards growing y, which is clockwise to the eye; holes the other way."""
    turned = shapely.orient_polygons(polygons)
    return [ring for one in turned for ring in (one.exterior, *one.interiors)]


def _path(
    xy: np.ndarray[tuple[int, int], np.dtype[np.float64]], pen: Ints, *, closed: bool
) -> tuple[Ints, Ints]:
    points = np.rint(xy).astype(np.int64)
    if closed:
        points = points[:-1]
    steps = zigzag(np.diff(points, axis=0, prepend=pen[None, :])).ravel()
    ahead = _LINE_TO | (len(points) - 1) << 3
    close = [_CLOSE | 1 << 3] if closed else []
    commands = np.concatenate([[_MOVE_TO | 1 << 3], steps[:2], [ahead], steps[2:], close])
    return commands.astype(np.int64), points[-1]

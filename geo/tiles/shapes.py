"""Lines and polygons as features of a tile: clipped, on whole units, in the order MVT asks for."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.tiles.grid import BUFFER, EXTENT, Ints, Tile
from geo.tiles.wire import Tags, feature, zigzag

_MOVE_TO, _LINE_TO, _CLOSE = 1, 2, 7
_LINE, _POLYGON = 2, 3


def features(tile: Tile, shapes: list[BaseGeometry], used: Tags) -> bytes:
    """Encode geometries given in units of the tile's zoom; what lies outside is left out."""
    left, top = tile.x * EXTENT, tile.y * EXTENT
    clipped = shapely.clip_by_rect(
        np.array(shapes, dtype=object),
        left - BUFFER,
        top - BUFFER,
        left + EXTENT + BUFFER,
        top + EXTENT + BUFFER,
    )
    local = shapely.transform(clipped, lambda xy: xy - (left, top))
    written = (_feature(shape, codes) for shape, codes in zip(local, used.codes, strict=True))
    return b"".join(written)


def _feature(shape: BaseGeometry, codes: Ints) -> bytes:
    kind, commands = geometry(shape)
    return feature(kind, codes, np.concatenate(commands)) if commands else b""


def geometry(shape: BaseGeometry) -> tuple[int, list[Ints]]:
    """Return MVT's type and commands; none where nothing of the shape is left on whole units."""
    area = shapely.get_dimensions(shape) == 2
    snapped = shapely.set_precision(shape, 1.0)
    parts = shapely.get_parts(snapped)
    wanted = parts[shapely.get_dimensions(parts) == (2 if area else 1)]
    pen = np.zeros(2, np.int64)
    commands: list[Ints] = []
    for line in _rings(wanted) if area else wanted:
        made, pen = _path(shapely.get_coordinates(line), pen, closed=area)
        commands.append(made)
    return (_POLYGON if area else _LINE), commands


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

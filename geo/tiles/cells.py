"""Counters of change by place: one for each layer and tile of zoom 8, kept with the rows.

Whoever writes views counts their cells in the same transaction. The sum of the counters under a
tile grows with every change that could show in it, and with few others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from sqlalchemy import Connection, func, select, text

from geo.schema import Layer
from geo.tables import cells
from geo.tiles import grid
from geo.tiles.grid import Tile
from geo.types import BBox

ZOOM = 8
_SIDE = 1 << ZOOM
_COUNT = text(
    "INSERT INTO cells (layer, cell, revision) VALUES (:layer, :cell, 1)"
    " ON CONFLICT (layer, cell) DO UPDATE SET revision = cells.revision + 1"
)


def touch(conn: Connection, layer: Layer, boxes: Iterable[BBox]) -> None:
    """Count a change to a layer in every cell that one of the boxes (WGS 84 degrees) meets."""
    sides = np.array(list(boxes), dtype=np.float64).reshape(-1, 4)
    left, bottom = grid.world(sides[:, 0], sides[:, 1])
    right, top = grid.world(sides[:, 2], sides[:, 3])
    spans = np.unique(np.column_stack([_at(left), _at(right), _at(top), _at(bottom)]), axis=0)
    touched = {
        row * _SIDE + column
        for first, last, upper, lower in spans.tolist()
        for row in range(upper, lower + 1)
        for column in range(first, last + 1)
    }
    if touched:
        conn.execute(_COUNT, [{"layer": layer.name, "cell": cell} for cell in sorted(touched)])


def _at(share: grid.Floats) -> grid.Ints:
    return np.minimum(share * _SIDE, _SIDE - 1).astype(np.int64)


def revision(conn: Connection, layers: Sequence[Layer], tile: Tile | None = None) -> int:
    """Return a counter that grows with every change to the layers, or to them under a tile."""
    of_layers = cells.c.layer.in_([layer.name for layer in layers])
    query = select(func.coalesce(func.sum(cells.c.revision), 0)).where(of_layers)
    if tile is not None and tile.z > 0:
        query = query.where(cells.c.cell.in_(_under(tile)))
    return int(conn.execute(query).scalar_one())


def every(conn: Connection) -> dict[str, dict[int, int]]:
    """Return all counters, by layer and cell."""
    found: dict[str, dict[int, int]] = {}
    for layer, cell, counted in conn.execute(select(cells)):
        found.setdefault(layer, {})[cell] = counted
    return found


def under(counted: Mapping[int, int], tile: Tile) -> int:
    """Add up the counters of the cells that a tile and its buffer meet."""
    rows, columns = _spans(tile)
    if len(rows) * len(columns) <= len(counted):
        own = (row * _SIDE + column for row in rows for column in columns)
        return sum(counted.get(cell, 0) for cell in own)
    return sum(
        number
        for cell, number in counted.items()
        if cell // _SIDE in rows and cell % _SIDE in columns
    )


def tile(cell: int) -> Tile:
    """Return the tile of a cell."""
    return Tile(ZOOM, cell // _SIDE, cell % _SIDE)


def of(tile: Tile) -> int:
    """Return the cell that holds a tile of zoom 8 or deeper."""
    _, y, x = grid.parent(tile, ZOOM)
    return y * _SIDE + x


def _under(tile: Tile) -> list[int]:
    """Return the cells that a tile and its buffer meet."""
    rows, columns = _spans(tile)
    return [row * _SIDE + column for row in rows for column in columns]


def _spans(tile: Tile) -> tuple[range, range]:
    shares = (min(max(side, 0.0), 1.0) for side in grid.world_box(tile, grid.BUFFER))
    left, top, right, bottom = (min(int(side * _SIDE), _SIDE - 1) for side in shares)
    return range(top, bottom + 1), range(left, right + 1)

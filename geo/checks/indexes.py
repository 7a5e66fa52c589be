"""The index of boxes against the geometry of each view row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select, text

from geo import boxes
from geo.schema import Layer
from geo.tables import VIEWS, box_table

_FLOAT32 = 2e-5  # degrees by which a 32-bit float may miss a longitude
_SIDES = ("w", "s", "e", "n")


def problems(conn: Connection, layer: Layer) -> Iterator[str]:
    """Yield each row whose box in the R*Tree is missing, too many or wrong; PostGIS keeps none."""
    if conn.dialect.name != "sqlite":
        return
    name, view = box_table(layer.name), VIEWS[layer.name]
    columns = ", ".join(("vid", *_SIDES, "t_from", "t_next"))
    held = {row.vid: row for row in conn.execute(text(f"SELECT {columns} FROM {name}"))}  # noqa: S608
    days = (view.c.t_from, view.c.t_next)
    query = select(view.c.vid, view.c.id, *(view.c[side] for side in _SIDES), *days)
    for row in conn.execute(query.where(view.c.w.is_not(None))):
        box = held.pop(row.vid, None)
        if box is None:
            yield f"{name} {row.id}: its box (row {row.vid}) is missing"
        elif not _fits(row, box):
            yield f"{name} {row.id}: its box (row {row.vid}) is not that of its geometry"
    for vid in held:
        yield f"{name} row {vid}: a box without a view"


def _fits(row: Any, box: Any) -> bool:
    near = all(abs(getattr(row, side) - getattr(box, side)) <= _FLOAT32 for side in _SIDES)
    around = box.w <= row.w and box.s <= row.s and box.e >= row.e and box.n >= row.n
    days = [boxes.day_number(day) for day in (row.t_from, row.t_next)]
    return near and around and days == [box.t_from, box.t_next]

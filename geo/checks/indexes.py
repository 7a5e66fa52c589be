"""The index of boxes against the geometry of each view row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    boxed = conn.execute(text(f"SELECT {columns} FROM {name}")).all()  # noqa: S608
    held = {vid: box for vid, *box in boxed}
    days = (view.c.t_from, view.c.t_next)
    query = select(view.c.vid, view.c.id, *(view.c[side] for side in _SIDES), *days)
    for vid, key, *row in conn.execute(query.where(view.c.w.is_not(None))).all():
        box = held.pop(vid, None)
        if box is None:
            yield f"{name} {key}: its box (row {vid}) is missing"
        elif not _fits(row, box):
            yield f"{name} {key}: its box (row {vid}) is not that of its geometry"
    for vid in held:
        yield f"{name} row {vid}: a box without a view"


def _fits(row: Sequence[Any], box: Sequence[Any]) -> bool:
    """Say whether a box reaches around a row, hardly further, and holds its days."""
    w, s, e, n, *days = row
    west, south, east, north, *numbers = box
    around = 0 <= w - west <= _FLOAT32 and 0 <= s - south <= _FLOAT32
    around = around and 0 <= east - e <= _FLOAT32 and 0 <= north - n <= _FLOAT32
    return around and [boxes.day_number(day) for day in days] == numbers

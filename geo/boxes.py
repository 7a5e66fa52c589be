"""Finding rows by the box of their geometry: an R*Tree on SQLite, a GiST index on PostGIS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Boolean, Connection, func, literal, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from geo.schema import Layer
from geo.tables import VIEWS, box_table
from geo.types import BBox

SLACK = 1e-4  # degrees; the indexes keep 32-bit floats, so what they find is refined after
_SIDES = ("w", "s", "e", "n")


class Near(FunctionElement[bool]):
    """The condition that the box of a view's row may meet a window, asked of the index."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> Near:  # noqa: ARG002
        """Stay as it is: compared with 1, as SQLite's booleans are, it would miss its index."""
        return self


def near(layer: Layer, bbox: BBox) -> Near:
    """Return the condition; the window is WGS 84 degrees and must not cross 180°."""
    c = VIEWS[layer.name].c
    west, south, east, north = bbox
    window = (west - SLACK, south - SLACK, east + SLACK, north + SLACK)
    return Near(c.vid, *(c[side] for side in _SIDES), *(literal(float(v)) for v in window))


def _parts(element: Near, compiler: SQLCompiler, **kw: Any) -> list[str]:
    return [compiler.process(part, **kw) for part in element.clauses]


@compiles(Near, "sqlite")
def _by_rtree(element: Near, compiler: SQLCompiler, **kw: Any) -> str:
    vid, *_, west, south, east, north = _parts(element, compiler, **kw)
    view: str = next(iter(element.clauses)).table.name
    box = box_table(view.removesuffix("_view"))
    meets = f"w <= {east} AND e >= {west} AND s <= {north} AND n >= {south}"
    return f"{vid} IN (SELECT vid FROM {box} WHERE {meets})"  # noqa: S608


@compiles(Near, "postgresql")
def _by_gist(element: Near, compiler: SQLCompiler, **kw: Any) -> str:
    _, *sides = _parts(element, compiler, **kw)
    own, window = ", ".join(sides[:4]), ", ".join(sides[4:])
    return f"ST_MakeEnvelope({own}, 4326) && ST_MakeEnvelope({window}, 4326)"


def add(conn: Connection, layer: Layer, boxes: Iterable[tuple[int, BBox]]) -> None:
    """Enter the boxes of new view rows, by vid; PostgreSQL keeps its index by itself."""
    rows = [(vid, w, e, s, n) for vid, (w, s, e, n) in boxes]
    if rows and conn.dialect.name == "sqlite":
        sql = f"INSERT INTO {box_table(layer.name)} VALUES (?, ?, ?, ?, ?)"  # noqa: S608
        conn.exec_driver_sql(sql, rows)


def remove(conn: Connection, layer: Layer, vids: Sequence[int]) -> None:
    """Take out the boxes of view rows that go."""
    if vids and layer.geometry and conn.dialect.name == "sqlite":
        sql = f"DELETE FROM {box_table(layer.name)} WHERE vid = :vid"  # noqa: S608
        conn.execute(text(sql), [{"vid": vid} for vid in vids])


def missing(conn: Connection, layer: Layer) -> tuple[int, int]:
    """Return how many boxes the index should hold, and how many it holds."""
    view = VIEWS[layer.name]
    shapes = select(func.count()).select_from(view).where(view.c.w.is_not(None))
    wanted = int(conn.execute(shapes).scalar_one())
    if conn.dialect.name != "sqlite":
        return wanted, wanted
    count = text(f"SELECT count(*) FROM {box_table(layer.name)}")  # noqa: S608
    return wanted, int(conn.execute(count).scalar_one())

"""Finding rows by the box of their geometry: an R*Tree on SQLite, a GiST index on PostGIS.

The R*Tree holds the days of a row's period too, so that the versions of other days, which stand at
the same place, are not even looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    bindparam,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from geo.schema import Layer
from geo.tables import VIEWS, box_table
from geo.types import BBox

FEW = 4_000  # rows near a box from which on it is not worth its index
BROAD = 0.25  # degrees; a box narrower than that is looked for in PostGIS's index at once
DENSE = 12  # keys of a run for each row near a box up to which the run is read as it lies
LOW, HIGH = "low", "high"  # parameters for the ends of a run
LISTED = "listed"  # parameter for the keys of the rows near a box, a JSON array

SLACK = 1e-4  # degrees; the indexes keep 32-bit floats, so what they find is refined after
DAY = "day"  # parameter for the number of the day in a statement whose day is a parameter
_SIDES = ("w", "s", "e", "n")
Entry = tuple[int, BBox, str, str]  # vid, box, first day, first day of the row's next period


class Near(FunctionElement[bool]):
    """The condition that the box of a view's row may meet a window, asked of the index."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> Near:  # noqa: ARG002
        """Stay as it is: compared with 1, as SQLite's booleans are, it would miss its index."""
        return self


def near(layer: Layer, bbox: BBox, day: str | None = None) -> Near:
    """Return the condition; the window is WGS 84 degrees and must not cross 180°.

    With a `day`, rows that begin after it or are followed by another by then may be left out.
    """
    c = VIEWS[layer.name].c
    west, south, east, north = bbox
    window = (west - SLACK, south - SLACK, east + SLACK, north + SLACK)
    days = () if day is None else (_day(day),)
    return Near(c.vid, *(c[side] for side in _SIDES), *map(_number, window), *days)


def _number(value: Any) -> Any:
    return value if isinstance(value, ColumnElement) else literal(float(value))


def _day(day: Any) -> Any:
    return (
        bindparam(DAY, type_=Integer, required=False)
        if isinstance(day, ColumnElement)
        else literal(day_number(day))
    )


@lru_cache(10_000)
def day_number(day: str) -> int:
    """Return the number of an ISO date; the R*Tree's 32-bit floats hold it exactly."""
    return date.fromisoformat(day).toordinal()


def listed(layer: Layer, keys: Any) -> ColumnElement[bool]:
    """Return the condition that a row is one of those whose keys are a JSON array."""
    held = func.json_each(keys).table_valued("value")
    return VIEWS[layer.name].c.vid.in_(select(held.c.value))


def has_tree(dialect: Dialect) -> bool:
    """Say whether the store has an R*Tree, which can be asked for keys alone."""
    return dialect.name == "sqlite"


def keys_near(layer: Layer, *, timed: bool) -> str:
    """Return SQLite's statement for the keys of the rows near a window, FEW + 1 at most.

    Its values are those of `window`, and the number of a day twice if it is `timed`.
    """
    days = " AND t_from <= ? AND t_next > ?" if timed else ""
    meets = f"w <= ? AND e >= ? AND s <= ? AND n >= ?{days}"
    return f"SELECT vid FROM {box_table(layer.name)} WHERE {meets} LIMIT {FEW + 1}"  # noqa: S608


def run_near(layer: Layer, *, timed: bool) -> str:
    """Return the statement for the number of those keys, the least and the greatest."""
    return f"SELECT count(*), min(vid), max(vid) FROM ({keys_near(layer, timed=timed)})"  # noqa: S608


def window(bbox: BBox) -> tuple[float, float, float, float]:
    """Return the values of `keys_near` for a box that does not cross 180°."""
    west, south, east, north = bbox
    return east + SLACK, west - SLACK, north + SLACK, south - SLACK


def _parts(element: Near, compiler: SQLCompiler, **kw: Any) -> list[str]:
    return [compiler.process(part, **kw) for part in element.clauses]


@compiles(Near, "sqlite")
def _by_rtree(element: Near, compiler: SQLCompiler, **kw: Any) -> str:
    vid, *parts = _parts(element, compiler, **kw)
    west, south, east, north, *day = parts[4:]
    view: str = next(iter(element.clauses)).table.name
    box = box_table(view.removesuffix("_view"))
    meets = f"w <= {east} AND e >= {west} AND s <= {north} AND n >= {south}"
    if day:
        meets += f" AND t_from <= {day[0]} AND t_next > {day[0]}"
    return f"{vid} IN (SELECT vid FROM {box} WHERE {meets})"  # noqa: S608


@compiles(Near, "postgresql")
def _by_gist(element: Near, compiler: SQLCompiler, **kw: Any) -> str:
    _, *sides = _parts(element, compiler, **kw)
    own, window = ", ".join(sides[:4]), ", ".join(sides[4:8])
    return f"ST_MakeEnvelope({own}, 4326) && ST_MakeEnvelope({window}, 4326)"


def create(conn: Connection, layer: Layer) -> None:
    """Make the empty R*Tree of a layer, in the place of any that is there."""
    if conn.dialect.name != "sqlite":
        return
    name, columns = box_table(layer.name), "vid, w, e, s, n, t_from, t_next"  # least, most in turn
    conn.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    conn.exec_driver_sql(f"CREATE VIRTUAL TABLE {name} USING rtree({columns})")


def add(conn: Connection, layer: Layer, entries: Iterable[Entry]) -> None:
    """Enter the boxes of new view rows; PostgreSQL keeps its index by itself."""
    if conn.dialect.name != "sqlite":
        return
    rows = [(vid, w, e, s, n, *map(day_number, days)) for vid, (w, s, e, n), *days in entries]
    if rows:
        sql = f"INSERT INTO {box_table(layer.name)} VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        conn.exec_driver_sql(sql, rows)


def remove(conn: Connection, layer: Layer, vids: Sequence[int]) -> None:
    """Take out the boxes of view rows that go."""
    if vids and layer.geometry and conn.dialect.name == "sqlite":
        sql = f"DELETE FROM {box_table(layer.name)} WHERE vid = :vid"  # noqa: S608
        conn.execute(text(sql), [{"vid": vid} for vid in vids])

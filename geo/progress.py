"""Demarcation progress as of a date: what offices reported, and what this register holds.

The two are never mixed: a reported figure is not computed, a counted one is not reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from geo import query
from geo.errors import BadInputError
from geo.layers import BORDERS, MARKERS, POSITIONS, PROGRESS
from geo.period import Period
from geo.query import Filter
from geo.types import Properties
from geo.vocabulary import Basis, BorderLevel, MarkerKind, Measure, Qualifier, Stage

BORDERS_KNOWN = ("VN-LA", "VN-KH", "VN-CN")
PLAN = Qualifier.PLAN.value  # of a figure that was planned, not reached
_KEPT = (
    "id", "province", "measure", "numerator", "denominator", "unit", "as_of", "basis", "qualifier",
    "source", "source_id", "confidence", "note", "note_vi",
)  # fmt: skip
_BUILT = tuple(Stage)[list(Stage).index(Stage.BUILT) :]
_LOCATED = tuple(Stage)[list(Stage).index(Stage.LOCATED) :]
_COUNTED = {
    Measure.POSITIONS_LOCATED: (_LOCATED, "position_id"),
    Measure.MARKERS_LOCATED: (_LOCATED, "id"),
    Measure.POSITIONS_BUILT: (_BUILT, "position_id"),
    Measure.MARKERS_BUILT: (_BUILT, "id"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Figures of one border, or of one province's part of it, as of a date."""

    reported: list[Properties]
    plans: list[Properties]
    register: list[Properties]


def progress(conn: Connection, asked: Filter, *, border: str | None, as_of: str) -> Progress:
    """Return the latest reported figures at or before `as_of` (ISO date) and the register's count.

    `asked.units` None asks for the whole line, else for the figures of those units.

    Raises:
        BadInputError: there is no such border.
    """
    everything = Filter(when=None, values=_border(border), sight=asked.sight)
    rows = [
        row
        for row in query.rows(conn, PROGRESS, everything)
        if (row["as_of"] or "") <= as_of and _in_scope(row, asked.units)
    ]
    reported = _latest(row for row in rows if row["qualifier"] != PLAN)
    plans = [_kept(row) for row in rows if row["qualifier"] == PLAN]
    register = _counted(conn, asked, border=border, as_of=as_of)
    return Progress(reported, plans, [_compared(row, reported) for row in register])


def _border(border: str | None) -> dict[str, list[str]]:
    if border is None:
        return {}
    if border not in BORDERS_KNOWN:
        raise BadInputError(
            f"There is no border {border!r}",
            parameter="border",
            value=border,
            allowed=BORDERS_KNOWN,
        )
    return {"border": [border]}


def _in_scope(row: Properties, units: frozenset[str] | None) -> bool:
    origin = row["province_origin_id"]
    return origin is None if units is None else origin in units


def _latest(rows: Iterable[Properties]) -> list[Properties]:
    """Keep the newest figure of each scope and measure, in the order of the measures."""
    newest: dict[tuple[str, str, int], Properties] = {}
    order = [measure.value for measure in Measure]
    for row in sorted(rows, key=lambda r: r["as_of"] or ""):
        scope = row["province_origin_id"] or ""
        newest[row["border"], scope, order.index(row["measure"])] = row
    return [_kept(newest[key]) for key in sorted(newest)]


def _kept(row: Properties) -> Properties:
    return {"border": row["border"], **{name: _whole(row[name]) for name in _KEPT}}


def _whole(value: Any) -> Any:
    """Show counts as whole numbers; they are stored as reals because kilometres are."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _counted(
    conn: Connection, asked: Filter, *, border: str | None, as_of: str
) -> list[Properties]:
    now = Filter(Period(as_of, as_of), None, asked.units, _border(border), asked.sight)
    markers = [m for m in query.rows(conn, MARKERS, now) if m["kind"] != MarkerKind.POST]
    held = len(query.rows(conn, POSITIONS, now))
    complete = _complete(conn, now)
    return [
        {
            "measure": measure.value,
            "numerator": len({m[key] for m in markers if m["stage"] in stages and m[key]}),
            "denominator": None,
            "held": held if key == "position_id" else len(markers),
            "unit": "positions" if key == "position_id" else "markers",
            "as_of": as_of,
            "basis": Basis.REGISTER.value,
            "complete": complete,
        }
        for measure, (stages, key) in _COUNTED.items()
    ]


def _complete(conn: Connection, now: Filter) -> bool:
    """Say whether the register states that it holds every marker of the stretches in scope."""
    stretches = replace(now, values={**now.values, "level": [BorderLevel.STRETCH.value]})
    rows = query.rows(conn, BORDERS, stretches)
    return bool(rows) and all(row["register_complete"] for row in rows)


def _compared(row: Properties, reported: list[Properties]) -> dict[str, Any]:
    """Add the difference from the reported figure where there is exactly one."""
    same = [r["numerator"] for r in reported if r["measure"] == row["measure"]]
    known = len(same) == 1 and same[0] is not None
    return {**row, "difference": row["numerator"] - same[0] if known else None}

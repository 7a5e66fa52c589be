"""How many rows match, told by the sums that are kept of them: see geo.sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Select, cast, func, literal_column, select
from sqlalchemy.sql.visitors import replacement_traverse

from geo.query import Filter, condition
from geo.reach import columns_of
from geo.schema import Layer
from geo.tables import EARLIEST, LATEST, SUMS, VIEWS

_TIMES = {"t_from": EARLIEST, "t_next": LATEST}  # of every row that is counted, as good as


def tell(layer: Layer, asked: Filter, names: Sequence[str] = ()) -> bool:
    """Say whether the sums tell how many rows match, and how many for each value of properties."""
    if not asked.begun or not asked.latest or layer.name not in SUMS:
        return False
    held = {*SUMS[layer.name].c.keys(), *_TIMES}
    return {*names, *columns_of(VIEWS[layer.name], _plain(layer, asked))} <= held


def matched(layer: Layer, asked: Filter) -> Select[Any]:
    """Make the statement that adds up what matches."""
    return select(_number(layer)).where(_condition(layer, asked))


def grouped(layer: Layer, asked: Filter, names: Sequence[str]) -> Select[Any]:
    """Make the statement that adds up what matches for each combination of values."""
    c = SUMS[layer.name].c
    values = [c[name].label(f"by_{name}") for name in names]
    found = select(*values, _number(layer).label("count")).where(_condition(layer, asked))
    rows = found.group_by(*(c[name] for name in names)).subquery("counted")
    return select(rows).order_by(*(rows.c[f"by_{name}"].nulls_first() for name in names))


def held(layer: Layer, asked: Filter, names: Sequence[str], others: Sequence[str]) -> Select[Any]:
    """Make the statement for what matches, alike by alike: values, and how many rows have them."""
    c = SUMS[layer.name].c
    values = [c[name].label(f"by_{name}") for name in names]
    counted = [c[name].label(f"of_{name}") for name in others]
    return select(*values, *counted, c.alike).where(_condition(layer, asked))


def added(numbers: ColumnElement[int]) -> ColumnElement[int]:
    """Add up numbers; those of nothing make 0."""
    return cast(func.coalesce(func.sum(numbers), 0), BigInteger)


def _number(layer: Layer) -> ColumnElement[int]:
    return added(SUMS[layer.name].c.alike)


def _plain(layer: Layer, asked: Filter) -> ColumnElement[bool]:
    """Return the condition of a filter in words that name properties alone, no keys."""
    return condition(layer, replace(asked, latest=False))


def _condition(layer: Layer, asked: Filter) -> ColumnElement[bool]:
    """Return the condition of a filter on the table of sums."""
    view, table = VIEWS[layer.name], SUMS[layer.name]

    def of_sums(element: Any, **_: Any) -> Any:
        if not isinstance(element, Column) or element.table is not view:
            return None
        fixed = _TIMES.get(element.name)
        return literal_column(f"'{fixed}'") if fixed else table.c[element.name]

    found: ColumnElement[bool] = replacement_traverse(_plain(layer, asked), {}, of_sums)
    return found

"""Which index of a layer's view reaches the rows of a filter with the least reading.

SQLite's planner takes equal ends of time for rare and cannot know how many rows a box holds, so
statements name their index; PostgreSQL's statistics know better, and it is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table

from geo.boxes import Near
from geo.query import NOTHING, Filter
from geo.schema import Layer
from geo.tables import (
    SHARED,
    TESTED,
    VIEWS,
    latest_index,
    sorted_index,
    texts_columns,
    texts_index,
)


def index_of(layer: Layer, asked: Filter, statement: Select[Any]) -> str | None:
    """Return the index for a statement on a filter: "" is the key alone, None lets SQLite say."""
    view = VIEWS[layer.name]
    if not _tells_latest(view, statement):
        return None if asked.latest or asked.bbox is None else ""
    if asked.bbox is not None and not asked.walks:
        latest = latest_index(view)
        narrow = asked.runs or covering(view, latest, statement)
        return latest if asked.latest and narrow else ""
    return _walked(view, asked) if asked.latest else None


def _walked(view: Table, asked: Filter) -> str:
    """Return the index whose run of rows is the shortest that holds what is asked for."""
    alone = {name for name, texts in asked.values.items() if _is_single(texts)}
    names = [name for name in asked.values if name in SHARED - {"border"}]
    first = sorted(names, key=lambda name: (name not in alone, name in TESTED))[:1]
    if alone.issuperset((*first, *TESTED)) and not set(first) & set(TESTED):
        return sorted_index(view, *first)
    return latest_index(view, *first)


def _is_single(texts: Any) -> bool:
    return len(texts) == 1 and (isinstance(texts[0], ColumnElement) or texts[0] not in NOTHING)


def covering(view: Table, index: str, statement: Select[Any]) -> bool:
    """Say whether an index of the latest rows holds every column that a statement reads."""
    return _tells_latest(view, statement) and _read(view, statement) <= _held(view, index)


def _tells_latest(view: Table, statement: Select[Any]) -> bool:
    """Say whether a statement names the end of a row's time; one that finds nothing does not.

    Without it SQLite can use no index of the latest rows, and refuses the statement.
    """
    return "t_next" in _read(view, statement)


def _read(view: Table, statement: Select[Any]) -> set[str]:
    return {one.name for one in _parts(statement) if isinstance(one, Column) and one.table is view}


def _parts(element: Any) -> Iterator[Any]:
    """Yield the parts of a statement; a box has its sides in the R*Tree, not in the view."""
    yield element
    alone = isinstance(element, Near)
    for child in islice(element.clauses, 1) if alone else element.get_children():
        yield from _parts(child)


def _held(view: Table, index: str) -> set[str]:
    if index == texts_index(view):
        return {column.name for column in texts_columns(view)}
    held = next(one for one in view.indexes if one.name == index)
    return {column.name for column in held.columns}

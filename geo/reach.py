"""Which index of a layer's view reaches the rows of a filter with the least reading.

SQLite's planner takes equal ends of time for rare and cannot know how many rows a box holds, so
statements name their index; PostgreSQL's statistics know better, and it is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    BinaryExpression,
    BindParameter,
    Column,
    ColumnElement,
    Select,
    Table,
    literal_column,
    true,
)
from sqlalchemy.sql import operators

from geo.boxes import Near
from geo.query import Filter, also_on
from geo.schema import Layer
from geo.scope import UNIT, is_walked
from geo.tables import (
    BORDERS,
    INDEXED,
    SHARED,
    TESTED,
    VIEWS,
    apart_index,
    latest_index,
    sorted_index,
    stands_apart,
    texts_columns,
    texts_index,
)

SEVERAL = 16  # ways to the rows of a filter that are gone side by side
_RANK = {"number": 0, "kind": 2, TESTED[0]: 3, TESTED[1]: 4}  # few rows have one number; else 1


class Way(NamedTuple):
    """Some of the rows of a filter, to which an index leads in the order of their keys."""

    asked: Filter
    also: ColumnElement[bool]
    by: str  # the index


def index_of(layer: Layer, asked: Filter, statement: Select[Any]) -> str | None:
    """Return the index for a statement on a filter: "" is the key alone, None lets SQLite say."""
    view = VIEWS[layer.name]
    if not tells_latest(view, statement):
        return None if asked.latest or asked.bbox is None else ""
    if asked.bbox is not None and not asked.walks:
        latest = latest_index(view)
        narrow = asked.runs or covering(view, latest, statement)
        return latest if asked.latest and narrow else ""
    return _walked(view, asked) if asked.latest else None


def counted_by(layer: Layer, asked: Filter, statement: Select[Any]) -> str | None:
    """Return the index for a statement whose order does not matter: one that holds all it reads."""
    view, index = VIEWS[layer.name], index_of(layer, asked, statement)
    plain = latest_index(view)
    if not asked.latest or index != plain or covering(view, plain, statement):
        return index
    named = sorted(str(one.name) for one in view.indexes if str(one.name).startswith(plain))
    return next((name for name in named if covering(view, name, statement)), index)


def _walked(view: Table, asked: Filter) -> str:
    """Return the index whose run of rows is the shortest that holds what is asked for."""
    alone, first = _alone(view, asked), _first(view, asked)[:1]
    for name in sorted(alone & (INDEXED - SHARED)):  # as good as a key
        return f"{view.name}_{name}"
    if first and alone.issuperset((*first, *TESTED)) and _has(view, sorted_index(view, *first)):
        return sorted_index(view, *first)
    return latest_index(view, *first)


def _alone(view: Table, asked: Filter) -> set[str]:
    """Return the properties that must have one value, or none."""
    given = {name for name, texts in asked.values.items() if len(texts) == 1}
    return given.union(_equal(view, asked.expression))


def is_bounded(view: Table, expression: Any) -> bool:
    """Say whether a free condition wants a property with an index to be no less than a value."""
    if getattr(expression, "operator", None) is operators.and_:
        return any(is_bounded(view, part) for part in expression.clauses)
    if getattr(expression, "operator", None) is not operators.ge:
        return False
    name = getattr(expression.left, "name", "")
    held = view.c.get(name) is expression.left and _has(view, latest_index(view, name))
    return held and isinstance(expression.right, BindParameter)


def _equal(view: Table, expression: Any) -> Iterator[str]:
    """Yield the properties that a free condition wants to equal one value."""
    if getattr(expression, "operator", None) is operators.and_:
        for part in expression.clauses:
            yield from _equal(view, part)
    elif isinstance(expression, BinaryExpression) and expression.operator is operators.eq:
        name = getattr(expression.left, "name", "")
        if isinstance(expression.right, BindParameter) and view.c.get(name) is expression.left:
            yield name


def _first(view: Table, asked: Filter) -> list[str]:
    """Return the properties with an index that a filter names, the most telling first."""
    alone = _alone(view, asked)
    names = (name for name in {*asked.values, *alone} if name != "border")
    held = [name for name in names if _has(view, latest_index(view, name))]
    return sorted(held, key=lambda name: (name not in alone, _RANK.get(name, 1), name))


def _has(view: Table, index: str) -> bool:
    return any(one.name == index for one in view.indexes)


def ways(layer: Layer, asked: Filter) -> list[Way]:
    """Return several ways to the rows of a filter where no index leads to all in their order."""
    view, boxed = VIEWS[layer.name], asked.bbox is not None and not asked.walks
    alone = _alone(view, asked)
    if not asked.latest or boxed or alone & (INDEXED - SHARED):
        return []
    if asked.units is not None:
        return _held_by(layer, asked, asked.units)
    first = _first(view, asked)
    telling = [name for name in first if name in alone]
    if "border" in asked.values and not any(_RANK.get(name, 1) < 2 for name in telling):
        return _borders(view, asked)
    found = _listed(view, asked, first[0]) if first and not telling else []
    if asked.rare and telling:
        found = _tested(layer, asked, telling[0])
    return found if len(found) <= SEVERAL else []


def _held_by(layer: Layer, asked: Filter, units: frozenset[str]) -> list[Way]:
    """Go to what each unit holds, by each property that names one."""
    view = VIEWS[layer.name]
    names = [name for name in UNIT if name in view.c]
    several = len(names) * len(units)
    if not is_walked(layer) or not 0 < several <= SEVERAL or asked.values.keys() & names:
        return []
    each = [{name: [unit], **asked.values} for name in names for unit in sorted(units)]
    left = [replace(asked, units=None, values=values) for values in each]
    return [Way(one, true(), _walked(view, one)) for one in left]


def _borders(view: Table, asked: Filter) -> list[Way]:
    """Go along each border; what stands on several is found apart."""
    codes = asked.values["border"]
    if len(codes) >= SEVERAL or not all(map(str.isascii, codes)):
        return []
    if not _has(view, latest_index(view, "border")):
        return []
    others = {name: texts for name, texts in asked.values.items() if name != "border"}
    left = replace(asked, values=others)
    index = latest_index(view, "border")
    found = [Way(left, view.c.border == code.upper(), index) for code in codes]
    if BORDERS in view.c:
        found.append(Way(left, stands_apart(view) & also_on(view, codes), apart_index(view)))
    return found


def _listed(view: Table, asked: Filter, name: str) -> list[Way]:
    """Go to each of several values."""
    each = [replace(asked, values={**asked.values, name: [text]}) for text in asked.values[name]]
    return [Way(one, true(), _walked(view, one)) for one in each]


def _tested(layer: Layer, asked: Filter, name: str) -> list[Way]:
    """Go by a property and both of TESTED, of which only one is given, through all of the other."""
    view = VIEWS[layer.name]
    given = _alone(view, asked) & set(TESTED)
    if len(given) != 1 or name in TESTED or not _has(view, sorted_index(view, name)):
        return []
    [other] = set(TESTED) - given
    declared = layer.field(other)
    if other in asked.values or declared is None or declared.vocabulary is None:
        return []
    held = view.c[other]
    index = sorted_index(view, name)
    words: list[ColumnElement[str]] = [
        literal_column(f"'{word.value}'") for word in declared.vocabulary
    ]
    return [Way(asked, one, index) for one in (held.in_(words), held.is_(None))]


def covering(view: Table, index: str, statement: Select[Any]) -> bool:
    """Say whether an index of the latest rows holds every column that a statement reads."""
    return tells_latest(view, statement) and columns_of(view, statement) <= _held(view, index)


def tells_latest(view: Table, statement: Select[Any]) -> bool:
    """Say whether a statement names the end of a row's time; one that finds nothing does not.

    Without it SQLite can use no index of the latest rows, and refuses the statement.
    """
    return "t_next" in columns_of(view, statement)


def columns_of(view: Table, statement: Any) -> set[str]:
    """Return the names of the columns of a view that a statement or a condition reads."""
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

"""Statements compiled once for each shape of a filter, to be run many times with its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Dialect,
    Double,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union,
    union_all,
)
from sqlalchemy.types import TypeEngine

from geo import totals
from geo.audience import Sight
from geo.boxes import DAY, HIGH, LISTED, LOW, day_number
from geo.functions import Joined, RawUtf8, by_index
from geo.layers import LAYERS
from geo.period import Period
from geo.query import LAST_OF_ALL, PLAIN, Filter, condition, crosses, property_of, single
from geo.reach import Way, counted_by, covering, index_of, is_bounded, tells_latest, ways
from geo.schema import Layer
from geo.scope import is_walked
from geo.tables import LATEST, VIEWS, revisions, texts_index, when_index

SHAPES_KEPT = 1_000
Values: TypeAlias = Mapping[str, Any] | Sequence[Any]
_SIDES = ("west", "south", "east", "north")
_PREFIX = "value_"  # of the parameters that hold the values of properties


class Shape(NamedTuple):
    """A filter without its times, box and single values, which differ between questions."""

    layer: str
    sight: Sight
    timed: bool
    latest: bool
    begun: bool
    rare: bool
    boxed: bool
    near: str | None  # LISTED and LOW stand for any keys
    units: frozenset[str] | None
    values: tuple[tuple[str, tuple[str, ...] | None], ...]  # None stands for a single value
    expression: ColumnElement[bool] | None


class Statement(NamedTuple):
    """Finished SQL; `order` names its values where the driver takes them by place."""

    sql: str
    order: tuple[str, ...] | None
    fixed: Mapping[str, Any]

    def values(self, given: Mapping[str, Any]) -> Values:
        """Return the values in the form that the driver takes."""
        if self.order is None:
            return {**self.fixed, **given}
        return [given[name] if name in given else self.fixed[name] for name in self.order]


REVISION = select(cast(func.sum(revisions.c.revision), BigInteger))
Indexer = Callable[[Layer, Filter, Select[Any]], str | None]
Maker = Callable[[Layer, Filter], Select[Any]]


def statement(make: Maker, layer: Layer, asked: Filter, dialect: Dialect) -> Statement:
    """Return the statement that `make` makes of a filter; its values may be left to be given."""
    if asked.bbox is not None and crosses(asked.bbox):
        return finished(make(layer, asked), dialect)
    return _compiled(make, shape(layer, asked), dialect)


@lru_cache(SHAPES_KEPT)
def _compiled(make: Maker, of: Shape, dialect: Dialect) -> Statement:
    return finished(make(LAYERS[of.layer], _open(of)), dialect)


@lru_cache
def constant(statement: Select[Any], dialect: Dialect) -> Statement:
    """Compile a statement that is always the same."""
    return finished(statement, dialect)


def finished(statement: Select[Any], dialect: Dialect) -> Statement:
    """Compile a statement."""
    made: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return Statement(str(made), tuple(made.positiontup) if made.positional else None, made.params)


def shape(layer: Layer, asked: Filter) -> Shape:
    """Return what has to be compiled for a filter."""
    alone = single(layer, asked)
    values = tuple(
        (name, None if name in alone else tuple(texts)) for name, texts in asked.values.items()
    )
    return Shape(
        layer.name,
        asked.sight,
        asked.when is not None,
        asked.latest,
        asked.begun,
        asked.rare,
        asked.bbox is not None,
        LOW if asked.runs else LISTED if asked.near else asked.near,
        asked.units,
        values,
        asked.expression,
    )


def _open(of: Shape) -> Filter:
    """Return the filter of a shape, with parameters in place of what the shape leaves out."""
    start, end = (_value(name, Text) for name in ("start", "end"))
    sides: Any = tuple(_value(side, Double) for side in _SIDES)
    when: Any = Period(start, end) if of.timed else None
    box = sides if of.boxed else None
    values: Any = {name: texts or [_single(of, name)] for name, texts in of.values}
    ends = (_value(LOW, BigInteger), _value(HIGH, BigInteger))
    near = ends if of.near == LOW else _value(LISTED, Text) if of.near else of.near
    asked = Filter(when, box, of.units, values, of.sight, of.expression, of.latest, near)
    return replace(asked, begun=of.begun, rare=of.rare)


def _single(of: Shape, name: str) -> Any:
    return _value(_PREFIX + name, PLAIN[property_of(LAYERS[of.layer], name).kind])


def _value(name: str, kind: type[TypeEngine[Any]]) -> Any:
    return bindparam(name, type_=kind, required=False)


def given(layer: Layer, asked: Filter) -> dict[str, Any]:
    """Return the values of a filter that its shape leaves out."""
    found: dict[str, Any] = {_PREFIX + name: one for name, one in single(layer, asked).items()}
    if asked.when is not None:
        found |= {"start": asked.when.start, "end": asked.when.end}
        if asked.bbox is not None:
            found[DAY] = day_number(asked.when.end)
    if asked.bbox is not None:
        found |= zip(_SIDES, asked.bbox, strict=True)
    if asked.runs:
        found |= zip((LOW, HIGH), asked.near, strict=True)
    elif asked.near:
        found[LISTED] = asked.near
    return found


def page(layer: Layer, asked: Filter) -> Select[Any]:
    """Make the statement for `count` features beyond the key `after`."""
    vid = VIEWS[layer.name].c.vid
    return _texts(layer, asked, vid > _value("after", BigInteger), vid)


def page_before(layer: Layer, asked: Filter) -> Select[Any]:
    """Make the statement for `count` features just ahead of the key `before`, the last first."""
    vid = VIEWS[layer.name].c.vid
    return _texts(layer, asked, vid < _value("before", BigInteger), vid.desc())


def page_at_once(layer: Layer, asked: Filter) -> Select[Any]:
    """Make the statement of `page` for a store whose indexes are not wide: PostgreSQL's."""
    vid = VIEWS[layer.name].c.vid
    return _at_once(layer, asked, vid > _value("after", BigInteger), vid)


def page_keys(layer: Layer, asked: Filter) -> Select[Any]:
    """Make the statement for the keys of what `page_at_once` finds."""
    key, _ = page_at_once(layer, asked).selected_columns
    return page_at_once(layer, asked).with_only_columns(key, maintain_column_froms=True)


def page_before_at_once(layer: Layer, asked: Filter) -> Select[Any]:
    """Make the statement of `page_before` for such a store."""
    vid = VIEWS[layer.name].c.vid
    return _at_once(layer, asked, vid < _value("before", BigInteger), vid.desc())


def _at_once(
    layer: Layer, asked: Filter, onward: ColumnElement[bool], order: ColumnElement[Any]
) -> Select[Any]:
    view = VIEWS[layer.name]
    found = select(view.c.vid, RawUtf8(view.c.geojson)).order_by(order)
    several = ways(layer, asked)
    if several:
        return found.where(view.c.vid.in_(_either(layer, several, onward, order)))
    return found.where(condition(layer, asked), onward).limit(_value("count", Integer))


def _either(
    layer: Layer, several: Sequence[Way], onward: ColumnElement[bool], order: ColumnElement[Any]
) -> Select[Any]:
    """Choose the first keys of those to which each of several ways leads in their order."""
    view, count = VIEWS[layer.name], _value("count", Integer)
    parts = []
    for way in several:
        found = select(view.c.vid).where(condition(layer, way.asked), way.also, onward)
        way_by = way.by if tells_latest(view, found) else None
        found = by_index(found, view, way_by).order_by(order).limit(count)
        parts.append(select(found.subquery().c.vid))
    vid = union(*parts).subquery("either").c.vid
    last_first = order is not view.c.vid
    wanted = select(vid).order_by(vid.desc() if last_first else vid).limit(count)
    return select(wanted.subquery("wanted").c.vid)


def _texts(
    layer: Layer, asked: Filter, onward: ColumnElement[bool], order: ColumnElement[Any]
) -> Select[Any]:
    """Choose keys from a narrow index, then read the texts; at once where one index has both."""
    view, several = VIEWS[layer.name], ways(layer, asked)
    texts = texts_index(view) if layer.geometry == "Point" and asked.latest else None
    if texts and not several and not asked.walks:
        at_once = _at_once(layer, asked, onward, order)
        if covering(view, texts, at_once):
            return by_index(at_once, view, texts)
    found = select(view.c.vid, RawUtf8(view.c.geojson)).order_by(order)
    if several:
        wanted = _either(layer, several, onward, order)
    else:
        count = _value("count", Integer)
        leads = asked.rare and is_bounded(view, asked.expression)
        by = counted_by if leads else index_of
        keys = _keys(layer, asked, by).where(onward).order_by(order).limit(count).subquery("wanted")
        wanted = select(keys.c.vid)
    found = found.where(view.c.vid.in_(wanted))
    return by_index(found.where(view.c.t_next == LAST_OF_ALL), view, texts) if texts else found


def page_joined(layer: Layer, asked: Filter) -> Select[Any]:
    """Make the statement for the number of what `page` finds, the last key, the texts as one."""
    vid, text = page(layer, asked).subquery("texts").c
    told: Any = (func.count(vid), func.max(vid), Joined(text))
    return select(*told)


def is_summed(layer: Layer, asked: Filter) -> bool:
    """Say whether the number of what matches is added up, not counted."""
    return asked.begun and asked.bbox is None and _summed(shape(layer, asked))


@lru_cache(SHAPES_KEPT)
def _summed(of: Shape) -> bool:
    return totals.tell(LAYERS[of.layer], _open(of))


def is_told(layer: Layer, asked: Filter) -> bool:
    """Say whether the number of what matches is best known first: one index tells all of it."""
    return asked.bbox is None and asked.expression is not None and _told(shape(layer, asked))


@lru_cache(SHAPES_KEPT)
def _told(of: Shape) -> bool:
    layer, asked = LAYERS[of.layer], _open(of)
    view, found = VIEWS[of.layer], select(VIEWS[of.layer].c.vid).where(condition(layer, asked))
    index = counted_by(layer, asked, found)
    return bool(index) and index != index_of(layer, asked, found) and tells_latest(view, found)


def matched(layer: Layer, asked: Filter) -> Select[Any]:
    """Make the statement that counts what matches."""
    if totals.tell(layer, asked):
        return totals.matched(layer, asked)
    vid = VIEWS[layer.name].c.vid
    found = _keys(layer, asked, counted_by)
    return found.with_only_columns(func.count(vid), maintain_column_froms=True)


@lru_cache(SHAPES_KEPT)
def grouped(names: tuple[str, ...], others: tuple[str, ...]) -> Maker:
    """Return the maker of the statement that counts what matches by the values of properties.

    Its rows hold these values, how many rows have them, and nulls; with `others`, one row more
    holds nulls but for the numbers of different values of those. What matches is looked up once.
    """

    def counts(layer: Layer, asked: Filter) -> Select[Any]:
        if totals.tell(layer, asked, (*names, *others)):
            if not others:
                return totals.grouped(layer, asked, names)
            summed = totals.held(layer, asked, names, others).cte("summed")
            return _counted(summed, summed, names, others, totals.added(summed.c.alike))
        if others and totals.tell(layer, asked, names):
            summed = totals.held(layer, asked, names, ()).cte("summed")
            number, found = totals.added(summed.c.alike), _held(layer, asked, (), others)
            return _counted(summed, found, names, others, number)
        found = _held(layer, asked, names, others)
        return _counted(found, found, names, others, func.count())

    return counts


def _held(layer: Layer, asked: Filter, names: Sequence[str], others: Sequence[str]) -> CTE:
    """Return what matches, row by row: the values of properties."""
    view = VIEWS[layer.name]
    # As expressions, so that SQLite reads the index of the whole condition, not the property's.
    columns = [func.coalesce(view.c[name], null()).label(f"by_{name}") for name in names]
    counted = [view.c[name].label(f"of_{name}") for name in others]
    told = [*columns, *counted] or [literal(1).label("one")]
    found: Any = select(*told).select_from(view).where(condition(layer, asked))
    return by_index(found, view, index_of(layer, asked, found)).cte("held")


def _counted(
    summed: CTE,
    held: CTE,
    names: Sequence[str],
    others: Sequence[str],
    number: ColumnElement[int],
) -> Select[Any]:
    """Count by values in one table, and different values in another of the same rows."""
    every: list[Any] = [_groups(summed, [f"by_{name}" for name in names], len(others), number)]
    if others:
        numbers = [func.count(held.c[f"of_{name}"].distinct()) for name in others]
        every.append(select(*(null() for _ in range(len(names) + 1)), *numbers))
    rows = union_all(*every).subquery("counted")
    return select(rows).order_by(*(rows.c[f"by_{name}"].nulls_first() for name in names))


def _groups(held: CTE, names: Sequence[str], more: int, number: ColumnElement[int]) -> Select[Any]:
    columns = [held.c[name] for name in names]
    nothing = [null().label(f"number_{place}") for place in range(more)]
    found = select(*columns, number.label("count"), *nothing).select_from(held)
    return found.group_by(*columns)


def near(layer: Layer, asked: Filter) -> Select[Any]:
    """Make the statement that counts the rows near a box, `few` at most."""
    found = select(literal(1).label("one")).where(condition(layer, asked))
    return select(func.count()).select_from(found.limit(_value("few", Integer)).subquery())


@lru_cache(SHAPES_KEPT)
def told(make: Maker) -> Maker:
    """Return a maker of the same statement whose rows end with the register's revision."""

    def telling(layer: Layer, asked: Filter) -> Select[Any]:
        return make(layer, asked).add_columns(REVISION.scalar_subquery())

    return telling


def last_begun(layer: Layer) -> Select[Any]:
    """Make the statement for the last day on which a row begins that nothing follows."""
    view = VIEWS[layer.name]
    found = select(func.max(view.c.t_from)).where(view.c.t_next == LAST_OF_ALL)
    return by_index(found, view, when_index(view))


def one(layer: Layer, asked: Filter) -> Select[Any]:
    """Make the statement for the feature of an `id`."""
    view = VIEWS[layer.name]
    found = select(RawUtf8(view.c.geojson)).where(condition(layer, asked))
    return found.where(view.c.id == _value("id", Text)).order_by(view.c.t_from.desc()).limit(1)


def _keys(layer: Layer, asked: Filter, by: Indexer = index_of) -> Select[Any]:
    view = VIEWS[layer.name]
    found = select(view.c.vid).where(condition(layer, asked))
    return by_index(found, view, by(layer, asked, found))


def last_change(layer: Layer) -> Select[Any]:
    """Make the statement for the day of the last change that a layer knows of, past or to come."""
    day = VIEWS[layer.name].c.t_next
    return select(func.max(day)).where(day < LATEST)


def has_index(layer: Layer, asked: Filter) -> bool:
    """Say whether an index finds those rows of a filter that nothing follows."""
    return (asked.units is None or is_walked(layer)) and "id" not in asked.values

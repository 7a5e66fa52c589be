"""CQL2 filters (OGC 21-065r2): text or JSON in, one SQL condition on a layer's view out.

The library cql2 parses both encodings into the standard's JSON; here that JSON becomes SQL.
Geometry literals are WGS 84, lon then lat.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import cql2
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Table,
    and_,
    between,
    false,
    func,
    literal,
    not_,
    or_,
    true,
)
from sqlalchemy import null as sql_null

from geo.errors import BadInputError, UnknownPropertyError
from geo.functions import RELATIONS as _RELATIONS
from geo.query import in_bbox, property_of
from geo.schema import Field, Kind, Layer
from geo.tables import EARLIEST, LATEST, VIEWS

Condition: TypeAlias = ColumnElement[bool]  # on the view of one layer
LANGUAGES = ("cql2-text", "cql2-json")
READ_KEPT = 256  # conditions held at once
MAX_DEPTH = 40  # nested operators of one filter
MAX_PARTS = 500  # operators of one filter; SQLite takes no deeper chain than 1,000
GEOMETRY = ("geometry", "geom")  # names of the spatial queryable
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: a / func.nullif(b, 0),
}
SPATIAL = (
    "s_intersects", "s_within", "s_contains", "s_disjoint", "s_touches", "s_crosses",
    "s_overlaps", "s_equals",
)  # fmt: skip


class Span(NamedTuple):
    """Start and end of an instant or interval, as SQL values that compare like ISO dates."""

    start: Any
    end: Any


# Allen's relations between two spans, as CQL2 defines them.
_TEMPORAL: dict[str, Callable[[Span, Span], Any]] = {
    "t_after": lambda a, b: a.start > b.end,
    "t_before": lambda a, b: a.end < b.start,
    "t_contains": lambda a, b: and_(a.start < b.start, a.end > b.end),
    "t_disjoint": lambda a, b: or_(a.end < b.start, a.start > b.end),
    "t_during": lambda a, b: and_(a.start > b.start, a.end < b.end),
    "t_equals": lambda a, b: and_(a.start == b.start, a.end == b.end),
    "t_finishedBy": lambda a, b: and_(a.start < b.start, a.end == b.end),
    "t_finishes": lambda a, b: and_(a.start > b.start, a.end == b.end),
    "t_intersects": lambda a, b: and_(a.start <= b.end, a.end >= b.start),
    "t_meets": lambda a, b: a.end == b.start,
    "t_metBy": lambda a, b: a.start == b.end,
    "t_overlappedBy": lambda a, b: and_(a.start > b.start, a.start < b.end, a.end > b.end),
    "t_overlaps": lambda a, b: and_(a.start < b.start, a.end > b.start, a.end < b.end),
    "t_startedBy": lambda a, b: and_(a.start == b.start, a.end > b.end),
    "t_starts": lambda a, b: and_(a.start == b.start, a.end < b.end),
}


SUPPORTED = (
    "and", "or", "not", *_COMPARE, "between", "in", "like", "isNull", *_TEMPORAL, *SPATIAL,
)  # fmt: skip


def parse(source: str, language: str = "cql2-text") -> Any:
    """Return a filter as CQL2 JSON.

    Raises:
        BadInputError: it cannot be read; the message says where.
    """
    if language not in LANGUAGES:
        raise BadInputError(
            f"Unknown filter language {language!r}",
            parameter="filter-lang",
            value=language,
            allowed=LANGUAGES,
        )
    try:
        text = source if language == "cql2-text" else json.dumps(json.loads(source))
        return cql2.Expr(text).to_json()
    except Exception as error:  # the library raises plain exceptions
        raise _bad(f"The filter cannot be read: {error}", source) from error


@lru_cache(READ_KEPT)
def read(layer: Layer, source: str, language: str = "cql2-text") -> Condition:
    """Return the condition of a filter, the same one for the same text. Raises as the others."""
    return condition(layer, parse(source, language))


def condition(layer: Layer, expression: Any) -> Condition:
    """Return the SQL condition of a parsed filter.

    Raises:
        BadInputError: an operator or value that is not supported, or one nested too deep.
        UnknownPropertyError: the layer lacks a property that the filter names.
    """
    return _Translator(layer).boolean(expression, 0)


def _bad(detail: str, value: object, allowed: Sequence[str] | None = None) -> BadInputError:
    return BadInputError(detail, parameter="filter", value=value, allowed=allowed)


_SORTS = {Kind.INTEGER: "number", Kind.REAL: "number", Kind.BOOLEAN: "truth"}


def _shown(nodes: list[Any]) -> str:
    return json.dumps(nodes, ensure_ascii=False)[:200]


class _Translator:
    """Turns the nodes of one filter into SQL over one layer's view."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.view: Table = VIEWS[layer.name]
        self.parts = 0

    def boolean(self, node: Any, depth: int) -> ColumnElement[bool]:
        if depth > MAX_DEPTH:
            raise _bad(f"The filter is nested deeper than {MAX_DEPTH}", depth)
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise _bad(f"The filter has more than {MAX_PARTS} parts", self.parts)
        if isinstance(node, bool):
            return true() if node else false()
        if not isinstance(node, dict) or "op" not in node:
            return self._flag(node)
        op, args = node["op"], node["args"]
        match op:
            case "and":
                return and_(*(self.boolean(arg, depth + 1) for arg in args))
            case "or":
                return or_(*(self.boolean(arg, depth + 1) for arg in args))
            case "not":
                return not_(self.boolean(args[0], depth + 1))
        return self._predicate(op, args)

    def _flag(self, node: Any) -> ColumnElement[bool]:
        field = self._field(node)
        if field is None or field.kind != Kind.BOOLEAN:
            raise _bad("A condition is wanted here", json.dumps(node))
        flag: ColumnElement[bool] = self.view.c[field.name].is_(True)
        return flag

    def _predicate(self, op: str, args: list[Any]) -> ColumnElement[bool]:
        if op in SPATIAL:
            return self._spatial(op, args)
        found: ColumnElement[bool]
        if op in _TEMPORAL:
            fine = not any(map(self._is_coarse, args))
            found = _TEMPORAL[op](*(self._span(arg, fine=fine) for arg in args))
        elif op in _COMPARE:
            found = _COMPARE[op](*self._fitting(args))
        elif op == "between":
            found = between(*self._fitting(args))
        elif op == "in":
            value, *wanted = self._fitting([args[0], *args[1]])
            found = value.in_(wanted)
        elif op == "like":
            self._each("text", args)
            found = func.like_text(*self._fitting(args), type_=Boolean)
        elif op == "isNull":
            found = self._is_null(args[0])
        else:
            raise _bad(f"Operator {op!r} is not supported", op, SUPPORTED)
        return found

    def _is_null(self, node: Any) -> ColumnElement[bool]:
        if self._is_geometry(node):
            missing: ColumnElement[bool] = self.view.c.w.is_(None)
            return missing
        absent: ColumnElement[bool] = self.scalar(node, None).is_(None)
        return absent

    def _fitting(self, nodes: list[Any]) -> list[Any]:
        """Return values that can be compared: each literal fits the field, all are of one sort."""
        beside = self._of(nodes)
        values = [self.scalar(node, beside) for node in nodes]
        if len({self._sort(node) for node in nodes} - {None}) > 1:
            raise _bad("A number, a text and a truth value cannot be compared", _shown(nodes))
        return values

    def _sort(self, node: Any) -> str | None:
        """Return number, text or truth; None for null."""
        if node is None:
            return None
        if isinstance(node, bool):
            return "truth"
        if isinstance(node, int | float) or (
            isinstance(node, dict) and node.get("op") in _ARITHMETIC
        ):
            return "number"
        field = self._field(node)
        return "text" if field is None else _SORTS.get(field.kind, "text")

    def _each(self, sort: str, nodes: list[Any]) -> list[Any]:
        """Return values that all must be of one sort."""
        values = [self.scalar(node, None) for node in nodes]
        if {self._sort(node) for node in nodes} - {None, sort}:
            raise _bad(f"A {sort} is wanted here", _shown(nodes))
        return values

    def _of(self, nodes: list[Any]) -> Field | None:
        """Return the declared field that the values beside it must fit."""
        return next((f for f in map(self._field, nodes) if f is not None), None)

    def _field(self, node: Any) -> Field | None:
        if not isinstance(node, dict) or "property" not in node or node["property"] == "id":
            return None
        if self._is_geometry(node):
            return None
        return self._declared(node["property"])

    def _declared(self, name: str) -> Field:
        try:
            return property_of(self.layer, name)
        except UnknownPropertyError as error:
            error.value, error.parameter = name, "filter"
            raise

    def _is_geometry(self, node: Any) -> bool:
        named = isinstance(node, dict) and node.get("property") in GEOMETRY
        return named and self.layer.geometry is not None

    def scalar(self, node: Any, beside: Field | None) -> Any:
        """Return a value or column; `beside` is the field that a literal is compared with."""
        if node is None:
            return sql_null()
        if isinstance(node, bool | int | float | str):
            return literal(self._literal(node, beside))
        if isinstance(node, dict):
            if "property" in node:
                return self._column(node["property"])
            if "date" in node or "timestamp" in node:
                return literal(_instant(node, beside))
            if node.get("op") in ("casei", "accenti"):
                plain = func.fold_case if node["op"] == "casei" else func.fold_accents
                return plain(*self._each("text", node["args"][:1]))
            if node.get("op") in _ARITHMETIC:
                return _ARITHMETIC[node["op"]](*self._each("number", node["args"]))
        raise _bad("A value is wanted here", json.dumps(node))

    def _column(self, name: str) -> Any:
        if name == "id":
            return self.view.c.id
        field = self._declared(name)
        column = self.view.c[field.name]
        return func.substr(column, 1, _MOMENT) if field.kind == Kind.TIMESTAMP else column

    def _literal(self, value: Any, beside: Field | None) -> Any:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if beside is None or (beside.kind in (Kind.INTEGER, Kind.REAL)) == number:
            timed = beside is not None and beside.kind == Kind.TIMESTAMP
            return _moment(value) if timed else value
        raise _bad(f"{beside.name} is a {beside.kind}, {value!r} is not", value)

    def _is_coarse(self, node: Any) -> bool:
        """Say whether a time is known to the day only, so that all are compared by the day."""
        if isinstance(node, dict) and "interval" in node:
            return any(map(self._is_coarse, node["interval"]))
        if isinstance(node, str):
            return node != ".." and len(node) <= _DAY
        field = self._field(node)
        return "date" in node if field is None else field.kind != Kind.TIMESTAMP

    def _span(self, node: Any, *, fine: bool) -> Span:
        if isinstance(node, dict) and "interval" in node:
            start, end = node["interval"]
            return Span(
                self._bound(start, EARLIEST, fine=fine), self._bound(end, LATEST, fine=fine)
            )
        value = self._bound(node, EARLIEST, fine=fine)
        return Span(value, value)

    def _bound(self, node: Any, open_end: str, *, fine: bool) -> Any:
        if node == "..":
            return literal(open_end)
        if isinstance(node, dict) and ("date" in node or "timestamp" in node):
            node = node.get("date") or node["timestamp"]
        if isinstance(node, str):
            return literal(_moment(node) if fine else _moment(node)[:_DAY])
        field = self._field(node)
        if field is None or field.kind not in (Kind.DATE, Kind.TIMESTAMP):
            raise _bad("A date is wanted here", json.dumps(node))
        column = self.view.c[field.name]
        if field.kind == Kind.TIMESTAMP:
            return func.substr(column, 1, _MOMENT if fine else _DAY)
        ranged = field.name in ("valid_from", "valid_to")
        return func.coalesce(column, open_end) if ranged else column

    def _spatial(self, op: str, args: list[Any]) -> ColumnElement[bool]:
        if self.layer.geometry is None:
            raise _bad(f"Layer {self.layer.name} has no geometry", op)
        sides = [self._is_geometry(arg) for arg in args]
        if all(sides):
            return self.view.c.w.is_not(None) if op in _REFLEXIVE else false()
        if not any(sides):
            return true() if _RELATIONS[op](*map(_shape, args)) else false()
        flipped = sides[1]
        shape = _shape(args[0] if flipped else args[1])
        relation = _FLIPPED.get(op, op) if flipped else op
        held = self._relates(relation, shape)
        if relation == "s_disjoint":
            return and_(self.view.c.w.is_not(None), held)
        return and_(in_bbox(self.layer, shape.bounds, exact=False), held)

    def _relates(self, relation: str, shape: BaseGeometry) -> ColumnElement[bool]:
        c = self.view.c
        return func.relates(relation, c.geom, c.w, c.s, shape.wkb, type_=Boolean)


_FLIPPED = {"s_within": "s_contains", "s_contains": "s_within"}
_REFLEXIVE = ("s_intersects", "s_within", "s_contains", "s_equals")  # true of a shape and itself
_DAY, _MOMENT = len("2014-06-30"), len("2014-06-30T07:00:00")  # letters


def _instant(node: dict[str, str], beside: Field | None) -> str:
    if "date" in node:
        return _moment(node["date"])[:_DAY]
    by_day = beside is None or beside.kind == Kind.DATE
    return _moment(node["timestamp"])[: _DAY if by_day else _MOMENT]


def _moment(text: str) -> str:
    """Return an ISO date or instant in UTC to the second, without its offset."""
    try:
        read = datetime.fromisoformat(text)
        moment = (read.astimezone(UTC) if read.tzinfo else read).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise _bad(f"{text!r} is not a date", text) from None
    return text if len(text) <= _DAY else moment.isoformat(timespec="seconds")


def _shape(node: Any) -> BaseGeometry:
    shape: BaseGeometry
    try:
        if "bbox" in node:
            box = node["bbox"]
            shape = _box(*((*box[:2], *box[3:5]) if len(box) == 6 else box))
        else:
            shape = shapely.from_geojson(json.dumps(node))
    except (shapely.errors.GEOSException, TypeError, ValueError) as error:
        raise _bad(f"A geometry is wanted here: {error}", json.dumps(node)[:200]) from error
    if shape.is_empty or not shape.is_valid:
        raise _bad("The geometry is empty or not valid", shape.wkt[:200])
    west, south, east, north = shape.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise _bad("The geometry leaves the globe", shape.wkt[:200])
    return shape


def _box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Return a box; one whose west is greater than its east crosses 180°."""
    if west <= east:
        return shapely.box(west, south, east, north)
    halves = [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
    return shapely.multipolygons(halves)

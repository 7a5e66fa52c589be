"""CQL2 JSON as one SQL condition on the view of a layer, alike for both stores."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

import orjson
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Table,
    Text,
    and_,
    between,
    false,
    func,
    literal,
    not_,
    or_,
    true,
    type_coerce,
)
from sqlalchemy import null as sql_null

from geo.cql.allen import TEMPORAL, Span
from geo.cql.literals import DAY, MOMENT, bad, element, instant, moment, shape, shown
from geo.cql.patterns import beginning, beyond
from geo.cql.text import check
from geo.errors import UnknownPropertyError
from geo.functions import OPERATIONS, SETS, JsonArray, LikePlain, Reckoned, SetsRelate, reckon
from geo.functions import RELATIONS as _RELATIONS
from geo.query import in_bbox, property_of
from geo.schema import Field, Kind, Layer
from geo.tables import EARLIEST, LATEST, VIEWS

Condition: TypeAlias = ColumnElement[bool]  # on the view of one layer
GEOMETRY = ("geometry", "geom")  # names of the spatial queryable
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
SPATIAL = (
    "s_intersects", "s_within", "s_contains", "s_disjoint", "s_touches", "s_crosses",
    "s_overlaps", "s_equals",
)  # fmt: skip


SUPPORTED = (
    "and", "or", "not", *_COMPARE, "between", "in", "like", "isNull", *TEMPORAL, *SPATIAL, *SETS,
)  # fmt: skip


def condition(layer: Layer, expression: Any) -> Condition:
    """Return the SQL condition of a parsed filter.

    Raises:
        BadInputError: an operator or value that is not supported, or one nested too deep.
        UnknownPropertyError: the layer lacks a property that the filter names.
    """
    check(expression)
    return _Translator(layer).boolean(expression)


_SORTS = {Kind.INTEGER: "number", Kind.REAL: "number", Kind.BOOLEAN: "truth"}


class _Translator:
    """Turns the nodes of one filter into SQL over one layer's view."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.view: Table = VIEWS[layer.name]

    def boolean(self, node: Any) -> ColumnElement[bool]:
        if isinstance(node, bool):
            return true() if node else false()
        if not isinstance(node, dict) or "op" not in node:
            return self._flag(node)
        op, args = node["op"], _arguments(node)
        match op:
            case "and":
                return and_(*(self.boolean(arg) for arg in args))
            case "or":
                return or_(*(self.boolean(arg) for arg in args))
            case "not":
                return not_(self.boolean(args[0]))
        return self._predicate(op, args)

    def _flag(self, node: Any) -> ColumnElement[bool]:
        field = self._field(node)
        if field is None or field.kind != Kind.BOOLEAN:
            raise bad("A condition is wanted here", shown(node))
        flag: ColumnElement[bool] = self.view.c[field.name].is_(True)
        return flag

    def _predicate(self, op: str, args: list[Any]) -> ColumnElement[bool]:
        if op in SPATIAL:
            return self._spatial(op, args)
        found: ColumnElement[bool]
        if op in TEMPORAL:
            fine = not any(map(self._is_coarse, args))
            found = TEMPORAL[op](*(self._span(arg, fine=fine) for arg in args))
        elif op in _COMPARE:
            found = _COMPARE[op](*self._fitting(args))
        elif op == "between":
            found = between(*self._fitting(args))
        elif op == "in":
            wanted = args[1] if isinstance(args[1], list) else [args[1]]
            value, *wanted = self._fitting([args[0], *wanted])
            found = value.in_(wanted)
        elif op == "like":
            self._each("text", args)
            found = self._like(args)
        elif op in SETS:
            found = SetsRelate(op, *map(self._set, args))
        elif op == "isNull":
            found = self._is_null(args[0])
        else:
            raise bad(f"Operator {op!r} is not supported", op, SUPPORTED)
        return found

    def _like(self, args: list[Any]) -> ColumnElement[bool]:
        if (inner := _plain(args[0])) is not None:
            [text, *_] = self._each("text", [inner])
            return LikePlain(text, self._fitting(args)[1])
        text, pattern = self._fitting(args)
        like: ColumnElement[bool] = func.like_text(text, pattern, type_=Boolean)
        start = beginning(args[1]) if isinstance(args[1], str) else ""
        if not start or text is not self.view.c.get(getattr(text, "name", "")):
            return like
        between = and_(text >= literal(start), text < literal(beyond(start)))
        return between if args[1] == f"{start}%" else and_(between, like)

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
            raise bad("A number, a text and a truth value cannot be compared", shown(nodes))
        return values

    def _sort(self, node: Any) -> str | None:
        """Return number, text or truth; None for null."""
        if node is None:
            return None
        if isinstance(node, bool):
            return "truth"
        if isinstance(node, int | float) or (
            isinstance(node, dict) and node.get("op") in OPERATIONS
        ):
            return "number"
        field = self._field(node)
        return "text" if field is None else _SORTS.get(field.kind, "text")

    def _each(self, sort: str, nodes: list[Any]) -> list[Any]:
        """Return values that all must be of one sort."""
        values = [self.scalar(node, None) for node in nodes]
        if {self._sort(node) for node in nodes} - {None, sort}:
            raise bad(f"A {sort} is wanted here", shown(nodes))
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
                return literal(instant(node, beside))
            if node.get("op") in ("casei", "accenti"):
                plain = func.fold_case if node["op"] == "casei" else func.fold_accents
                return plain(*self._each("text", _arguments(node)))
            if node.get("op") in OPERATIONS:
                return self._reckoned(node)
        raise bad("A value is wanted here", shown(node))

    def _reckoned(self, node: dict[str, Any]) -> Any:
        if (known := _number(node)) is not None:
            return literal(known)
        return Reckoned(node["op"], *self._each("number", _arguments(node)))

    def _set(self, node: Any) -> Any:
        """Return an array as the text of its JSON."""
        if isinstance(node, dict) and "property" in node and node["property"] != "id":
            field = self._declared(node["property"])
            if field.kind == Kind.LIST:
                return type_coerce(self.view.c[field.name], Text)
        elements = node if isinstance(node, list) else [node]
        if not any(isinstance(one, dict) and "property" in one for one in elements):
            return literal(orjson.dumps([element(one) for one in elements]).decode())
        return JsonArray(*(self._element(one) for one in elements))

    def _element(self, node: Any) -> Any:
        """Return an element of an array beside others of which one is a property."""
        if isinstance(node, dict) and "property" in node:
            field = self._field(node)
            if field is not None and field.kind in (Kind.LIST, Kind.JSON, Kind.BOOLEAN):
                raise bad(f"{field.name} is no single text or number", shown(node))
            return self._column(node["property"])
        known = element(node)
        if isinstance(known, bool):
            raise bad("A truth value cannot stand beside a property in an array", shown(node))
        return literal(known)

    def _column(self, name: str) -> Any:
        if name == "id":
            return self.view.c.id
        field = self._declared(name)
        column = self.view.c[field.name]
        return func.substr(column, 1, MOMENT) if field.kind == Kind.TIMESTAMP else column

    def _literal(self, value: Any, beside: Field | None) -> Any:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if beside is None or (beside.kind in (Kind.INTEGER, Kind.REAL)) == number:
            timed = beside is not None and beside.kind == Kind.TIMESTAMP
            return moment(value) if timed else value
        raise bad(f"{beside.name} is of type {beside.kind}, {value!r} is not", value)

    def _is_coarse(self, node: Any) -> bool:
        """Say whether a time is known to the day only, so that all are compared by the day."""
        if isinstance(node, dict) and "interval" in node:
            return any(map(self._is_coarse, node["interval"]))
        if isinstance(node, str):
            return node != ".." and len(node) <= DAY
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
            return literal(moment(node) if fine else moment(node)[:DAY])
        field = self._field(node)
        if field is None or field.kind not in (Kind.DATE, Kind.TIMESTAMP):
            raise bad("A date is wanted here", shown(node))
        column = self.view.c[field.name]
        if field.kind == Kind.TIMESTAMP:
            return func.substr(column, 1, MOMENT if fine else DAY)
        ranged = field.name in ("valid_from", "valid_to")
        return func.coalesce(column, open_end) if ranged else column

    def _spatial(self, op: str, args: list[Any]) -> ColumnElement[bool]:
        if self.layer.geometry is None:
            raise bad(f"Layer {self.layer.name} has no geometry", op)
        sides = [self._is_geometry(arg) for arg in args]
        if all(sides):
            return self.view.c.w.is_not(None) if op in _REFLEXIVE else false()
        if not any(sides):
            return true() if _RELATIONS[op](*map(shape, args)) else false()
        flipped = sides[1]
        other = shape(args[0] if flipped else args[1])
        relation = _FLIPPED.get(op, op) if flipped else op
        held = self._relates(relation, other)
        if relation == "s_disjoint":
            return and_(self.view.c.w.is_not(None), held)
        return and_(in_bbox(self.layer, other.bounds, exact=False), held)

    def _relates(self, relation: str, other: BaseGeometry) -> ColumnElement[bool]:
        c = self.view.c
        return func.relates(relation, c.geom, c.w, c.s, other.wkb, type_=Boolean)


def _arguments(node: dict[str, Any]) -> list[Any]:
    """Return the arguments of an operator, as many as it takes."""
    args: list[Any] = node["args"]
    if not args or len(args) != _TAKES.get(node["op"], len(args)):
        raise bad(f"{node['op']} takes another number of arguments", shown(node))
    return args


_TAKES = {
    **dict.fromkeys((*_COMPARE, "in", "like", *TEMPORAL, *SPATIAL, *SETS, *OPERATIONS), 2),
    **dict.fromkeys(("not", "isNull", "casei", "accenti"), 1),
    "between": 3,
}


def _plain(node: Any) -> Any:
    """Return the text that CASEI(ACCENTI(…)) is of, None of any other expression."""
    for op in ("casei", "accenti"):
        if not isinstance(node, dict) or node.get("op") != op:
            return None
        [node] = _arguments(node)
    return node


def _number(node: Any) -> float | None:
    """Return the number that an expression of numbers alone stands for, None of any other."""
    if isinstance(node, int | float) and not isinstance(node, bool):
        return node
    if not isinstance(node, dict) or node.get("op") not in OPERATIONS:
        return None
    found = reckon(node["op"], *map(_number, _arguments(node)))
    return int(found) if found is not None and found.is_integer() and abs(found) < EXACT else found


EXACT = 2.0**53  # up to here whole numbers are exact
_FLIPPED = {"s_within": "s_contains", "s_contains": "s_within"}
_REFLEXIVE = ("s_intersects", "s_within", "s_contains", "s_equals")  # true of a shape and itself

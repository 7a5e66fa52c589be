"""SQL that the stores spell differently, and functions that SQLite lacks, written in Python."""

from __future__ import annotations

import math
import operator
import re
import sys
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import groupby
from sqlite3 import Connection, OperationalError
from typing import Any

import shapely
from orjson import loads
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Boolean, Double, FromClause, LargeBinary, Select, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from geo.geometry import from_gpkg

NoIndexError = OperationalError  # the driver's, where an index hint names one that is not there
# Compiled LIKE patterns and prepared geometries held at once: more than one filter has parts, or
# each would be made anew for each row.
PATTERNS_KEPT = 1_024


def touches_box(blob: bytes | None, west: float, south: float, east: float, north: float) -> bool:
    """Say whether a stored geometry meets a box."""
    geometry = from_gpkg(blob)
    return geometry is not None and geometry.intersects(_box(west, south, east, north))


@lru_cache(PATTERNS_KEPT)
def _box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Return the box; one without width or height is a line or a point, not a broken polygon."""
    if (west, south) == (east, north):
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def fold_case(text: str | None) -> str | None:
    """Return the text in the one case that CASEI compares in."""
    return None if text is None else str(text).casefold()


def fold_accents(text: str | None) -> str | None:
    """Return the text without accents, đ as d, for ACCENTI."""
    if text is None:
        return None
    given = str(text)
    return given if given.isascii() else unicodedata.normalize("NFD", given).translate(_PLAIN)


class _Plain(dict[int, int | None]):
    """Letters of decomposed texts to what they are without accents, found out when first met."""

    def __missing__(self, code: int) -> int | None:
        self[code] = found = None if unicodedata.combining(chr(code)) else code
        return found


_PLAIN = _Plain({ord("đ"): ord("d"), ord("Đ"): ord("D")})


def like_text(text: str | None, pattern: str | None) -> bool | None:
    """Match a CQL2 pattern: % any letters, _ one letter, backslash escapes; case counts."""
    if text is None or pattern is None:
        return None
    return _pattern(pattern).fullmatch(str(text)) is not None


def like_plain(text: str | None, pattern: str | None) -> bool | None:
    """Match a pattern as `like_text` does, the text without accents and in one case."""
    if text is None or pattern is None:
        return None
    folded = fold_accents(text)
    return folded is not None and _plain_pattern(pattern)(folded.casefold())


@lru_cache(PATTERNS_KEPT)
def _plain_pattern(pattern: str) -> Callable[[str], bool]:
    """Return what matches a pattern; most ask whether a text holds another."""
    inner = pattern[1:-1]
    if len(pattern) > 1 and pattern[0] == pattern[-1] == "%" and not set(inner) & set("%_\\"):
        return lambda text: inner in text
    match = _pattern(pattern).fullmatch
    return lambda text: match(text) is not None


class LikePlain(FunctionElement[bool]):
    """What `like_plain` says of a text and a pattern."""

    type = Boolean()
    inherit_cache = True


@compiles(LikePlain, "sqlite")
def _like_plain(element: LikePlain, compiler: SQLCompiler, **kw: Any) -> str:
    return f"like_plain({compiler.process(element.clauses, **kw)})"


@compiles(LikePlain, "postgresql")
def _like_plain_by_sql(element: LikePlain, compiler: SQLCompiler, **kw: Any) -> str:
    text, pattern = (compiler.process(one, **kw) for one in element.clauses)
    return f"like_text(fold_case(fold_accents({text})), {pattern})"


@lru_cache(PATTERNS_KEPT)
def _pattern(pattern: str) -> re.Pattern[str]:
    """Return what matches a pattern, and takes no longer for many %.

    What stands between two % is taken where it comes first, and not looked for again: what fits
    otherwise fits so too. To try all ways would take hours for a dozen % and one long text.
    """
    pieces, escaped = [""], False
    for letter in pattern:
        if escaped or letter not in "%_\\":
            pieces[-1] += re.escape(letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == "%":
            pieces.append("")
        else:
            pieces[-1] += "."
    first, *between = pieces
    last = f".*{between.pop()}" if between else ""
    taken = "".join(f"(?>.*?{piece})" for piece in between if piece)
    return re.compile(first + taken + last, re.DOTALL)


RELATIONS: dict[str, Callable[[BaseGeometry, BaseGeometry], Any]] = {
    "s_intersects": shapely.intersects,
    "s_within": shapely.within,
    "s_contains": shapely.contains,
    "s_disjoint": shapely.disjoint,
    "s_touches": shapely.touches,
    "s_crosses": shapely.crosses,
    "s_overlaps": shapely.overlaps,
    "s_equals": shapely.equals,
}


def relates(
    relation: str, blob: bytes | None, x: float | None, y: float | None, other: bytes
) -> bool | None:
    """Say whether a stored geometry, or the point x, y where the blob is empty, relates so."""
    own = from_gpkg(blob)
    if own is None:
        if x is None or y is None:
            return None
        own = shapely.Point(x, y)
    return bool(RELATIONS[relation](own, _geometry(other)))


@lru_cache(PATTERNS_KEPT)
def _geometry(wkb: bytes) -> BaseGeometry:
    geometry: BaseGeometry = shapely.from_wkb(wkb)
    shapely.prepare(geometry)
    return geometry


LARGEST, SMALLEST = 1e150, 1e-150  # of a number in arithmetic, so that nothing overflows
STEEPEST = 700.0  # natural logarithm of the largest power, and of 1 / the smallest
OPERATIONS: dict[str, Callable[[float, float], float | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "div": lambda a, b: float(math.trunc(a / b)),
    "%": math.fmod,
    "^": lambda a, b: math.pow(a, b) if a == 0 or abs(b * math.log(abs(a))) <= STEEPEST else None,
}


def reckon(operation: str, a: float | None, b: float | None) -> float | None:
    """Return a sum, difference, product, quotient, remainder or power of two numbers.

    There is none of a null, of a division by 0, of a root of a negative number, and of numbers
    beyond LARGEST or, but for 0, below SMALLEST. `div` and `%` round towards 0.
    """
    if a is None or b is None:
        return None
    if not all(n == 0 or SMALLEST <= abs(n) <= LARGEST for n in (a, b)):
        return None
    try:
        return OPERATIONS[operation](float(a), float(b))
    except (ArithmeticError, ValueError):
        return None


class Reckoned(FunctionElement[float]):
    """What `reckon` says of two numbers."""

    type = Double()
    inherit_cache = False

    def __init__(self, operation: str, a: Any, b: Any) -> None:
        super().__init__(a, b)
        self.operation = operation


# In PostgreSQL the operands are named once, for they may hold as much again; OFFSET 0 keeps the
# planner from putting them back in each place.
_WITHIN = f"({{0}} = 0 OR abs({{0}}) BETWEEN {SMALLEST} AND {LARGEST})"
_SELECTED = (
    "(SELECT CASE WHEN {within} THEN CASE WHEN {possible} THEN {result} END END"
    " FROM (SELECT CAST({a} AS float8) AS a, CAST({b} AS float8) AS b OFFSET 0) AS n)"
)
_NOT_ZERO = "n.b <> 0"
_RECKONED = {
    "+": ("TRUE", "n.a + n.b"),
    "-": ("TRUE", "n.a - n.b"),
    "*": ("TRUE", "n.a * n.b"),
    "/": (_NOT_ZERO, "n.a / n.b"),
    "div": (_NOT_ZERO, "trunc(n.a / n.b)"),
    "%": (_NOT_ZERO, "mod(n.a::numeric, n.b::numeric)::float8"),
    "^": (
        "CASE WHEN n.a = 0 THEN n.b >= 0 ELSE abs(n.b * ln(abs(n.a))) <= "
        f"{STEEPEST} AND (n.a > 0 OR n.b = trunc(n.b)) END",
        "power(n.a, n.b)",
    ),
}


@compiles(Reckoned, "sqlite")
def _reckon(element: Reckoned, compiler: SQLCompiler, **kw: Any) -> str:
    return f"reckon('{element.operation}', {compiler.process(element.clauses, **kw)})"


@compiles(Reckoned, "postgresql")
def _reckon_by_sql(element: Reckoned, compiler: SQLCompiler, **kw: Any) -> str:
    a, b = (compiler.process(one, **kw) for one in element.clauses)
    possible, result = _RECKONED[element.operation]
    within = f"{_WITHIN.format('n.a')} AND {_WITHIN.format('n.b')}"
    return _SELECTED.format(within=within, possible=possible, result=result, a=a, b=b)


SETS: dict[str, Callable[[set[Any], set[Any]], bool]] = {
    "a_equals": operator.eq,
    "a_contains": operator.ge,
    "a_containedBy": operator.le,
    "a_overlaps": lambda a, b: bool(a & b),
}


def sets_relate(relation: str, a: str | None, b: str | None) -> bool | None:
    """Say whether two JSON arrays of texts, numbers and truth values relate so as sets."""
    if a is None or b is None:
        return None
    return SETS[relation](*({(isinstance(v, str | bool), v) for v in loads(x)} for x in (a, b)))


class SetsRelate(FunctionElement[bool]):
    """What `sets_relate` says of two texts of JSON."""

    type = Boolean()
    inherit_cache = False

    def __init__(self, relation: str, a: Any, b: Any) -> None:
        super().__init__(a, b)
        self.relation = relation


_RELATED = {
    "a_equals": "({a} @> {b} AND {a} <@ {b})",
    "a_contains": "({a} @> {b})",
    "a_containedBy": "({a} <@ {b})",
    "a_overlaps": "(CASE WHEN {a} IS NOT NULL AND {b} IS NOT NULL THEN EXISTS"
    " (SELECT jsonb_array_elements({a}) INTERSECT SELECT jsonb_array_elements({b})) END)",
}


@compiles(SetsRelate, "sqlite")
def _relate_sets(element: SetsRelate, compiler: SQLCompiler, **kw: Any) -> str:
    return f"sets_relate('{element.relation}', {compiler.process(element.clauses, **kw)})"


@compiles(SetsRelate, "postgresql")
def _relate_sets_by_sql(element: SetsRelate, compiler: SQLCompiler, **kw: Any) -> str:
    a, b = (f"CAST({compiler.process(one, **kw)} AS jsonb)" for one in element.clauses)
    return _RELATED[element.relation].format(a=a, b=b)


class JsonArray(FunctionElement[str]):
    """Values as the text of a JSON array."""

    type = Text()
    inherit_cache = True


@compiles(JsonArray, "sqlite")
def _json_array(element: JsonArray, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **kw)})"


@compiles(JsonArray, "postgresql")
def _json_array_by_sql(element: JsonArray, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(jsonb_build_array({compiler.process(element.clauses, **kw)}) AS text)"


def register(db: Connection) -> None:
    """Give a connection the functions."""
    for function, arguments in (
        (reckon, 3),
        (sets_relate, 3),
        (touches_box, 5),
        (fold_case, 1),
        (fold_accents, 1),
        (like_text, 2),
        (like_plain, 2),
        (relates, 5),
    ):
        db.create_function(function.__name__, arguments, function, deterministic=True)


class RawUtf8(FunctionElement[bytes]):
    """A text as its bytes, for a file and for cursors of the driver itself, see geo.store.

    PostgreSQL sends it as it lies, under the name of a type that nothing else here has.
    """

    type = LargeBinary()
    inherit_cache = True


@compiles(RawUtf8, "sqlite")
def _as_blob(element: RawUtf8, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS BLOB)"


@compiles(RawUtf8, "postgresql")
def _as_it_lies(element: RawUtf8, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS bpchar)"


class Joined(FunctionElement[bytes]):
    """All texts in the order of the select that they come from, joined as GeoJSON joins features.

    A file gives one long text for less than many short ones.
    """

    type = LargeBinary()
    inherit_cache = True


@compiles(Joined, "sqlite")
def _joined(element: Joined, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(group_concat({compiler.process(element.clauses, **kw)}, char(44, 10)) AS BLOB)"


def index_hint(conn: Any, name: str) -> str:
    """Return the words by which SQLite reads a table by an index; PostgreSQL finds it itself."""
    return f"INDEXED BY {name}" if conn.dialect.name == "sqlite" else ""


def by_index(statement: Select[Any], table: FromClause, name: str | None) -> Select[Any]:
    """Make SQLite read a table by an index: "" is the key alone, None leaves it to choose.

    Its planner takes equal ends of time for rare; PostgreSQL's statistics know better.
    """
    if name is None:
        return statement
    return statement.with_hint(table, f"INDEXED BY {name}" if name else "NOT INDEXED", "sqlite")


@cache
def combining() -> str:
    """Return the combining characters as ranges of a regular expression."""
    found = [code for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code))]
    runs = [
        [code for _, code in run]
        for _, run in groupby(enumerate(found), lambda pair: pair[1] - pair[0])
    ]
    return "".join(f"\\U{run[0]:08X}-\\U{run[-1]:08X}" for run in runs)

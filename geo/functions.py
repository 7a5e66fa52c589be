"""SQL that the stores spell differently, and functions that SQLite lacks, written in Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from sqlite3 import Connection, OperationalError
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import LargeBinary, Select, Table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from geo.geometry import from_gpkg

NoIndexError = OperationalError  # the driver's, where an index hint names one that is not there
PATTERNS_KEPT = 256  # compiled LIKE patterns and prepared geometries held at once


class Utf8(FunctionElement[bytes]):
    """A text as its bytes where the driver would else decode it; PostgreSQL's gives text."""

    type = LargeBinary()
    inherit_cache = True


@compiles(Utf8, "sqlite")
def _as_blob(element: Utf8, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS BLOB)"


@compiles(Utf8, "postgresql")
def _as_text(element: Utf8, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


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


@lru_cache(PATTERNS_KEPT)
def _pattern(pattern: str) -> re.Pattern[str]:
    parts, escaped = [], False
    for letter in pattern:
        if escaped or letter not in "%_\\":
            parts.append(re.escape(letter))
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            parts.append(".*" if letter == "%" else ".")
    return re.compile("".join(parts), re.DOTALL)


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


def register(db: Connection) -> None:
    """Give a connection the functions."""
    for function, arguments in (
        (touches_box, 5),
        (fold_case, 1),
        (fold_accents, 1),
        (like_text, 2),
        (relates, 5),
    ):
        db.create_function(function.__name__, arguments, function, deterministic=True)


class RawUtf8(Utf8):
    """A text as its bytes in both stores, for cursors that take bytes in binary form."""

    inherit_cache = True


@compiles(RawUtf8, "postgresql")
def _as_bytea(element: RawUtf8, compiler: SQLCompiler, **kw: Any) -> str:
    return f"convert_to({compiler.process(element.clauses, **kw)}, 'UTF8')"


def index_hint(conn: Any, name: str) -> str:
    """Return the words by which SQLite reads a table by an index; PostgreSQL finds it itself."""
    return f"INDEXED BY {name}" if conn.dialect.name == "sqlite" else ""


def by_index(statement: Select[Any], table: Table, name: str | None) -> Select[Any]:
    """Make SQLite read a table by an index: "" is the key alone, None leaves it to choose.

    Its planner takes equal ends of time for rare; PostgreSQL's statistics know better.
    """
    if name is None:
        return statement
    return statement.with_hint(table, f"INDEXED BY {name}" if name else "NOT INDEXED", "sqlite")

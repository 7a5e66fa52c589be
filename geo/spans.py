"""Days between which nothing of a layer begins or ends, and what may be promised of a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Text, bindparam, func, select

from geo import statements, store
from geo.query import Filter
from geo.schema import Layer
from geo.statements import Maker
from geo.tables import EARLIEST, LATEST, VIEWS


def around(conn: Connection, layer: Layer, day: str) -> tuple[str, str]:
    """Return the days between which, around a given one, no row of a layer begins or ends.

    The second is the day after the last.
    """
    return between(conn.execute(edges(layer.name), {"day": day}).one())


@cache
def edges(name: str) -> Select[Any]:
    """Ask for the last days up to `day` on which a row of a layer began and ended, and the next."""
    own, day = (VIEWS[name].c.t_from, VIEWS[name].c.t_to), bindparam("day", type_=Text())
    before = [select(func.max(edge)).where(edge <= day).scalar_subquery() for edge in own]
    after = [select(func.min(edge)).where(edge > day).scalar_subquery() for edge in own]
    return select(*before, *after)


def between(found: Sequence[Any]) -> tuple[str, str]:
    """Return the span of what `edges` finds."""
    before, after = (list(filter(None, part)) for part in (found[:2], found[2:]))
    return max(before, default=EARLIEST), min(after, default=LATEST)


def paging(conn: Connection) -> Maker:
    """Return what makes the quicker of the statements that page through rows."""
    return statements.page if store.is_file(conn.engine) else statements.page_at_once


def narrowed(conn: Connection, layer: Layer, asked: Filter) -> Filter:
    """Promise that nothing follows a row by the end of the period, where that is so."""
    if asked.when is None or not statements.has_index(layer, asked):
        return asked
    settled = conn.execute(statements.last_change(layer)).scalar() or EARLIEST
    return replace(asked, latest=True) if asked.when.end >= settled else asked

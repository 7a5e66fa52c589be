"""How far a layer reaches in space and time, and how much it holds: kept until it changes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Connection, case, func, select

from geo import query, store
from geo.audience import Sight
from geo.layers import MARKERS
from geo.period import Period, today
from geo.query import Filter
from geo.schema import Layer
from geo.scope import OF_MARKERS
from geo.tables import EARLIEST, LATEST, VIEWS
from geo.types import BBox

Interval: TypeAlias = tuple[str | None, str | None]  # ISO dates; None is open
# Properties that say when the thing itself happened, not when the row holds.
DATED = ("date", "at", "date_from", "date_to", "as_of", "signed", "start_date", "end_date")
KEPT = 2_000  # extents held, one for each layer and sight


class Extent(NamedTuple):
    """What a reader sees of a layer: box and number of rows today, intervals of all times.

    The first interval holds every row; the second, where there is one, spans the dates known.
    """

    box: BBox | None
    matched: int
    intervals: list[Interval]


def read(conn: Connection, layer: Layer, sight: Sight) -> Extent:
    """Measure a layer."""
    now = Filter(Period(today(), today()), sight=sight)
    box, matched = query.extent(conn, layer, now), query.matched(conn, layer, now)
    return Extent(box, matched, list(_intervals(conn, layer, sight)))


def _intervals(conn: Connection, layer: Layer, sight: Sight) -> Iterator[Interval]:
    view = VIEWS[layer.name]
    start, end = view.c.t_from, view.c.t_to
    known = [_unless(start, EARLIEST), _unless(end, LATEST)]
    known += [view.c[name] for name in DATED if name in view.c]
    edges = (func.min(start), func.max(end))
    sides = [side(column) for column in known for side in (func.min, func.max)]
    found = conn.execute(select(*edges, *sides).where(query.visible(layer, sight))).one()
    first, last, *dates = found
    yield _open(first, EARLIEST), _open(last, LATEST)
    days = sorted(date[:10] for date in dates if date)
    if days:
        yield days[0], days[-1]


def _unless(column: ColumnElement[str], edge: str) -> ColumnElement[str | None]:
    return case((column == edge, None), else_=column)


def _open(date: str | None, edge: str) -> str | None:
    return None if date in (None, edge) else date


def _deciding(layer: Layer) -> tuple[str, ...]:
    """Return the layers whose changes may change an extent: whose rows say where others lie too."""
    return (layer.name, MARKERS.name) if layer in OF_MARKERS else (layer.name,)


@dataclass(slots=True)
class Extents:
    """The extents that were measured, each as long as the revisions and the day last."""

    _known: dict[tuple[str, Sight], tuple[object, Extent]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, conn: Connection, layer: Layer, sight: Sight) -> Extent:
        """Return the extent of a layer as a reader sees it now."""
        state = (*(store.revision(conn, name) for name in _deciding(layer)), today())
        with self._lock:
            known = self._known.get((layer.name, sight))
        if known is not None and known[0] == state:
            return known[1]
        found = read(conn, layer, sight)
        with self._lock:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[layer.name, sight] = (state, found)
        return found

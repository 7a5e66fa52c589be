"""What is known of a register at one revision, so that it is not asked for every tile."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, Text, bindparam, func, select, union_all

from geo import spans, statements
from geo.audience import Sight
from geo.query import Filter
from geo.schema import Layer
from geo.scope import OF_MARKERS
from geo.tables import EARLIEST, LATEST, VIEWS, register, revisions
from geo.tiles import cells
from geo.tiles.grid import Tile
from geo.tiles.rows import Source

KEPT = 20_000  # sums held of one revision
Mark: TypeAlias = tuple[int, str]  # revision and identity: no other state has both
_ID, _ERA = (
    select(register.c.value).where(register.c.key == key).scalar_subquery()
    for key in ("identity", "era")
)
_MOVED = frozenset(layer.name for layer in OF_MARKERS)
_IDENTITY = _ID + func.coalesce(_ERA, "")
_VERSION = select(func.sum(revisions.c.revision), _IDENTITY)


FORM = "3"  # of the tiles' content; a change makes every kept tile stale


@dataclass(frozen=True, slots=True)
class Version:
    """Which tile it is, and how often what lies under it has changed."""

    address: str
    revision: str

    def tagged(self, filters: str) -> str:
        """Return a digest for a strong ETag of the tile under some free filters."""
        text = f"{self.address}\n{self.revision}\n{filters}"
        return hashlib.sha256(text.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class State:
    """A register at one revision."""

    revision: int
    identity: str
    cells: Mapping[str, Mapping[int, int]]  # layer to cell to its counter
    _days: dict[tuple[tuple[str, ...], str], str] = field(default_factory=dict)
    _settled: dict[str, str] = field(default_factory=dict)  # layer to the last day of a change
    _spans: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    _sums: dict[tuple[tuple[str, ...], Tile], int] = field(default_factory=dict)

    @property
    def mark(self) -> Mark:
        """Return what tells it from every other state."""
        return self.revision, self.identity

    def moves(self, names: Sequence[str], sight: Sight) -> int:
        """Return a counter that grows when rows may come to lie elsewhere for a reader.

        An event or inspection lies where its marker does, so it does without a change of its own.
        """
        return 0 if sight.uniform or _MOVED.isdisjoint(names) else self.revision

    def under(self, names: tuple[str, ...], tile: Tile) -> int:
        """Return a counter that grows with every change to layers that shows in a tile."""
        found = self._sums.get((names, tile))
        if found is None:
            if len(self._sums) >= KEPT:
                self._sums.clear()
            found = sum(cells.under(self.cells.get(name, {}), tile) for name in names)
            self._sums[names, tile] = found
        return found

    def of_layer(self, name: str) -> int:
        """Return a counter that grows with every change to a layer."""
        return sum(self.cells.get(name, {}).values())

    def period(self, conn: Connection, names: tuple[str, ...], day: str) -> str:
        """Return the last day, up to a given one, on which a row of the layers began or ended."""
        found = self._days.get((names, day))
        if found is None:
            found = str(conn.execute(_latest_edge(names), {"day": day}).scalar() or EARLIEST)
            self._days[names, day] = found
        return found

    def narrowed(self, source: Source, layer: Layer, asked: Filter) -> Filter:
        """Promise that nothing follows a row by the end of the period, where that is so."""
        if asked.when is None or not statements.has_index(layer, asked):
            return asked
        settled = self._settled.get(layer.name)
        if settled is None:
            made = statements.constant(_last_change(layer.name), source.dialect)
            settled = source.run(made.sql, made.values({}))[0][0] or EARLIEST
            self._settled[layer.name] = settled
        return replace(asked, latest=True) if asked.when.end >= settled else asked

    def span(self, source: Source, layer: Layer, day: str) -> tuple[str, str]:
        """Return the days between which, around a given one, no row of a layer begins or ends.

        The second is the day after the last.
        """
        found = self._spans.get((layer.name, day))
        if found is None:
            made = statements.constant(spans.edges(layer.name), source.dialect)
            found = spans.between(source.run(made.sql, made.values({"day": day}))[0])
            self._spans[layer.name, day] = found
        return found

    def version(self, names: tuple[str, ...], tile: Tile, sight: Sight, when: str) -> Version:
        """Return what a tile's bytes depend on; `when` tells the time that it shows."""
        place = f"{tile.z}/{tile.y}/{tile.x}"
        address = f"{FORM}/{','.join(names)}/{place}/{sight.name}/{when}"
        changes = self.under(names, tile) + self.moves(names, sight)
        return Version(address, f"{self.identity}/{changes}")

    def version_of_day(
        self, names: tuple[str, ...], tile: Tile, sight: Sight, day: str
    ) -> Version | None:
        """Return the version of a tile on a day, or None where the store must be asked."""
        when = self._days.get((names, day))
        return None if when is None else self.version(names, tile, sight, when)


@dataclass(slots=True)
class Known:
    """The state that was seen last."""

    last: State | None = None

    def at(self, conn: Connection) -> State:
        """Return the state that a connection reads."""
        version = _version(conn)
        state = self.last
        if state is None or state.mark != version:
            state = self.last = State(*version, cells.every(conn))
        return state


def current(conn: Connection) -> State:
    """Return the state that a connection reads, asked anew."""
    return State(*_version(conn), cells.every(conn))


def _version(conn: Connection) -> Mark:
    revision, identity = conn.execute(_VERSION).one()
    return int(revision), str(identity)


@cache
def _latest_edge(names: tuple[str, ...]) -> Select[Any]:
    views = [VIEWS[name] for name in names]
    edges = [edge for view in views for edge in (view.c.t_from, view.c.t_to)]
    latest = (
        select(func.max(edge).label("day")).where(edge <= bindparam("day", type_=Text()))
        for edge in edges
    )
    return select(func.max(union_all(*latest).subquery().c.day))


@cache
def _last_change(name: str) -> Select[Any]:
    day = VIEWS[name].c.t_next
    return select(func.max(day)).where(day < LATEST)

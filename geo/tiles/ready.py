"""Plain tiles held in memory as they go out, for as long as nothing under them changes."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Engine

from geo import store
from geo.audience import Sight
from geo.errors import AskAgainError, LongReadError
from geo.layers import LAYERS
from geo.period import Period
from geo.query import Filter
from geo.reading import BRIEF_STEPS
from geo.schema import Layer
from geo.tiles import rows
from geo.tiles.build import is_deep
from geo.tiles.grid import Tile
from geo.tiles.serve import Tiles
from geo.tiles.state import State, Version

MOST_BYTES = 32 * 2**20  # held in one process
ZIPPED_FROM = 1_000  # bytes; less is not worth it
_LEVEL = 4


class Ask(NamedTuple):
    """A tile of some layers on a day, for a sight."""

    names: tuple[str, ...]
    tile: Tile
    sight: Sight
    day: str  # ISO


@dataclass(slots=False)
class Ready:
    """A tile as it goes out, with its strong ETags; the body may be empty."""

    version: Version
    body: bytes
    seen: int  # revision of the register at which it was found true last

    @cached_property
    def tag(self) -> bytes:
        """The ETag of the body."""
        return f'"{self.version.tagged("")}"'.encode()

    @cached_property
    def zipped_tag(self) -> bytes:
        """The ETag of the zipped body."""
        return f'"{self.version.tagged("")}-gzip"'.encode()

    @cached_property
    def zipped(self) -> bytes | None:
        """The body zipped, or None where it is small."""
        return gzip.compress(self.body, _LEVEL) if len(self.body) >= ZIPPED_FROM else None


@dataclass(slots=False)
class Stock:
    """The tiles of a store that were asked for last."""

    engine: Engine
    tiles: Tiles
    _held: dict[Ask, Ready] = field(default_factory=dict)
    _bytes: int = 0
    _mark: int | None = None  # of the store, when the state that is known was read
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def _look(self) -> Callable[[], int]:
        return store.look(self.engine)

    @cached_property
    def at_hand(self) -> bool:
        """Whether a look at the store takes no time worth a thread."""
        return store.is_file(self.engine)

    def at_once(self, ask: Ask) -> Ready | None:
        """Return a tile that is held or soon made; None says that `ready` must be asked."""
        state = self._state()
        if state is None:
            return None
        found = _still_true(self._held.get(ask), ask, state)
        return found or self._deep(ask, state)

    def _state(self) -> State | None:
        """Return the state of the store if it is known."""
        mark = self._mark
        return None if mark is None or self._look() != mark else self.tiles.known.last

    def _deep(self, ask: Ask, state: State) -> Ready | None:
        asked = _filters(ask)
        version = state.version_of_day(*ask) if is_deep(asked, ask.tile) else None
        if version is None:
            return None
        asking = store.asking(self.engine) or store.reading(self.engine, BRIEF_STEPS)
        try:
            with asking as cursor:
                source = rows.of_cursor(cursor, self.engine.dialect)
                body = self.tiles.deep(source, asked, ask.tile, version, state)
        except (LongReadError, AskAgainError):
            return None
        if self._state() is not state:
            return None  # what was read may be of a later state, or not for this reader any more
        made = Ready(version, body, state.revision)
        self._keep(ask, made)
        return made

    def ready(self, ask: Ask) -> Ready:
        """Return a tile, held or made."""
        found = None if self.at_hand else self.at_once(ask)
        return found or self._ready(ask)

    def _ready(self, ask: Ask) -> Ready:
        mark = self._look()
        known = self.tiles.known.last if mark == self._mark else None
        found = known and _still_true(self._held.get(ask), ask, known)
        if found:
            return found
        asked = _filters(ask)
        with self.engine.connect() as conn:
            state = self.tiles.known.at(conn)  # of what is read: `known` may be older
            version = self.tiles.version(conn, asked, ask.tile, state)
            body = self.tiles.tile(conn, asked, ask.tile, version, state)
        made = Ready(version, body, state.revision)
        if self.tiles.known.last is state:
            self._mark = mark
        self._keep(ask, made)
        return made

    def _keep(self, ask: Ask, made: Ready) -> None:
        with self._lock:
            old = self._held.pop(ask, None)
            self._bytes += len(made.body) - (len(old.body) if old else 0)
            self._held[ask] = made
            while self._bytes > MOST_BYTES and len(self._held) > 1:
                self._bytes -= len(self._held.pop(next(iter(self._held))).body)


def _filters(ask: Ask) -> list[tuple[Layer, Filter]]:
    when = Period(ask.day, ask.day)
    return [(LAYERS[name], Filter(when, sight=ask.sight)) for name in ask.names]


def _still_true(found: Ready | None, ask: Ask, state: State) -> Ready | None:
    if found is None or found.seen == state.revision:
        return found
    if state.version_of_day(*ask) != found.version:
        return None
    found.seen = state.revision
    return found

"""Plain tiles held in memory as they go out, for as long as nothing under them changes."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Engine

from geo import store
from geo.audience import PUBLIC, Sight
from geo.errors import AskAgainError, LongReadError
from geo.layers import LAYERS
from geo.period import Period
from geo.query import Filter
from geo.reading import BRIEF_STEPS
from geo.schema import Layer
from geo.store import Watch
from geo.tiles import rows
from geo.tiles.grid import Tile
from geo.tiles.rows import Source
from geo.tiles.serve import Tiles
from geo.tiles.state import Mark, State, Version

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
    seen: Mark  # of the state at which it was found true last

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


@dataclass(slots=True)
class Stock:
    """The tiles of a store that were asked for last."""

    engine: Engine
    tiles: Tiles
    watch: Watch  # on the engine's store
    _held: dict[Ask, Ready] = field(default_factory=dict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def at_once(self, ask: Ask, *, least: int = 0) -> Ready | None:
        """Return a tile that is held or made of what is at hand; it waits for no database.

        It is of the revision `least` of the register or of a later one. None says that `ready`
        must be asked.
        """
        state = self._state(self.watch.revision(), least)
        return None if state is None else self._soon(ask, state, at_hand=True)

    def ready(self, ask: Ask, *, least: int = 0) -> Ready:
        """Return a tile, held or made, of the revision `least` or of a later one."""
        found = None if store.is_file(self.engine) else self._asked(ask, least)
        return found or self._made(ask)

    def _asked(self, ask: Ask, least: int) -> Ready | None:
        """Return a tile that some single questions to a database are enough for."""
        revision = self.watch.revision()
        if revision is None or revision < least:
            revision = self.watch.ask()
        state = self._state(revision, least)
        return None if state is None else self._soon(ask, state, at_hand=False)

    def _state(self, revision: int | None, least: int) -> State | None:
        """Return the state of a revision if it is the one known, and new enough."""
        known = self.tiles.known.last
        return known if known and known.revision == revision and revision >= least else None

    def _soon(self, ask: Ask, state: State, *, at_hand: bool) -> Ready | None:
        found = _still_true(self._held.get(ask), ask, state)
        version = state.version_of_day(*ask)
        if found or version is None or ask.sight != PUBLIC:
            return found
        try:
            with self._source(at_hand=at_hand) as source:
                body = self.tiles.soon(source, _filters(ask), ask.tile, version, state)
        except (LongReadError, AskAgainError):
            return None
        now = self.watch.revision() if at_hand else self.watch.ask()
        if now != state.revision:
            return None  # what was read may be of a later state, or not for this reader any more
        return self._keep(ask, Ready(version, body, state.mark))

    @contextmanager
    def _source(self, *, at_hand: bool) -> Iterator[Source]:
        """Give what is read for a tile that is soon made; a database is not `at_hand`."""
        dialect, asking = self.engine.dialect, store.asking(self.engine)
        if asking and at_hand:
            yield rows.refusing(dialect)
            return
        with asking or store.reading(self.engine, BRIEF_STEPS) as cursor:
            yield rows.of_cursor(cursor, dialect)

    def _made(self, ask: Ask) -> Ready:
        asked = _filters(ask)
        with self.engine.connect() as conn:
            state = self.tiles.known.at(conn)
            version = self.tiles.version(conn, asked, ask.tile, state)
            found = _still_true(self._held.get(ask), ask, state)
            if found:
                return found
            body = self.tiles.tile(conn, asked, ask.tile, version, state)
        return self._keep(ask, Ready(version, body, state.mark))

    def _keep(self, ask: Ask, made: Ready) -> Ready:
        with self._lock:
            old = self._held.pop(ask, None)
            self._bytes += len(made.body) - (len(old.body) if old else 0)
            self._held[ask] = made
            while self._bytes > MOST_BYTES and len(self._held) > 1:
                self._bytes -= len(self._held.pop(next(iter(self._held))).body)
        return made


def _filters(ask: Ask) -> list[tuple[Layer, Filter]]:
    when = Period(ask.day, ask.day)
    return [(LAYERS[name], Filter(when, sight=ask.sight)) for name in ask.names]


def _still_true(found: Ready | None, ask: Ask, state: State) -> Ready | None:
    if found is None or found.seen == state.mark:
        return found
    if state.version_of_day(*ask) != found.version:
        return None
    found.seen = state.mark
    return found

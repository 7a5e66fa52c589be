"""Reading from copies of a store that follow it: those that are well and up to date take turns.

Nothing here makes copies follow; PostgreSQL's streaming replication does. A copy that is lost or
behind is left out, and looked at again every LOOK_S.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from threading import Event, Thread
from typing import TypeVar

from sqlalchemy import Connection, Engine

from geo import store
from geo.errors import GeoError, StoreError
from geo.reading import Reader
from geo.rolls import Rolls
from geo.store import Target, Watch

log = logging.getLogger(__name__)

LOOK_S = 1.0  # seconds between looks at the copies
T = TypeVar("T")


@dataclass(slots=True)
class Replica:
    """One copy; `revision` is that of the last look, None while it is lost."""

    target: Target
    seconds: float = 0.0  # that a read may take, 0 = any time
    reader: Reader | None = None
    revision: int | None = None

    def look(self) -> None:
        """Find out whether it can be read, and how far it has come."""
        try:
            if self.reader is None:
                self.reader = Reader(store.limited(store.open_store(self.target), self.seconds))
            found = self.reader.revision()
            if self.revision is None:
                log.info("%s is read from", store.shown(self.target))
            self.revision = found
        except GeoError as error:
            self.lose(error)

    def lose(self, error: GeoError) -> None:
        """Leave it out until the next look."""
        if self.revision is not None:
            log.warning("%s is left out: %s", store.shown(self.target), error.detail)
        self.revision = None


class Replicas:
    """The readers of a store: its own and those of its copies; none reads for longer than told."""

    def __init__(
        self,
        engine: Engine,
        targets: Sequence[Target],
        watch: Watch,
        rolls: Rolls | None = None,
        *,
        seconds: float = 0.0,
    ) -> None:
        self.primary = Reader(store.limited(engine, seconds), rolls=rolls)
        self.watch = watch
        self.replicas = [Replica(target, seconds) for target in targets]
        self._turns = cycle(self.replicas)
        self._closed: Event | None = None

    def read(self, work: Callable[[Reader], T], *, least: int = 0) -> T:
        """Run a read on the copy whose turn it is, or on the store itself.

        What is read is at least as new as the revision `least`.

        Raises:
            StoreError: the store itself had to be read, and cannot be.
        """
        replica = self.choose(least)
        if replica is not None and replica.reader is not None:
            try:
                return work(replica.reader)
            except StoreError as error:
                replica.lose(error)
        return work(self.primary)

    def connect(self, *, least: int = 0) -> Connection:
        """Open a connection to the copy whose turn it is, or to the store itself."""
        replica = self.choose(least)
        if replica is not None and replica.reader is not None:
            try:
                return replica.reader.engine.connect()
            except StoreError as error:
                replica.lose(error)
        return self.primary.engine.connect()

    def choose(self, least: int = 0) -> Replica | None:
        """Return the copy whose turn it is among those that are up to date, if any is."""
        if not self.replicas:
            return None
        self._begin()
        newest = max(least, self.watch.revision() or 0)
        for _ in self.replicas:
            replica = next(self._turns)
            if replica.revision is not None and replica.revision >= newest:
                return replica
        return None

    def close(self) -> None:
        """Stop looking at the copies; the next read begins anew."""
        if self._closed is not None:
            self._closed.set()
            self._closed = None
        for replica in self.replicas:
            if replica.reader is not None:
                replica.reader.engine.dispose()
            replica.revision = None

    def _begin(self) -> None:
        if self._closed is None:
            self._closed = Event()
            Thread(target=self._run, args=[self._closed], name="replicas", daemon=True).start()

    def _run(self, closed: Event) -> None:
        while not closed.is_set():
            for replica in self.replicas:
                replica.look()
            closed.wait(LOOK_S)

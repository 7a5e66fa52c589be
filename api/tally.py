"""How many requests of each kind were answered, and how fast: counted by each process for itself.

Each copies its counts to a place of its own in memory that all share, at most a second late; who
is asked for them adds them up. What a process that died has counted stays, so that no count falls.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from mmap import mmap
from pathlib import Path
from struct import Struct

import orjson
from sqlalchemy import Engine

from api.shared import Shared

log = logging.getLogger(__name__)

# Seconds; the last of a cell's counts is of what took longer.
BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
WRITE_S = 1.0  # between two writings of a process
PLACES, PLACE_BYTES = 64, 262_144  # of processes; one that dies and its successor have one each
_LENGTH = Struct("<QQ")  # whose place it is, and how many bytes are in it
Key = tuple[str, str, int]  # method, template of the path, status


@dataclass(frozen=True, slots=True)
class Cell:
    """The answers of one kind: how many took how long, and all their seconds together."""

    method: str
    route: str
    status: int
    counts: list[int]
    seconds: float


@dataclass(frozen=True, slots=True)
class Process:
    """What one process has counted, and what it holds now."""

    pid: int
    memory: int  # bytes in the machine's memory
    connections: dict[str, list[int]]  # by database: in use, open
    cells: list[Cell] = field(default_factory=list)

    @property
    def lives(self) -> bool:
        """Say whether the process is there still."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


class Tally:
    """The counts of this process, and of its siblings where they have a folder in common."""

    def __init__(self) -> None:
        self.pools: dict[str, Engine] = {}  # databases by name
        self._cells: dict[Key, tuple[list[int], list[float]]] = {}
        self._shared = Shared(PLACES * PLACE_BYTES)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        key = method, route, status
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = [0] * (len(BOUNDS) + 1), [0.0]
        cell[0][bisect_left(BOUNDS, seconds)] += 1
        cell[1][0] += seconds

    def own(self) -> Process:
        """Return the counts of this process."""
        cells = [
            Cell(*key, list(counts), total[0]) for key, (counts, total) in list(self._cells.items())
        ]
        pools = {name: _connections(engine) for name, engine in self.pools.items()}
        return Process(os.getpid(), _memory(), pools, cells)

    def write(self) -> None:
        """Let the other processes know."""
        own = self.own()
        told = orjson.dumps(asdict(own))
        if len(told) > PLACE_BYTES - _LENGTH.size:
            log.warning("there are too many kinds of requests to count them all")
            return
        with self._shared.alone() as held:
            at = _place(held, own.pid)
            _LENGTH.pack_into(held, at, own.pid, len(told))
            held[at + _LENGTH.size : at + _LENGTH.size + len(told)] = told

    def all(self) -> Iterator[Process]:
        """Yield the counts of every process that there is or was."""
        self.write()
        with self._shared.alone() as held:
            told = [_read(held, at) for at in range(0, len(held), PLACE_BYTES)]
        for one in filter(None, told):
            found = orjson.loads(one)
            cells = [Cell(**cell) for cell in found.pop("cells")]
            yield Process(**found, cells=cells)


def _place(held: mmap, pid: int) -> int:
    """Return the place of a process: its own, else the first that is free, else the first."""
    owners = {at: _LENGTH.unpack_from(held, at)[0] for at in range(0, len(held), PLACE_BYTES)}
    wanted = (at for owner in (pid, 0) for at, found in owners.items() if found == owner)
    return next(wanted, 0)


def _read(held: mmap, at: int) -> bytes:
    length = _LENGTH.unpack_from(held, at)[1]
    return held[at + _LENGTH.size : at + _LENGTH.size + length]


def _connections(engine: Engine) -> list[int]:
    """Return how many connections of a pool are in use, and how many are open."""
    pool = engine.pool
    used = int(getattr(pool, "checkedout", int)())
    return [used, used + int(getattr(pool, "checkedin", int)())]


def _memory() -> int:
    """Return the bytes of this process in memory; where nobody tells, the most there ever were."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1_024

"""How many requests of each kind were answered, and how fast: counted by each process for itself.

Each copies its counts to a place of its own in memory that all share, at most a second late; who
is asked for them adds them up. A process takes over what one that is gone has counted, and its
place, where there is one: so no count falls, however many come and go.
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
PLACES, PLACE_BYTES = 64, 262_144  # of processes that live at the same time
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
        return _lives(self.pid)


class Tally:
    """The counts of this process, and of its siblings where they have a folder in common."""

    def __init__(self) -> None:
        self.pools: dict[str, Engine] = {}  # databases by name
        self._cells: dict[Key, tuple[list[int], list[float]]] = {}
        self._heir: list[Cell] = []  # what processes counted whose place this one has
        self._at: tuple[int, int] | None = None  # this process, and where its place begins
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
        return Process(os.getpid(), _memory(), pools, cells + self._heir)

    def write(self) -> None:
        """Let the other processes know."""
        with self._shared.alone() as held:
            at = self._place(held)
            own = self.own()
            told = orjson.dumps(asdict(own))
            if at is None or len(told) > PLACE_BYTES - _LENGTH.size:
                log.warning("there are too many processes or kinds of requests to count them all")
                return
            _LENGTH.pack_into(held, at, own.pid, len(told))
            held[at + _LENGTH.size : at + _LENGTH.size + len(told)] = told

    def _place(self, held: mmap) -> int | None:
        """Return where this process writes; at first it takes over from one that is gone."""
        pid = os.getpid()
        if self._at is None or self._at[0] != pid:
            at = _vacant(held, pid)
            if at is None:
                return None
            self._at = pid, at
            self._heir = _added(_process(_read(held, at)))
        return self._at[1]

    def all(self) -> Iterator[Process]:
        """Yield the counts of every process that there is or was."""
        self.write()
        with self._shared.alone() as held:
            told = [_read(held, at) for at in range(0, len(held), PLACE_BYTES)]
        yield from (one for one in map(_process, told) if one)


def _vacant(held: mmap, pid: int) -> int | None:
    """Return a place for a process that is new: of one that is gone, else one of nobody yet."""
    owners = {at: _LENGTH.unpack_from(held, at)[0] for at in range(0, len(held), PLACE_BYTES)}
    left = (at for at, owner in owners.items() if owner == pid or (owner and not _lives(owner)))
    empty = (at for at, owner in owners.items() if not owner)
    return next(left, next(empty, None))


def _added(one: Process | None) -> list[Cell]:
    """Return what a process has counted, one cell of each kind."""
    sums: dict[Key, Cell] = {}
    for cell in one.cells if one else ():
        key = cell.method, cell.route, cell.status
        so_far = sums.get(key) or Cell(*key, [0] * len(cell.counts), 0.0)
        counts = [a + b for a, b in zip(so_far.counts, cell.counts, strict=True)]
        sums[key] = Cell(*key, counts, so_far.seconds + cell.seconds)
    return list(sums.values())


def _process(told: bytes) -> Process | None:
    """Return what a process wrote, nothing where none did or one was killed while it wrote."""
    try:
        found = orjson.loads(told)
    except orjson.JSONDecodeError:
        return None
    cells = [Cell(**cell) for cell in found.pop("cells")]
    return Process(**found, cells=cells)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


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

"""What a server's processes take together: memory and processor time, from Linux's /proc."""

import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

EVERY = 0.2  # seconds between looks
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Use:
    """The proportional share of memory (PSS), in megabytes of 1,000,000 bytes."""

    own: float  # what the processes made themselves, or share among each other
    mapped: float  # pages of files, which the system may take back

    @property
    def total(self) -> float:
        """All of the proportional share."""
        return self.own + self.mapped


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for one in found:
        for task in (PROC / str(one) / "task").glob("*"):
            with suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def use(pid: int) -> Use:
    """What a process and its descendants hold now."""
    shares = [_shares(one) for one in tree(pid)]
    own = sum(share.get("Pss_Anon", 0) + share.get("Pss_Shmem", 0) for share in shares)
    return Use(own * 1.024e-3, sum(share.get("Pss_File", 0) for share in shares) * 1.024e-3)


def _shares(pid: int) -> dict[str, int]:
    """The lines of smaps_rollup, in KiB; none for a process that has ended."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split(":") for line in lines if line.endswith("kB"))
    return {name: int(rest.split()[0]) for name, rest in pairs}


class Clock:
    """Processor time of processes and their living descendants since it was started.

    Linux counts it in nanoseconds for each thread; what a thread used that is gone is not seen.
    """

    def __init__(self, *pids: int) -> None:
        self.pids = pids
        self.begun = _nanoseconds(pids)

    def seconds(self) -> float:
        """Time used until now."""
        now = _nanoseconds(self.pids)
        return sum(used - self.begun.get(task, 0) for task, used in now.items()) / 1e9


def _nanoseconds(pids: Iterable[int]) -> dict[str, int]:
    """What each thread has used since it began."""
    found = {}
    for one in (descendant for pid in pids for descendant in tree(pid)):
        for task in (PROC / str(one) / "task").glob("*/schedstat"):
            with suppress(OSError):
                found[str(task)] = int(task.read_text().split()[0])
    return found


@dataclass(frozen=True, slots=True)
class Host:
    """Ticks of all cores since the machine started, from /proc/stat."""

    wanted: int  # worked, or ready to work
    stolen: int  # ready to work while the host gave the core to another machine

    def stolen_since(self, before: "Host") -> float:
        """Share of what was wanted since then that was stolen."""
        return (self.stolen - before.stolen) / max(self.wanted - before.wanted, 1)


def host() -> Host:
    """The ticks now."""
    fields = (PROC / "stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _waiting, hard, soft, stolen = map(int, fields[:8])
    return Host(user + nice + system + hard + soft + stolen, stolen)


class Watch:
    """Notes the peak while it is open."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.peak = Use(0, 0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            now = use(self.pid)
            self.peak = max(self.peak, now, key=lambda seen: seen.total)
            if self._over.wait(EVERY):
                return

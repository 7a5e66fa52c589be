"""What a server is put through and what it did; a running server and the processes behind it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from statistics import median

from bench import load, processes
from bench.data import Data
from bench.peers import Place, Role, Server
from bench.processes import Use
from bench.questions import Kind, Question
from bench.server import Running, running
from tests.server import free_port

ROUNDS = 2  # of all connections that a figure should stand on
MOST_SECONDS = 6  # for a figure
FEW_ROUNDS = 2  # answers for each core that are asked of a slow server


@dataclass(frozen=True, slots=True)
class Trial:
    """What every server is put through."""

    data: Data
    questions: dict[str, list[Question]]
    kinds: tuple[Kind, ...]
    seconds: float  # for each figure
    connections: int
    cores: int
    say: Callable[[str], None]

    @property
    def few(self) -> int:
        """Questions to a server that is slow, and to one that is to get ready."""
        return FEW_ROUNDS * self.cores

    def enough(self, alone: float) -> float:
        """Seconds to measure for, if one answer takes so many seconds alone."""
        wanted = alone * ROUNDS * self.connections / self.cores
        return min(max(self.seconds, wanted), max(self.seconds, MOST_SECONDS))

    def of(self, kind: Kind) -> list[Question]:
        """The questions of a kind; the one that is asked again is the first of its like."""
        return self.questions[kind.of][:1] if kind.repeated else self.questions[kind.name]

    def targets(self, server: Server, kind: Kind) -> list[str]:
        """The addresses of a kind at a server."""
        return [target for one in self.of(kind) if (target := server.target(one))]


@dataclass(slots=True)
class Figures:
    """What one server did with so many markers."""

    server: str
    role: Role
    markers: int
    by_key: bool = False  # whether its pages begin at a key, not behind a number of rows
    timings: dict[str, load.Timing] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)  # by kind, or "" for all
    first_answer: float | None = None  # seconds
    memory: Use | None = None
    postgres: Use | None = None

    def saw(self, memory: Use) -> None:
        """Note memory, if it is more than ever before."""
        if self.memory is None or memory.total > self.memory.total:
            self.memory = memory


def begun(server: Server, trial: Trial) -> Figures:
    """The figures of a server that has not been asked anything."""
    return Figures(server.name, server.role, len(trial.data.markers.ids), server.by_key)


@dataclass(slots=True)
class Busy:
    """Processor time that went by: the server's, and the share that others had."""

    seconds: float = 0.0
    stolen: float = 0.0

    def of(self, timing: load.Timing) -> load.Timing:
        """Enter it into what was measured meanwhile."""
        cpu = 1000 * self.seconds / max(timing.answers, 1)
        return replace(timing, cpu=cpu, stolen=self.stolen)


@dataclass(frozen=True, slots=True)
class Subject:
    """A running server, and the processes that work for it."""

    server: Server
    base: str
    pids: list[int]
    first_answer: float  # seconds

    @contextmanager
    def busy(self) -> Iterator[Busy]:
        """Note the processor time that goes by."""
        busy, clock, host = Busy(), processes.Clock(*self.pids), processes.host()
        yield busy
        busy.seconds = clock.seconds()
        busy.stolen = processes.host().stolen_since(host)

    def once(self, targets: Sequence[str], *, seconds: float, connections: int) -> load.Timing:
        """Ask for each target once, with the processor time that it took."""
        with self.busy() as busy:
            found = load.once(self.base, targets, seconds=seconds, connections=connections)
        return busy.of(found)

    def again(self, target: str, *, seconds: float, connections: int) -> load.Timing:
        """Ask for one target over and over, with the processor time that it took."""
        with self.busy() as busy:
            found = load.again(self.base, target, seconds=seconds, connections=connections)
        return busy.of(found)


@contextmanager
def started(server: Server, trial: Trial) -> Iterator[Running]:
    """Start a server; it has answered one question then."""
    port = free_port()
    first = next(filter(None, map(server.target, _openers(trial))))
    with running(server.command(Place(port, trial.cores)), port=port, first=first) as seen:
        yield seen


@contextmanager
def subject(server: Server, trial: Trial) -> Iterator[Subject]:
    """Start a server, and know what works for it: a database too."""
    cluster = trial.data.cluster if server.on_postgres else None
    with started(server, trial) as seen:
        pids = [seen.pid, *([cluster.pid] if cluster else [])]
        yield Subject(server, seen.base, pids, seen.first_answer)


def _openers(trial: Trial) -> Iterator[Question]:
    """Questions of which every server answers one, and which need nothing learned."""
    for kind in ("item", "tile12"):
        yield trial.questions[kind][0]


def together(parts: Sequence[load.Timing]) -> load.Timing:
    """One figure from several: rates and means over all, of the quantiles the middle one."""
    answers = sum(one.answers for one in parts)
    if not answers:
        return parts[0]
    spent = sum(one.answers / one.rate for one in parts if one.rate)

    def mean(values: Sequence[float]) -> float:
        pairs = zip(values, parts, strict=True)
        return sum(value * part.answers for value, part in pairs) / answers

    return load.Timing(
        rate=answers / spent,
        p50=median(one.p50 for one in parts),
        p99=median(one.p99 for one in parts),
        answers=answers,
        failed=sum(one.failed for one in parts),
        kilobytes=mean([one.kilobytes for one in parts]),
        cpu=mean([one.cpu for one in parts]),
        stolen=sum(one.stolen for one in parts) / len(parts),
        slices=tuple(one.rate for one in parts),
    )

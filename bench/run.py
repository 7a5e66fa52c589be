"""Measuring one server: its answers are checked, then it is started anew and asked kind by kind."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace

from bench import load, processes
from bench.answers import wrong
from bench.data import Data
from bench.peers import Place, Role, Server
from bench.peers.ready import Recording
from bench.processes import Use, Watch
from bench.questions import Kind, Question, truth
from bench.server import Running, ServerError, get, running
from tests.server import free_port

STARTS = 3  # of which the median counts; the first one, which may compile, does not
CHECKED = 2  # answers of each kind
WARM_SHARE, WARM_MOST = 10, 200  # a tenth of the addresses, at most so many, warm the server
WARM_SECONDS = 1
ROUNDS = 2  # of all connections that a figure should stand on
MOST_SECONDS = 6  # for a figure
SLOW = 0.3  # seconds; a server that takes longer for one answer is asked for a few only
FEW_ROUNDS = 2  # answers for each core then
RUNS_AGAIN = 2  # of which the better one counts
MOST_LETTERS = 100  # of an error
ALONE = ("whole",)  # kinds that are asked over one connection


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


@dataclass(slots=True)
class Figures:
    """What one server did with so many markers."""

    server: str
    role: Role
    markers: int
    timings: dict[str, load.Timing] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)  # by kind, or "" for all
    first_answer: float | None = None  # seconds
    memory: Use | None = None
    postgres: Use | None = None


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

    @contextmanager
    def busy(self) -> Iterator[Busy]:
        """Note the processor time that goes by."""
        busy, before, host = Busy(), processes.seconds(*self.pids), processes.host()
        yield busy
        busy.seconds = processes.seconds(*self.pids) - before
        busy.stolen = processes.host().stolen_since(host)


def measure(server: Server, trial: Trial) -> Figures:
    """Ask a server everything that it can answer."""
    found = Figures(server.name, server.role, len(trial.data.markers.ids))
    server.prepare(trial.data)
    kinds = _check(server, trial, found)
    starts = [_start(server, trial) for _ in range(STARTS - 1)]
    server.prepare(trial.data)  # nothing that the check made is kept
    with _running(server, trial) as seen, ExitStack() as stack:
        found.first_answer = statistics.median([*starts, seen.first_answer])
        own = stack.enter_context(Watch(seen.pid))
        cluster = trial.data.cluster if server.on_postgres else None
        database = stack.enter_context(Watch(cluster.pid)) if cluster else None
        subject = Subject(server, seen.base, [seen.pid, *([cluster.pid] if cluster else [])])
        for kind in kinds:
            _note(subject, kind, trial, found)
    found.memory, found.postgres = own.peak, database.peak if database else None
    return found


def record(server: Server, trial: Trial) -> dict[Question, Recording]:
    """One answer of each kind that is asked again, as the server gave it."""
    found = {}
    with _running(server, trial) as seen:
        for kind in trial.kinds:
            if kind.repeated:
                [question] = trial.of(kind)
                target = server.target(question)
                if target is not None:
                    found[question] = Recording(target, *get(seen.base, target))
    return found


@contextmanager
def _running(server: Server, trial: Trial) -> Iterator[Running]:
    port = free_port()
    first = next(filter(None, map(server.target, _openers(trial))))
    with running(server.command(Place(port, trial.cores)), port=port, first=first) as seen:
        yield seen


def _openers(trial: Trial) -> Iterator[Question]:
    """Questions of which every server answers one, and which need nothing learned."""
    for kind in ("item", "tile12"):
        yield trial.questions[kind][0]


def _start(server: Server, trial: Trial) -> float:
    with _running(server, trial) as seen:
        return seen.first_answer


def _check(server: Server, trial: Trial, found: Figures) -> list[Kind]:
    """The kinds that the server answers, and rightly; what is wrong is noted."""
    kinds = []
    with _running(server, trial) as seen:
        asked = [one for questions in trial.questions.values() for one in questions]
        server.learn(lambda target: get(seen.base, target)[1], asked)
        for kind in trial.kinds:
            if not server.role.takes(kind):
                continue
            checked = 1 if kind.name in ALONE else CHECKED
            answered = [one for one in trial.of(kind)[:checked] if server.target(one)]
            problem = next(filter(None, (_wrong(seen, server, one, trial) for one in answered)), "")
            if problem:
                found.problems[kind.name] = problem
                trial.say(f"  {kind.title}: {problem}")
            elif answered:
                kinds.append(kind)
    return kinds


def _wrong(seen: Running, server: Server, question: Question, trial: Trial) -> str | None:
    try:
        _, body = get(seen.base, server.target(question) or "")
        return wrong(question, server.read(question, body), truth(trial.data.markers, question))
    except (ServerError, ValueError, KeyError, OSError) as error:
        return f"{question}: {error!r:.{MOST_LETTERS}}"


def _note(subject: Subject, kind: Kind, trial: Trial, found: Figures) -> None:
    """Enter what was measured, or why it could not be."""
    try:
        timing = _time(subject, kind, trial)
    except (ServerError, OSError) as error:
        found.problems[kind.name] = f"{error!r:.{MOST_LETTERS}}"
        return
    if timing.answers:
        found.timings[kind.name] = timing
    else:
        found.problems[kind.name] = "no answer in the time given"


def _time(subject: Subject, kind: Kind, trial: Trial) -> load.Timing:
    targets = [target for one in trial.of(kind) if (target := subject.server.target(one))]
    again = kind.repeated
    timing = _again(subject, targets[0], trial) if again else _once(subject, targets, kind, trial)
    trial.say(
        f"  {kind.title}: {timing.rate:,.1f}/s, p50 {timing.p50:,.1f} ms, p99 {timing.p99:,.1f} ms,"
        f" {timing.cpu:,.2f} ms of processor, {timing.answers} answers, {timing.failed} failed,"
        f" {timing.stolen:.0%} stolen"
    )
    return timing


def _again(subject: Subject, target: str, trial: Trial) -> load.Timing:
    """The better of some runs: which process the connections come to is chance."""
    alone = _alone(subject, target)
    if alone > SLOW:
        return _few(subject, [target] * trial.few, trial)
    seconds = trial.enough(alone)
    load.again(subject.base, target, seconds=WARM_SECONDS, connections=trial.connections)
    runs = []
    for _ in range(RUNS_AGAIN):
        with subject.busy() as busy:
            found = load.again(subject.base, target, seconds=seconds, connections=trial.connections)
        runs.append(busy.of(found))
    return max(runs, key=lambda one: one.rate)


def _once(subject: Subject, targets: list[str], kind: Kind, trial: Trial) -> load.Timing:
    connections = 1 if kind.name in ALONE else trial.connections
    seconds = trial.seconds
    if len(targets) > load.FEW:
        few = trial.few
        _few(subject, targets[:few], trial)  # what a server makes once is made
        probe = _few(subject, targets[few : 2 * few], trial)
        if probe.p50 > 1000 * SLOW:
            return probe
        seconds = trial.enough(probe.p50 / 1000)
        targets = targets[2 * few :]
        warm = min(len(targets) // WARM_SHARE, WARM_MOST)
        load.once(subject.base, targets[:warm], seconds=WARM_SECONDS, connections=connections)
        targets = targets[warm:]
    with subject.busy() as busy:
        found = load.once(subject.base, targets, seconds=seconds, connections=connections)
    return busy.of(found)


def _few(subject: Subject, targets: list[str], trial: Trial) -> load.Timing:
    """A few answers to the end, one at a time for each core, of a server that takes so long."""
    with subject.busy() as busy:
        found = load.once(subject.base, targets, seconds=SLOW, connections=trial.cores)
    return busy.of(found)


def _alone(subject: Subject, target: str) -> float:
    """Seconds that one answer takes while nothing else is asked."""
    begun = time.perf_counter()
    get(subject.base, target)
    return time.perf_counter() - begun

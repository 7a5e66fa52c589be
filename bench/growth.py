"""What an answer costs as a register grows: registers of several sizes are served side by side and
asked in turn, so that neighbours disturb them alike."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import load
from bench.hot import Side, opened
from bench.peers import Server
from bench.questions import Kind
from bench.run import ALONE, WARM_MOST, WARM_SECONDS, check, enter, few, fresh
from bench.table import markdown, number
from bench.trial import Figures, Trial, begun, together

SLICES = 4
SLICE_SECONDS = 1
CHUNK = 2**24  # bytes
ROUNDS = 9  # of servers started anew, for a kind of which few can be asked
EVEN = 1.25  # so much more counts as no more: two runs over one register differ by as much


@dataclass(frozen=True, slots=True)
class Growth:
    """How many times as much an answer of the largest register takes as one of the smallest."""

    processor: float
    size: float

    @property
    def held(self) -> bool:
        """Whether the cost grows no faster than the answer, or not at all if that shrinks."""
        return self.processor <= max(self.size, 1) * EVEN


def measure(servers: Sequence[Server], trials: Sequence[Trial]) -> list[Figures]:
    """The figures of one store with registers of several sizes, the smallest first."""
    pairs = zip(servers, trials, strict=True)
    sizes = [(server, trial, begun(server, trial)) for server, trial in pairs]
    right = []
    for server, trial, found in sizes:
        server.prepare(trial.data)
        right.append({kind.name for kind in check(server, trial, found)})
        server.prepare(trial.data)  # nothing that the check made is kept
        _read(trial.data.register)
    kinds = [kind for kind in trials[0].kinds if all(kind.name in names for names in right)]
    with ExitStack() as stack:
        sides = [opened(stack, *one) for one in sizes]
        for kind in kinds:
            if not kind.warmed_by:
                _in_turn(kind, sides, trials)
    for side in sides:
        side.figures.saw(side.watch.peak)
        side.figures.first_answer = side.subject.first_answer
    for kind in kinds:
        if kind.warmed_by:
            _anew(kind, sizes)
    return [found for *_, found in sizes]


def _read(register: Path) -> None:
    """Read the finished rows once: a large file that was not asked for lately is on the disk."""
    for path in register.parent.glob(f"{register.name}.*.rows"):
        with path.open("rb") as file:
            while file.read(CHUNK):
                pass


def _in_turn(kind: Kind, sides: Sequence[Side], trials: Sequence[Trial]) -> None:
    """Ask a part of the questions of each size, then of each the next part."""
    connections = 1 if kind.name in ALONE else trials[0].connections
    parts = [
        _parts(trial.targets(side.subject.server, kind), kind)
        for side, trial in zip(sides, trials, strict=True)
    ]
    for side, (warm, *_) in zip(sides, parts, strict=True):
        if warm:
            few(side.subject, warm, trials[0])  # what a server makes once is made
            load.once(side.subject.base, warm, seconds=WARM_SECONDS, connections=connections)
    runs: list[list[load.Timing]] = [[] for _ in sides]
    for turn in zip(*(asked for _, *asked in parts), strict=True):
        for side, targets, done in zip(sides, turn, runs, strict=True):
            done.append(side.subject.once(targets, seconds=SLICE_SECONDS, connections=connections))
    for side, trial, done in zip(sides, trials, runs, strict=True):
        trial.say(f" {side.figures.markers:,} markers")
        enter(together(done), kind, trial, side.figures)


def _parts(targets: list[str], kind: Kind) -> list[list[str]]:
    """Addresses to warm up with, and those of each turn."""
    if kind.name in ALONE:
        return [[], *([target] for target in targets)]
    share = len(targets) // (SLICES + 1)
    turns = [targets[n * share : (n + 1) * share] for n in range(1, SLICES + 1)]
    return [targets[: min(share, WARM_MOST)], *turns]


def _anew(kind: Kind, sizes: Sequence[tuple[Server, Trial, Figures]]) -> None:
    runs: list[list[load.Timing]] = [[] for _ in sizes]
    for _ in range(ROUNDS):
        for done, (server, trial, found) in zip(runs, sizes, strict=True):
            done.append(fresh(server, kind, trial, found))
    for done, (_, trial, found) in zip(runs, sizes, strict=True):
        trial.say(f" {found.markers:,} markers")
        enter(together(done), kind, trial, found)


def growth(figures: Sequence[Figures], kind: Kind) -> Growth | None:
    """From the smallest to the largest register; None where one of them gave no answer."""
    timings = [one.timings.get(kind.name) for one in figures]
    first, last = timings[0], timings[-1]
    if not first or not last or not first.cpu or not first.kilobytes:
        return None
    return Growth(last.cpu / first.cpu, last.kilobytes / first.kilobytes)


def table(figures: Sequence[Figures], kinds: Sequence[Kind]) -> str:
    """A row for each question, the sizes side by side."""
    titles = ["question", *_each("CPU ms", figures), *_each("kB", figures), *_each("/s", figures),
              "× CPU", "× size", "no faster than the answer"]  # fmt: skip
    rows = [_row(kind, figures) for kind in kinds if growth(figures, kind)]
    return markdown(titles, rows)


def _each(title: str, figures: Sequence[Figures]) -> Iterator[str]:
    return (f"{title} at {one.markers:,}" for one in figures)


def _row(kind: Kind, figures: Sequence[Figures]) -> list[str]:
    timings = [one.timings.get(kind.name) for one in figures]
    grown = growth(figures, kind)
    verdict = "held" if grown and grown.held else "**missed**"
    return [
        kind.title,
        *(number(one.cpu if one else None) for one in timings),
        *(number(one.kilobytes if one else None) for one in timings),
        *(number(one.rate if one else None) for one in timings),
        *(number(value) for value in ((grown.processor, grown.size) if grown else (None, None))),
        verdict,
    ]


def servers(figures: Sequence[Figures]) -> str:
    """Start and memory with each size."""
    titles = ["markers", "first answer, s", "peak MB", "of it mapped files"]
    rows = [
        [f"{one.markers:,}", number(one.first_answer), number(one.memory.total),
         number(one.memory.mapped)]
        for one in figures if one.memory
    ]  # fmt: skip
    return markdown(titles, rows)

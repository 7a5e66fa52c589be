"""From figures to the tables of docs/performance.md."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.peers import Role
from bench.processes import Use
from bench.questions import KINDS, Kind
from bench.trial import Figures

CEILING_GOAL = 0.8  # of what uvicorn does with ready bytes
START_GOAL = 2.0  # seconds
GOALS_AT = 100_000  # markers for which the goals are stated
NONE = "–"
DEEP = "deep"  # the kind that peers answer in two ways
BEGIN, END = "<!-- {name}: made by bench -->", "<!-- end of {name} -->"
BY_OFFSET = "{title}, beside who counts the rows before"
Row = Sequence[str]


def rivals(figures: Iterable[Figures], kind: Kind) -> list[Figures]:
    """The peers that answer this kind; for one that is asked again, our own stack's ceiling.

    That is uvicorn with ready bytes, which comes before nginx.
    """
    answering = [one for one in figures if kind.name in one.timings]
    if kind.repeated:
        return [one for one in answering if one.role is Role.CEILING][:1]
    return [one for one in answering if one.role is Role.PEER]


def best(figures: Iterable[Figures], kind: Kind) -> Figures | None:
    """The rival that answers most a second."""
    return max(rivals(figures, kind), key=lambda one: one.timings[kind.name].rate, default=None)


def ratio(ours: Figures, theirs: Figures, kind: str) -> float | None:
    """How many times as many answers a second we give.

    Where both were asked in turn, that is the middle one of the ratios of neighbouring slices.
    """
    mine, other = ours.timings.get(kind), theirs.timings.get(kind)
    if not mine or not other or not other.rate:
        return None
    pairs = list(zip(mine.slices, other.slices, strict=False))
    return median(a / b for a, b in pairs) if pairs else mine.rate / other.rate


def lightness(ours: Figures, figures: Iterable[Figures], kind: Kind) -> float | None:
    """How many times as much processor time the lightest rival takes for an answer.

    Neighbours on the same host, who disturb a rate, hardly touch it.
    """
    theirs = [one.timings[kind.name].cpu for one in rivals(figures, kind)]
    mine = ours.timings.get(kind.name)
    return min(theirs) / mine.cpu if mine and mine.cpu > 0 and theirs else None


def markdown(titles: Row, rows: Iterable[Row]) -> str:
    """A table: the first column to the left, figures to the right."""
    rule = ["---", *["---:"] * (len(titles) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (titles, rule, *rows)) + "\n"


def number(value: float | None, unit: str = "") -> str:
    """A figure with three digits that count."""
    if value is None:
        return NONE
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{decimals}f}{unit}"


def put_into(document: Path, name: str, text: str) -> None:
    """Replace what stands in a document between the two marks of a name.

    Raises:
        ValueError: it has no such marks.
    """
    begin, end = BEGIN.format(name=name), END.format(name=name)
    before, found, rest = document.read_text(encoding="utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"{document} has no place for {name}: {begin} … {end}")
    document.write_text(f"{before}{begin}\n\n{text}\n{end}{after}", encoding="utf-8")


def summary(figures: Sequence[Figures]) -> str:
    """Ours beside the best peer and the least ratio that we want."""
    ours = [one for one in figures if one.role is Role.OURS]
    titles = ["question", *(f"{one.server}, /s" for one in ours), "best peer, /s",
              *(f"× {one.server}" for one in ours), "goal",
              *(f"× {one.server}, by processor time" for one in ours)]  # fmt: skip
    return markdown(titles, _comparisons(ours, figures))


def _comparisons(ours: Sequence[Figures], figures: Sequence[Figures]) -> Iterator[Row]:
    for kind in KINDS:
        if _any(ours, kind):
            yield _compared(kind, ours, figures)
            if kind.name == DEEP:
                by_offset = [one for one in figures if not one.by_key or one in ours]
                other = replace(kind, title=BY_OFFSET.format(title=kind.title))
                yield _compared(other, ours, by_offset)


def _any(figures: Iterable[Figures], kind: Kind) -> bool:
    return any(kind.name in one.timings for one in figures)


def _compared(kind: Kind, ours: Sequence[Figures], figures: Sequence[Figures]) -> Row:
    rival = best(figures, kind)
    goal = CEILING_GOAL if kind.repeated else kind.goal
    rates = [
        number(one.timings[kind.name].rate if kind.name in one.timings else None) for one in ours
    ]
    ratios = [ratio(one, rival, kind.name) if rival else None for one in ours]
    shown = f"{number(rival.timings[kind.name].rate)} ({rival.server})" if rival else NONE
    cells = [_held(value, goal, ours[0].markers) for value in ratios]
    lighter = [number(lightness(one, figures, kind)) for one in ours]
    return [kind.title, *rates, shown, *cells, f"≥ {goal:g}" if goal else NONE, *lighter]


def _held(value: float | None, goal: float | None, markers: int) -> str:
    if value is None:
        return NONE
    missed = goal is not None and value < goal and markers == GOALS_AT
    return f"**{number(value)}, missed**" if missed else number(value)


def everything(figures: Sequence[Figures]) -> str:
    """Every figure: a row for each question and server, with our ratio to it."""
    ours = [one for one in figures if one.role is Role.OURS]
    titles = ["question", "server", "req/s", "p50 ms", "p99 ms", "CPU ms", "stolen, %", "kB",
              *(f"{one.server} ÷ it" for one in ours)]  # fmt: skip
    rows = [_row(kind, one, ours) for kind in KINDS for one in figures if kind.name in one.timings]
    return markdown(titles, rows)


def _row(kind: Kind, one: Figures, ours: Sequence[Figures]) -> Row:
    timing = one.timings[kind.name]
    ratios = [number(ratio(mine, one, kind.name)) for mine in ours]
    failed = f" ({timing.failed} failed)" if timing.failed else ""
    times = (timing.rate, timing.p50, timing.p99, timing.cpu, 100 * timing.stolen,
             timing.kilobytes)  # fmt: skip
    return [kind.title, one.server + failed, *map(number, times), *ratios]


def processes(figures: Sequence[Figures]) -> str:
    """Start and memory of each server."""
    titles = ["server", "first answer, s", "peak MB", "of it mapped files", "PostgreSQL, MB",
              "problems"]  # fmt: skip
    return markdown(titles, [_process(one) for one in figures])


def _process(one: Figures) -> Row:
    problems = "; ".join(f"{kind}: {text}".lstrip(": ") for kind, text in one.problems.items())
    memory = (_megabytes(one.memory), number(one.memory.mapped if one.memory else None))
    return [one.server, number(one.first_answer), *memory, _megabytes(one.postgres), problems]


def _megabytes(use: Use | None) -> str:
    return number(use.total if use else None)

"""Answers asked again: our servers and the ceilings run side by side and are asked in turn, in
slices of a second, so that whoever else is at work on the host disturbs them all alike."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from bench import load
from bench.peers import Server
from bench.peers.ready import Recording
from bench.processes import Watch
from bench.questions import Kind, Question
from bench.run import enter
from bench.server import get
from bench.trial import Figures, Subject, Trial, begun, subject, together

SLICES = 4
SLICE_SECONDS = 1
Recordings = dict[Question, Recording]
Ceilings = Callable[[Recordings], list[Server]]


@dataclass(frozen=True, slots=True)
class Side:
    """A running server and its figures."""

    subject: Subject
    figures: Figures
    watch: Watch


def measure(
    stores: Sequence[tuple[Server, Figures]], ceilings: Ceilings, trial: Trial
) -> list[Figures]:
    """Enter what our stores do; returns what the ceilings do with the first one's answers."""
    kinds = [kind for kind in trial.kinds if kind.repeated]
    with ExitStack() as stack:
        sides = [opened(stack, server, trial, figures) for server, figures in stores]
        for server in ceilings(record(sides[0].subject, trial)):
            figures = begun(server, trial)
            server.prepare(trial.data)
            sides.append(opened(stack, server, trial, figures))
            figures.first_answer = sides[-1].subject.first_answer
        for kind in kinds:
            _in_turn(kind, [one for one in sides if kind.of not in one.figures.problems], trial)
    for side in sides:
        side.figures.saw(side.watch.peak)
    return [side.figures for side in sides[len(stores) :]]


def opened(stack: ExitStack, server: Server, trial: Trial, figures: Figures) -> Side:
    """Start a server that runs until the stack ends."""
    one = stack.enter_context(subject(server, trial))
    return Side(one, figures, stack.enter_context(Watch(one.pids[0])))


def record(one: Subject, trial: Trial) -> Recordings:
    """One answer of each kind that is asked again, as a server gives it."""
    found = {}
    for kind in trial.kinds:
        target = one.server.target(trial.of(kind)[0]) if kind.repeated else None
        if target is not None:
            found[trial.of(kind)[0]] = Recording(target, *get(one.base, target))
    return found


def _in_turn(kind: Kind, sides: list[Side], trial: Trial) -> None:
    """Ask each side for its answer in slices, and note the rate of each."""
    asked = [
        (side, target) for side in sides for target in trial.targets(side.subject.server, kind)
    ]
    runs: dict[str, list[load.Timing]] = {side.figures.server: [] for side, _ in asked}
    for measured in (False, *[True] * SLICES):  # the first slice warms the servers
        for side, target in asked:
            timing = side.subject.again(
                target, seconds=SLICE_SECONDS, connections=trial.connections
            )
            if measured:
                runs[side.figures.server].append(timing)
    for side, _ in asked:
        parts = runs[side.figures.server]
        whole = replace(together(parts), slices=tuple(one.rate for one in parts))
        trial.say(f" {side.figures.server}")
        enter(whole, kind, trial, side.figures)

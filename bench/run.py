"""Measuring one server: its answers are checked, then it is started anew and asked kind by kind."""

import statistics
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack

import psycopg

from bench import load
from bench.answers import wrong
from bench.peers import Server
from bench.processes import Watch
from bench.questions import Kind, Question, truth
from bench.server import Running, ServerError, get
from bench.trial import MOST_SECONDS, Figures, Subject, Trial, begun, started, subject, together

STARTS = 3  # of which the median counts; the first one, which may compile, does not
CHECKED = 2  # answers of each kind
WARM_SHARE, WARM_MOST = 10, 200  # a tenth of the addresses, at most so many, warm the server
WARM_SECONDS = 1
SLOW = 0.3  # seconds; a server that takes longer for one answer is asked for a few only
MOST_LETTERS = 100  # of an error
ALONE = ("whole",)  # kinds that are asked over one connection
# Of one server, not of the bench.
FAILURES = (ServerError, OSError, subprocess.CalledProcessError, psycopg.OperationalError)
STARTED_ANEW = (3, 8)  # times, at least and at most, for a kind of which few can be asked


def measure(server: Server, trial: Trial) -> Figures:
    """Ask a server everything that it can answer."""
    found = begun(server, trial)
    server.prepare(trial.data)
    kinds = check(server, trial, found)
    starts = [_start(server, trial) for _ in range(STARTS - 1)]
    server.prepare(trial.data)  # nothing that the check made is kept
    with subject(server, trial) as one, ExitStack() as stack:
        found.first_answer = statistics.median([*starts, one.first_answer])
        own, *database = [stack.enter_context(Watch(pid)) for pid in one.pids]
        for kind in kinds:
            if not kind.warmed_by:
                _note(one, kind, trial, found)
    found.memory, found.postgres = own.peak, database[0].peak if database else None
    for kind in kinds:
        if kind.warmed_by:
            _note_few(server, kind, trial, found)
    return found


def _start(server: Server, trial: Trial) -> float:
    with started(server, trial) as seen:
        return seen.first_answer


def check(server: Server, trial: Trial, found: Figures) -> list[Kind]:
    """The kinds that the server answers, and rightly; what is wrong is noted."""
    kinds = []
    with started(server, trial) as seen:
        asked = [one for kind in trial.kinds for one in trial.of(kind)]
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


def _note(one: Subject, kind: Kind, trial: Trial, found: Figures) -> None:
    """Enter what was measured, or why it could not be."""
    targets = trial.targets(one.server, kind)
    try:
        timing = _once(one, targets, kind, trial)
    except FAILURES as error:
        found.problems[kind.name] = f"{error!r:.{MOST_LETTERS}}"
        return
    enter(timing, kind, trial, found)


def enter(timing: load.Timing, kind: Kind, trial: Trial, found: Figures) -> None:
    """Keep what was measured, if there was an answer, and say it."""
    if not timing.answers:
        found.problems[kind.name] = "no answer in the time given"
        return
    found.timings[kind.name] = timing
    trial.say(
        f"  {kind.title}: {timing.rate:,.1f}/s, p50 {timing.p50:,.1f} ms, p99 {timing.p99:,.1f} ms,"
        f" {timing.cpu:,.2f} ms of processor, {timing.answers} answers, {timing.failed} failed,"
        f" {timing.stolen:.0%} stolen"
    )


def _once(one: Subject, targets: list[str], kind: Kind, trial: Trial) -> load.Timing:
    connections = 1 if kind.name in ALONE else trial.connections
    seconds = trial.seconds
    if len(targets) > load.FEW:
        few(one, targets, trial)  # what a server makes once is made
        probe = few(one, targets[trial.few :], trial)
        if probe.p50 > 1000 * SLOW:
            return probe
        seconds = trial.enough(probe.p50 / 1000)
        targets = targets[2 * trial.few :]
        warm = min(len(targets) // WARM_SHARE, WARM_MOST)
        load.once(one.base, targets[:warm], seconds=WARM_SECONDS, connections=connections)
        targets = targets[warm:]
    return one.once(targets, seconds=seconds, connections=connections)


def few(one: Subject, targets: list[str], trial: Trial) -> load.Timing:
    """The first few answers to their end, one at a time for each core."""
    return one.once(targets[: trial.few], seconds=SLOW, connections=trial.cores)


def _note_few(server: Server, kind: Kind, trial: Trial, found: Figures) -> None:
    """Start the server anew until enough was asked of a kind of which few can be asked."""
    runs: list[load.Timing] = []
    try:
        while _wanting(runs, trial):
            runs.append(fresh(server, kind, trial, found))
    except FAILURES as error:
        found.problems[kind.name] = f"{error!r:.{MOST_LETTERS}}"
        return
    enter(together(runs), kind, trial, found)


def _wanting(runs: Sequence[load.Timing], trial: Trial) -> bool:
    """Whether a server is to be started once more; a slow one is not."""
    least, most = STARTED_ANEW
    spent = sum(one.answers / one.rate for one in runs if one.rate)  # seconds
    return len(runs) < most and spent < (MOST_SECONDS if len(runs) < least else trial.seconds)


def fresh(server: Server, kind: Kind, trial: Trial, found: Figures) -> load.Timing:
    """Every question of a kind to a new server that holds nothing of an earlier one's."""
    server.prepare(trial.data)
    with subject(server, trial) as one, Watch(one.pids[0]) as watch:
        warm = [target for q in trial.questions[kind.warmed_by] if (target := server.target(q))]
        slow = few(one, warm, trial).p50 > 1000 * SLOW
        for _ in range(0 if slow else trial.cores):  # so that each process has its share
            one.once(warm[: load.FEW], seconds=WARM_SECONDS, connections=trial.connections)
        targets = trial.targets(server, kind)
        timing = one.once(targets, seconds=trial.seconds, connections=trial.connections)
    found.saw(watch.peak)
    return timing

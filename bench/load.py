"""Asking a server many times: wrk does it, the same for all, and stops when told all it may ask."""

import json
import math
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).parent / "wrk.lua"
PATIENCE = 120  # seconds that one answer may take
FEW = 50  # a list as short as this is asked to its end, and every answer counts


class NoWrkError(Exception):
    """The load generator is not installed; the message says how to bring it."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What was measured: the rate, and the times that answers took."""

    rate: float  # answers a second
    p50: float  # ms
    p99: float  # ms
    answers: int
    failed: int = 0
    kilobytes: float = 0.0  # of one answer with its head, on average
    cpu: float = 0.0  # ms of processor time of server and database for one answer
    stolen: float = 0.0  # share of the wanted processor time that other machines of the host had
    slices: tuple[float, ...] = ()  # rates of the slices in which servers were asked in turn


def find() -> str:
    """The program. Raises NoWrkError."""
    found = shutil.which("wrk")
    if found is None:
        raise NoWrkError("The bench asks with wrk. Run: sudo apt-get install wrk")
    return found


def once(base: str, targets: Sequence[str], *, seconds: float, connections: int) -> Timing:
    """Ask for each target once, for at most so long; a short list is asked to its end."""
    if len(targets) > FEW:
        return _run(base, targets, seconds, connections, "once", threads=_threads(connections))
    together = min(connections, len(targets))
    # One connection needs no count, and large bodies are costly to hand to the script.
    return _run(base, targets, PATIENCE, together, "all" if together > 1 else "once")


def again(base: str, target: str, *, seconds: float, connections: int) -> Timing:
    """Ask for one target over and over."""
    return _run(base, [target], seconds, connections, "again", threads=_threads(connections))


def _threads(connections: int) -> int:
    """As many as there are cores: with one, a quick server waits for the load generator."""
    return min(os.cpu_count() or 1, connections)


def _run(
    base: str, targets: Sequence[str], seconds: float, connections: int, how: str, threads: int = 1
) -> Timing:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(targets) + "\n")
        file.flush()
        words = [
            find(), f"-t{threads}", f"-c{connections}", f"-d{math.ceil(seconds)}s",
            f"--timeout={PATIENCE}s", "-s", str(SCRIPT), base, "--", file.name, how, str(threads),
        ]  # fmt: skip
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    return read(done.stdout)


def read(printed: str) -> Timing:
    """The last line that wrk printed, made by the script."""
    found = json.loads(printed.strip().splitlines()[-1])
    return Timing(
        rate=found["answers"] / found["microseconds"] * 1e6,
        p50=found["p50"] / 1000,
        p99=found["p99"] / 1000,
        answers=found["answers"],
        failed=found["failed"],
        kilobytes=found["bytes"] / max(found["answers"], 1) / 1000,
    )

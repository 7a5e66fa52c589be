"""What is asked, of whom, and how the two are compared. Timings inform; no test reads them."""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.client import Client, Timing
from tests.server import free_port, make_store, running

ITEMS = "/api/collections/markers/items"
SEED = 20140630
WINDOW = 0.5  # degrees, the side of a window
VARIETY = 50  # different questions of a kind, so that no single answer can be kept
ROUNDS = 3  # ours and the plain route take turns


@dataclass(frozen=True)
class Row:
    """One kind of question: our times and those of the plain route for the same bytes."""

    name: str
    kilobytes: float  # of one answer, on average
    ours: Timing
    plain: Timing

    @property
    def answers(self) -> int:
        """Answers that our figures stand on."""
        return self.ours.answers

    @property
    def ratio(self) -> float:
        """How many times the plain route's time ours is; 1 is the floor."""
        return self.ours.median_ms / self.plain.median_ms


def questions(client: Client) -> dict[str, list[str]]:
    """One item, a window of up to 100, a page of 1,000: many different ones of each kind."""
    chance = random.Random(SEED)
    pages = list(_pages(client))
    points = [f for body in pages for f in json.loads(body[1])["features"] if f["geometry"]]
    chosen = chance.sample(points, min(VARIETY, len(points)))
    return {
        "item": [f"{ITEMS}/{feature['id']}" for feature in chosen],
        "window 100": [
            f"{ITEMS}?bbox={_window(feature['geometry']['coordinates'])}&limit=100"
            for feature in chosen
        ],
        "page 1000": [target for target, _ in pages],
    }


def _window(lonlat: list[float]) -> str:
    west, south = (value - WINDOW / 2 for value in lonlat[:2])
    return f"{west:.4f},{south:.4f},{west + WINDOW:.4f},{south + WINDOW:.4f}"


def _pages(client: Client, most: int = 10) -> Iterator[tuple[str, bytes]]:
    target: str | None = f"{ITEMS}?limit=1000"
    for _ in range(most):
        if target is None:
            return
        body = client.get(target)
        yield target, body
        links = {link["rel"]: link["href"] for link in json.loads(body)["links"]}
        target = _target(links["next"]) if "next" in links else None


def _target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


@contextmanager
def plain_server(recording: Path) -> Iterator[str]:
    """The yardstick on a free port; gives its base URL."""
    port = free_port()
    command = [sys.executable, "-m", "bench.plain", str(port), str(recording)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            Client(f"http://127.0.0.1:{port}").socket.close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the plain server did not start")


def measure(*, markers: int, seconds: float) -> Iterator[Row]:
    """Make an exercise register of so many markers and compare, kind by kind."""
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "bench.gpkg", exercise_markers=markers)
        with running(store) as url, Client(url) as ours:
            asked = questions(ours)
            answers = {target: ours.get(target) for kind in asked.values() for target in kind}
            recording = Path(folder) / "recording.json"
            recording.write_text(json.dumps({t: b.decode() for t, b in answers.items()}))
            with plain_server(recording) as plain_url, Client(plain_url) as plain:
                for name, targets in asked.items():
                    size = sum(len(answers[target]) for target in targets) / len(targets) / 1000
                    yield Row(name, size, *_in_turn(ours, plain, targets, seconds))


def _in_turn(
    ours: Client, plain: Client, targets: list[str], seconds: float
) -> tuple[Timing, Timing]:
    """The best of some rounds of each, taken by turns so that the machine treats both alike."""
    rounds = [
        (
            ours.time(targets, seconds=seconds / ROUNDS),
            plain.time(targets, seconds=seconds / ROUNDS),
        )
        for _ in range(ROUNDS)
    ]
    first, second = (min(side, key=lambda t: t.median_ms) for side in zip(*rounds, strict=True))
    return first, second

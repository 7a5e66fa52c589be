"""Datasette: any table of an SQLite file as JSON."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import orjson

from bench import answers, cache
from bench.data import TABLE, Data, sqlite
from bench.peers import Fetch, Place, Role
from bench.questions import WINDOW, Equal, Item, MapTile, Page, Question, Whole, Window
from bench.server import HOST, Command

MOST = 10_000_000  # rows of an answer: none is cut short
MOST_MS = 60_000  # for a query


@dataclass(slots=True)
class Datasette:
    """Immutable, its rows counted beforehand, under gunicorn with a worker for each core."""

    name: str = "Datasette"
    on_postgres: bool = False
    by_key: bool = True
    role: Role = Role.PEER
    _programs: Path = Path()
    _file: Path = Path()
    _counts: Path = Path()

    def missing(self) -> str | None:
        """Nothing."""
        return None

    def prepare(self, data: Data) -> None:
        """Install it and make its file, and the file of counts that its manual advises."""
        self._programs = cache.environment("datasette")
        self._file = sqlite(data)
        self._counts = self._file.with_suffix(".json")
        if not self._counts.exists():
            words = [str(self._programs / "datasette"), "inspect", str(self._file)]
            done = subprocess.run(words, env=cache.ENVIRONMENT, check=True, capture_output=True)
            self._counts.write_bytes(done.stdout)

    def command(self, place: Place) -> Command:
        """As its manual says for a file that does not change."""
        words = [
            str(self._programs / "datasette"), "gunicorn", "-i", str(self._file), "--inspect-file",
            str(self._counts), "--host", HOST, "--port", str(place.port), "--workers",
            str(place.workers), "--setting", "max_returned_rows", str(MOST), "--setting",
            "sql_time_limit_ms", str(MOST_MS), "--setting", "suggest_facets", "off",
        ]  # fmt: skip
        return Command(words, {}, self._file.parent)

    def learn(self, fetch: Fetch, questions: list[Question]) -> None:
        """Nothing: pages are by key."""

    def target(self, question: Question) -> str | None:
        """Its addresses; it makes no tiles."""
        base = f"/{self._file.stem}/{TABLE}"
        match question:
            case Item(number=key):
                return f"{base}/{key}.json?_shape=objects"
            case Window((west, south, east, north)):
                sides = {"lon__gte": west, "lon__lte": east, "lat__gte": south, "lat__lte": north}
                return _rows(base, WINDOW, **sides)
            case Page(skipped, limit):
                return _rows(base, limit, _next=skipped)
            case Equal(limit=limit):
                return _rows(base, limit, **question.given)
            case Whole(turn):
                return _rows(base, MOST - turn)
            case MapTile():
                return None

    def read(self, question: Question, body: bytes) -> answers.Answer:
        """Rows by name."""
        del question
        return answers.of_ids(row["id"] for row in orjson.loads(body)["rows"])


def _rows(base: str, limit: int, **asked: str | float) -> str:
    return f"{base}.json?{urlencode({**asked, '_size': limit, '_shape': 'objects'})}"

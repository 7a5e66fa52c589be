"""The servers that are measured: one module each behind one small interface."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bench.answers import Answer
from bench.data import Data
from bench.questions import Kind, Question
from bench.server import Command

Fetch = Callable[[str], bytes]  # from a target to the body of its answer


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is to listen, and with how many processes."""

    port: int
    workers: int


class Role(StrEnum):
    """What a server is measured for."""

    OURS = "ours"
    PEER = "peer"
    CEILING = "ceiling"  # it hands out our answers as ready bytes

    def takes(self, kind: Kind) -> bool:
        """Whether a server is asked of a kind by itself; for what is asked again see bench.hot."""
        return kind.repeated == (self is Role.CEILING)


class Server(Protocol):
    """A server under the bench: how it is made ready and started, asked and read."""

    name: str
    on_postgres: bool
    by_key: bool  # whether a page begins at a key; if not, rows before it are counted
    role: Role

    def missing(self) -> str | None:
        """Why it cannot run on this machine, or None."""

    def prepare(self, data: Data) -> None:
        """Install what it needs and give it its data; what was made before is kept."""

    def command(self, place: Place) -> Command:
        """How to start it."""

    def learn(self, fetch: Fetch, questions: list[Question]) -> None:
        """Find out, from the running server, what addresses depend on."""

    def target(self, question: Question) -> str | None:
        """Path and query of a question, or None if it does not answer such."""

    def read(self, question: Question, body: bytes) -> Answer:
        """What an answer holds."""

"""What is known of the request that is being answered: for the log, the metrics, the limits."""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from starlette.types import Scope

KEY = "cotmoc.trace"  # key of the scope


class Given(NamedTuple):
    """An answer that came from memory, and what it holds for: a revision of the register, a day."""

    revision: int
    day: str
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass(slots=True)
class Trace:
    """One request; whoever learns something of it writes it here."""

    id: str
    address: str = ""  # of the client, as the outermost trusted proxy saw it
    route: str = "other"  # the template of its path, never the path
    actor: str = ""  # id of the account; empty for nobody
    status: int = 0  # of the answer; 0 until it begins
    given: Given | None = None  # set where all bytes of the request, and nothing else, decide it


class Names:
    """Names for requests, no two alike."""

    def __init__(self) -> None:
        self._process = ""  # each process chooses its own
        self._numbers = count(1)

    def new(self) -> str:
        """Return the next."""
        self._process = self._process or secrets.token_hex(5)
        return f"{self._process}-{next(self._numbers):x}"


current: ContextVar[Trace | None] = ContextVar("current", default=None)


def of(scope: Scope) -> Trace:
    """Return what is known of a request; a new trace where nobody keeps one."""
    found: Trace | None = scope.get(KEY)
    return Trace("") if found is None else found

"""Answers to the very bytes that were asked before, given ahead of all that would read them.

Clients say the same over and over, byte for byte. What was answered from memory once is held ready
for the wire, under all the bytes of its request; it is given as long as day and revision of the
register stay. What must happen for each request happens here too: its sender is held to his limit,
the answer is named and counted. Whatever is not plain goes the long way through `api.front`.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import NamedTuple

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from api import trace
from api.errors import TooManyError
from api.holding import Holding
from api.limits import Limits
from api.tally import Tally
from api.trace import Given, Names
from geo import period
from geo.store import Watch

RAW = "cotmoc.raw"  # key of the scope: the bytes of the request, where they came by themselves
MOST_RAW = 4_096  # bytes of a request that is held
_LENGTH = b"content-length"
_USUAL = {
    b"host", b"accept", b"accept-encoding", b"accept-language", b"user-agent", b"connection",
    b"cache-control", b"pragma", b"dnt", b"priority", b"referer", b"origin", b"if-none-match",
}  # fmt: skip
_WITHOUT_BODY = (204, 304)
_HEAD = b"%b%b%bx-request-id: %b\r\n\r\n"
Pairs = Iterable[tuple[bytes, bytes]]


class Ready(NamedTuple):
    """An answer for the wire; `head` lacks only the lines that differ each time."""

    revision: int
    day: str
    status: int
    head: bytes
    body: bytes
    route: str
    raw: int  # bytes of the request

    @property
    def size(self) -> int:
        """How many bytes of memory it takes, about."""
        return len(self.body) + len(self.head) + self.raw + 1_000


class Again:
    """Holds answers under the bytes of their requests."""

    def __init__(
        self, holding: Holding, watch: Watch, *, limits: Limits, tally: Tally, names: Names
    ) -> None:
        self.holding = holding
        self.watch = watch
        self.limits = limits
        self.tally = tally
        self.names = names

    def answer(self, asked: bytes, address: str, own: Pairs) -> tuple[bytes, bytes] | None:
        """Return head and body for a request from an address, or None to go the long way.

        `own` are the headers that the server itself adds, such as the date.
        """
        if not self.holding.holds(asked):
            return None
        began = perf_counter()
        held = self.holding.get(asked, self.watch.revision())
        if not isinstance(held, Ready) or held.day != period.today():
            return None
        try:
            self.limits.read(address)
        except TooManyError:
            return None  # it is refused there
        head = (
            STATUS_LINE[held.status]
            + _lines(own)
            + held.head
            + b"x-request-id: %b\r\n\r\n" % self.names.new().encode()
        )
        self.tally.count("GET", held.route, held.status, perf_counter() - began)
        return head, held.body

    def keep(self, scope: Scope, given: Given, more: Pairs) -> None:
        """Hold what was given from memory for a request, with `more` headers of every answer."""
        raw = scope.get(RAW)
        if raw is None or scope["method"] != "GET" or not _plain(scope) or not _whole(given):
            return
        head = _lines((*given.headers, *more))
        route = trace.of(scope).route
        made = Ready(given.revision, given.day, given.status, head, given.body, route, len(raw))
        self.holding.put(raw, made)


def _plain(scope: Scope) -> bool:
    """Say whether nothing is said but what every client says: who sends it does not matter."""
    return all(name in _USUAL or name.startswith(b"sec-") for name, _ in scope["headers"])


def _whole(given: Given) -> bool:
    """Say whether the head tells where the answer ends."""
    named = any(name.lower() == _LENGTH for name, _ in given.headers)
    return named or given.status in _WITHOUT_BODY


def _lines(headers: Pairs) -> bytes:
    return b"".join([b"%b: %b\r\n" % (name.lower(), value) for name, value in headers])

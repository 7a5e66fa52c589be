"""Answers to requests that are known by their bytes, given ahead of all that would read them.

Clients say the same over and over, byte for byte. What was answered from memory once is held ready
for the wire, under all the bytes of its request; it is given as long as day and revision of the
register stay. A plain read that differs from an earlier one in its address alone is answered here
too. What must happen for each request happens here: its sender is held to his limit, the answer is
named and counted. Whatever is not plain goes the long way through `api.front`.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import NamedTuple

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from api import headers, lines, trace
from api.errors import TooManyError
from api.kept import Kept
from api.limits import Limits
from api.lines import RAW
from api.quick_items import Plain
from api.tally import Tally
from api.trace import Given, Names
from geo import period

_LENGTH = b"content-length"
_WITHOUT_BODY = (204, 304)
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
    """Holds answers under the bytes of their requests; `plain`, if given, makes those not held."""

    def __init__(
        self, kept: Kept, plain: Plain | None, *, limits: Limits, tally: Tally, names: Names
    ) -> None:
        self.kept = kept
        self.plain = plain
        self.limits = limits
        self.tally = tally
        self.names = names
        self._more = _lines(headers.of("/api"))

    def answer(self, asked: bytes, address: str, own: Pairs) -> tuple[bytes, bytes] | None:
        """Return head and body for a request from an address, or None to go the long way.

        `own` are the headers that the server itself adds, such as the date.
        """
        began = perf_counter()
        held = self._held(asked) or self._made(asked, address)
        if held is None:
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
        if raw and scope["method"] == "GET" and lines.usual(scope) and _whole(given):
            self.kept.answers.put(raw, _ready(raw, scope, given, _lines(more)))

    def _held(self, asked: bytes) -> Ready | None:
        """Return what is held for these bytes, if it is of today and of now."""
        answers = self.kept.answers
        if not answers.holds(asked):
            return None
        held = answers.get(asked, self.kept.watch.revision())
        return held if isinstance(held, Ready) and held.day == period.today() else None

    def _made(self, asked: bytes, address: str) -> Ready | None:
        """Return the answer to a plain read whose lines are known; one from memory is held."""
        scope = self.plain.lines.scope(asked) if self.plain else None
        if self.plain is None or scope is None or self.limits.refuses(address):
            return None
        given = self.kept.at_once(scope, self.plain.answer)
        if given is None:
            return None
        made = _ready(asked, scope, given, self._more)
        if trace.of(scope).given is not None:
            self.kept.answers.put(asked, made)
        return made


def _ready(raw: bytes, scope: Scope, given: Given, more: bytes) -> Ready:
    head = _lines(given.headers) + more
    route = trace.of(scope).route
    return Ready(given.revision, given.day, given.status, head, given.body, route, len(raw))


def _whole(given: Given) -> bool:
    """Say whether the head tells where the answer ends."""
    named = any(name.lower() == _LENGTH for name, _ in given.headers)
    return named or given.status in _WITHOUT_BODY


def _lines(headers: Pairs) -> bytes:
    return b"".join([b"%b: %b\r\n" % (name.lower(), value) for name, value in headers])

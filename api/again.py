"""Answers to requests that are known by their bytes, given ahead of all that would read them.

Clients say the same over and over, byte for byte. What was answered from memory once is held ready
for the wire, under all the bytes of its request; it is given as long as day and revision of the
register stay. A plain read that differs from an earlier one in its address alone is answered here
too. What must happen for each request happens here: its sender is held to his limit, the answer is
named and counted. Whatever is not plain goes the long way through `api.front`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from time import perf_counter
from typing import Any, NamedTuple, TypeAlias

from starlette.responses import Response
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from api import headers, lines, trace
from api.errors import TooManyError
from api.kept import Finishing, Kept
from api.limits import Limits
from api.lines import RAW
from api.quick_items import Plain
from api.tally import Tally
from api.trace import Given, Names, Trace
from api.turning import Turned, Turning
from geo import period

_LENGTH = b"content-length"
_WITHOUT_BODY = (204, 304)
MOST_ONCE = 1_000  # requests for pages that are remembered as asked once
Pairs = Iterable[tuple[bytes, bytes]]
Told: TypeAlias = tuple[bytes | memoryview, ...]  # head, then the body in one part or several
Coming: TypeAlias = Coroutine[Any, Any, Told | None]


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
    """Holds answers under the bytes of their requests; `plain`, if given, makes those not held.

    `tell` is told of each that was waited for, with the seconds that it took.
    """

    def __init__(
        self,
        kept: Kept,
        plain: Plain | None,
        *,
        limits: Limits,
        tally: Tally,
        names: Names,
        tell: Callable[[Scope, Trace, float], None],
    ) -> None:
        self.kept = kept
        self.plain = plain
        self.limits = limits
        self.tally = tally
        self.names = names
        self.tell = tell
        self._more = headers.lines(headers.of("/api"))
        self._own: Pairs = ()
        self._own_lines = b""
        self._once = set[bytes]()  # requests for pages that were turned
        self._turning = Turning(plain, kept, self._more) if plain else None

    def answer(self, asked: bytes, address: str, own: Pairs) -> Told | Coming | None:
        """Return head and body for a request from an address, or None to go the long way.

        What has to be waited for comes as a coroutine that returns the same. `own` are the headers
        that the server itself adds, such as the date.
        """
        began = perf_counter()
        held = self._held(asked)
        if held is not None:
            return self._told(held, address, own, began)
        turned = self._turning.page(asked) if self._turning else None
        if turned is not None:
            self._hold(asked, turned)
            return self._sent(200, turned.head, turned.body, turned.route, address, own, began)
        scope = self.plain.lines.scope(asked) if self.plain else None
        if self.plain is None or scope is None or self.limits.refuses(address):
            return None
        begun = self.kept.begun(scope)
        if isinstance(begun, Finishing):
            made = self.plain.answer(scope)
            if made is None:
                return None
            if not isinstance(made, Response):
                return self._later(begun, made, asked, address, own, began)
            begun = self._given(asked, begun, made)
        return begun and self._told(self._made(asked, scope, begun), address, own, began)

    def _hold(self, asked: bytes, turned: Turned) -> None:
        """Hold a page that comes a second time; who turns pages asks for each of them once."""
        if asked in self._once:
            whole = b"".join(turned.body)
            made = Ready(
                turned.revision, turned.day, 200, turned.head, whole, turned.route, len(asked)
            )
            self.kept.answers.put(asked, made)
        elif len(self._once) < MOST_ONCE:
            self._once.add(asked)
        else:
            self._once = {asked}

    def _given(self, asked: bytes, begun: Finishing, made: Response) -> Given:
        given = begun.given(made)
        if self._turning is not None:
            self._turning.learn(asked, begun, given)
        return given

    async def _later(
        self,
        begun: Finishing,
        coming: Awaitable[Response | None],
        asked: bytes,
        address: str,
        own: Pairs,
        began: float,
    ) -> Told | None:
        made = await coming
        if made is None:
            return None
        known = trace.of(begun.scope)
        known.address, known.status = address, made.status_code
        ready = self._made(asked, begun.scope, begun.given(made))
        found = self._told(ready, address, own, began)
        if found is not None:
            self.tell(begun.scope, known, perf_counter() - began)
        return found

    def _told(self, held: Ready, address: str, own: Pairs, began: float) -> Told | None:
        return self._sent(held.status, held.head, (held.body,), held.route, address, own, began)

    def _sent(
        self,
        status: int,
        head: bytes,
        body: Told,
        route: str,
        address: str,
        own: Pairs,
        began: float,
    ) -> Told | None:
        try:
            self.limits.read(address)
        except TooManyError:
            return None  # it is refused there
        if own is not self._own:  # the server makes them anew each second
            self._own, self._own_lines = own, headers.lines(own)
        line, name = STATUS_LINE[status], self.names.new().encode()
        whole = b"%b%b%bx-request-id: %b\r\n\r\n" % (line, self._own_lines, head, name)
        self.tally.count("GET", route, status, perf_counter() - began)
        return whole, *body

    def keep(self, scope: Scope, given: Given, more: Pairs) -> None:
        """Hold what was given from memory for a request, with `more` headers of every answer."""
        raw = scope.get(RAW)
        if raw and scope["method"] == "GET" and lines.usual(scope) and _whole(given):
            self.kept.answers.put(raw, _ready(raw, scope, given, headers.lines(more)))

    def _held(self, asked: bytes) -> Ready | None:
        """Return what is held for these bytes, if it is of today and of now."""
        answers = self.kept.answers
        if not answers.holds(asked):
            return None
        held = answers.get(asked, self.kept.watch.revision())
        return held if isinstance(held, Ready) and held.day == period.today() else None

    def _made(self, asked: bytes, scope: Scope, given: Given) -> Ready:
        """Return the answer to a plain read whose lines are known; one from memory is held."""
        made = _ready(asked, scope, given, self._more)
        if trace.of(scope).given is not None:
            self.kept.answers.put(asked, made)
        return made


def _ready(raw: bytes, scope: Scope, given: Given, more: bytes) -> Ready:
    head = headers.lines(given.headers) + more
    route = trace.of(scope).route
    return Ready(given.revision, given.day, given.status, head, given.body, route, len(raw))


def _whole(given: Given) -> bool:
    """Say whether the head tells where the answer ends."""
    named = any(name.lower() == _LENGTH for name, _ in given.headers)
    return named or given.status in _WITHOUT_BODY

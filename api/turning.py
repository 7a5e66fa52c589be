"""Pages of a layer that differ from an earlier one in their cursor alone, made from a pattern.

Who reads a layer turns its pages by the thousand, and all but the cursors in the links, the length
and the tag stays the same. A pattern is learnt from an answer that was made the ordinary way, and
kept only if it gives that very answer. It serves where the rows lie ready, see geo.roll.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import NamedTuple

from starlette.requests import Request

from api import forms, headers, links, trace
from api.kept import Finishing, Kept
from api.quick_items import Ask, Plain
from api.trace import Given
from geo import period
from geo.exports import geojson, metadata
from geo.pages import Sheet

KEPT = 1_000  # patterns
_CURSOR = re.compile(
    rb"(GET /api/collections/[a-z_]+/items\?(?:[\w.~=&-]+&)?cursor=)(\d{1,18})([& ].+)", re.S
)
_OFFERED = tuple(forms.ITEMS.items())


class Turned(NamedTuple):
    """A page for the wire: its head as far as the pattern goes, and the parts of its body."""

    head: bytes
    body: tuple[bytes | memoryview, ...]
    route: str
    revision: int
    day: str


class _Pattern(NamedTuple):
    ask: Ask
    day: str
    place: str  # address of the page without its query
    before: str  # of the query, in front of the cursor
    after: str
    exercise: bool
    others: Hashable  # that the tag depends on, besides the query
    head: bytes  # with marks for the length and the tag
    route: str


class Turning:
    """Makes pages by patterns."""

    def __init__(self, plain: Plain, kept: Kept, more: bytes) -> None:
        self.plain = plain
        self.kept = kept
        self.more = more  # lines of every answer
        self._known: dict[tuple[bytes, bytes], _Pattern] = {}

    def page(self, raw: bytes) -> Turned | None:
        """Return the page that the bytes of a request ask for, if a pattern serves."""
        found = _CURSOR.fullmatch(raw)
        if found is None:
            return None
        before, cursor, after = found.groups()
        pattern = self._known.get((before, after))
        revision = self.kept.watch.revision()
        if pattern is None or revision is None or pattern.day != period.today():
            return None
        key = self.plain.cursors.key(int(cursor))
        sheet = pattern.ask._replace(after=key).remembered(self.plain.brief, revision)
        if not isinstance(sheet, Sheet):
            return None
        return self._made(pattern, cursor.decode(), sheet, metadata.now())

    def learn(self, raw: bytes, begun: Finishing, given: Given) -> None:
        """Learn from an answer that was made the ordinary way, if it is a page to learn from."""
        found = _CURSOR.fullmatch(raw)
        if found is None or given.status != 200:
            return
        before, cursor, after = found.groups()
        pattern = self._pattern(begun, given)
        key = self.plain.cursors.key(int(cursor))
        sheet = pattern and pattern.ask._replace(after=key).remembered(
            self.plain.brief, given.revision
        )
        if pattern is None or not isinstance(sheet, Sheet):
            return
        told = self._made(pattern, cursor.decode(), sheet, _time(given.body))
        if (
            told.head == headers.lines(given.headers) + self.more
            and b"".join(told.body) == given.body
        ):
            if len(self._known) >= KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[before, after] = pattern

    def _pattern(self, begun: Finishing, given: Given) -> _Pattern | None:
        request = Request(begun.scope)
        own = links.BY_CURSOR.fullmatch(request.scope["query_string"].decode("latin-1"))
        ask = self.plain.asked(request)
        if own is None or ask is None:
            return None
        head = (headers.lines(given.headers) + self.more).replace(b"%", b"%%")
        for name, mark in ((b"content-length", b"%(length)d"), (b"etag", b"%(tag)b")):
            head = re.sub(rb"(?<=%b: )[^\r]+" % name, mark.replace(b"%", b"%"), head, count=1)
        return _Pattern(
            ask,
            begun.asked.day,
            links.place(request),
            own[1],
            own[3],
            self.plain.register.exercise,
            begun.asked.others,
            head,
            trace.of(begun.scope).route,
        )

    def _made(self, pattern: _Pattern, cursor: str, sheet: Sheet, time: str) -> Turned:
        shown = self.plain.cursors.shown
        onward, back = (
            "" if key is None else str(shown(key)) for key in (sheet.next_after, sheet.prev_before)
        )
        told = links.turned(
            pattern.place, pattern.before, pattern.after, (cursor, onward, back), _OFFERED
        )
        body = geojson.page_parts(
            sheet.text,
            matched=sheet.matched,
            returned=sheet.returned,
            time=time,
            links=told,
            exercise=pattern.exercise,
        )
        query = f"{pattern.before}{cursor}{pattern.after}".encode()
        tag = self.kept.tag_of(pattern.others, query, sheet.revision)
        head = pattern.head % {b"length": sum(map(len, body)), b"tag": tag}
        return Turned(head, body, pattern.route, sheet.revision, pattern.day)


def _time(body: bytes) -> str:
    """Return the instant at which an answer says that it was made."""
    return body.partition(b'"timeStamp":"')[2].partition(b'"')[0].decode()

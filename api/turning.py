"""Pages of a layer that differ from an earlier one in their cursor alone, made from a pattern.

Who reads a layer turns its pages by the thousand, and all but the cursors in the links, the length
and the tag stays the same. A pattern is learnt from an answer that was made the ordinary way, and
kept only if it gives that very answer. It serves where the rows lie ready, see geo.roll.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from itertools import product
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
    before: bytes  # of the query, in front of the cursor
    after: bytes
    others: Hashable  # that the tag depends on, besides the query
    head: bytes  # with marks for the length and the tag
    begins: dict[tuple[bool, bool], bytes]  # of the body: by whether it leads on, and leads back
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
        sheet = self._sheet(pattern, cursor, revision)
        return sheet and self._made(pattern, cursor, sheet, metadata.now())

    def learn(self, raw: bytes, begun: Finishing, given: Given) -> None:
        """Learn from an answer that was made the ordinary way, if it is a page to learn from."""
        found = _CURSOR.fullmatch(raw)
        if found is None or given.status != 200:
            return
        before, cursor, after = found.groups()
        pattern = self._pattern(begun, given)
        sheet = pattern and self._sheet(pattern, cursor, given.revision)
        if pattern is None or sheet is None:
            return
        told = self._made(pattern, cursor, sheet, _time(given.body))
        if (
            told.head == headers.lines(given.headers) + self.more
            and b"".join(told.body) == given.body
        ):
            if len(self._known) >= KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[before, after] = pattern

    def _sheet(self, pattern: _Pattern, cursor: bytes, revision: int) -> Sheet | None:
        key = self.plain.cursors.key(int(cursor))
        return pattern.ask.sheet_at_hand(self.plain.brief, revision, key)

    def _pattern(self, begun: Finishing, given: Given) -> _Pattern | None:
        request = Request(begun.scope)
        own = links.BY_CURSOR.fullmatch(request.scope["query_string"].decode("latin-1"))
        ask = self.plain.asked(request)
        if own is None or ask is None or ask.feature_id is not None:
            return None
        place, before, after = links.place(request), own[1], own[3]
        exercise = self.plain.register.exercise
        head = (headers.lines(given.headers) + self.more).replace(b"%", b"%%")
        for name, mark in ((b"content-length", b"%(length)d"), (b"etag", b"%(tag)b")):
            head = re.sub(rb"(?<=%b: )[^\r]+" % name, mark.replace(b"%", b"%"), head, count=1)
        return _Pattern(
            ask,
            begun.asked.day,
            before.encode(),
            after.encode(),
            begun.asked.others,
            head,
            {
                (onward, back): geojson.page_template(
                    links.turned(place, before, after, onward, back, _OFFERED), exercise=exercise
                )
                for onward, back in product((False, True), repeat=2)
            },
            trace.of(begun.scope).route,
        )

    def _made(self, pattern: _Pattern, cursor: bytes, sheet: Sheet, time: str) -> Turned:
        onward, back = sheet.next_after, sheet.prev_before
        shown = self.plain.cursors.shown
        begin = pattern.begins[onward is not None, back is not None] % {
            b"matched": sheet.matched,
            b"returned": sheet.returned,
            b"time": time.encode(),
            b"own": cursor,
            b"next": onward and b"%d" % shown(onward),
            b"prev": back and b"%d" % shown(back - 1),
        }
        query = pattern.before + cursor + pattern.after
        head = pattern.head % {
            b"length": len(begin) + len(sheet.text) + len(geojson.PAGE_END),
            b"tag": self.kept.tag_of(pattern.others, query, sheet.revision),
        }
        body = begin, sheet.text, geojson.PAGE_END
        return Turned(head, body, pattern.route, sheet.revision, pattern.day)


def _time(body: bytes) -> str:
    """Return the instant at which an answer says that it was made."""
    return body.partition(b'"timeStamp":"')[2].partition(b'"')[0].decode()

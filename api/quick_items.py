"""Pages and features in front of the routes: the plain requests, which come by the thousand.

What is asked here is what api.routes.features documents, and its functions make the answers; a
request with anything unusual in it, or with a mistake, goes on to the routes.
"""

from __future__ import annotations

import re
from collections.abc import Coroutine
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import aside, forms, links, negotiate, params, reads, trace
from api.actors import has_credentials
from api.cursors import Cursors
from api.lines import Lines
from api.routes import features
from geo import asking, layers, period, store
from geo.audience import PUBLIC
from geo.errors import GeoError, LongReadError
from geo.pages import Item, Sheet
from geo.query import Filter, property_of
from geo.reading import Reader
from geo.register import Register
from geo.replicas import Replicas
from geo.reproject import CRS84_URI
from geo.schema import Layer

_PLACE = re.compile(r"/api/collections/([a-z_]+)/items(?:/([^/]+))?")
_ROUTES = "/api/collections/{layer}/items", "/api/collections/{layer}/items/{feature_id}"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"\d{1,18}")
SHORT = 100  # letters of a query up to which it is remembered what it asks
Coming: TypeAlias = Coroutine[Any, Any, Response | None]
_OWN = ("limit", "cursor", "bbox", "datetime", "f")


class Ask(NamedTuple):
    """A page of a layer, or one feature of it."""

    layer: Layer
    feature_id: str | None
    filter: Filter
    limit: int
    after: int

    def remembered(self, reader: Reader, revision: int) -> Sheet | Item | None:
        """Return what lies ready beside the store and holds at this revision, if it does."""
        if self.feature_id is not None:
            return reader.item_at_hand(self.layer, self.feature_id, self.filter, revision)
        return self.sheet_at_hand(reader, revision, self.after)

    def sheet_at_hand(self, reader: Reader, revision: int, after: int) -> Sheet | None:
        """Return the page beyond any key, in the same way."""
        return reader.sheet_at_hand(
            self.layer, self.filter, revision, limit=self.limit, after=after
        )

    def read(self, reader: Reader) -> Sheet | Item:
        """Read it. Raises NotFoundError, LongReadError, StoreError."""
        if self.feature_id is None:
            return reader.sheet(self.layer, self.filter, limit=self.limit, after=self.after)
        return reader.item(self.layer, self.feature_id, self.filter)


class Plain:
    """Answers anonymous plain requests for pages and features in GeoJSON."""

    def __init__(self, replicas: Replicas, register: Register, cursors: Cursors) -> None:
        self.replicas = replicas
        self.cursors = cursors
        self.register = register
        self.brief = replicas.primary.brief()
        self.is_near = store.is_file(self.brief.engine) and not replicas.replicas
        self.lines = Lines()
        self._long = b""  # the query that was given up last

    def answer(self, scope: Scope) -> Response | Coming | None:
        """Answer at once, or return what has to be waited for, or None where the route has to."""
        request = Request(scope)
        with suppress(Exception):  # what goes wrong does so on the long way too, and is told there
            ask = self.asked(request)
            known = ask and self._remembered(request, ask)
            if ask and (known or self.is_near):
                return self._told(request, ask, known or self._at_once(request, ask))
            return ask and self._later(request, ask)
        return None

    async def _later(self, request: Request, ask: Ask) -> Response | None:
        with suppress(Exception):  # as above
            return self._told(request, ask, await self._aside(request, ask))
        return None

    async def answer_soon(self, scope: Scope) -> Response | None:
        """Answer, or return None where the route has to.

        A thread costs more than a short read of a file, which is therefore read at once. One that
        turns out long is given up after some milliseconds of work; a disk that is slow then holds
        others up for that one read.
        """
        request = Request(scope)
        with suppress(GeoError):
            ask = None if has_credentials(scope) else self.asked(request)
            return ask and self._told(request, ask, await self._soon(request, ask))
        return None

    def asked(self, request: Request) -> Ask | None:
        """Read a plain request, or return None. Raises GeoError where the route would."""
        return _asked(request)

    def _remembered(self, request: Request, ask: Ask) -> Sheet | Item | None:
        """Return what lies ready, as new as answers are that are kept, see api.kept."""
        revision = self.replicas.watch.revision()
        if revision is None or revision < reads.least(request):
            return None
        return ask.remembered(self.brief, revision)

    def _at_once(self, request: Request, ask: Ask) -> Sheet | Item:
        query = request.scope["query_string"]
        if query and query == self._long:
            raise LongReadError("It took long before")
        try:
            return ask.read(self.brief)
        except LongReadError:
            self._long = query
            raise

    async def _soon(self, request: Request, ask: Ask) -> Sheet | Item:
        remembered = self._remembered(request, ask)
        if remembered:
            return remembered
        if self.is_near:
            with suppress(LongReadError):
                return self._at_once(request, ask)
        return await self._aside(request, ask)

    async def _aside(self, request: Request, ask: Ask) -> Sheet | Item:
        least = reads.least(request)
        return await aside.run(lambda: self.replicas.read(ask.read, least=least))

    def _told(self, request: Request, ask: Ask, found: Sheet | Item) -> Response:
        reads.note(request, found.revision)
        if isinstance(found, Sheet):
            exercise = self.register.exercise
            return features.page_answer(request, found, CRS84_URI, exercise=exercise)
        return features.item_answer(
            request, ask.layer, str(ask.feature_id), found.feature, CRS84_URI
        )


class QuickItems:
    """Answers what is plain; lets others through."""

    def __init__(self, app: ASGIApp, *, plain: Plain) -> None:
        self.app = app
        self.plain = plain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or go on."""
        answer = None
        if scope["type"] == "http" and scope["method"] == "GET":
            answer = await self.plain.answer_soon(scope)
        if answer is None:
            await self.app(scope, receive, send)
        else:
            self.plain.lines.learn(scope)
            await answer(scope, receive, send)


def _asked(request: Request) -> Ask | None:
    scope, state = request.scope, request.app.state
    path, query = scope["path"], scope["query_string"].decode("latin-1")
    found = _PLACE.fullmatch(path)
    if found is None or not _takes_geojson(negotiate.said(scope, b"accept")):
        return None
    if "%00" in query or "\0" in path:
        return None  # the route refuses it
    cursor = "0"
    if by_cursor := links.BY_CURSOR.fullmatch(query):  # pages often differ in that alone
        before, cursor, behind = by_cursor.groups()
        query = f"{before}0{behind}"
    read = _read if found[2] or len(query) > SHORT else _page
    ask = read(found[1], found[2], query, period.today(), state.settings.max_limit)
    if ask is None or not _NUMBER.fullmatch(cursor):
        return None
    trace.of(scope).route = _ROUTES[found[2] is not None]
    after = int(cursor) or ask.after
    return ask._replace(after=state.cursors.key(after)) if after else ask


def _read(layer_name: str, feature_id: str | None, query: str, today: str, most: int) -> Ask | None:
    """Read what is asked; `after` is a cursor yet."""
    layer = layers.get(layer_name)
    pairs = parse_qsl(query, keep_blank_values=True) if query else []
    given = dict(pairs)
    own = {name: given.pop(name) for name in _OWN if name in given}
    if len(own) + len(given) != len(pairs) or (feature_id and (given or own.keys() - {"datetime"})):
        return None
    if own.get("f", "json") not in features.PAGED or given.keys() & asking.RESERVED:
        return None
    limit, after = own.get("limit", str(params.DEFAULT_LIMIT)), own.get("cursor", "0")
    if not (_NUMBER.fullmatch(limit) and _NUMBER.fullmatch(after)):
        return None
    day = own.get("datetime", today)
    if not _DAY.fullmatch(day):
        return None
    for name in given:
        property_of(layer, name)
    values = {name: text.split(",") for name, text in given.items()}
    asked = Filter(period.parse(day), asking.bbox(own.get("bbox")), None, values, PUBLIC)
    return Ask(layer, feature_id, asked, params.limit(int(limit), most), int(after))


_page = lru_cache(1_000)(_read)


@lru_cache(1_000)
def _takes_geojson(accept: str) -> bool:
    return negotiate.by_accept(accept, forms.ITEMS, "geojson") in features.PAGED

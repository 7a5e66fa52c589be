"""Tiles in front of the routes: the plain ones, which every map asks for, without ceremony.

What is asked here is what the routes of api.routes.tiles document; a request with anything but
`collections` and a day in `datetime` goes on to them. A tile that is held in memory, or made of
what lies beside the store, is answered at once if its revision is the one that the watch tells.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api import aside, trace
from api.actors import has_credentials
from api.reads import READS, Reads
from api.settings import Settings
from geo import layers, period
from geo.audience import PUBLIC
from geo.errors import GeoError, NotFoundError
from geo.tiles import fields
from geo.tiles.about import MEDIA_TYPE, NAME
from geo.tiles.grid import Tile, checked
from geo.tiles.ready import Ask, Ready, Stock

_PLACE = re.compile(
    rf"/api(?:/collections/([a-z_]+))?/tiles/{NAME}/(\d{{1,2}})/(\d{{1,8}})/(\d{{1,8}})"
)
_ROUTE = f"/api/tiles/{NAME}/{{z}}/{{y}}/{{x}}"  # of a layer and of several alike
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TYPE = (b"content-type", MEDIA_TYPE.encode())
_VARY = (b"vary", b"Accept-Encoding, Cookie, Authorization")
_ZIPPED = (b"content-encoding", b"gzip")


class QuickTiles:
    """Answers a plain tile to anybody; lets everything else through, and who says who he is."""

    def __init__(self, app: ASGIApp, *, stock: Stock, settings: Settings) -> None:
        self.app = app
        self.stock = stock
        seconds = settings.cache_seconds
        self.kept = (b"cache-control", f"max-age={seconds}".encode() if seconds else b"no-cache")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or make the tile in a thread, or go on."""
        ask = _asked(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if ask is None or has_credentials(scope):
            await self.app(scope, receive, send)
            return
        trace.of(scope).route = _ROUTE
        least = _least(scope)
        ready = self.stock.at_once(ask, least=least)
        if ready is None:
            ready = await aside.run(lambda: self.stock.ready(ask, least=least))
        await self._send(ready, Headers(scope=scope), send)

    async def _send(self, ready: Ready, asked: Headers, send: Send) -> None:
        zipped = ready.zipped if "gzip" in asked.get("accept-encoding", "") else None
        body = ready.body if zipped is None else zipped
        tag = ready.tag if zipped is None else ready.zipped_tag
        head = [(b"etag", tag), self.kept, _VARY]
        if _knows(asked.get("if-none-match"), ready):
            status, body = 304, b""
        elif not body:
            status = 204
        else:
            status = 200
            head += [_TYPE, (b"content-length", str(len(body)).encode())]
            if zipped is not None:
                head.append(_ZIPPED)
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": body})


def _least(scope: Scope) -> int:
    """Return the revision that the client has seen already."""
    reads: Reads | None = scope.get(READS)
    return 0 if reads is None else reads.least


def _knows(given: str | None, ready: Ready) -> bool:
    if not given:
        return False
    tags = {part.strip().removeprefix("W/").encode() for part in given.split(",")}
    return ready.tag in tags or ready.zipped_tag in tags


def _asked(scope: Scope) -> Ask | None:
    found = _PLACE.fullmatch(scope["path"])
    if found is None:
        return None
    layer, z, y, x = found.groups()
    given = dict.fromkeys(("collections", "datetime"), "")
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    for name, value in pairs:
        if given.get(name) != "" or not value:  # unknown, twice, or empty
            return None
        given[name] = value
    day = given["datetime"] or period.today()
    if not _DAY.fullmatch(day) or (layer and given["collections"]):
        return None
    try:
        names = _names(layer or given["collections"])
        period.parse(day)
        return Ask(names, checked(Tile(int(z), int(y), int(x))), PUBLIC, day)
    except GeoError:
        return None  # the route says what is wrong


def _names(text: str) -> tuple[str, ...]:
    """Return the layers; raises NotFoundError for one that has no tiles."""
    if not text:
        return tuple(layer.name for layer in fields.spatial())
    wanted = [layers.get(name) for name in text.split(",")]
    if not all(layer.geometry for layer in wanted):
        raise NotFoundError("No tiles of a layer without geometry")
    return tuple(dict.fromkeys(layer.name for layer in wanted))

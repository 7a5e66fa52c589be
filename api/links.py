"""Links in answers, built from the address that the client itself used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode

import orjson
from fastapi import Request
from starlette.datastructures import URL

Link: TypeAlias = dict[str, Any]


class Page(Protocol):
    """A page of features; the keys lead on and back, None at an end."""

    @property
    def next_after(self) -> int | None:
        """The key that the next page comes after."""

    @property
    def prev_before(self) -> int | None:
        """The key that the previous page comes before."""


PREFIX = "cotmoc.prefix"  # key of the scope: what a proxy took off the front of the path
GEOJSON, JSON = "application/geo+json", "application/json"
_OWN = "{own}"  # stands for an address in a template, and in no address
SITES_KEPT = 1_000  # addresses of this server as clients spell them, remembered
_PATH = "/:@!$&'()*+,;=~"  # what stands in a path as it is (RFC 3986)
_PLAIN = re.compile(r"[\w.~-]+=[\w.~,-]*(?:&[\w.~-]+=[\w.~,-]*)*", re.ASCII)  # but for commas
BY_CURSOR = re.compile(r"((?:[\w.~-]+=[\w.~-]*&)*cursor=)(\d+)((?:&[\w.~-]+=[\w.~-]*)*)", re.ASCII)
_MARKS = _OWN, "{next}", "{prev}"  # stand for cursors in a template
_NAMES = {
    "csv": "CSV",
    "fgb": "FlatGeobuf",
    "geojson": "GeoJSON",
    "geojsonseq": "GeoJSON Text Sequences",
    "gml": "GML",
    "gpkg": "GeoPackage",
    "html": "HTML",
    "json": "JSON",
    "kml": "KML",
    "parquet": "GeoParquet",
    "shp": "Shapefile",
    "tilejson": "TileJSON",
    "xlsx": "Excel",
}


def root(request: Request) -> str:
    """Return the address of the app as the client sees it, without a slash at its end."""
    return _site(request) + str(request.scope.get(PREFIX, ""))


def _site(request: Request) -> str:
    """Return what stands before any path."""
    scope = request.scope
    host = next((value for name, value in scope["headers"] if name == b"host"), None)
    server = scope.get("server")
    return _origin(scope["scheme"], host, tuple(server) if server else None)


@lru_cache(SITES_KEPT)
def _origin(scheme: str, host: bytes | None, server: tuple[str, int] | None) -> str:
    """Return scheme and authority as Starlette tells them, which takes it some time."""
    headers = [] if host is None else [(b"host", host)]
    scope = {"type": "http", "scheme": scheme, "server": server, "headers": headers, "path": "/"}
    return str(Request(scope).base_url).rstrip("/")


def base(request: Request) -> str:
    """Return the address of /api as the client sees it."""
    return f"{root(request)}/api"


def here(request: Request) -> URL:
    """Return the address that was asked for, as the client sees it."""
    return request.url.replace(path=_path(request))


def _path(request: Request) -> str:
    return str(request.scope.get(PREFIX, "")) + quote(request.scope["path"], safe=_PATH)


def link(rel: str, href: str, media: str, title: str | None = None) -> Link:
    """Return one link object."""
    made = {"rel": rel, "href": href, "type": media}
    return made if title is None else {**made, "title": title}


def name(form: str) -> str:
    """Return what people call a form such as gpkg."""
    return _NAMES.get(form, form)


class Address(NamedTuple):
    """The address that was asked for, as the client sees it, taken apart once for many links."""

    place: str  # without its query
    query: str
    pairs: list[tuple[str, str]]  # name and `name=value` of each parameter, as they are written

    def without(self, *names: str) -> str:
        """Return the address less some parameters."""
        kept = "&".join(text for name, text in self.pairs if name not in names)
        return f"{self.place}?{kept}" if kept else self.place

    def __str__(self) -> str:
        """Return the address as it was asked for."""
        return f"{self.place}?{self.query}" if self.query else self.place


def _address(request: Request) -> Address:
    query = request.scope["query_string"].decode()
    return Address(place(request), query, _pairs(query))


def _pairs(query: str) -> list[tuple[str, str]]:
    if _PLAIN.fullmatch(query):
        return [(text.partition("=")[0], text) for text in query.replace(",", "%2C").split("&")]
    given = parse_qsl(query, keep_blank_values=True)
    return [(name, urlencode([(name, value)])) for name, value in given]


def _more(address: str, parameter: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{parameter}"


def forms(request: Request, offered: Mapping[str, str], form: str) -> list[Link]:
    """Return the links to the answer itself and to its other forms; `offered` is name: type."""
    own = _address(request)
    return _forms(str(own), _more(own.without("f", "download"), "f="), offered, form)


def _forms(own: str, begin: str, offered: Mapping[str, str], form: str) -> list[Link]:
    made = [link("self", own, offered[form])]
    for other, media in offered.items():
        if other != form and not (other == "json" and "geojson" in offered):
            made.append(link("alternate", begin + other, media, name(other)))
    return made


def header(made: Iterable[Link]) -> str:
    """Return links as the value of a Link header (RFC 8288)."""
    return ", ".join(f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"' for one in made)


def page(
    request: Request, shown: Page, offered: Mapping[str, str], form: str = "geojson"
) -> list[Link]:
    """Return the links of a page: itself, its other forms, the next and the previous page."""
    return _page(_places(_address(request), *_turns(request, shown)), offered, form)


def page_text(request: Request, shown: Page, offered: Mapping[str, str]) -> bytes:
    """Return the links of a page of GeoJSON, as JSON."""
    onward, back = _turns(request, shown)
    own = BY_CURSOR.fullmatch(request.scope["query_string"].decode("latin-1"))
    if not own:
        places = _places(_address(request), onward, back)
        template = _page_template(tuple(places), tuple(offered.items()))
        return template % {name.encode(): _escaped(place) for name, place in places.items()}
    template = turned(
        place(request), own[1], own[3], bool(onward), bool(back), tuple(offered.items())
    )
    return template % {b"own": own[2].encode(), b"next": onward.encode(), b"prev": back.encode()}


def place(request: Request) -> str:
    """Return the address that was asked for, as the client sees it, without its query."""
    return _site(request) + _path(request)


@lru_cache(SITES_KEPT)
def turned(
    place: str,
    before: str,
    after: str,
    onward: bool,
    back: bool,
    offered: tuple[tuple[str, str], ...],
) -> bytes:
    """Return the links of a page of GeoJSON that begins at a cursor, as a template of JSON.

    `before` and `after` stand around the cursor in its query. The marks are for cursors: `own`, and
    where it goes on and back those to do so from, `next` and `prev`.
    """
    cursor, onward_at, back_at = _MARKS
    query = before + cursor + after
    own = Address(place, query, [(text.partition("=")[0], text) for text in query.split("&")])
    places = _places(own, onward_at if onward else "", back_at if back else "")
    text = orjson.dumps(_page(places, dict(offered), "geojson")).replace(b"%", b"%%")
    for mark in _MARKS:
        text = text.replace(mark.encode(), b"%%(%b)b" % mark[1:-1].encode())
    return text


@lru_cache(100)
def _page_template(names: tuple[str, ...], offered: tuple[tuple[str, str], ...]) -> bytes:
    return orjson.dumps(_page({name: f"%({name})b" for name in names}, dict(offered), "geojson"))


def _escaped(text: str) -> bytes:
    return orjson.dumps(text)[1:-1]


def _turns(request: Request, shown: Page) -> tuple[str, str]:
    """Return the cursors to go on and back from, empty at an end."""
    shown_as = request.app.state.cursors.shown
    onward, back = shown.next_after, shown.prev_before
    return (
        "" if onward is None else str(shown_as(onward)),
        "" if back is None else str(shown_as(back - 1)),
    )


def _places(own: Address, onward: str, back: str) -> dict[str, str]:
    """Return the addresses that the links of a page are made of."""
    bare = own.without("cursor", "before", "download")
    found = {
        "self": str(own),
        "form": _more(own.without("f", "download"), "f="),
        "about": _more(own.without("cursor", "before", "download", "f"), "f=metadata"),
        "collection": own.place.removesuffix("/items"),
    }
    if onward:
        found["next"] = _more(bare, f"cursor={onward}")
    if back:
        found["prev"] = _more(bare, f"before={back}")
    return found


def _page(places: Mapping[str, str], offered: Mapping[str, str], form: str) -> list[Link]:
    made = _forms(places["self"], places["form"], offered, form)
    made.append(link("describedby", places["about"], JSON))
    made += [link(rel, places[rel], offered[form]) for rel in ("next", "prev") if rel in places]
    return [*made, link("collection", places["collection"], JSON)]


def item(
    request: Request, layer: str, offered: Mapping[str, str], form: str = "geojson"
) -> list[Link]:
    """Return the links of one feature."""
    collection = f"{base(request)}/collections/{layer}"
    return [*forms(request, offered, form), link("collection", collection, JSON)]


def item_text(request: Request, layer: str, offered: Mapping[str, str]) -> bytes:
    """Return the links of one feature in GeoJSON, as JSON."""
    if request.scope["query_string"]:
        return orjson.dumps(item(request, layer, offered))
    own, collection = place(request), f"{base(request)}/collections/{layer}"
    return _escaped(own).join(_item_template(collection, tuple(offered.items())))


@lru_cache(SITES_KEPT)
def _item_template(collection: str, offered: tuple[tuple[str, str], ...]) -> list[bytes]:
    """Return what stands between the places where the feature's address comes in."""
    made = _forms(_OWN, f"{_OWN}?f=", dict(offered), "geojson")
    return orjson.dumps([*made, link("collection", collection, JSON)]).split(_OWN.encode())

"""Links in answers, built from the address that the client itself used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeAlias
from urllib.parse import quote

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
GEOJSON = "application/geo+json"
_PATH = "/:@!$&'()*+,;=~"  # what stands in a path as it is (RFC 3986)
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
    return str(request.base_url).rstrip("/") + str(request.scope.get(PREFIX, ""))


def base(request: Request) -> str:
    """Return the address of /api as the client sees it."""
    return f"{root(request)}/api"


def here(request: Request) -> URL:
    """Return the address that was asked for, as the client sees it."""
    path = request.scope.get(PREFIX, "") + quote(request.scope["path"], safe=_PATH)
    return request.url.replace(path=path)


def link(rel: str, href: str, media: str, title: str | None = None) -> Link:
    """Return one link object."""
    made = {"rel": rel, "href": href, "type": media}
    return made if title is None else {**made, "title": title}


def name(form: str) -> str:
    """Return what people call a form such as gpkg."""
    return _NAMES.get(form, form)


def forms(request: Request, offered: Mapping[str, str], form: str) -> list[Link]:
    """Return the links to the answer itself and to its other forms; `offered` is name: type."""
    own = here(request)
    made = [link("self", str(own), offered[form])]
    bare = own.remove_query_params(["f", "download"])
    begin = f"{bare}{'&' if bare.query else '?'}f="
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
    own = here(request)
    bare = own.remove_query_params(["cursor", "before", "download"])
    made = forms(request, offered, form)
    about = bare.include_query_params(f="metadata")
    made.append(link("describedby", str(about), "application/json"))
    shown_as = request.app.state.cursors.shown
    if shown.next_after is not None:
        onward = bare.include_query_params(cursor=shown_as(shown.next_after))
        made.append(link("next", str(onward), offered[form]))
    if shown.prev_before is not None:
        back = bare.include_query_params(before=shown_as(shown.prev_before))
        made.append(link("prev", str(back), offered[form]))
    collection = str(own.replace(query="")).removesuffix("/items")
    made.append(link("collection", collection, "application/json"))
    return made


def item(
    request: Request, layer: str, offered: Mapping[str, str], form: str = "geojson"
) -> list[Link]:
    """Return the links of one feature."""
    collection = f"{base(request)}/collections/{layer}"
    return [*forms(request, offered, form), link("collection", collection, "application/json")]

"""Links in answers, built from the address that the client itself used."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import URL

from api.forwarded import PREFIX
from geo.query import Page

Link = dict[str, str]
GEOJSON = "application/geo+json"


def root(request: Request) -> str:
    """Return the address of the app as the client sees it, without a slash at its end."""
    return str(request.base_url).rstrip("/") + str(request.scope.get(PREFIX, ""))


def base(request: Request) -> str:
    """Return the address of /api as the client sees it."""
    return f"{root(request)}/api"


def here(request: Request) -> URL:
    """Return the address that was asked for, as the client sees it."""
    return request.url.replace(path=request.scope.get(PREFIX, "") + request.url.path)


def link(rel: str, href: str, media: str, title: str | None = None) -> Link:
    """Return one link object."""
    made = {"rel": rel, "href": href, "type": media}
    return made if title is None else {**made, "title": title}


def page(request: Request, shown: Page) -> list[Link]:
    """Return the links of a page: itself, as CSV, the next and the previous page if any."""
    own = here(request)
    bare = own.remove_query_params(["cursor", "before", "download"])
    made = [
        link("self", str(own), GEOJSON),
        link("alternate", str(bare.include_query_params(f="csv")), "text/csv"),
        link("describedby", str(bare.include_query_params(f="metadata")), "application/json"),
    ]
    if shown.next_after is not None:
        made.append(link("next", str(bare.include_query_params(cursor=shown.next_after)), GEOJSON))
    if shown.prev_before is not None:
        made.append(link("prev", str(bare.include_query_params(before=shown.prev_before)), GEOJSON))
    made.append(
        link("collection", str(own.replace(query="")).removesuffix("/items"), "application/json")
    )
    return made


def item(request: Request, layer: str, feature_id: str) -> list[Link]:
    """Return the links of one feature."""
    collection = f"{base(request)}/collections/{layer}"
    return [
        link("self", f"{collection}/items/{feature_id}", GEOJSON),
        link("collection", collection, "application/json"),
    ]

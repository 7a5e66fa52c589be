"""Links in answers, built from the address that the client itself used."""

from __future__ import annotations

from fastapi import Request

Link = dict[str, str]
GEOJSON = "application/geo+json"


def base(request: Request) -> str:
    """Return the address of /api as the client sees it."""
    return str(request.base_url).rstrip("/") + "/api"


def link(rel: str, href: str, media: str, title: str | None = None) -> Link:
    """Return one link object."""
    made = {"rel": rel, "href": href, "type": media}
    return made if title is None else {**made, "title": title}


def page(request: Request, next_after: int | None) -> list[Link]:
    """Return the links of a page: itself, the other formats, and the next page if any."""
    here = request.url
    made = [link("self", str(here), GEOJSON)]
    bare = here.remove_query_params(["cursor", "download"])
    made.append(link("alternate", str(bare.include_query_params(f="csv")), "text/csv"))
    if next_after is not None:
        following = here.remove_query_params("download").include_query_params(cursor=next_after)
        made.append(link("next", str(following), GEOJSON))
    made.append(
        link("collection", str(here.replace(query="")).removesuffix("/items"), "application/json")
    )
    return made


def item(request: Request, layer: str, feature_id: str) -> list[Link]:
    """Return the links of one feature."""
    collection = f"{base(request)}/collections/{layer}"
    return [
        link("self", f"{collection}/items/{feature_id}", GEOJSON),
        link("collection", collection, "application/json"),
    ]

"""Items of a layer: pages, one item, counts and exports (OGC API – Features, Part 1)."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from api import forms, links, negotiate, reads, tags
from api.deps import Conn, LayerDep, RegisterDep, ReplicasDep
from api.html import items as pages
from api.params import FilterDep, Names, Paging, PagingDep, System
from api.routes import files
from api.routes.examples import ITEMS
from geo import asking, exports, query, reproject
from geo.exports import Order, geojson, metadata
from geo.pages import Sheet
from geo.query import Filter
from geo.reproject import CRS84_URI
from geo.schema import Layer
from geo.state import state

router = APIRouter(prefix="/api/collections/{layer}", tags=["features"])
GEOJSON = exports.FORMATS["geojson"].media_type
PAGED = ("geojson", "json")


@router.get("/items", responses=ITEMS)
def items(
    request: Request,
    conn: Conn,
    register: RegisterDep,
    replicas: ReplicasDep,
    layer: LayerDep,
    asked: FilterDep,
    paging: PagingDep,
    wanted: Names,
    system: System,
    f: Annotated[str | None, Query(description="form; else by Accept")] = None,
    download: Annotated[
        str | None, Query(description="if given, GeoJSON comes as a file too: whole unless limited")
    ] = None,
) -> Response:
    """Return features: GeoJSON and HTML in pages, files whole unless limited."""
    order = Order(layer, asked, system, paging.asked, wanted, register.exercise)
    if f == files.METADATA:
        return files.describe(request, conn, order)
    form = negotiate.form(request, forms.ITEMS, "geojson")
    if form == "html":
        return _page(request, conn, layer, asked, paging, wanted)
    if form not in PAGED or download is not None:
        conn.close()  # a file is read by a connection of its own
        return files.answer(request, register, order, "geojson" if form in PAGED else form)
    page = replicas.read(
        lambda reader: reader.page(
            layer, asked, limit=paging.limit, after=paging.after, before=paging.before
        ),
        least=reads.least(request),
    )
    reads.note(request, page.revision)
    features = _moved(_narrowed(page.features, wanted), system)
    text = geojson.GLUE.encode().join(features)
    sheet = Sheet(text, len(features), *page[1:])
    return page_answer(request, sheet, system, exercise=register.exercise)


def page_answer(request: Request, page: Sheet, system: str, *, exercise: bool) -> Response:
    """Return a page of finished features as a FeatureCollection."""
    body = b"".join(
        geojson.page_parts(
            page.text,
            matched=page.matched,
            returned=page.returned,
            time=metadata.now(),
            links=links.page_text(request, page, forms.ITEMS),
            exercise=exercise,
        )
    )
    return Response(body, media_type=GEOJSON, headers=_content_crs(system))


def _page(
    request: Request,
    conn: Connection,
    layer: Layer,
    asked: Filter,
    paging: Paging,
    wanted: list[str] | None,
) -> Response:
    limit = min(paging.limit, pages.MOST_ROWS)
    page = query.page(conn, layer, asked, limit=limit, after=paging.after, before=paging.before)
    return pages.items_page(
        request,
        conn,
        layer,
        page,
        matched=query.matched(conn, layer, asked),
        limit=limit,
        made_of=links.page(request, page, forms.ITEMS, "html"),
        headers=_content_crs(CRS84_URI),
        wanted=wanted,
    )


def _moved(features: list[bytes], system: str) -> list[bytes]:
    if system == CRS84_URI:
        return features
    return [reproject.feature_in(text.decode(), system).encode() for text in features]


def _content_crs(system: str) -> dict[str, str]:
    return {"content-crs": f"<{system}>"}


def _narrowed(features: list[bytes], wanted: list[str] | None) -> list[bytes]:
    if wanted is None:
        return features
    narrowed = []
    for text in features:
        feature = orjson.loads(text)
        kept = feature["properties"]
        feature["properties"] = {name: kept[name] for name in wanted if name in kept}
        narrowed.append(orjson.dumps(feature))
    return narrowed


@router.get("/items/{feature_id}")
def item(
    request: Request,
    conn: Conn,
    layer: LayerDep,
    asked: FilterDep,
    system: System,
    feature_id: str,
) -> Response:
    """Return one feature as it is today, or as of `datetime`."""
    text = query.one(conn, layer, feature_id, asked)
    if negotiate.form(request, forms.ITEM, "geojson") == "html":
        made = links.item(request, layer.name, forms.ITEM, "html")
        headers = {**_content_crs(CRS84_URI), "vary": tags.VARY, "cache-control": "no-cache"}
        return pages.item_page(
            request, conn, layer, text, asked=asked, made_of=made, headers=headers
        )
    return item_answer(request, layer, feature_id, text.encode(), system)


def item_answer(
    request: Request, layer: Layer, feature_id: str, text: bytes, system: str
) -> Response:
    """Return a finished feature with its links, or 304."""
    tag = tags.tag(request, state(text), layer.name, feature_id)
    headers = tags.headers(request, tag) | _content_crs(system)
    if tags.unchanged(request, tag):
        return Response(None, 304, headers)
    [feature] = _moved([text], system)
    made = links.item_text(request, layer.name, forms.ITEM)
    return Response(b'%b,"links":%b}' % (feature[:-1], made), 200, headers, GEOJSON)


@router.get("/counts")
def counts(
    request: Request,
    replicas: ReplicasDep,
    layer: LayerDep,
    asked: FilterDep,
    by: Annotated[str, Query(description="property names", examples=["stage,condition"])],
    distinct: Annotated[
        str, Query(description="properties whose values are counted", examples=["position_id"])
    ] = "",
) -> dict[str, Any]:
    """Count features by the values of some properties, and how many values others have."""
    groups = asking.names(layer, by, "by")
    several = asking.names(layer, distinct, "distinct")
    found = replicas.read(
        lambda reader: reader.counts(layer, asked, groups, several), least=reads.least(request)
    )
    reads.note(request, found.revision)
    total = sum(row["count"] for row in found.groups)
    at = asked.when.end if asked.when else None
    about = {"layer": layer.name, "by": groups, "datetime": at, "total": total}
    if several:
        about["distinct"] = found.distinct
    return {**about, "counts": found.groups}

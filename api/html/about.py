"""Pages about the API itself: landing page, conformance, layers, schemas, tiles, documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from markupsafe import Markup
from sqlalchemy import Connection

from api import negotiate
from api.html import page, values, words
from api.links import Link
from geo import descriptions, period, picture
from geo.audience import PUBLIC
from geo.extents import Extent
from geo.ground import Ground
from geo.query import Filter
from geo.schema import Kind, Layer
from geo.types import BBox

Trail = list[tuple[str, str]]
API: Trail = [("", "API")]


def title_of(request: Request, layer: Layer) -> str:
    """Return the title of a layer in the language asked for."""
    return str(getattr(layer.title, negotiate.language(request)))


def trail(request: Request, layer: Layer | None = None) -> Trail:
    """Return the steps that lead to the layers, or to one of them."""
    said = words.of(negotiate.language(request))
    made = [*API, ("/collections", said.layers)]
    if layer is None:
        return made
    return [*made, (f"/collections/{layer.name}", title_of(request, layer))]


def ground(request: Request, conn: Connection) -> Ground:
    """Return the land under small maps, as of today."""
    state = request.app.state
    asked = Filter(period.parse(None), sight=PUBLIC)
    kept: Ground = state.ground.get(conn, asked, islands=state.settings.viewpoint.value == "vn")
    return kept


def landing(request: Request, document: dict[str, Any]) -> Response:
    """Return the landing page."""
    return page(
        request,
        "landing.html",
        title="API",
        trail=[],
        made_of=document["links"],
        document=document,
    )


def conformance(
    request: Request, groups: Sequence[tuple[str, list[str]]], made_of: Sequence[Link]
) -> Response:
    """Return the page of the conformance classes."""
    said = words.of(negotiate.language(request))
    return page(
        request,
        "conformance.html",
        title=said.conformance,
        trail=API,
        made_of=made_of,
        groups=groups,
    )


def collections(
    request: Request, document: dict[str, Any], extents: Mapping[str, Extent]
) -> Response:
    """Return the page of all layers."""
    lang = negotiate.language(request)
    rows = [
        {**one, "count": extents[one["id"]].matched, "interval": _when(extents[one["id"]], lang)}
        for one in document["collections"]
    ]
    return page(
        request,
        "collections.html",
        title=document["title"],
        trail=API,
        made_of=document["links"],
        layers=rows,
    )


def collection(
    request: Request, conn: Connection, document: dict[str, Any], layer: Layer, extent: Extent
) -> Response:
    """Return the page of one layer, with a small map of where it reaches."""
    lang = negotiate.language(request)
    label = words.of(lang).map.format(what=document["title"])
    drawn = picture.outline(extent.box, ground(request, conn), label) if extent.box else ""
    return page(
        request,
        "collection.html",
        title=document["title"],
        trail=trail(request),
        made_of=document["links"],
        document=document,
        count=extent.matched,
        box=box_text(extent.box, lang),
        interval=_when(extent, lang),
        drawn=Markup(drawn),  # noqa: S704  numbers and constants of our own, and an escaped label
        fields=[_declared(field, lang) for field in layer.fields],
    )


def box_text(box: BBox | None, lang: str) -> str:
    """Return a box of degrees as west, south – east, north."""
    if box is None:
        return ""
    mark = ";" if lang == "vi" else ","
    west, south, east, north = (values.number(round(side, 4), lang) for side in box)
    return f"{west}{mark} {south} – {east}{mark} {north}"


def _when(extent: Extent, lang: str) -> str:
    start, end = extent.intervals[-1]
    if start is None and end is None:
        return values.NOTHING
    sides = dict.fromkeys(values.day(side, lang) if side else "…" for side in (start, end))
    return " – ".join(sides)


def _declared(field: Any, lang: str) -> dict[str, str]:
    said = words.of(lang)
    notes = [said.required] if field.required else []
    notes += [said.derived] if field.derived else []
    labels = [f"{word.value}: {getattr(word, lang)}" for word in field.vocabulary or ()]
    about = descriptions.FIELDS.get(field.name)
    title = getattr(field.title, lang)
    return {
        "name": field.name,
        "title": f"{title}. {getattr(about, lang)}" if about else title,
        "kind": "code" if field.vocabulary else field.kind.value,
        "unit": field.unit or "",
        "values": " · ".join(labels) or (field.refers or ""),
        "notes": ", ".join(notes),
    }


def schema(
    request: Request, layer: Layer, document: dict[str, Any], made_of: Sequence[Link], what: str
) -> Response:
    """Return the page of a layer's schema or of its queryables (`what`)."""
    lang = negotiate.language(request)
    said = words.of(lang)
    shown = [f for f in layer.fields if what == "schema" or f.kind != Kind.JSON]
    rows = [_declared(field, lang) for field in shown]
    for name in ("geometry", "id"):
        given = document["properties"].get(name)
        if given:
            kind = given.get("type") or given["format"]
            rows.insert(0, {**_EMPTY, "name": name, "title": given["title"], "kind": kind})
    return page(
        request,
        "schema.html",
        title=said.schema if what == "schema" else said.queryables,
        trail=trail(request, layer),
        made_of=made_of,
        document=document,
        fields=rows,
    )


_EMPTY = {"unit": "", "values": "", "notes": ""}


def tilesets(request: Request, document: dict[str, Any], layer: Layer | None) -> Response:
    """Return the page that lists the tilesets of a layer, or of all together."""
    said = words.of(negotiate.language(request))
    return page(
        request,
        "tilesets.html",
        title=said.tilesets,
        trail=trail(request, layer) if layer else API,
        made_of=document["links"],
        document=document,
    )


def tileset(
    request: Request, document: dict[str, Any], layer: Layer | None, box: BBox | None
) -> Response:
    """Return the page of one tileset."""
    lang = negotiate.language(request)
    said = words.of(lang)
    above = f"/collections/{layer.name}/tiles" if layer else "/tiles"
    address = next(one["href"] for one in document["links"] if one["rel"] == "item")
    return page(
        request,
        "tileset.html",
        title=f"{said.tileset} WebMercatorQuad",
        trail=[*(trail(request, layer) if layer else API), (above, said.tilesets)],
        made_of=document["links"],
        document=document,
        address=address,
        box=box_text(box, lang),
    )


def grids(request: Request, document: dict[str, Any]) -> Response:
    """Return the page of the tile grids."""
    said = words.of(negotiate.language(request))
    return page(
        request,
        "grids.html",
        title=said.grids,
        trail=API,
        made_of=document["links"],
        document=document,
    )


def grid(request: Request, document: dict[str, Any], forms: Sequence[Link]) -> Response:
    """Return the page of one tile grid."""
    said = words.of(negotiate.language(request))
    return page(
        request,
        "grid.html",
        title=document["id"],
        trail=[*API, ("/tileMatrixSets", said.grids)],
        made_of=forms,
        document=document,
    )


def docs(request: Request, document: dict[str, Any], made_of: Sequence[Link]) -> Response:
    """Return the OpenAPI document as a page."""
    said = words.of(negotiate.language(request))
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in _operations(document):
        groups.setdefault(one["tag"], []).append(one)
    return page(
        request,
        "docs.html",
        title=said.documentation,
        trail=API,
        made_of=made_of,
        document=document,
        groups=list(groups.items()),
    )


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            yield {
                "tag": (one.get("tags") or ["api"])[0],
                "method": method.upper(),
                "path": path,
                "summary": one.get("summary", ""),
                "description": one.get("description", ""),
                "parameters": list(_parameters(one.get("parameters", ()))),
                "answers": list(_answers(one.get("responses", {}))),
            }


def _parameters(given: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in given:
        made = one.get("schema", {})
        examples = made.get("examples") or [""]
        yield {
            "name": one["name"],
            "where": one["in"],
            "required": one.get("required", False),
            "description": one.get("description") or made.get("description") or "",
            "default": made.get("default"),
            "example": one.get("example") or examples[0],
        }


def _answers(given: Mapping[str, dict[str, Any]]) -> Iterator[dict[str, str]]:
    for status, one in given.items():
        media = ", ".join(one.get("content", {}))
        yield {"status": status, "description": one.get("description", ""), "media": media}

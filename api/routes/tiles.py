"""Vector tiles of one layer and of several (OGC API – Tiles, Part 1)."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api import answers, links, negotiate
from api.answers import PlainForm, TilesetForm
from api.deps import Conn, ExtentsDep, Language, Reader
from api.forms import JSON, PLAIN, TILESET
from api.html import about as pages
from api.tiling import (
    Layers,
    OneAsked,
    SeveralAsked,
    SpatialLayer,
    TileDep,
    TilesDep,
    answer,
)
from geo import info
from geo.schema import Layer
from geo.tiles import about, fields
from geo.tiles.grid import Tile
from geo.tiles.serve import Asked, Tiles
from geo.types import BBox

router = APIRouter(prefix="/api", tags=["tiles"])
REL = "http://www.opengis.net/def/rel/ogc/1.0"
_GRIDS = {"vi": "Lưới ô bản đồ", "en": "Tile grids"}
TITLE = {"vi": "Cột Mốc: mọi lớp", "en": "Cột Mốc: every layer"}
TILE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "the tile", "content": {about.MEDIA_TYPE: {}}},
    204: {"description": "nothing lies in the tile"},
    304: {"description": "the tile that the client has is still true"},
}


@router.get("/tileMatrixSets")
def matrix_sets(request: Request, form: PlainForm, lang: Language) -> Response:
    """List the grids of tiles."""
    here = f"{links.base(request)}/tileMatrixSets/{about.NAME}"
    known = {"id": about.NAME, "uri": about.URI, "links": [links.link("self", here, JSON)]}
    document = {
        "title": _GRIDS[lang],
        "tileMatrixSets": [known],
        "links": links.forms(request, PLAIN, form),
    }
    return pages.grids(request, document) if form == "html" else answers.json(request, document)


@router.get(f"/tileMatrixSets/{about.NAME}")
def matrix_set(request: Request, form: PlainForm, lang: Language) -> Response:  # noqa: ARG001
    """Return the definition of the grid WebMercatorQuad."""
    made = links.forms(request, PLAIN, form)
    if form == "html":
        return pages.grid(request, about.matrix_set(), made)
    return answers.with_links(answers.json(request, about.matrix_set()), made, request)


@router.get("/collections/{layer}/tiles")
def layer_tilesets(
    request: Request, layer: SpatialLayer, form: PlainForm, lang: Language
) -> Response:
    """List the tilesets of a layer."""
    here = f"{links.base(request)}/collections/{layer.name}"
    return _list(request, here, getattr(layer.title, lang), form, layer)


@router.get("/tiles")
def tilesets(request: Request, form: PlainForm, lang: Language) -> Response:
    """List the tilesets of all layers together."""
    return _list(request, links.base(request), TITLE[lang], form)


@router.get(f"/collections/{{layer}}/tiles/{about.NAME}")
def layer_tileset(
    request: Request,
    conn: Conn,
    layer: SpatialLayer,
    sight: Reader,
    extents: ExtentsDep,
    form: TilesetForm,
    lang: Language,
) -> Response:
    """Describe the tiles of a layer, as OGC tileset metadata or TileJSON."""
    box = extents.of(conn, layer, sight).box
    here = f"{links.base(request)}/collections/{layer.name}"
    return _about(request, [layer], getattr(layer.title, lang), here, box, form, layer)


@router.get(f"/tiles/{about.NAME}")
def tileset(
    request: Request,
    conn: Conn,
    wanted: Layers,
    sight: Reader,
    extents: ExtentsDep,
    form: TilesetForm,
    lang: Language,
) -> Response:
    """Describe the tiles of several layers, as OGC tileset metadata or TileJSON."""
    box = _around([extents.of(conn, layer, sight).box for layer in wanted])
    return _about(request, wanted, TITLE[lang], links.base(request), box, form)


@router.get(
    f"/collections/{{layer}}/tiles/{about.NAME}/{{z}}/{{y}}/{{x}}",
    responses=TILE_ANSWERS,
    response_class=Response,
)
def layer_tile(
    request: Request, conn: Conn, tiles: TilesDep, tile: TileDep, asked: OneAsked
) -> Response:
    """Return a tile of one layer; the filters are those of its items."""
    return _tile(request, conn, tiles, asked, tile)


@router.get(
    f"/tiles/{about.NAME}/{{z}}/{{y}}/{{x}}", responses=TILE_ANSWERS, response_class=Response
)
def tile_of_several(
    request: Request, conn: Conn, tiles: TilesDep, tile: TileDep, asked: SeveralAsked
) -> Response:
    """Return a tile of several layers; a filter must fit every one of them."""
    return _tile(request, conn, tiles, asked, tile)


def _tile(request: Request, conn: Connection, tiles: Tiles, asked: Asked, tile: Tile) -> Response:
    version = tiles.version(conn, asked, tile)
    tag = version.tagged(request.url.query)
    known = [part.strip() for part in request.headers.get("if-none-match", "").split(",")]
    body = None if f'"{tag}"' in known else tiles.tile(conn, asked, tile, version)
    return answer(request, body, tag)


def _credit(folder: Path) -> str:
    return " · ".join(one["text"] for one in info.attribution(folder))


def _around(boxes: list[BBox | None]) -> BBox | None:
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    west, south, east, north = zip(*known, strict=True)
    return min(west), min(south), max(east), max(north)


def _list(
    request: Request, here: str, title: str, form: str, layer: Layer | None = None
) -> Response:
    address = f"{here}/tiles/{about.NAME}"
    one = {
        "title": title,
        "dataType": "vector",
        "crs": about.CRS,
        "tileMatrixSetURI": about.URI,
        "links": [links.link("self", address, JSON)],
    }
    document = {"tilesets": [one], "links": links.forms(request, PLAIN, form)}
    if form == "html":
        return pages.tilesets(request, document, layer)
    return answers.json(request, document)


def _about(
    request: Request,
    wanted: list[Layer],
    title: str,
    here: str,
    box: BBox | None,
    form: str,
    layer: Layer | None = None,
) -> Response:
    lang = negotiate.language(request)
    chosen = "" if layer or wanted == fields.spatial() else ",".join(one.name for one in wanted)
    suffix = f"?collections={chosen}" if chosen else ""
    own = f"{here}/tiles/{about.NAME}"
    if form == "tilejson":
        credit = _credit(request.app.state.settings.data)
        address = f"{own}/{{z}}/{{y}}/{{x}}{suffix}"
        made = about.tilejson(
            wanted, address=address, title=title, box=box, attribution=credit, lang=lang
        )
        return answers.json(request, made)
    template = f"{own}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{suffix}"
    grid = f"{links.base(request)}/tileMatrixSets/{about.NAME}"
    related: list[dict[str, Any]] = [
        {**links.link("item", template, about.MEDIA_TYPE), "templated": True},
        links.link(f"{REL}/tiling-scheme", grid, JSON),
    ]
    made_of = [*links.forms(request, TILESET, form), *related]
    document = about.tileset(wanted, title=title, box=box, lang=lang, links=made_of)
    if form == "html":
        return pages.tileset(request, document, layer, box)
    return answers.json(request, document)

"""Vector tiles of one layer and of several (OGC API – Tiles, Part 1)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from api import links
from api.deps import Conn, Language, Reader, SettingsDep
from api.tiling import (
    Layers,
    OneAsked,
    SeveralAsked,
    SpatialLayer,
    TileDep,
    TilesDep,
    answer,
)
from geo import info, period, query
from geo.errors import BadInputError
from geo.query import Filter
from geo.schema import Layer
from geo.tiles import about, fields
from geo.tiles.grid import Tile
from geo.tiles.serve import Asked, Tiles
from geo.types import BBox

router = APIRouter(prefix="/api", tags=["tiles"])
JSON = "application/json"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
FORMS = ("json", "tilejson")
TITLE = {"vi": "Cột Mốc: mọi lớp", "en": "Cột Mốc: every layer"}
TILE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "the tile", "content": {about.MEDIA_TYPE: {}}},
    204: {"description": "nothing lies in the tile"},
    304: {"description": "the tile that the client has is still true"},
}
Form = Annotated[str, Query(alias="f", description="json or tilejson")]


@router.get("/tileMatrixSets")
def matrix_sets(request: Request) -> dict[str, Any]:
    """List the grids of tiles."""
    here = f"{links.base(request)}/tileMatrixSets/{about.NAME}"
    known = {"id": about.NAME, "uri": about.URI, "links": [links.link("self", here, JSON)]}
    return {"tileMatrixSets": [known]}


@router.get(f"/tileMatrixSets/{about.NAME}")
def matrix_set() -> dict[str, Any]:
    """Return the definition of the grid WebMercatorQuad."""
    return about.matrix_set()


@router.get("/collections/{layer}/tiles")
def layer_tilesets(request: Request, layer: SpatialLayer, lang: Language) -> dict[str, Any]:
    """List the tilesets of a layer."""
    return _list(f"{links.base(request)}/collections/{layer.name}", getattr(layer.title, lang))


@router.get("/tiles")
def tilesets(request: Request, lang: Language) -> dict[str, Any]:
    """List the tilesets of all layers together."""
    return _list(links.base(request), TITLE[lang])


@router.get(f"/collections/{{layer}}/tiles/{about.NAME}")
def layer_tileset(
    request: Request,
    conn: Conn,
    settings: SettingsDep,
    layer: SpatialLayer,
    audience: Reader,
    lang: Language,
    f: Form = "json",
) -> dict[str, Any]:
    """Describe the tiles of a layer, as OGC tileset metadata or TileJSON."""
    box = query.extent(conn, layer, Filter(period.parse(None), audience=audience))
    credit = _credit(settings.data)
    title = getattr(layer.title, lang)
    here = f"{links.base(request)}/collections/{layer.name}"
    return _about([layer], title, here, box, lang, f, credit)


@router.get(f"/tiles/{about.NAME}")
def tileset(
    request: Request,
    conn: Conn,
    settings: SettingsDep,
    wanted: Layers,
    audience: Reader,
    lang: Language,
    f: Form = "json",
) -> dict[str, Any]:
    """Describe the tiles of several layers, as OGC tileset metadata or TileJSON."""
    asked = Filter(period.parse(None), audience=audience)
    box = _around([query.extent(conn, layer, asked) for layer in wanted])
    credit = _credit(settings.data)
    chosen = "" if wanted == fields.spatial() else ",".join(one.name for one in wanted)
    return _about(wanted, TITLE[lang], links.base(request), box, lang, f, credit, chosen)


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


def _list(here: str, title: str) -> dict[str, Any]:
    address = f"{here}/tiles/{about.NAME}"
    one = {
        "title": title,
        "dataType": "vector",
        "crs": about.CRS,
        "tileMatrixSetURI": about.URI,
        "links": [links.link("self", address, JSON)],
    }
    return {"tilesets": [one], "links": [links.link("self", f"{here}/tiles", JSON)]}


def _about(
    layers: list[Layer],
    title: str,
    here: str,
    box: BBox | None,
    lang: str,
    form: str,
    credit: str,
    chosen: str = "",
) -> dict[str, Any]:
    if form not in FORMS:
        raise BadInputError(f"No form {form!r}", parameter="f", value=form, allowed=FORMS)
    own = f"{here}/tiles/{about.NAME}"
    query_text = f"?collections={chosen}" if chosen else ""
    if form == "tilejson":
        address = f"{own}/{{z}}/{{y}}/{{x}}{query_text}"
        return about.tilejson(layers, address=address, title=title, box=box, attribution=credit)
    template = f"{own}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{query_text}"
    grid = f"{here.partition('/collections/')[0]}/tileMatrixSets/{about.NAME}"
    made: list[dict[str, Any]] = [
        links.link("self", own, JSON),
        {**links.link("item", template, about.MEDIA_TYPE), "templated": True},
        links.link(f"{REL}/tiling-scheme", grid, JSON),
    ]
    return about.tileset(layers, title=title, box=box, lang=lang, links=made)

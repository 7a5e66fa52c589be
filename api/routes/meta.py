"""What there is: landing page, conformance, collections, vocabularies, the register itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from api import links
from api.deps import Conn, Language, LayerDep, Reader, RegisterDep, SettingsDep
from api.settings import Settings
from geo import info, jsonschema, period, query, reproject
from geo.layers import LAYERS
from geo.query import Filter
from geo.schema import Layer

router = APIRouter(prefix="/api", tags=["about"])
_FEATURES = "http://www.opengis.net/spec/ogcapi-features"
_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
_GRIDS = "http://www.opengis.net/spec/tms/2.0/conf"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
CONFORMANCE = [
    f"{_FEATURES}-1/1.0/conf/core",
    f"{_FEATURES}-1/1.0/conf/geojson",
    f"{_FEATURES}-2/1.0/conf/crs",
    f"{_FEATURES}-3/1.0/conf/queryables",
    f"{_FEATURES}-3/1.0/conf/filter",
    f"{_FEATURES}-3/1.0/conf/features-filter",
    f"{_FEATURES}-5/1.0/conf/schemas",
    f"{_CQL2}/cql2-text",
    f"{_CQL2}/cql2-json",
    f"{_CQL2}/basic-cql2",
    f"{_CQL2}/advanced-comparison-operators",
    f"{_CQL2}/case-insensitive-comparison",
    f"{_CQL2}/accent-insensitive-comparison",
    f"{_CQL2}/basic-spatial-functions",
    f"{_CQL2}/spatial-functions",
    f"{_CQL2}/temporal-functions",
    f"{_TILES}/core",
    f"{_TILES}/tileset",
    f"{_TILES}/tilesets-list",
    f"{_TILES}/dataset-tilesets",
    f"{_TILES}/geodata-tilesets",
    f"{_TILES}/collections-selection",
    f"{_TILES}/datetime",
    f"{_TILES}/mvt",
    f"{_GRIDS}/tilematrixset",
    f"{_GRIDS}/json-tilematrixset",
]
# Claimed where features can be written at all.
EDITING = [
    f"{_FEATURES}-4/1.0/conf/create-replace-delete",
    f"{_FEATURES}-4/1.0/conf/update",
    f"{_FEATURES}-4/1.0/conf/optimistic-locking-etags",
    f"{_FEATURES}-4/1.0/conf/features",
]
JSON = "application/json"
_REL = "http://www.opengis.net/def/rel/ogc/1.0"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


@router.get("")
@router.get("/", include_in_schema=False)
def landing(request: Request, lang: Language) -> dict[str, Any]:
    """Return the landing page: where everything is."""
    here = links.base(request)
    about = {
        "vi": "Bản đồ và sổ đăng ký hợp tác biên giới đất liền và hành lang kinh tế.",
        "en": "Map and register for land-border and corridor cooperation.",
    }
    return {
        "title": "Cột Mốc",
        "description": about[lang],
        "links": [
            links.link("self", here, JSON),
            links.link("service-desc", f"{here}/openapi.json", info.OPENAPI),
            links.link("conformance", f"{here}/conformance", JSON),
            links.link("data", f"{here}/collections", JSON),
            links.link(f"{_REL}/tilesets-vector", f"{here}/tiles", JSON),
            links.link(f"{_REL}/tiling-schemes", f"{here}/tileMatrixSets", JSON),
        ],
    }


@router.get("/conformance")
def conformance(settings: SettingsDep) -> dict[str, list[str]]:
    """Return the conformance classes."""
    editing = EDITING if settings.allow_anonymous_writes else []
    return {"conformsTo": CONFORMANCE + editing}


@router.get("/collections")
def collections(request: Request, conn: Conn, audience: Reader, lang: Language) -> dict[str, Any]:
    """List the layers."""
    asked = Filter(period.parse(None), audience=audience)
    found = [_collection(request, conn, layer, asked, lang) for layer in LAYERS.values()]
    here = f"{links.base(request)}/collections"
    return {"links": [links.link("self", here, JSON)], "collections": found}


@router.get("/collections/{layer}")
def collection(
    request: Request, conn: Conn, layer: LayerDep, audience: Reader, lang: Language
) -> dict[str, Any]:
    """Describe one layer."""
    asked = Filter(period.parse(None), audience=audience)
    return _collection(request, conn, layer, asked, lang)


def _collection(
    request: Request, conn: Connection, layer: Layer, asked: Filter, lang: str
) -> dict[str, Any]:
    here = f"{links.base(request)}/collections/{layer.name}"
    box = query.extent(conn, layer, asked)
    extent = {"extent": {"spatial": {"bbox": [box], "crs": CRS84}}} if box else {}
    return {
        "id": layer.name,
        "title": getattr(layer.title, lang),
        "itemType": "feature",
        "geometry": layer.geometry,
        "crs": reproject.supported() if layer.geometry else [CRS84],
        "storageCrs": CRS84,
        **extent,
        "fields": [info.field(f) for f in layer.fields],
        "links": [
            links.link("self", here, JSON),
            links.link("items", f"{here}/items", links.GEOJSON),
            links.link(f"{_REL}/schema", f"{here}/schema", jsonschema.MEDIA_TYPE),
            links.link(f"{_REL}/queryables", f"{here}/queryables", jsonschema.MEDIA_TYPE),
            *_tile_links(layer, here),
        ],
    }


def _tile_links(layer: Layer, here: str) -> list[links.Link]:
    if layer.geometry is None:
        return []
    return [links.link(f"{_REL}/tilesets-vector", f"{here}/tiles", JSON)]


@router.get("/collections/{layer}/schema")
def schema(request: Request, layer: LayerDep, lang: Language) -> Response:
    """Return the JSON Schema of the layer's features."""
    made = jsonschema.schema(layer, address=str(links.here(request)), lang=lang)
    return JSONResponse(made, media_type=jsonschema.MEDIA_TYPE)


@router.get("/collections/{layer}/queryables")
def queryables(request: Request, layer: LayerDep, lang: Language) -> Response:
    """Return the properties that filters may name."""
    made = jsonschema.queryables(layer, address=str(links.here(request)), lang=lang)
    return JSONResponse(made, media_type=jsonschema.MEDIA_TYPE)


@router.get("/vocabularies")
def vocabularies() -> dict[str, list[dict[str, str]]]:
    """Return every closed list of values with its labels."""
    return info.vocabularies()


@router.get("/info")
def about(
    conn: Conn, register: RegisterDep, settings: SettingsDep, audience: Reader
) -> dict[str, Any]:
    """Return what a client needs to know of this register before it draws anything."""
    return _info(conn, register.exercise, settings, Filter(period.parse(None), audience=audience))


def _info(conn: Connection, exercise: bool, settings: Settings, asked: Filter) -> dict[str, Any]:
    return {
        "name": "Cột Mốc",
        "version": info.version(),
        "viewpoint": settings.viewpoint.value,
        "viewpoint_statement": info.STATEMENTS[settings.viewpoint.value],
        "exercise": exercise,
        "today": period.today(),
        "bbox": query.extent(conn, LAYERS["borders"], asked),
        "layers": [info.layer(one) for one in LAYERS.values()],
        "attribution": info.attribution(settings.data),
    }

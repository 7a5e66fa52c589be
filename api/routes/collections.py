"""The layers as OGC collections: what they hold, how far they reach, their schemas."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api import answers, links
from api.answers import PlainForm, SchemaForm
from api.deps import Conn, ExtentsDep, Language, LayerDep, Reader
from api.forms import HTML, ITEMS, JSON, PLAIN, SCHEMA
from api.html import about as pages
from geo import descriptions, info, jsonschema, reproject
from geo.extents import Extent
from geo.layers import LAYERS
from geo.reproject import CRS84_URI
from geo.schema import Layer

router = APIRouter(prefix="/api/collections", tags=["about"])
REL = "http://www.opengis.net/def/rel/ogc/1.0"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_TITLE = {"vi": "Lớp dữ liệu", "en": "Layers"}
_RELATED = {
    "vi": ("Đối tượng", "Lược đồ", "Thuộc tính lọc được", "Ô bản đồ vector"),
    "en": ("Features", "Schema", "Queryables", "Vector tiles"),
}


@router.get("")
def collections(
    request: Request,
    conn: Conn,
    sight: Reader,
    extents: ExtentsDep,
    form: PlainForm,
    lang: Language,
) -> Response:
    """List the layers."""
    found = {layer.name: extents.of(conn, layer, sight) for layer in LAYERS.values()}
    made = links.forms(request, PLAIN, form)
    document = {
        "title": _TITLE[lang],
        "links": made,
        "collections": [_collection(request, LAYERS[name], e, lang) for name, e in found.items()],
    }
    if form == "html":
        return pages.collections(request, document, found)
    return answers.json(request, document)


@router.get("/{layer}")
def collection(
    request: Request,
    conn: Conn,
    layer: LayerDep,
    sight: Reader,
    extents: ExtentsDep,
    form: PlainForm,
    lang: Language,
) -> Response:
    """Describe one layer."""
    extent = extents.of(conn, layer, sight)
    document = _collection(request, layer, extent, lang)
    rest = [one for one in document["links"] if one["rel"] not in ("self", "alternate")]
    document["links"] = [*links.forms(request, PLAIN, form), *rest]
    if form == "html":
        return pages.collection(request, conn, document, layer, extent)
    return answers.json(request, document)


def _collection(request: Request, layer: Layer, extent: Extent, lang: str) -> dict[str, Any]:
    here = f"{links.base(request)}/collections/{layer.name}"
    return {
        "id": layer.name,
        "title": getattr(layer.title, lang),
        "description": getattr(descriptions.LAYERS[layer.name], lang),
        "itemType": "feature",
        "geometry": layer.geometry,
        "crs": reproject.supported() if layer.geometry else [CRS84_URI],
        "storageCrs": CRS84_URI,
        "extent": _extent(extent),
        "fields": [info.field(f) for f in layer.fields],
        "links": [
            links.link("self", here, JSON),
            links.link("alternate", f"{here}?f=html", HTML, "HTML"),
            *_related(layer, here, lang),
        ],
    }


def _extent(extent: Extent) -> dict[str, Any]:
    made: dict[str, Any] = {"temporal": {"interval": extent.intervals, "trs": GREGORIAN}}
    if extent.box:
        made["spatial"] = {"bbox": [extent.box], "crs": CRS84_URI}
    return made


def _related(layer: Layer, here: str, lang: str) -> list[links.Link]:
    items, schema, queryables, tiles = _RELATED[lang]
    made = [
        links.link("items", f"{here}/items?f={name}", media, f"{items} ({links.name(name)})")
        for name, media in ITEMS.items()
        if name != "json"
    ]
    made[0]["href"] = f"{here}/items"  # the form that comes without asking
    media = jsonschema.MEDIA_TYPE
    made.append(links.link(f"{REL}/schema", f"{here}/schema", media, schema))
    made.append(links.link(f"{REL}/queryables", f"{here}/queryables", media, queryables))
    if layer.geometry:
        made.append(links.link(f"{REL}/tilesets-vector", f"{here}/tiles", JSON, tiles))
    return made


@router.get("/{layer}/schema")
def schema(request: Request, layer: LayerDep, form: SchemaForm, lang: Language) -> Response:
    """Return the JSON Schema of the layer's features."""
    made = jsonschema.schema(layer, address=_address(request), lang=lang)
    return _schema(request, layer, made, form, "schema")


@router.get("/{layer}/queryables")
def queryables(request: Request, layer: LayerDep, form: SchemaForm, lang: Language) -> Response:
    """Return the properties that filters may name."""
    made = jsonschema.queryables(layer, address=_address(request), lang=lang)
    return _schema(request, layer, made, form, "queryables")


def _address(request: Request) -> str:
    return str(links.here(request).replace(query=""))


def _schema(request: Request, layer: Layer, made: dict[str, Any], form: str, what: str) -> Response:
    own = links.forms(request, SCHEMA, form)
    if form == "html":
        return pages.schema(request, layer, made, own, what)
    answer = answers.json(request, made, jsonschema.MEDIA_TYPE)
    return answers.with_links(answer, own, request)

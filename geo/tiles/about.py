"""Documents about tiles: the tile matrix set, tilesets (OGC 17-083r4), TileJSON 3.0."""

from __future__ import annotations

from typing import Any

from geo.schema import Layer
from geo.tiles.build import stated
from geo.tiles.fields import FIELDS
from geo.tiles.grid import CIRCUMFERENCE, MAX_ZOOM
from geo.types import BBox

NAME = "WebMercatorQuad"
URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{NAME}"
CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
LAST_USEFUL = 16  # zoom; a unit is 15 cm there, and clients draw deeper zooms from these tiles
_TILE_PIXELS = 256
_PIXEL = 0.28e-3  # m, of OGC's standard screen
_DIMENSIONS = {"Point": 0, "LineString": 1, "MultiLineString": 1, "MultiPolygon": 2}


def matrix_set() -> dict[str, Any]:
    """Return the definition of the grid."""
    return {
        "id": NAME,
        "title": "Google Maps Compatible for the World",
        "uri": URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(z) for z in range(MAX_ZOOM + 1)],
    }


def _matrix(z: int) -> dict[str, Any]:
    cell = CIRCUMFERENCE / (_TILE_PIXELS << z)
    return {
        "id": str(z),
        "scaleDenominator": cell / _PIXEL,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-CIRCUMFERENCE / 2, CIRCUMFERENCE / 2],
        "tileWidth": _TILE_PIXELS,
        "tileHeight": _TILE_PIXELS,
        "matrixWidth": 1 << z,
        "matrixHeight": 1 << z,
    }


def tileset(
    layers: list[Layer], *, title: str, box: BBox | None, lang: str, links: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the metadata of a tileset, titles in `vi` or `en`."""
    bounds = {} if box is None else {"boundingBox": _bounds(box)}
    return {
        "title": title,
        "dataType": "vector",
        "crs": CRS,
        "tileMatrixSetURI": URI,
        "tileMatrixSetDefinition": URI,
        **bounds,
        "layers": [_layer(layer, lang) for layer in layers],
        "links": links,
    }


def _bounds(box: BBox) -> dict[str, Any]:
    west, south, east, north = box
    crs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    return {"lowerLeft": [west, south], "upperRight": [east, north], "crs": crs}


def _layer(layer: Layer, lang: str) -> dict[str, Any]:
    types = {"String": "string", "Number": "number", "Boolean": "boolean"}
    properties: dict[str, Any] = {}
    for name, kind in stated(layer).items():
        declared = layer.field(name)
        title = {"title": getattr(declared.title, lang)} if declared else {}
        properties[name] = {"type": types[kind], **title}
    return {
        "id": layer.name,
        "title": getattr(layer.title, lang),
        "dataType": "vector",
        "geometryDimension": _DIMENSIONS[layer.geometry or "Point"],
        "propertiesSchema": {"type": "object", "properties": properties},
    }


def tilejson(
    layers: list[Layer], *, address: str, title: str, box: BBox | None, attribution: str, lang: str
) -> dict[str, Any]:
    """Return the TileJSON of a tileset in `vi` or `en`; `address` is the template of its tiles."""
    bounds = {} if box is None else {"bounds": list(box)}
    return {
        "tilejson": "3.0.0",
        "name": title,
        "tiles": [address],
        "minzoom": 0,
        "maxzoom": LAST_USEFUL,
        "attribution": attribution,
        **bounds,
        "vector_layers": [
            {"id": layer.name, "description": getattr(layer.title, lang), "fields": stated(layer)}
            for layer in layers
            if layer.name in FIELDS
        ],
    }

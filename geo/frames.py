"""Features as tables: GeoDataFrames for notebooks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas
import orjson
import shapely

from geo.geometry import from_geojson
from geo.schema import Layer

CRS = "EPSG:4326"  # lon, lat in degrees


def frame(layer: Layer, features: Iterable[str]) -> geopandas.GeoDataFrame:
    """Return features (GeoJSON texts) as a GeoDataFrame, one column for each property.

    Layers without geometry give an all-empty geometry column.
    """
    parsed = [orjson.loads(text) for text in features]
    columns = {"id": [item["id"] for item in parsed]}
    for field in layer.fields:
        columns[field.name] = [item["properties"].get(field.name) for item in parsed]
    shapes = [_shape(item["geometry"]) for item in parsed]
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def _shape(geometry: dict[str, Any] | None) -> shapely.Geometry | None:
    return None if geometry is None else from_geojson(geometry)

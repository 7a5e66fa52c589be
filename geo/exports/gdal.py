"""Files that GDAL writes from a stream of record batches."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataSourceError

from geo import reproject
from geo.errors import StoreError
from geo.exports.order import Order
from geo.schema import GEOMETRY

WGS84 = "EPSG:4326"  # how GDAL names lon, lat in WGS 84 in its files


def write(
    order: Order,
    path: Path,
    rows: Iterable[pa.RecordBatch],
    *,
    driver: str,
    columns: pa.Schema,
    **options: Any,
) -> None:
    """Write a layer with one of GDAL's drivers; x comes first in the file.

    Raises:
        StoreError: GDAL cannot write it, such as on a full disk.
    """
    if order.layer.geometry:
        plain = order.system == reproject.CRS84_URI
        crs = WGS84 if plain else reproject.short(order.system)
        options |= {"geometry_name": GEOMETRY, "geometry_type": order.layer.geometry, "crs": crs}
    reader = pa.RecordBatchReader.from_batches(columns, rows)
    try:
        pyogrio.write_arrow(reader, path, layer=order.layer.name, driver=driver, **options)
    except DataSourceError as error:
        raise StoreError(f"Cannot write {driver}: {error}") from error

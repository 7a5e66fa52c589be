"""GeoPackage (OGC 12-128r18), with the metadata in its metadata tables."""

from __future__ import annotations

from pathlib import Path

import orjson
from sqlalchemy import Connection

from geo.exports import gdal
from geo.exports.columns import record_batches, schema
from geo.exports.order import Order


def write(conn: Connection, order: Order, path: Path) -> None:
    """Write a GeoPackage of one layer, or of one plain table where it has no geometry."""
    about = {"cotmoc": orjson.dumps(order.about).decode()} if order.about else None
    gdal.write(
        order,
        path,
        record_batches(conn, order),
        driver="GPKG",
        columns=schema(order),
        layer_metadata=about,
    )

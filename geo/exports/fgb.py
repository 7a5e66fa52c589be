"""FlatGeobuf 3, with its spatial index where that can be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
from sqlalchemy import Connection, select

from geo import query
from geo.exports import gdal
from geo.exports.columns import record_batches, schema
from geo.exports.metadata import lines
from geo.exports.order import Order
from geo.tables import VIEWS

MOST_INDEXED = 500_000  # features; the index is made in memory, some 83 bytes for each


def write(conn: Connection, order: Order, path: Path) -> None:
    """Write a FlatGeobuf file; its header's metadata hold all that `order.about` says."""
    options = {"TITLE": order.layer.title.vi} | _description(order)
    gdal.write(
        order,
        path,
        record_batches(conn, order),
        driver="FlatGeobuf",
        columns=schema(order),
        layer_options=options | {"SPATIAL_INDEX": "YES" if _indexed(conn, order) else "NO"},
        layer_metadata={"cotmoc": orjson.dumps(order.about).decode()} if order.about else None,
    )


def _description(order: Order) -> dict[str, str]:
    return {"DESCRIPTION": "\n".join(lines(order.about))} if order.about else {}


def _indexed(conn: Connection, order: Order) -> bool:
    """Say whether an index can be: it has no place for a feature without geometry."""
    if order.layer.geometry is None:
        return False
    missing = VIEWS[order.layer.name].c.w.is_(None)
    also = missing if order.asked.expression is None else missing & order.asked.expression
    if query.matched(conn, order.layer, replace(order.asked, expression=also)):
        return False
    found = select(1).where(query.condition(order.layer, order.asked)).limit(MOST_INDEXED + 1)
    return len(conn.execute(found).all()) <= MOST_INDEXED

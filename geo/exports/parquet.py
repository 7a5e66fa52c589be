"""GeoParquet 1.1: WKB, a covering box for each row, row groups of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS
from sqlalchemy import Connection

from geo import reproject
from geo.exports.columns import record_batches, schema
from geo.exports.order import Order
from geo.schema import GEOMETRY

VERSION = "1.1.0"
ROWS = 20_000  # of a row group
BOX = "bbox"
_SIDES = ("xmin", "ymin", "xmax", "ymax")
_BOX_TYPE = pa.struct([(side, pa.float64()) for side in _SIDES])


def write(conn: Connection, order: Order, path: Path) -> None:
    """Write a Parquet file; lists are lists, and the metadata stand under the key `cotmoc`."""
    columns = schema(order, lists=True)
    if order.layer.geometry:
        columns = columns.append(pa.field(BOX, _BOX_TYPE))
    with pq.ParquetWriter(
        path, columns, compression="zstd", store_decimal_as_integer=False
    ) as file:
        bounds = _Bounds()
        for group in _groups(conn, order):
            file.write_table(bounds.cover(group) if order.layer.geometry else group)
        facts = {"cotmoc": orjson.dumps(order.about).decode()}
        if order.layer.geometry:
            facts["geo"] = orjson.dumps(_geo(order, bounds)).decode()
        file.add_key_value_metadata(facts)


def _groups(conn: Connection, order: Order) -> Iterator[pa.Table]:
    """Yield the features in tables of up to ROWS rows."""
    held: list[pa.RecordBatch] = []
    for batch in record_batches(conn, order, lists=True):
        held.append(batch)
        if sum(len(part) for part in held) >= ROWS:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


class _Bounds:
    """The box around what was covered so far, NaN where there is nothing."""

    def __init__(self) -> None:
        self.box = np.full(4, np.nan)

    def cover(self, group: pa.Table) -> pa.Table:
        """Return the table with a box for each row, and remember the box around all."""
        shapes = shapely.from_wkb(group.column(GEOMETRY).to_numpy(zero_copy_only=False))
        boxes = shapely.bounds(shapes)
        low = np.fmin(self.box[:2], np.fmin.reduce(boxes[:, :2]))
        high = np.fmax(self.box[2:], np.fmax.reduce(boxes[:, 2:]))
        self.box = np.concatenate([low, high])
        sides = [pa.array(side, from_pandas=True) for side in boxes.T]
        missing = pa.array(np.isnan(boxes[:, 0]))
        column = pa.StructArray.from_arrays(sides, fields=list(_BOX_TYPE), mask=missing)
        return group.append_column(pa.field(BOX, _BOX_TYPE), column)


def _geo(order: Order, bounds: _Bounds) -> dict[str, Any]:
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": [order.layer.geometry],
        "crs": CRS.from_user_input(reproject.short(order.system)).to_json_dict(),
        "covering": {"bbox": {side: [BOX, side] for side in _SIDES}},
    }
    if not np.isnan(bounds.box).any():
        column["bbox"] = bounds.box.tolist()
    return {"version": VERSION, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}

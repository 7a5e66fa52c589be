"""Features as Arrow record batches, the way into GDAL's formats and Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import shapely
from sqlalchemy import Connection

from geo.exports.order import EXERCISE_NOTICE, Order
from geo.exports.reading import Feature, Shapes, batches, shapes
from geo.exports.table import moment
from geo.formats import LIST_SEPARATOR
from geo.geometry import multipart
from geo.schema import GEOMETRY, Kind

_TYPES = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.REAL: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TIMESTAMP: pa.timestamp("ms", "UTC"),
    Kind.LIST: pa.string(),  # joined by |
    Kind.JSON: pa.string(),
}
_LISTS = {Kind.LIST: pa.list_(pa.string())}


def schema(order: Order, *, lists: bool = False) -> pa.Schema:
    """Return the columns: id, the properties, the notice of an exercise, the geometry as WKB.

    Without `lists` a list is a text joined by |.
    """
    types = _TYPES | _LISTS if lists else _TYPES
    found = [("id", pa.string()), *((f.name, types[f.kind]) for f in order.fields)]
    if order.exercise:
        found.append(("notice", pa.string()))
    if order.layer.geometry:
        found.append((GEOMETRY, pa.binary()))
    return pa.schema(found)


def record_batches(
    conn: Connection, order: Order, *, lists: bool = False
) -> Iterator[pa.RecordBatch]:
    """Yield the features, a batch of bounded size at a time."""
    made = schema(order, lists=lists)
    for features in batches(conn, order):
        yield pa.record_batch(_arrays(features, order, made), schema=made)


def _arrays(features: list[Feature], order: Order, made: pa.Schema) -> list[pa.Array]:
    found = [pa.array([feature["id"] for feature in features], pa.string())]
    held = [feature["properties"] for feature in features]
    for field in order.fields:
        values = [properties.get(field.name) for properties in held]
        kind = made.field(field.name).type
        listed = pa.types.is_list(kind)
        found.append(pa.array(values if listed else _plain(values, field.kind), kind))
    if order.exercise:
        found.append(pa.array([EXERCISE_NOTICE] * len(features)))
    if order.layer.geometry:
        placed = declared_kind(shapes(features, order), order.layer.geometry)
        found.append(pa.array(shapely.to_wkb(placed), pa.binary()))
    return found


def _plain(values: list[Any], kind: Kind) -> list[Any]:
    change = _CHANGES.get(kind)
    if change is None:
        return values
    return [None if value is None else change(value) for value in values]


_CHANGES: dict[Kind, Callable[[Any], Any]] = {
    Kind.DATE: date.fromisoformat,
    Kind.TIMESTAMP: moment,
    Kind.LIST: LIST_SEPARATOR.join,
    Kind.JSON: lambda value: orjson.dumps(value).decode(),
}


def declared_kind(found: Shapes, kind: str) -> Shapes:
    """Return the shapes with single ones made multiple where the layer is declared so."""
    if not kind.startswith("Multi"):
        return found
    made = (None if shape is None else multipart(shape, kind) for shape in found)
    return np.fromiter(made, dtype=object, count=len(found))

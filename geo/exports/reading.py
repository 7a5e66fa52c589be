"""Reading features for an export: finished GeoJSON texts by keyset, a bounded piece at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Select

from geo import reproject, spans, store
from geo.exports.order import Order

FIRST = 100  # rows of the first piece; then as many as give pieces of about SIZE
MOST = 5_000  # rows of a piece
SIZE = 1 << 20  # bytes
Feature = dict[str, Any]
Shapes = NDArray[np.object_]  # of shapely geometries or None


class Piece(NamedTuple):
    """Some features as one text, and how many they are."""

    rows: int
    text: bytes


def joined(conn: Connection, order: Order, *, glue: str) -> Iterator[Piece]:
    """Yield the finished texts of the features in a fixed order, many in one text with `glue`."""
    read = store.joining(conn, _texts(conn, order), glue)
    after, rows, left = 0, FIRST, order.most
    while left is None or left > 0:
        batch = rows if left is None else min(rows, left)
        count, after, text = read(after, batch)
        if order.tell:
            order.tell(count)
        if count:
            yield Piece(count, text)
        if count < batch:
            return
        rows = max(1, min(MOST, batch * SIZE // len(text)))
        left = None if left is None else left - count


def _texts(conn: Connection, order: Order) -> Select[Any]:
    return spans.paging(conn)(order.layer, spans.narrowed(conn, order.layer, order.asked))


def batches(conn: Connection, order: Order) -> Iterator[list[Feature]]:
    """Yield parsed features, with the wanted properties alone; each list is of bounded size."""
    for piece in joined(conn, order, glue=","):
        features: list[Feature] = orjson.loads(b"[" + piece.text + b"]")
        if order.names is not None:
            _narrow(features, order.names)
        yield features


def _narrow(features: list[Feature], names: Sequence[str]) -> None:
    for feature in features:
        held = feature["properties"]
        feature["properties"] = {name: held[name] for name in names if name in held}


def shapes(features: list[Feature], order: Order) -> Shapes:
    """Return their geometries in the order's system, x (or lon) first; None where there is none."""
    found = _parsed(features)
    if order.system == reproject.CRS84_URI:
        return found
    moved: Shapes = shapely.transform(found, lambda xy: reproject.points_in(xy, order.system))
    return moved


def _parsed(features: list[Feature]) -> Shapes:
    given = [feature["geometry"] for feature in features]
    if all(shape is not None and shape["type"] == "Point" for shape in given):
        return np.asarray(shapely.points([shape["coordinates"] for shape in given]))
    texts = [None if shape is None else orjson.dumps(shape).decode() for shape in given]
    return np.asarray(shapely.from_geojson(np.array(texts, dtype=object)))

"""Features as lines of cells: CSV, and what it shares with spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson
import shapely
from sqlalchemy import Connection

from geo import reproject
from geo.exports.order import EXERCISE_NOTICE, Order
from geo.exports.reading import Feature, batches, shapes
from geo.formats import LIST_SEPARATOR

MARK = b"\xef\xbb\xbf"  # spreadsheets need it to read Vietnamese
METRE_DECIMALS, DEGREE_DECIMALS = 4, 9  # of coordinates: finer than 1 mm


def pieces(conn: Connection, order: Order) -> Iterator[bytes]:
    """Yield a CSV file (RFC 4180, UTF-8 with a byte-order mark).

    Values are exact: a text that begins with = stays so, and a spreadsheet may take it for a
    formula; the xlsx form has no such trap.
    """
    yield MARK + _lines([header(order)])
    for features in batches(conn, order):
        yield _lines(rows(features, order))


def _lines(rows: Iterable[list[Any]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


def header(order: Order) -> list[str]:
    """Return the names of the columns."""
    names = ["id", *(f.name for f in order.fields), *place_columns(order)]
    return [*names, "notice"] if order.exercise else names


def place_columns(order: Order) -> list[str]:
    """Return the names of the columns that say where: points by two numbers, others as WKT."""
    if order.layer.geometry is None:
        return []
    if order.layer.geometry != "Point":
        return ["wkt", "crs"]
    axes = ["lon", "lat"] if reproject.in_degrees(order.system) else ["easting", "northing"]
    return [*axes, "crs"]


def rows(features: list[Feature], order: Order) -> Iterator[list[Any]]:
    """Yield the cells of each feature; lists are joined by |, nested values are JSON."""
    names = [f.name for f in order.fields]
    last = [EXERCISE_NOTICE] if order.exercise else []
    for feature, place in zip(features, places(features, order), strict=True):
        held = feature["properties"]
        yield [feature["id"], *(cell(held.get(name)) for name in names), *place, *last]


def cell(value: Any) -> Any:
    """Return a value as a text or number of one cell."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return LIST_SEPARATOR.join(value)
    if isinstance(value, list | dict):
        return orjson.dumps(value).decode()
    if isinstance(value, bool):
        return str(value).lower()
    return value


def moment(text: str) -> datetime:
    """Read an instant; one without a zone is in UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def places(features: list[Feature], order: Order) -> list[list[Any]]:
    """Return the cells of `place_columns` for each feature."""
    if order.layer.geometry is None:
        return [[] for _ in features]
    found = shapes(features, order)
    crs = reproject.short(order.system)
    decimals = DEGREE_DECIMALS if reproject.in_degrees(order.system) else METRE_DECIMALS
    if order.layer.geometry != "Point":
        texts = shapely.to_wkt(found, rounding_precision=decimals)
        return [[text, crs] for text in texts]
    x, y = (np.round(axis(found), decimals).tolist() for axis in (shapely.get_x, shapely.get_y))
    return [
        [None, None, crs] if shape is None else [a, b, crs]
        for shape, a, b in zip(found, x, y, strict=True)
    ]

"""Shapefiles, zipped: with .prj and .cpg, UTF-8, and a table of what the short names mean.

A dBASE name has at most ten letters and a text at most 254 bytes, so a longer text goes on in
further columns and nothing is cut.
"""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute  # makes pa.compute
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.errors import BadInputError
from geo.exports import gdal
from geo.exports.columns import record_batches, schema
from geo.exports.order import Order
from geo.schema import GEOMETRY, Field
from geo.types import BBox

NAME = 10  # letters of a column's name
TEXT = 254  # bytes of a text
MOST = 2**31 - 1  # bytes of each file
WIDEST = 65_535  # bytes of a row
BOX_AT = 36  # bytes before least x, least y, most x, most y in the head of .shp and .shx
INSTANT = 20  # bytes of 2014-06-30T00:00:00Z
_WIDTHS = {pa.int64(): 18, pa.float64(): 24, pa.bool_(): 1, pa.date32(): 8}  # bytes in the table
_SIZED = (pa.string(), pa.timestamp("ms", "UTC"))  # what GDAL is told the width of
WIDTH_KEY = "GDAL:OGR:width"  # of an Arrow field


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: what it is called, and which part of which property it holds."""

    name: str
    source: str
    part: int
    type: pa.DataType
    width: int  # bytes


def write(conn: Connection, order: Order, path: Path) -> None:
    """Write the zip; a layer without geometry gives the table alone.

    Raises:
        BadInputError: a file of it would have more than 2 GB.
    """
    columns, box = _columns(conn, order)
    folder = path.parent / "parts"
    folder.mkdir()
    made = _schema(order, columns)
    gdal.write(
        order,
        folder / f"{order.layer.name}.{'shp' if order.layer.geometry else 'dbf'}",
        _rows(conn, order, columns, made),
        driver="ESRI Shapefile",
        columns=made,
        encoding="UTF-8",
    )
    if box is not None:
        _set_box(folder, order.layer.name, box)
    (folder / "fields.csv").write_bytes(_fields(order, columns))
    (folder / "metadata.json").write_bytes(orjson.dumps(order.about, option=orjson.OPT_INDENT_2))
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as file:
        for part in sorted(folder.iterdir()):
            file.write(part, part.name)


def _set_box(folder: Path, name: str, box: BBox) -> None:
    """Say in both heads where the shapes lie: GDAL begins at 0, 0 where the first row has none."""
    for ending in ("shp", "shx"):
        with (folder / f"{name}.{ending}").open("r+b") as file:
            file.seek(BOX_AT)
            file.write(struct.pack("<4d", *box))


def _columns(conn: Connection, order: Order) -> tuple[list[Column], BBox | None]:
    """Read everything once to see how long the texts are; name the columns, and say where it lies.

    The box is in the order's system, x first; None where no row has a place.
    """
    given = [field for field in schema(order) if field.name != GEOMETRY]
    texts = {field.name: Longest() for field in given if field.type == pa.string()}
    rows = shapes = 0
    boxes = []
    for batch in record_batches(conn, order):
        rows += len(batch)
        if order.layer.geometry:
            shapes += batch.column(GEOMETRY).nbytes
            placed = shapely.from_wkb(batch.column(GEOMETRY).to_numpy(zero_copy_only=False))
            boxes.append(shapely.total_bounds(placed))
        for name, longest in texts.items():
            longest.see(batch.column(name))
    columns = list(_named(given, texts))
    _check_size(sum(column.width for column in columns), rows, shapes)
    return columns, _around(boxes)


def _around(boxes: list[NDArray[np.float64]]) -> BBox | None:
    known = [box for box in boxes if np.isfinite(box).all()]
    if not known:
        return None
    low, high = np.min(known, axis=0), np.max(known, axis=0)
    return float(low[0]), float(low[1]), float(high[2]), float(high[3])


@dataclass(slots=True)
class Longest:
    """How long the texts of a property are: bytes of a column, and how many columns."""

    width: int = 1
    parts: int = 1

    def see(self, texts: pa.Array) -> None:
        """Take some texts into account."""
        lengths = pa.compute.binary_length(texts)
        self.width = min(TEXT, max(self.width, pa.compute.max(lengths).as_py() or 0))
        for text in texts.filter(pa.compute.greater(lengths, TEXT)).to_pylist():
            self.parts = max(self.parts, len(_parts(text)))


def _check_size(width: int, rows: int, shapes: int) -> None:
    if max(width * rows, shapes) > MOST or width >= WIDEST:
        raise BadInputError(
            "A shapefile holds 2 GB and 65,535 bytes a row; filter, leave out properties, or take"
            " gpkg or fgb",
            parameter="f",
            value="shp",
        )


def _named(fields: list[pa.Field], texts: dict[str, Longest]) -> Iterator[Column]:
    used: set[str] = set()
    for field in fields:
        width = _WIDTHS.get(field.type, INSTANT)
        longest = texts.get(field.name, Longest(width))
        for part in range(longest.parts):
            name = _short(field.name, used)
            yield Column(name, field.name, part + 1, field.type, longest.width)


def _short(name: str, used: set[str]) -> str:
    """Return a name of at most ten letters that no other column has, and remember it."""
    ends = chain([""], map(str, count(1)))
    tries = (name[: NAME - len(end)] + end for end in ends)
    found = next(short for short in tries if short not in used)
    used.add(found)
    return found


def _schema(order: Order, columns: list[Column]) -> pa.Schema:
    """Return what GDAL makes the table of; geometry comes last."""
    fields = [
        pa.field(
            column.name,
            pa.string() if pa.types.is_timestamp(column.type) else column.type,
            metadata={WIDTH_KEY: str(column.width)} if column.type in _SIZED else None,
        )
        for column in columns
    ]
    shape = [pa.field(GEOMETRY, pa.binary())] if order.layer.geometry else []
    return pa.schema([*fields, *shape])


def _rows(
    conn: Connection, order: Order, columns: list[Column], made: pa.Schema
) -> Iterator[pa.RecordBatch]:
    for batch in record_batches(conn, order):
        arrays = [_array(batch.column(column.source), column) for column in columns]
        if order.layer.geometry:
            arrays.append(batch.column(GEOMETRY))
        yield pa.record_batch(arrays, schema=made)


def _array(values: pa.Array, column: Column) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        return pa.compute.strftime(values, format="%Y-%m-%dT%H:%M:%SZ")
    if column.type != pa.string() or column.width < TEXT:
        return values
    texts = ([] if text is None else _parts(text) for text in values.to_pylist())
    place = column.part - 1
    return pa.array([parts[place] if place < len(parts) else None for parts in texts], pa.string())


def _parts(text: str) -> list[str]:
    """Cut a text into stretches of at most TEXT bytes, inside words: dBASE drops outer spaces."""
    parts = []
    while len(text.encode()) > TEXT:
        cut = len(text.encode()[:TEXT].decode(errors="ignore"))
        while cut > 1 and " " in text[cut - 1 : cut + 1]:
            cut -= 1
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


def _fields(order: Order, columns: list[Column]) -> bytes:
    """Return the table of names as CSV with a byte-order mark."""
    declared: dict[str, Field] = {field.name: field for field in order.fields}
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\r\n")
    table.writerow(["column", "name", "part", "kind", "title_vi", "title_en", "unit"])
    for column in columns:
        field = declared.get(column.source)
        known = [field.kind, *field.title, field.unit] if field else ["text", None, None, None]
        table.writerow([column.name, column.source, column.part, *known])
    return b"\xef\xbb\xbf" + lines.getvalue().encode()

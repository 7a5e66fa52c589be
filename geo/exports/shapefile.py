"""Shapefiles, zipped: with .prj and .cpg, UTF-8, and a table of what the short names mean.

A dBASE name has at most ten letters and a text at most 254 bytes, so a longer text goes on in
further columns and nothing is cut.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import orjson
import pyarrow as pa
import pyarrow.compute  # makes pa.compute
from sqlalchemy import Connection

from geo.errors import BadInputError
from geo.exports import gdal
from geo.exports.columns import GEOMETRY, record_batches, schema
from geo.exports.order import Order
from geo.schema import Field

NAME = 10  # letters of a column's name
TEXT = 254  # bytes of a text
MOST = 2**31 - 1  # bytes of each file
WIDEST = 65_535  # bytes of a row
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
    columns = _columns(conn, order)
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
    (folder / "fields.csv").write_bytes(_fields(order, columns))
    (folder / "metadata.json").write_bytes(orjson.dumps(order.about, option=orjson.OPT_INDENT_2))
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as file:
        for part in sorted(folder.iterdir()):
            file.write(part, part.name)


def _columns(conn: Connection, order: Order) -> list[Column]:
    """Read everything once to see how long the texts are, and name the columns."""
    given = [field for field in schema(order) if field.name != GEOMETRY]
    longest = {field.name: 1 for field in given if field.type == pa.string()}
    rows = shapes = 0
    for batch in record_batches(conn, order):
        rows += len(batch)
        shapes += batch.column(GEOMETRY).nbytes if order.layer.geometry else 0
        for name, length in longest.items():
            found = pa.compute.max(pa.compute.binary_length(batch.column(name))).as_py()
            longest[name] = max(length, found or 0)
    columns = list(_named(given, longest))
    _check_size(sum(column.width for column in columns), rows, shapes)
    return columns


def _check_size(width: int, rows: int, shapes: int) -> None:
    if max(width * rows, shapes) > MOST or width >= WIDEST:
        raise BadInputError(
            "A shapefile holds 2 GB and 65,535 bytes a row; filter, leave out properties, or take"
            " gpkg or fgb",
            parameter="f",
            value="shp",
        )


def _named(fields: list[pa.Field], longest: dict[str, int]) -> Iterator[Column]:
    used: set[str] = set()
    for field in fields:
        size = longest.get(field.name)
        if size is None:
            name = _short(field.name, used)
            yield Column(name, field.name, 1, field.type, _WIDTHS.get(field.type, INSTANT))
            continue
        for part in range(1, 2 + (size > TEXT) * ((size - 1) // (TEXT - 3))):
            yield Column(_short(field.name, used), field.name, part, field.type, min(size, TEXT))


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
    texts = (value.as_py() for value in values)
    return pa.array([None if t is None else _part(t, column.part) for t in texts], pa.string())


def _part(text: str, part: int) -> str | None:
    """Return the nth stretch of a text, each of at most TEXT bytes and whole letters."""
    rest = text.encode()
    for _ in range(part - 1):
        rest = rest[len(_head(rest)) :]
    return _head(rest).decode() or None


def _head(text: bytes) -> bytes:
    return text[:TEXT].decode(errors="ignore").encode()


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

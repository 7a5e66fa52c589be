"""Excel workbooks: the features, what they are, and the shapes that no cell can hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import Connection
from xlsxwriter.exceptions import FileCreateError

from geo.errors import BadInputError, StoreError
from geo.exports.order import EXERCISE_NOTICE, Order
from geo.exports.reading import Feature, batches
from geo.exports.table import cell, header, moment, places
from geo.schema import Kind

MOST_ROWS = 1_048_576  # of a sheet
LONGEST = 32_767  # characters of a cell
EARLIEST = 1900  # year of the first date that a cell can hold
EXACT = 2**53  # the largest whole number that a cell holds exactly
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,
}


def write(conn: Connection, order: Order, path: Path) -> None:
    """Write a workbook: a sheet of the layer's name, `metadata`, `fields`, and `wkt` if needed.

    Texts are never formulas. Dates are dates, instants are in UTC. The WKT of a line or an area
    stands on a sheet of its own, by row of the first sheet, in as many parts as it needs.

    Raises:
        BadInputError: there are more features than a sheet has rows, or a text is too long.
        StoreError: the workbook cannot be written.
    """
    options = {**_OPTIONS, "tmpdir": str(path.parent)}
    try:
        with xlsxwriter.Workbook(str(path), options) as book:
            _write(conn, order, book)
    except FileCreateError as error:
        raise StoreError(f"Cannot write a workbook: {error}") from error


def _write(conn: Connection, order: Order, book: Any) -> None:
    looks = {
        "head": book.add_format({"bold": True}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    main, about, fields = (
        _Sheet(book.add_worksheet(name), looks) for name in (order.layer.name, "metadata", "fields")
    )
    _describe(order, about, fields)
    long = order.layer.geometry not in (None, "Point")
    _fill(conn, order, main, _Sheet(book.add_worksheet("wkt"), looks) if long else None)


class _Sheet:
    """A sheet that is written row by row."""

    def __init__(self, sheet: Any, looks: dict[Any, Any]) -> None:
        self.sheet, self.looks, self.used = sheet, looks, 0

    def head(self, names: Sequence[str]) -> None:
        """Write the first row, which stays in sight."""
        self.sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            self.sheet.write_string(0, column, name, self.looks["head"])
        self.used = 1

    def add(self, cells: Sequence[Any]) -> None:
        """Write a row."""
        if self.used == MOST_ROWS:
            raise BadInputError(
                f"An xlsx sheet ends at row {MOST_ROWS}; filter, or take csv or parquet",
                parameter="f",
                value="xlsx",
            )
        for column, value in enumerate(cells):
            if value is not None:
                self._put(column, value)
        self.used += 1

    def _put(self, column: int, value: Any) -> None:
        at = (self.used, column)
        if isinstance(value, bool):
            self.sheet.write_boolean(*at, value)
        elif isinstance(value, date):  # a datetime is one too
            self.sheet.write_datetime(*at, value, self.looks[type(value)])
        elif isinstance(value, int | float) and abs(value) <= EXACT:
            self.sheet.write_number(*at, value)
        elif len(text := str(value)) > LONGEST:
            raise BadInputError(
                f"A text has {len(text)} characters, an xlsx cell holds {LONGEST}; take csv",
                parameter="f",
                value="xlsx",
            )
        else:
            self.sheet.write_string(*at, text)


def _describe(order: Order, about: _Sheet, fields: _Sheet) -> None:
    about.head(["name", "value"])
    for name, value in order.about.items():
        if name != "fields":
            about.add([name, cell(value)])
    fields.head(["name", "kind", "title_vi", "title_en", "unit", "vocabulary"])
    for field in order.about.get("fields", ()):
        fields.add(
            [field[name] for name in ("name", "kind", "title_vi", "title_en", "unit", "vocabulary")]
        )


def _fill(conn: Connection, order: Order, main: _Sheet, wkt: _Sheet | None) -> None:
    main.head([name for name in header(order) if name != "wkt"])
    if wkt:
        wkt.head(["row", "id", "part", "wkt"])
    for features in batches(conn, order):
        for feature, place in zip(features, places(features, order), strict=True):
            if wkt:
                for part, piece in enumerate(_parts(place[0]), 1):
                    wkt.add([main.used + 1, feature["id"], part, piece])
            main.add(_cells(feature, place[1:] if wkt else place, order))


def _parts(text: str | None) -> Iterator[str]:
    for start in range(0, len(text or ""), LONGEST):
        yield (text or "")[start : start + LONGEST]


def _cells(feature: Feature, place: list[Any], order: Order) -> list[Any]:
    held = feature["properties"]
    values = [_typed(held.get(field.name), field.kind) for field in order.fields]
    return [feature["id"], *values, *place, *([EXERCISE_NOTICE] if order.exercise else [])]


def _typed(value: Any, kind: Kind) -> Any:
    """Return what a cell holds: dates and instants as such where Excel knows the year."""
    if value is None or kind not in (Kind.DATE, Kind.TIMESTAMP):
        return value if kind == Kind.BOOLEAN else cell(value)
    found = date.fromisoformat(value) if kind == Kind.DATE else moment(value).astimezone(UTC)
    if found.year < EARLIEST:
        return value
    return found.replace(tzinfo=None) if isinstance(found, datetime) else found

"""Files that leave the register: one table of formats, one way to write each.

Formats that can be written from front to back stream while they are read from the store; the
others are made in a temporary folder first. What is held in memory is a bounded piece either way.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

import orjson
from sqlalchemy import Connection, Engine

from geo import store
from geo.errors import BadInputError, StoreError
from geo.exports.metadata import describe
from geo.exports.order import EXERCISE_NOTICE, Order, Writing
from geo.exports.ordering import ordered
from geo.exports.spool import CHUNK, Pieces, spooled
from geo.files import whole
from geo.out_formats import ENDINGS, FORMATS, Format
from geo.reproject import CRS84_URI
from geo.schema import Layer

__all__ = [
    "EXERCISE_NOTICE",
    "FORMATS",
    "Format",
    "Order",
    "check",
    "file_name",
    "ordered",
    "stream",
    "to_file",
]


def check(name: str, system: str = CRS84_URI) -> Format:
    """Return the format of this name.

    Raises:
        BadInputError: there is no such format, or it cannot hold coordinates of the system.
    """
    if name not in FORMATS:
        raise BadInputError(
            f"Unknown format {name!r}", parameter="f", value=name, allowed=list(FORMATS)
        )
    found = FORMATS[name]
    if not found.moves and system != CRS84_URI:
        raise BadInputError(
            f"{name} files come in CRS84", parameter="crs", value=system, allowed=[CRS84_URI]
        )
    return found


def file_name(layer: Layer, name: str, *, exercise: bool) -> str:
    """Return the name of an export file; an exercise says so in it."""
    return f"{'DIEN-TAP-EXERCISE_' if exercise else ''}{layer.name}.{FORMATS[name].suffix}"


def stream(engine: Engine, order: Order, name: str) -> Pieces:
    """Yield an export in pieces; the first comes when it is sure that the file can be made.

    Raises:
        BadInputError, StoreError: the file cannot be made.
    """
    made = _made(engine, order, name)
    pieces = spooled(made) if FORMATS[name].streams else made
    first = next(pieces, b"")  # of an empty layer some formats have nothing
    return _with(first, pieces)


def _with(first: bytes, pieces: Pieces) -> Pieces:
    yield first
    del first
    yield from pieces


def _made(engine: Engine, order: Order, name: str) -> Pieces:
    """Yield an export; the store's connection is open for as long as the store is read."""
    form = FORMATS[name]
    module = import_module(f"{__name__}.{form.module}")
    if form.streams:
        with store.sparing(engine) as conn:
            yield from module.pieces(conn, _told(conn, order, form))
    else:
        with _file(engine, order, form, module) as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _told(conn: Connection, order: Order, form: Format) -> Order:
    return replace(order, about=describe(conn, order)) if form.tells else order


def _file(engine: Engine, order: Order, form: Format, module: Writing) -> BinaryIO:
    """Return an open file that has no name any more."""
    try:
        with tempfile.TemporaryDirectory(prefix="cotmoc-") as folder:
            path = Path(folder) / f"{order.layer.name}.{form.suffix}"
            with store.sparing(engine) as conn:
                module.write(conn, _told(conn, order, form), path)
            return path.open("rb")
    except OSError as error:
        raise StoreError(f"Cannot write a temporary file: {error.strerror or error}") from error


def form_of(path: Path) -> str:
    """Return the name of the format that the end of a file's name tells.

    Raises:
        BadInputError: it is that of none.
    """
    for name, form in FORMATS.items():
        if path.name.lower().endswith(f".{form.suffix}"):
            return name
    raise BadInputError(
        f"{path.name}: the ending names no format",
        parameter="out",
        value=path.name,
        allowed=ENDINGS,
    )


def to_file(engine: Engine, order: Order, path: Path) -> None:
    """Write an export beside its place and put it there whole; the ending names the format.

    `<name>.metadata.json` beside it says what it is.

    Raises:
        BadInputError: the ending is not that of a known format, or the format cannot hold this.
        StoreError: the file cannot be written; whatever stood there before still does.
    """
    name = form_of(path)
    check(name, order.system)
    with whole(path) as part:
        with part.open("wb") as file:
            file.writelines(_made(engine, order, name))
        with (
            whole(path.with_name(f"{path.name}.metadata.json")) as beside,
            engine.connect() as conn,
        ):
            facts = describe(conn, order)
            beside.write_bytes(orjson.dumps(facts, option=orjson.OPT_INDENT_2))

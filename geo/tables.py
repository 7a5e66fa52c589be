"""Tables of the store, made from the layer declarations.

Each layer has a record table (what is known, with everything) and a view table (what each
audience may read, one row for each period in which the answer is the same). Reads use views only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
    func,
    literal_column,
    or_,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from geo.geometry import Geometry
from geo.layers import LAYERS
from geo.schema import Kind, Layer
from geo.tiles.fields import FIELDS

SCHEMA_VERSION = "8"
metadata = MetaData()
# Texts compare by code point in both stores, and whole numbers have 64 bits.
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
_WHOLE = Integer().with_variant(BigInteger(), "postgresql")
EARLIEST, LATEST = "0001-01-01", "9999-12-31"  # stand for an open start and end
INDEXED = {
    "position_id", "marker_id", "border", "province_id", "province_origin_id", "corridor_id",
    "stage", "condition", "level", "country",
}  # fmt: skip
TESTED = ("stage", "condition")  # asked for beside another property more than the rest
_PLACED = ("w", "s", "position_id")  # so that a box and positions are read from an index alone
SHARED = INDEXED - {"position_id", "marker_id"}  # properties whose values many rows share
# Layers that may hold a million rows: how many of these there are is kept, not counted.
LARGE = ("positions", "markers", "marker_events", "inspections")
ROLLED = LARGE  # of these, what anybody sees today lies ready in a file, see geo.roll
BORDERS = "border_ids"  # the property that names all the borders that a row stands on


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as text."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Compare by code point."""
        return dialect.type_descriptor(Text(collation="C" if dialect.name != "sqlite" else None))

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write JSON."""
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Read JSON."""
        return None if value is None else orjson.loads(value)


class IsoText(UserDefinedType[str]):
    """A date (DATE) or instant (DATETIME) as ISO 8601 text, so that text order is time order."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: object) -> str:
        """Return the GeoPackage name of the type."""
        return self.name


@compiles(IsoText, "postgresql")
def _iso_text(_element: IsoText, _compiler: object, **_: object) -> str:
    return 'TEXT COLLATE "C"'


_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.TEXT: _TEXT,
    Kind.INTEGER: _WHOLE,
    Kind.REAL: Double(),
    Kind.BOOLEAN: Boolean(),
    Kind.DATE: IsoText("DATE"),
    Kind.TIMESTAMP: IsoText("DATETIME"),
    Kind.LIST: JsonText(),
    Kind.JSON: JsonText(),
}


def _columns(layer: Layer) -> list[Column[Any]]:
    return [Column(f.name, _TYPES[f.kind]) for f in layer.fields]


def _record(layer: Layer) -> Table:
    shape = [Column("geom", Geometry(layer.geometry))] if layer.geometry else []
    table = Table(
        layer.name,
        metadata,
        Column("fid", _WHOLE, primary_key=True, autoincrement=True),
        *shape,
        Column("id", _TEXT, nullable=False),
        *_columns(layer),
    )
    Index(f"{layer.name}_key", table.c.id, func.coalesce(table.c.valid_from, ""), unique=True)
    return table


def _view(layer: Layer) -> Table:
    shape = [Column("geom", Geometry(layer.geometry))] if layer.geometry else []
    box = [Column(side, Double) for side in ("w", "s", "e", "n")] if layer.geometry else []
    table = Table(
        f"{layer.name}_view",
        metadata,
        Column("vid", _WHOLE, primary_key=True),
        Column("id", _TEXT, nullable=False),
        Column("audiences", Integer, nullable=False),  # bit mask, see geo.audience
        Column("t_from", _TEXT, nullable=False),
        Column("t_to", _TEXT, nullable=False),  # exclusive
        Column("t_next", _TEXT, nullable=False),  # start of the row's next period
        *_columns(layer),
        *box,
        *shape,
        Column("geojson", _TEXT, nullable=False),
    )
    Index(f"{layer.name}_view_id", table.c.id, table.c.t_from)
    for edge in ("t_from", "t_to") if layer.geometry else ():
        Index(f"{layer.name}_view_{edge}", table.c[edge])
    # Counting what is valid at a date, and where its points stand, reads this index alone,
    # not the wide rows.
    counted = ("condition", "stage", "position_id")
    when = ("t_next", "t_from", "t_to", "audiences", "w", "s", *counted)
    Index(when_index(table), *(table.c[name] for name in when if name in table.c))
    for name in sorted(INDEXED & set(table.c.keys())):
        Index(f"{layer.name}_view_{name}", table.c[name])
    _latest(table, "")
    for name in sorted(SHARED & set(table.c.keys())):
        _latest(table, name)
    if set(TESTED) <= set(table.c.keys()):
        for name in sorted((SHARED - {"border", TESTED[1]}) & set(table.c.keys())):
            _sorted(table, name)
    if layer.geometry == "Point" and layer.name in FIELDS:
        _told(table, layer)
    if layer.name in LARGE:
        for name in sorted({"number", "kind", "post_id"} & set(table.c.keys())):
            _latest(table, name)
    if BORDERS in table.c and "border" in table.c:
        names = ("vid", "border", BORDERS, "t_from", "t_to", "audiences", "t_next")
        columns = [table.c[name] for name in names]
        where = and_(table.c.t_next == literal_column(f"'{LATEST}'"), stands_apart(table))
        Index(apart_index(table), *columns, sqlite_where=where, postgresql_where=where)
    return table


def stands_apart(table: Table) -> ColumnElement[bool]:
    """Return the condition that other borders may hold a row than the one it stands on.

    It is false where `border` is in capitals and `border_ids` names it alone, in small letters:
    everywhere but at tripoints.
    """
    border, listed = table.c.border, type_coerce(table.c[BORDERS], _TEXT)
    alone = literal_column("'[\"'").concat(func.lower(border)).concat(literal_column("'\"]'"))
    several = func.replace(listed, literal_column("','"), literal_column("''")) != listed
    other = or_(border.is_(None), several, listed != alone, border != func.upper(border))
    return and_(listed.is_not(None), other)


def apart_index(table: Table) -> str:
    """Return the name of the index over the latest rows that stand apart."""
    return f"{table.name}_apart"


def _told(table: Table, layer: Layer) -> None:
    """Index what points tell in tiles, so that the wide rows of the latest are not read."""
    names = ("vid", "id", layer.label, *FIELDS[layer.name], "t_next")
    _index_latest(table, told_index(table), names)


def told_index(table: Table) -> str:
    """Return the name of the index over what the latest points tell in tiles."""
    return f"{table.name}_told"


def _latest(table: Table, name: str) -> None:
    """Index the rows that nothing follows, in their order: a page of today walks along it."""
    walked = (name, "vid", "t_from", "t_to", "audiences", "t_next", *TESTED, *_PLACED)
    _index_latest(table, latest_index(table, name), walked)


def _sorted(table: Table, name: str) -> None:
    """Index the rows that nothing follows by a property and the tested ones."""
    walked = (name, *TESTED, "vid", "t_from", "t_to", "audiences", "t_next", *_PLACED)
    _index_latest(table, sorted_index(table, name), walked)


def _index_latest(table: Table, index: str, names: Iterable[str]) -> None:
    columns = [table.c[name] for name in dict.fromkeys(names) if name in table.c]
    where = table.c.t_next == literal_column(f"'{LATEST}'")
    Index(index, *columns, sqlite_where=where, postgresql_where=where)


def when_index(table: Table) -> str:
    """Return the name of the index over the times of rows."""
    return f"{table.name}_when"


def latest_index(table: Table, name: str = "") -> str:
    """Return the name of the index over the rows that nothing follows, by a property or all."""
    return f"{table.name}_latest_{name}".rstrip("_")


def sorted_index(table: Table, name: str) -> str:
    """Return the name of the index over the rows that nothing follows by a property and TESTED."""
    return f"{table.name}_sorted_{name}"


def texts_index(table: Table) -> str:
    """Return the name of a file's index that holds the finished texts of the latest points."""
    return f"{table.name}_texts"


def texts_columns(table: Table) -> list[Column[Any]]:
    """Return the columns of that index: all that a window or a page of today asks for."""
    names = ("vid", "t_from", "t_to", "audiences", "t_next", "w", "s", "geojson")
    return [table.c[name] for name in names]


def _sums(layer: Layer) -> Table:
    """Say how many of the rows that nothing follows are alike in what is asked for most."""
    told = SHARED | {"province", BORDERS}
    names = (f.name for f in layer.fields if f.vocabulary or f.name in told)
    table = Table(
        f"{layer.name}_sums",
        metadata,
        Column("key", _TEXT, primary_key=True),  # the values below as a JSON array
        Column("audiences", Integer, nullable=False),
        Column("t_to", _TEXT, nullable=False),
        *(Column(name, VIEWS[layer.name].c[name].type) for name in names),
        Column("alike", _WHOLE, nullable=False),  # the number of rows
    )
    for name in ("border", "province_id", "province_origin_id"):
        if name in table.c:
            Index(f"{table.name}_{name}", table.c[name])
    return table


RECORDS: dict[str, Table] = {name: _record(layer) for name, layer in LAYERS.items()}
VIEWS: dict[str, Table] = {name: _view(layer) for name, layer in LAYERS.items()}
SUMS: dict[str, Table] = {name: _sums(LAYERS[name]) for name in LARGE}

register = Table(
    "register",
    metadata,
    Column("key", _TEXT, primary_key=True),
    Column("value", _TEXT, nullable=False),
)
revisions = Table(
    "revisions",
    metadata,
    Column("layer", _TEXT, primary_key=True),
    Column("revision", _WHOLE, nullable=False),
)
history = Table(
    "history",
    metadata,
    Column("seq", _WHOLE, primary_key=True),
    Column("at", _TEXT, nullable=False),
    Column("actor", _TEXT, nullable=False),
    Column("action", _TEXT, nullable=False),
    Column("layer", _TEXT, nullable=False),
    Column("feature_id", _TEXT, nullable=False),
    Column("revision", _WHOLE, nullable=False),
    Column("reason", _TEXT, nullable=False),
    Column("before", _TEXT),
    Column("after", _TEXT),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("history_feature", "layer", "feature_id"),
)
# Reasons of imports, whose numbers begin with n; a statement that says so is read by the index.
IMPORTED: ColumnElement[bool] = and_(
    history.c.reason >= literal_column("'import n'"),
    history.c.reason < literal_column("'import o'"),
)
Index("history_import", history.c.reason, sqlite_where=IMPORTED, postgresql_where=IMPORTED)
# A file is named by each who brought it; its bytes lie elsewhere, see geo.evidence.
evidence = Table(
    "evidence",
    metadata,
    Column("sha256", _TEXT, primary_key=True),
    Column("actor", _TEXT, primary_key=True),
    Column("at", _TEXT, nullable=False),
    Column("name", _TEXT, nullable=False),
    Column("bytes", _WHOLE, nullable=False),
    Column("media_type", _TEXT, nullable=False),
    Column("width", _WHOLE),
    Column("height", _WHOLE),
    Column("taken", _TEXT),
)
cells = Table(
    "cells",
    metadata,
    Column("layer", Text, primary_key=True),
    Column("cell", Integer, primary_key=True),  # row × 256 + column of a tile of zoom 8
    Column("revision", Integer, nullable=False),
)
touched = Table(
    "touched",
    metadata,
    Column("layer", _TEXT, primary_key=True),
    Column("run", _WHOLE, primary_key=True),  # of keys of the layer's view, see geo.touched
    Column("stamp", _WHOLE, nullable=False),
    Index("touched_stamp", "layer", "stamp"),
)
search_index = Table(
    "search_index",
    metadata,
    Column("seq", _WHOLE, primary_key=True),
    Column("layer", _TEXT, nullable=False),
    Column("id", _TEXT, nullable=False),
    Column("audiences", Integer, nullable=False),
    Column("folded", _TEXT, nullable=False),
    Column("title_vi", _TEXT, nullable=False),
    Column("title_en", _TEXT, nullable=False),
    Column("subtitle_vi", _TEXT),
    Column("subtitle_en", _TEXT),
    Column("weight", Double, nullable=False),
    Column("bbox", JsonText),
    UniqueConstraint("layer", "id", "audiences"),
)


def table_statements(dialect: Dialect, declared: MetaData = metadata) -> list[str]:
    """Return what creates every table; its indexes are made quicker after the rows."""
    return _worded(dialect, declared, _tables)


def index_statements(dialect: Dialect) -> dict[str, dict[str, str]]:
    """Return what creates each index, by its table and its own name."""
    found: dict[str, dict[str, str]] = {table.name: {} for table in metadata.sorted_tables}
    told = zip(_sorted_indexes(metadata), _worded(dialect, metadata, _indexes), strict=True)
    for index, sql in told:
        found[index.table.name][str(index.name)] = sql
    return found


def _tables(declared: MetaData) -> Iterator[DDLElement]:
    yield from map(CreateTable, declared.sorted_tables)


def _indexes(declared: MetaData) -> Iterator[DDLElement]:
    yield from map(CreateIndex, _sorted_indexes(declared))


def _sorted_indexes(declared: MetaData) -> Iterator[Any]:
    for table in declared.sorted_tables:
        yield from sorted(table.indexes, key=lambda index: str(index.name))


_known: dict[tuple[MetaData, str, str], list[str]] = {}


def _worded(
    dialect: Dialect, declared: MetaData, what: Callable[[MetaData], Iterable[DDLElement]]
) -> list[str]:
    """Return statements that are worded once, which takes longer than to execute them."""
    key = declared, what.__name__, dialect.name
    if key not in _known:
        _known[key] = [str(one.compile(dialect=dialect)) for one in what(declared)]
    return _known[key]


@cache
def box_table(layer: str) -> str:
    """Return the name of the R*Tree over a layer's view."""
    return f"{layer}_box"

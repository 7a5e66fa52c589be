"""Tables of the store, made from the layer declarations.

Each layer has a record table (what is known, with everything) and a view table (what each
audience may read, one row for each period in which the answer is the same). Reads use views only.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from geo.geometry import Geometry
from geo.layers import LAYERS
from geo.schema import Kind, Layer

metadata = MetaData()
EARLIEST, LATEST = "0001-01-01", "9999-12-31"  # stand for an open start and end
INDEXED = {
    "position_id", "marker_id", "border", "province_id", "province_origin_id", "corridor_id",
    "stage", "condition", "level", "country",
}  # fmt: skip


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as text."""

    impl = Text
    cache_ok = True

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


_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.TEXT: Text(),
    Kind.INTEGER: Integer(),
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
        Column("fid", Integer, primary_key=True, autoincrement=True),
        *shape,
        Column("id", Text, nullable=False),
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
        Column("vid", Integer, primary_key=True),
        Column("id", Text, nullable=False),
        Column("audiences", Integer, nullable=False),  # bit mask, see geo.audience
        Column("t_from", Text, nullable=False),
        Column("t_to", Text, nullable=False),  # exclusive
        Column("t_next", Text, nullable=False),  # start of the row's next period
        *_columns(layer),
        *box,
        *shape,
        Column("geojson", Text, nullable=False),
    )
    Index(f"{layer.name}_view_id", table.c.id)
    for edge in ("t_from", "t_to") if layer.geometry else ():
        Index(f"{layer.name}_view_{edge}", table.c[edge])
    # Counting what is valid at a date, and where its points stand, reads this index alone,
    # not the wide rows.
    when = ("t_next", "t_from", "t_to", "audiences", "w", "s", "condition")
    Index(f"{layer.name}_view_when", *(table.c[name] for name in when if name in table.c))
    for name in sorted(INDEXED & set(table.c.keys())):
        Index(f"{layer.name}_view_{name}", table.c[name])
    return table


RECORDS: dict[str, Table] = {name: _record(layer) for name, layer in LAYERS.items()}
VIEWS: dict[str, Table] = {name: _view(layer) for name, layer in LAYERS.items()}

register = Table(
    "register",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
revisions = Table(
    "revisions",
    metadata,
    Column("layer", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
)
history = Table(
    "history",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("layer", Text, nullable=False),
    Column("feature_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("history_feature", "layer", "feature_id"),
)
cells = Table(
    "cells",
    metadata,
    Column("layer", Text, primary_key=True),
    Column("cell", Integer, primary_key=True),  # row × 256 + column of a tile of zoom 8
    Column("revision", Integer, nullable=False),
)
search_index = Table(
    "search_index",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("layer", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("audiences", Integer, nullable=False),
    Column("folded", Text, nullable=False),
    Column("title_vi", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("subtitle_vi", Text),
    Column("subtitle_en", Text),
    Column("weight", Double, nullable=False),
    Column("bbox", JsonText),
    UniqueConstraint("layer", "id", "audiences"),
)


@cache
def box_table(layer: str) -> str:
    """Return the name of the R*Tree over a layer's view."""
    return f"{layer}_box"

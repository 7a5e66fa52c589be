"""What a GeoPackage says of itself against what lies in it (OGC 12-128r18); a file alone has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import shapely
from sqlalchemy import Connection, select

from geo.geopackage import GPKG_APPLICATION_ID, GPKG_USER_VERSION
from geo.layers import LAYERS
from geo.schema import Layer
from geo.tables import RECORDS

_SYSTEMS = {-1, 0, 4326}
_SLACK = 1e-9  # degrees


def problems(conn: Connection) -> Iterator[str]:
    """Yield what is wrong with the tables by which other programs read the file."""
    if conn.dialect.name != "sqlite":
        return
    for pragma, wanted in (
        ("application_id", GPKG_APPLICATION_ID),
        ("user_version", GPKG_USER_VERSION),
    ):
        found = conn.exec_driver_sql(f"PRAGMA {pragma}").scalar()
        if found != wanted:
            yield f"file: {pragma} is {found}, not {wanted}"
    for table, row, *_ in conn.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"{table} row {row}: names what is not there"
    for number in sorted(_SYSTEMS - set(_keyed(conn, "gpkg_spatial_ref_sys", "srs_id"))):
        yield f"gpkg_spatial_ref_sys {number}: the system is missing"
    contents = _keyed(conn, "gpkg_contents", "table_name")
    columns = _keyed(conn, "gpkg_geometry_columns", "table_name")
    for layer in LAYERS.values():
        yield from _layer(
            conn, layer, contents.pop(layer.name, None), columns.pop(layer.name, None)
        )
    for name in contents:
        yield f"gpkg_contents {name}: there is no such layer"
    for name in columns:
        yield f"gpkg_geometry_columns {name}: there is no such layer"


def _keyed(conn: Connection, table: str, key: str) -> dict[Any, Any]:
    rows = conn.exec_driver_sql(f"SELECT * FROM {table}").mappings()  # noqa: S608
    return {row[key]: row for row in rows}


def _layer(conn: Connection, layer: Layer, told: Any, column: Any) -> Iterator[str]:
    kind = "features" if layer.geometry else "attributes"
    if told is None or told["data_type"] != kind:
        yield f"gpkg_contents {layer.name}: it is not told to be {kind}"
        return
    if not layer.geometry:
        return
    wanted = {"geometry_type_name": layer.geometry.upper(), "column_name": "geom", "srs_id": 4326}
    if column is None or any(column[name] != value for name, value in wanted.items()):
        yield f"gpkg_geometry_columns {layer.name}: not {wanted}"
    if told["srs_id"] != 4326:
        yield f"gpkg_contents {layer.name}: srs_id is {told['srs_id']}, not 4326"
    box = [told[side] for side in ("min_x", "min_y", "max_x", "max_y")]
    for key, outside in _outside(conn, layer, box):
        yield f"gpkg_contents {layer.name}: its extent leaves out {key} ({outside})"


def _outside(conn: Connection, layer: Layer, box: list[Any]) -> Iterator[tuple[str, str]]:
    c = RECORDS[layer.name].c
    for key, shape in conn.execute(select(c.id, c.geom).where(c.geom.is_not(None))):
        west, south, east, north = shapely.bounds(shape).tolist()
        sides = (west, south, -east, -north)
        least = (box[0], box[1], box[2] and -box[2], box[3] and -box[3])
        if not shape.is_empty and any(
            limit is None or side < limit - _SLACK for side, limit in zip(sides, least, strict=True)
        ):
            yield key, f"{west} {south} {east} {north}"
            return  # one tells enough

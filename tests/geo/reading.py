"""Reading exports back with programs that are not ours, whatever the format."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pandas
import pyogrio
import shapely

# GDAL's CSV driver is told where the shapes stand; it knows nothing of our column names.
_CSV = {
    "X_POSSIBLE_NAMES": "lon,easting",
    "Y_POSSIBLE_NAMES": "lat,northing",
    "KEEP_GEOM_COLUMNS": "YES",
}


def read(path: Path, *, layer: str | None = None) -> Any:
    """Return the table of a file of any format, with real geometries."""
    match path.name.split(".", 1)[1]:
        case "parquet":
            return _parquet(path)
        case "xlsx":
            return _xlsx(path, layer or path.name.split(".", 1)[0])
        case "csv":
            return pyogrio.read_dataframe(path, **_CSV)
        case "shp.zip":
            return _shapefile(path)
        case "kml":
            return pyogrio.read_dataframe(path).rename(columns={"id": "-", "feature_id": "id"})
        case _:
            return pyogrio.read_dataframe(path)


def _parquet(path: Path) -> Any:
    """Return what GDAL reads through DuckDB: its builds in Python wheels have no Parquet driver."""
    duckdb = find_spec("_duckdb")
    assert duckdb is not None
    return pyogrio.read_dataframe(f"ADBC:{path}", ADBC_DRIVER=duckdb.origin)


def _xlsx(path: Path, layer: str) -> Any:
    table = pyogrio.read_dataframe(path, layer=layer, read_geometry=False)
    if "wkt" in pyogrio.list_layers(path)[:, 0]:
        parts = pyogrio.read_dataframe(path, layer="wkt", read_geometry=False)
        texts = parts.sort_values(["row", "part"]).groupby("row")["wkt"].agg("".join)
        shapes = [texts.get(row) for row in range(2, len(table) + 2)]
        table["geometry"] = shapely.from_wkt(np.array(shapes, dtype=object))
    elif {"lon", "easting"} & set(table.columns):
        x, y = ("lon", "lat") if "lon" in table else ("easting", "northing")
        table["geometry"] = [
            None if np.isnan(a) else shapely.Point(a, b)
            for a, b in zip(table[x], table[y], strict=True)
        ]
    return table


def _shapefile(path: Path) -> Any:
    """Return the table under the names that fields.csv gives, long texts in one piece again."""
    with ZipFile(path) as file, file.open("fields.csv") as names:
        told = pandas.read_csv(names, encoding="utf-8-sig")
    table = pyogrio.read_dataframe(path)
    for name, parts in told.groupby("name", sort=False):
        held = table[parts["column"].tolist()]
        if len(parts) > 1:
            joined = held.fillna("").agg("".join, axis=1)
            table[name] = joined.where(held.iloc[:, 0].notna(), None)
        else:
            table[name] = held.iloc[:, 0]
    return table

"""Writing features out: GeoJSON (RFC 7946), CSV and GeoPackage, all WGS 84 lon, lat."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import shapely

from geo.errors import BadInputError
from geo.files import whole
from geo.formats import LIST_SEPARATOR
from geo.schema import Layer

EXERCISE_NOTICE = "DIỄN TẬP / EXERCISE"
MEDIA_TYPES = {
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
}


def check_format(name: str) -> str:
    """Return the name of a known format.

    Raises:
        BadInputError: there is no such format.
    """
    if name not in MEDIA_TYPES:
        raise BadInputError(
            f"Unknown format {name!r}", parameter="f", value=name, allowed=list(MEDIA_TYPES)
        )
    return name


def file_name(layer: Layer, name: str, *, exercise: bool) -> str:
    """Return the name of an export file; an exercise says so in it."""
    return f"{'DIEN-TAP-EXERCISE_' if exercise else ''}{layer.name}.{name}"


def geojson(features: Iterable[str], *, head: dict[str, Any], exercise: bool) -> Iterator[bytes]:
    """Yield a FeatureCollection in pieces; `head` holds its other members."""
    members = {"type": "FeatureCollection", **head}
    if exercise:
        members["notice"] = EXERCISE_NOTICE
    yield orjson.dumps(members)[:-1] + b',"features":['
    first = True
    for text in features:
        yield (b"" if first else b",\n") + text.encode()
        first = False
    yield b"]}"


def csv_lines(layer: Layer, features: Iterable[str], *, exercise: bool) -> Iterator[bytes]:
    """Yield a CSV file with a byte-order mark, which spreadsheets need to read Vietnamese.

    Points come as lon and lat, other shapes as WKT.
    """
    shape_columns = {None: [], "Point": ["lon", "lat"]}.get(layer.geometry, ["wkt"])
    notice = ["notice"] if exercise else []
    names = [f.name for f in layer.fields]
    yield b"\xef\xbb\xbf" + _line(["id", *names, *shape_columns, *notice])
    for text in features:
        item = orjson.loads(text)
        values = [_cell(item["properties"].get(name)) for name in names]
        shape = _shape_cells(layer, item["geometry"])
        yield _line([item["id"], *values, *shape, *([EXERCISE_NOTICE] if exercise else [])])


def _line(cells: list[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return LIST_SEPARATOR.join(value)
    if isinstance(value, list | dict):
        return orjson.dumps(value).decode()
    if isinstance(value, bool):
        return str(value).lower()
    return value


def _shape_cells(layer: Layer, geometry: dict[str, Any] | None) -> list[Any]:
    if layer.geometry is None:
        return []
    if layer.geometry == "Point":
        return geometry["coordinates"] if geometry else [None, None]
    return [shapely.from_geojson(orjson.dumps(geometry)).wkt if geometry else None]


def gpkg(layer: Layer, features: Iterable[str], *, exercise: bool) -> bytes:
    """Return a GeoPackage with this one layer, written by GDAL in a file of its own."""
    # Only here, because GDAL and pandas take a second to import.
    import pyogrio  # noqa: PLC0415

    from geo.frames import flat, frame  # noqa: PLC0415

    table = flat(layer, frame(layer, features))
    if exercise:
        table["notice"] = EXERCISE_NOTICE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{layer.name}.gpkg"
        data = table if layer.geometry else table.drop(columns="geometry")
        options = {"geometry_type": layer.geometry} if layer.geometry else {}
        pyogrio.write_dataframe(data, path, layer=layer.name, driver="GPKG", **options)
        return path.read_bytes()


def to_file(
    layer: Layer, features: Iterable[str], path: Path, *, head: dict[str, Any], exercise: bool
) -> None:
    """Write an export beside its place and put it there whole; the suffix names the format.

    Raises:
        BadInputError: the suffix is not that of a known format.
        StoreError: the file cannot be written; whatever stood there before still does.
    """
    name = check_format(path.suffix.lstrip("."))
    with whole(path) as part, part.open("wb") as file:
        file.writelines(_pieces(layer, features, name, head=head, exercise=exercise))


def _pieces(
    layer: Layer, features: Iterable[str], name: str, *, head: dict[str, Any], exercise: bool
) -> Iterable[bytes]:
    if name == "csv":
        return csv_lines(layer, features, exercise=exercise)
    if name == "gpkg":
        return [gpkg(layer, features, exercise=exercise)]
    return geojson(features, head=head, exercise=exercise)

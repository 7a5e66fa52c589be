"""Reading rows from files: CSV with lon and lat columns, and GeoJSON (RFC 7946), both WGS 84.

Each value is checked against the declaration of its layer; an error names the row and field.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import RowError
from geo.geometry import multipart
from geo.schema import Field, Kind, Layer
from geo.types import Row

LIST_SEPARATOR = "|"  # between the values of a list in CSV


def read_rows(layer: Layer, path: Path) -> list[Row]:
    """Return the rows of a file, every declared property present, unknown ones as None.

    Raises:
        RowError: a row breaks the layer's declaration; the message names file, row and field.
    """
    read = _read_csv if path.suffix == ".csv" else _read_geojson
    return list(read(layer, path))


def _read_csv(layer: Layer, path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        _check_header(layer, path, set(reader.fieldnames or ()))
        for record in reader:
            where = f"{path.name}, row {reader.line_num}"
            shape = _point(record.pop("lon", ""), record.pop("lat", ""), where)
            yield _row(layer, record.pop("id"), record, shape, where)


def _read_geojson(layer: Layer, path: Path) -> Iterator[Row]:
    collection = json.loads(path.read_bytes())
    for number, feature in enumerate(collection["features"], 1):
        where = f"{path.name}, feature {number}"
        _check_header(layer, path, {"id", *feature["properties"]})
        shape = _shape(layer, feature["geometry"], where)
        key = feature.get("id") or feature["properties"].get("id")
        values = {k: v for k, v in feature["properties"].items() if k != "id"}
        yield _row(layer, key, values, shape, where)


def _check_header(layer: Layer, path: Path, names: set[str]) -> None:
    known = {"id", *(f.name for f in layer.fields)} | ({"lon", "lat"} if layer.geometry else set())
    unknown = sorted(names - known)
    if unknown or "id" not in names:
        raise RowError(
            f"{path.name}: unknown column {unknown[0]!r}" if unknown else f"{path.name}: no id",
            parameter=unknown[0] if unknown else "id",
            allowed=sorted(known),
        )


def _point(lon: str, lat: str, where: str) -> BaseGeometry | None:
    if not lon and not lat:
        return None
    try:
        x, y = float(lon), float(lat)
    except ValueError:
        raise RowError(f"{where}: lon, lat {lon!r}, {lat!r} are not numbers") from None
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise RowError(f"{where}: lon, lat {x}, {y} are not degrees")
    return shapely.Point(x, y)


def _shape(layer: Layer, geometry: dict[str, Any] | None, where: str) -> BaseGeometry | None:
    if geometry is None:
        return None
    shape = multipart(shapely.from_geojson(json.dumps(geometry)), layer.geometry)
    if shape.geom_type != layer.geometry:
        raise RowError(f"{where}: {shape.geom_type} where {layer.geometry} is wanted")
    if not shape.is_valid:
        raise RowError(f"{where}: {shapely.is_valid_reason(shape)}")
    return shape


def _row(
    layer: Layer, key: str | None, record: dict[str, Any], shape: BaseGeometry | None, where: str
) -> Row:
    if not key:
        raise RowError(f"{where}, id: is empty", parameter="id")
    values = {f.name: parse(f, record.get(f.name), f"{where} ({key})") for f in layer.fields}
    values["classification"] = values["classification"] or "public"
    values["revision"] = values["revision"] or 1
    return Row(key, values, shape)


def parse(field: Field, value: Any, where: str) -> Any:
    """Return a value in the type of its field, None where there is none.

    Raises:
        RowError: the value is not of the field's type, not in its vocabulary, or missing.
    """
    if value is None or value == "":
        if field.required:
            raise RowError(f"{where}, {field.name}: is empty", parameter=field.name)
        return None
    try:
        parsed = _PARSERS[field.kind](value)
    except (ValueError, TypeError, KeyError):
        raise RowError(
            f"{where}, {field.name}: {value!r} is not a {field.kind}", parameter=field.name
        ) from None
    if field.vocabulary and parsed not in {word.value for word in field.vocabulary}:
        allowed = [word.value for word in field.vocabulary]
        raise RowError(
            f"{where}, {field.name}: {value!r} is not one of {', '.join(allowed)}",
            parameter=field.name,
            value=value,
            allowed=allowed,
        )
    return parsed


def _text(value: Any) -> str:
    return " ".join(str(value).split())


def _boolean(value: Any) -> bool:
    return {"true": True, "false": False}[str(value).lower()]


def _list(value: Any) -> list[str]:
    items = value if isinstance(value, list) else str(value).split(LIST_SEPARATOR)
    return [_text(item) for item in items if str(item).strip()]


_PARSERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: int,
    Kind.REAL: float,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: lambda value: date.fromisoformat(value).isoformat(),
    Kind.TIMESTAMP: lambda value: datetime.fromisoformat(value).isoformat(),
    Kind.LIST: _list,
    Kind.JSON: lambda value: json.loads(value) if isinstance(value, str) else value,
}

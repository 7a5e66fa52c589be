"""Reading files with geometry, in the bounded process: GeoJSON ourselves, the rest by GDAL.

Rows come as those of a sheet do, the geometry last: GeoJSON text in the file's own system.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from geo.imports import guard, sheets
from geo.imports.findings import FileError, Refusal
from geo.imports.kinds import DEEPEST, MOST_COLUMNS, MOST_ROWS, Format
from geo.schema import GEOMETRY

DRIVERS = ("GPKG", "ESRI Shapefile", "KML", "LIBKML", "GPX")
_BATCH = 2_000  # features read together


def geojson(path: Path) -> Iterator[Any]:
    """Yield what the file is, the names of its properties, then its features.

    Raises:
        FileError: it is not GeoJSON, or nested too deep.
    """
    body = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    _check_depth(body)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise FileError(Refusal.BROKEN, str(error)[:200]) from error
    features = document.get("features") if isinstance(document, dict) else None
    if isinstance(document, dict) and document.get("type") == "Feature":
        features = [document]
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise FileError(Refusal.BROKEN, "a GeoJSON FeatureCollection is wanted")
    yield from _rows_of(features, _named_crs(document))


def _check_depth(body: bytes) -> None:
    """Refuse lists and objects that stand within each other too deep, before they are parsed."""
    depth = 0
    for one in _brackets(body):
        depth += 1 if one in b"[{" else -1
        if depth > DEEPEST:
            raise FileError(Refusal.TOO_DEEP, f"more than {DEEPEST} levels")


def _brackets(body: bytes) -> bytes:
    """Return the brackets of a JSON text alone, those within texts left out."""
    plain = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside = b"".join(plain.split(b'"')[::2])
    return outside.translate(None, bytes(set(range(256)) - set(b"[]{}")))


def _named_crs(document: dict[str, Any]) -> str | None:
    """Return the system that a file of before RFC 7946 names."""
    crs = document.get("crs")
    named = crs.get("properties") if isinstance(crs, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    return str(name)[:200] if name else None


def _rows_of(features: list[dict[str, Any]], crs: str | None) -> Iterator[Any]:
    if len(features) > MOST_ROWS:
        raise FileError(Refusal.TOO_MANY_ROWS, f"{MOST_ROWS} at most", value=len(features))
    names: dict[str, None] = {}
    for one in features:
        names |= dict.fromkeys(one.get("properties") or {})
        if len(names) > MOST_COLUMNS:
            raise FileError(Refusal.TOO_WIDE, f"{MOST_COLUMNS} at most", value=len(names))
    has_id = "id" not in names and any("id" in one for one in features)
    columns = [*(["id"] if has_id else []), *names]
    yield {"sheet": None, "sheets": [], "merged": [], "crs": crs or "OGC:CRS84"}
    yield [*columns, GEOMETRY]
    for one in features:
        held = one.get("properties") or {}
        first = [_plain(one.get("id"))] if has_id else []
        shape = one.get("geometry")
        yield [
            *first,
            *(_plain(held.get(n)) for n in names),
            shape and orjson.dumps(shape).decode(),
        ]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return sheets.text(value)
    if isinstance(value, dict | list):
        return sheets.text(orjson.dumps(value).decode())
    return value


def by_gdal(path: Path, kind: Format, layer: str | None) -> Iterator[Any]:
    """Yield what the file is, the names of its fields, then its features; one layer of it.

    Raises:
        FileError: GDAL cannot read it.
    """
    import pyogrio  # noqa: PLC0415
    from pyogrio.errors import DataSourceError  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="cotmoc-import-") as folder:
        try:
            yield from _layer(_unpacked(path, kind, Path(folder)), layer)
        except (DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
            raise FileError(Refusal.BROKEN, str(error)[:200]) from error


def _unpacked(path: Path, kind: Format, folder: Path) -> Path:
    """Return a file that GDAL reads; members of an archive take names that we choose."""
    if kind is Format.SHP:
        parts = guard.shape_parts(path)
    elif kind is Format.KMZ:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".kml")]
        parts = {".kml": "doc.kml" if "doc.kml" in names else names[0]}
    else:
        made = folder / f"data.{kind.value}"
        made.symlink_to(path.resolve())
        return made
    with zipfile.ZipFile(path) as archive:
        for ending, name in parts.items():
            with archive.open(name) as member, (folder / f"data{ending}").open("wb") as out:
                while block := member.read(1 << 20):
                    out.write(block)
    return folder / f"data{next(iter(parts))}"


def _layer(path: Path, wanted: str | None) -> Iterator[Any]:
    import pyogrio  # noqa: PLC0415

    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if wanted is not None and wanted not in names:
        raise FileError(Refusal.NO_SHEET, ", ".join(names)[:500], value=wanted)
    counted = {n: pyogrio.read_info(path, layer=n, force_feature_count=True) for n in names}
    filled = [name for name in names if counted[name]["features"]]
    if not filled:
        raise FileError(Refusal.EMPTY)
    name = wanted or filled[0]
    about = counted[name]
    if about["features"] > MOST_ROWS:
        raise FileError(Refusal.TOO_MANY_ROWS, f"{MOST_ROWS} at most", value=about["features"])
    fields = [str(field) for field in about["fields"]]
    if len(fields) > MOST_COLUMNS:
        raise FileError(Refusal.TOO_WIDE, f"{MOST_COLUMNS} at most", value=len(fields))
    yield {"sheet": name, "sheets": names, "merged": [], "crs": about["crs"]}
    yield [*fields, GEOMETRY]
    yield from _features(path, name, fields)


def _features(path: Path, name: str, fields: list[str]) -> Iterator[Any]:
    import pyogrio  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    with pyogrio.open_arrow(path, layer=name, batch_size=_BATCH, use_pyarrow=True) as (about, read):
        shape = about["geometry_name"] or "wkb_geometry"
        for batch in read:
            columns = batch.to_pydict()
            shapes = columns.get(shape, [None] * batch.num_rows)
            flat = shapely.force_2d(shapely.from_wkb(shapes))
            texts = [None if one is None else shapely.to_geojson(one) for one in flat]
            held = [columns.get(field, [None] * batch.num_rows) for field in fields]
            for *values, text in zip(*held, texts, strict=True):
                yield [*(sheets._cell(value) for value in values), text]

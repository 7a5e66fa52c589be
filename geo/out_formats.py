"""The formats that files leave the register in; geo.exports writes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format; its module in geo.exports is imported when it is first asked for."""

    media_type: str
    suffix: str
    module: str
    streams: bool = False
    moves: bool = True  # can hold coordinates in another system than CRS84
    tells: bool = False  # has a place for metadata


FORMATS: dict[str, Format] = {
    "geojson": Format("application/geo+json", "geojson", "geojson", streams=True),
    "geojsonseq": Format("application/geo+json-seq", "geojsons", "geojsonseq", streams=True),
    "csv": Format("text/csv; charset=utf-8", "csv", "table", streams=True),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
        "xlsx",
        tells=True,
    ),
    "gpkg": Format("application/geopackage+sqlite3", "gpkg", "gpkg", tells=True),
    "fgb": Format("application/vnd.flatgeobuf", "fgb", "fgb", tells=True),
    "parquet": Format("application/vnd.apache.parquet", "parquet", "parquet", tells=True),
    "kml": Format(
        "application/vnd.google-earth.kml+xml", "kml", "kml", streams=True, moves=False, tells=True
    ),
    "shp": Format("application/zip", "shp.zip", "shapefile", tells=True),
}
ENDINGS = [f".{form.suffix}" for form in FORMATS.values()]

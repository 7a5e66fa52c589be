"""The kinds of files that can be imported, and how large they may be."""

from __future__ import annotations

from enum import StrEnum

MOST_BYTES = 100_000_000  # of a file
MOST_UNPACKED = 1_000_000_000  # bytes of all members of an archive
MOST_RATIO = 100  # unpacked to packed bytes of a member
FREE_RATIO = 2_000_000  # unpacked bytes below which the ratio is nobody's concern
MOST_MEMBERS = 1_000
MOST_ROWS = 200_000
MOST_COLUMNS = 300
MOST_CELLS = 10_000_000
LONGEST = 32_767  # characters of a cell, as of Excel
DEEPEST = 64  # elements or lists within each other
MEMORY = 2_500_000_000  # bytes of address space for the process that reads
SECONDS = 120  # of its CPU time


class Format(StrEnum):
    """A kind of file, named by its ending."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    SHP = "zip"  # a zipped shapefile
    KML = "kml"
    KMZ = "kmz"
    GPX = "gpx"


ENDINGS: dict[str, Format] = {
    **{f".{one.value}": one for one in Format},
    ".xlsm": Format.XLSX, ".txt": Format.CSV, ".tsv": Format.CSV, ".json": Format.GEOJSON,
}  # fmt: skip
SHEETS = frozenset((Format.XLSX, Format.XLS, Format.ODS, Format.CSV))
ZIPPED = frozenset((Format.XLSX, Format.ODS, Format.SHP, Format.KMZ))

"""Vector tiles: GDAL cuts each layer into MVT, the layers are joined into one PMTiles archive.

MVT 2.1 allows to join tiles byte by byte, because a tile is a repeated field of layers.
PMTiles version 3: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pyogrio
from shapely.geometry.base import BaseGeometry

Key = tuple[int, int, int]  # zoom, column, row from the north
Tiles = dict[Key, bytes]

GZIP = 2  # code of the compression in the header of PMTiles
MVT = 1  # code of the tile type
HEADER_BYTES = 127
DEGREES = 10_000_000  # units of a header's coordinates in a degree


@dataclass(frozen=True)
class TileLayer:
    """Features of one layer of the tiles: properties and geometry in lon lat."""

    name: str
    features: list[tuple[dict[str, Any], BaseGeometry]]
    minzoom: int
    maxzoom: int


def cut(layer: TileLayer) -> Tiles:
    """Uncompressed tiles of one layer."""
    rows = [properties for properties, _ in layer.features]
    frame = gpd.GeoDataFrame(rows, geometry=[g for _, g in layer.features], crs="EPSG:4326")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tiles.mbtiles"
        options = {
            "FORMAT": "MBTILES",
            "MINZOOM": str(layer.minzoom),
            "MAXZOOM": str(layer.maxzoom),
            "BUFFER": "64",
            "MAX_SIZE": "500000",
        }
        pyogrio.write_dataframe(
            frame, path, layer=layer.name, driver="MVT", dataset_options=options
        )
        return dict(read_mbtiles(path))


def read_mbtiles(path: Path) -> Iterator[tuple[Key, bytes]]:
    """Uncompressed tiles of an MBTiles file; its rows count from the south."""
    with closing(sqlite3.connect(path)) as db:
        for z, x, row, data in db.execute(
            "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles"
        ):
            yield (z, x, 2**z - 1 - row), gzip.decompress(data)


def joined(layers: list[TileLayer]) -> Tiles:
    """Tiles that hold all layers."""
    tiles: Tiles = {}
    for layer in layers:
        for key, data in cut(layer).items():
            tiles[key] = tiles.get(key, b"") + data
    return tiles


def tile_id(key: Key) -> int:
    """Number of a tile along the Hilbert curves of all zooms."""
    z, x, y = key
    side = 1 << z
    number = (side * side - 1) // 3
    step = side >> 1
    while step:
        right, down = int(bool(x & step)), int(bool(y & step))
        number += step * step * ((3 * right) ^ down)
        if not down:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        step >>= 1
    return number


def varint(value: int) -> bytes:
    """LEB128, as in protocol buffers."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


@dataclass
class Entry:
    """A run of equal tiles in the directory."""

    first: int
    count: int
    offset: int
    length: int


def directory(entries: list[Entry]) -> bytes:
    """Serialised directory: ids as differences, then runs, lengths and offsets."""
    ids = [entry.first for entry in entries]
    deltas = [b - a for a, b in zip([0, *ids], ids, strict=False)]
    out = [varint(len(entries)), *map(varint, deltas)]
    out += [varint(entry.count) for entry in entries]
    out += [varint(entry.length) for entry in entries]
    end = -1
    for entry in entries:
        out.append(varint(0 if entry.offset == end else entry.offset + 1))
        end = entry.offset + entry.length
    return b"".join(out)


def packed(tiles: Tiles) -> tuple[list[Entry], bytes]:
    """Directory entries and tile data, in the order of the ids, equal tiles stored once."""
    entries: list[Entry] = []
    offsets: dict[bytes, int] = {}
    data = bytearray()
    for key in sorted(tiles, key=tile_id):
        content = squeeze(tiles[key])
        if content not in offsets:
            offsets[content] = len(data)
            data += content
        add(entries, tile_id(key), offsets[content], len(content))
    return entries, bytes(data)


def add(entries: list[Entry], number: int, offset: int, length: int) -> None:
    """Append a tile, or lengthen the last run if it goes on."""
    last = entries[-1] if entries else None
    if last and last.offset == offset and last.first + last.count == number:
        last.count += 1
    else:
        entries.append(Entry(number, 1, offset, length))


def squeeze(data: bytes) -> bytes:
    """Gzip without a time stamp, so that a build repeats."""
    return gzip.compress(data, mtime=0)


def split(entries: list[Entry]) -> tuple[bytes, bytes]:
    """Root and leaf directories, compressed; the root must fit the first 16 kB."""
    whole = squeeze(directory(entries))
    if len(whole) + HEADER_BYTES < 16_384:
        return whole, b""
    leaves, root = b"", []
    for start in range(0, len(entries), 4096):
        leaf = squeeze(directory(entries[start : start + 4096]))
        root.append(Entry(entries[start].first, 0, len(leaves), len(leaf)))
        leaves += leaf
    return squeeze(directory(root)), leaves


def archive(
    layers: list[TileLayer], *, bounds: tuple[float, float, float, float], about: dict[str, Any]
) -> bytes:
    """A PMTiles archive of the layers; `bounds` is west, south, east, north in degrees."""
    tiles = joined(layers)
    entries, data = packed(tiles)
    root, leaves = split(entries)
    metadata = squeeze(json.dumps(about | {"vector_layers": described(layers)}).encode())
    sizes = (len(root), len(metadata), len(leaves), len(data))
    addressed = sum(entry.count for entry in entries)
    distinct = len({entry.offset for entry in entries})
    zooms = (min(k[0] for k in tiles), max(k[0] for k in tiles))
    head = header(sizes, (addressed, len(entries), distinct), zooms, bounds)
    return head + root + metadata + leaves + data


def described(layers: list[TileLayer]) -> list[dict[str, Any]]:
    """The layers and their fields, as TileJSON's `vector_layers`."""
    return [
        {
            "id": layer.name,
            "minzoom": layer.minzoom,
            "maxzoom": layer.maxzoom,
            "fields": {
                name: "String" if isinstance(value, str) else "Number"
                for name, value in layer.features[0][0].items()
            },
        }
        for layer in layers
    ]


def header(
    sizes: tuple[int, int, int, int],
    counts: tuple[int, int, int],
    zooms: tuple[int, int],
    bounds: tuple[float, float, float, float],
) -> bytes:
    """The 127 bytes at the start: where each section lies, what the tiles are."""
    out, offset = b"PMTiles\x03", HEADER_BYTES
    for size in sizes:
        out += offset.to_bytes(8, "little") + size.to_bytes(8, "little")
        offset += size
    out += b"".join(count.to_bytes(8, "little") for count in counts)
    out += bytes([1, GZIP, GZIP, MVT, *zooms])  # 1: tiles lie in the order of their ids
    west, south, east, north = bounds
    corners = (west, south, east, north)
    centre = ((west + east) / 2, (south + north) / 2)
    out += b"".join(coordinate(value) for value in corners)
    return out + bytes([zooms[0]]) + b"".join(coordinate(value) for value in centre)


def coordinate(degrees: float) -> bytes:
    """A header's coordinate."""
    return round(degrees * DEGREES).to_bytes(4, "little", signed=True)

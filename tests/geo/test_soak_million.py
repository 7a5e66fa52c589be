"""A million markers: made in parts, every one in the tiles of every zoom. Run with `make soak`.

The markers come alone, without events and inspections, which no tile shows. COTMOC_SOAK_MARKERS
asks for fewer, COTMOC_SOAK_REGISTER names a file that holds them. Times are told, not judged,
because machines differ.
"""

from __future__ import annotations

import os
import resource
import shutil
import time
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import pytest

from bench import registers
from geo import layers, load, query, store
from geo.audience import PUBLIC
from geo.period import Period
from geo.query import Filter
from geo.tiles.cache import Cache
from geo.tiles.grid import Floats, Tile, world
from geo.tiles.ready import Ask, Stock
from geo.tiles.serve import Tiles
from tests import soak

MARKERS = int(os.environ.get("COTMOC_SOAK_MARKERS", "1000000"))
DISK = 12_000  # bytes a marker that must be free, temporary files of the indexes included
DAY = "2026-07-01"
pytestmark = pytest.mark.soak


def count(body: bytes) -> int:
    """How many markers a tile stands for."""
    found = mapbox_vector_tile.decode(body).get("markers", {"features": []})["features"]
    return sum(feature["properties"].get("count", 1) for feature in found)


def tiles_of(lonlat: Floats, z: int) -> list[Tile]:
    u, v = world(lonlat[:, 0], lonlat[:, 1])
    at = np.unique(np.column_stack([v, u]) * 2**z // 1, axis=0).astype(int)
    return [Tile(z, y, x) for y, x in at.tolist()]


def _register(folder: Path) -> tuple[Path, str]:
    """The file at hand, or a new one, and what making it took."""
    if given := soak.register():
        return given, ""
    if shutil.disk_usage(folder).free < MARKERS * DISK:
        pytest.skip(f"{MARKERS} markers need {MARKERS * DISK / 1e9:.0f} GB of free disk")
    path, start = folder / "million.gpkg", time.process_time()
    load.make(path, registers.parts(MARKERS, lean=True), is_exercise=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = time.process_time() - start
    size = path.stat().st_size / 1e9
    return path, f", made in {spent:.0f} s of processor time, {size:.2f} GB, peak {peak:.0f} MB"


def test_a_million_markers_are_made_and_counted_in_tiles(tmp_path: Path) -> None:
    path, made = _register(tmp_path)
    lines = [f"{MARKERS:,} markers{made}"]
    engine = store.open_store(path)
    stock = Stock(engine, Tiles(Cache(tmp_path / "million.tiles")), store.watch(engine))
    with engine.connect() as conn:
        boxes = query.boxes(conn, layers.MARKERS, Filter(Period(DAY, DAY)))
    lonlat = np.array([box[:2] for box in boxes.values()])
    assert len(lonlat) == MARKERS

    def ask(tile: Tile) -> bytes:
        return stock.ready(Ask(("markers",), tile, PUBLIC, DAY)).body

    for z in (*range(9), 12):
        wanted = tiles_of(lonlat, z)
        start = time.process_time()
        bodies = [ask(tile) for tile in wanted]
        spent = (time.process_time() - start) * 1e3 / len(wanted)
        lines.append(f"z{z}: {len(wanted)} tiles, {spent:.2f} ms each")
        assert sum(map(count, bodies)) == MARKERS
    held = next(iter(stock.tiles.maker.dots.standing.values())).values()
    size = sum(column.nbytes for square in held for column in square.places)
    lines.append(f"places held: {size / 1e6:.1f} MB in each process")
    engine.dispose()
    soak.record("A million markers in tiles", "; ".join(lines))

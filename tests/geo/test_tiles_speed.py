"""How long tiles take: printed, not judged, because machines differ. Run with `make soak`."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geo import exercise, layers, load, query, store
from geo.period import Period
from geo.query import Filter
from geo.tiles import fields, points, wire
from geo.tiles.build import Maker
from geo.tiles.cache import Cache
from geo.tiles.grid import Tile
from geo.tiles.serve import Tiles
from tests.geo.test_tiles import at
from tests.once import DATA

MARKERS = 20_000
TODAY = Filter(Period("2026-07-01", "2026-07-01"))
pytestmark = pytest.mark.soak


def cpu_ms(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return (time.process_time() - start) * 1e3


def test_times_with_an_exercise_register(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "exercise.gpkg"
    load.make(path, exercise.replace(load.read_folder(DATA), markers=MARKERS), is_exercise=True)
    lines = []
    with store.open_store(path).connect() as conn:
        boxes = query.boxes(conn, layers.MARKERS, TODAY)
        for z in (0, 6, 9, 12, 14):
            maker = Maker()
            tiles = list(dict.fromkeys(at(z, *box[:2]) for box in list(boxes.values())[::50]))

            def draw(maker: Maker = maker, tiles: list[Tile] = tiles) -> None:
                for tile in tiles:
                    assert maker.layer(conn, layers.MARKERS, TODAY, tile)

            first, again = cpu_ms(draw), cpu_ms(draw)
            lines.append(
                f"z{z}: {len(tiles)} tiles, first {first / len(tiles):.2f} ms each,"
                f" places held {again / len(tiles):.2f} ms"
            )
        served = Tiles(Cache(tmp_path / "exercise.gpkg.tiles"))
        asked = [(layer, TODAY) for layer in fields.spatial()]
        tile = at(6, 107.0, 16.8)

        def ask() -> bytes:
            return served.tile(conn, asked, tile, served.version(conn, asked, tile))

        lines.append(f"every layer at z6: first {cpu_ms(ask):.1f} ms, kept {cpu_ms(ask):.2f} ms")
    with capsys.disabled():
        print("\n" + "\n".join(lines))  # noqa: T201


def test_time_of_8300_points(capsys: pytest.CaptureFixture[str]) -> None:
    count, random = 8300, np.random.default_rng(1)
    x, y = random.integers(0, 4096, (2, count))
    columns = {
        "id": [f"vn-kh.{i}.0.1" for i in range(count)],
        "number": [str(i) for i in range(count)],
        **{name: random.choice(list("abcdef"), count).tolist() for name in ("s", "c", "p")},
    }

    def draw() -> bytes:
        used = wire.tags(columns, count)
        return wire.layer("dots", points.features(x, y, used), used)

    best = min(cpu_ms(draw) for _ in range(5))
    with capsys.disabled():
        print(f"\n{count} points with 5 properties: {best:.1f} ms")  # noqa: T201
    assert len(draw()) > count

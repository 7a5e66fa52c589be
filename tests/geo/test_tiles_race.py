"""Rows that are closed, or come to lie elsewhere, while what tiles are made of is held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point

from geo import change, store
from geo.audience import EVERYTHING, PUBLIC, Sight
from geo.change import Edit
from geo.extents import Extents
from geo.layers import INSPECTIONS, MARKERS
from geo.period import Period
from geo.query import Filter
from geo.register import Register
from geo.tiles.cache import Cache
from geo.tiles.dots import Dots
from geo.tiles.grid import Tile
from geo.tiles.ready import Ask, Stock
from geo.tiles.serve import Tiles
from geo.vocabulary import Classification
from tests.conftest import Places
from tests.geo import build
from tests.geo.test_tiles import at
from tests.server import until

HERE = (107.5, 12.5)
DAY = Period("2026-01-01", "2026-01-01")
OPERATOR = Edit("operator", "to see", EVERYTHING)


@pytest.fixture
def register(places: Places) -> Iterator[Register]:
    visit = {"at": "2020-01-01T00:00:00Z", "condition": "intact", "classification": "restricted"}
    made = build.register(
        places(),
        admin_units=[*build.UNITS, build.unit("vn.quang-tri", "Quảng Trị")],
        markers=[build.marker("m", *HERE), build.marker("alone", *HERE)],
        inspections=[build.row("inspections", "secret", Point(*HERE), marker_id="m", **visit)],
    )
    yield made
    made.engine.dispose()


def edit(register: Register, key: str, **values: str) -> None:
    with store.writing(register.engine) as conn:
        change.update(conn, MARKERS, key, {"properties": values}, OPERATOR)


def revision(register: Register) -> int:
    with register.engine.connect() as conn:
        return store.revision_of_all(conn)


@pytest.mark.parametrize("z", [14, 8])
def test_what_is_closed_while_a_tile_is_made_is_not_in_it(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, z: int
) -> None:
    """Its place is known from before; what it tells is read when it is another's already."""
    tiles = Tiles(Cache(tmp_path / "tiles"))
    stock, names = Stock(register.engine, tiles, store.watch(register.engine)), (MARKERS.name,)
    asks = [Ask(names, at(zoom, *HERE), PUBLIC, DAY.start) for zoom in (z, z + 1)]
    stock.ready(Ask(names, Tile(0, 0, 0), PUBLIC, DAY.start))

    def asked(ask: Ask) -> bytes:
        return (stock.at_once(ask) or stock.ready(ask)).body

    assert b"markers" in asked(asks[0])
    closed: list[str] = []

    def meanwhile(name: str) -> Any:
        real = getattr(Dots, name)

        def method(*given: Any) -> Any:
            if not closed:
                closed.append(name)
                edit(register, "alone", classification="restricted", number="bí mật")
            return real(*given)

        return method

    for name in ("deep", "layer"):
        monkeypatch.setattr(Dots, name, meanwhile(name))
    assert "bí mật".encode() not in asked(asks[1])
    assert closed
    until(lambda: stock.watch.revision() == revision(register))
    assert b"alone" not in asked(asks[1])


def test_an_inspection_goes_with_its_marker(register: Register, tmp_path: Path) -> None:
    """Who reads it because the marker is his does so until it is another's."""
    tiles, extents = Tiles(Cache(tmp_path / "tiles")), Extents()
    units = register.units.territory(["vn.dak-nong"])
    sight = Sight(Classification.INTERNAL, Classification.RESTRICTED, units)
    asked, tile = [(INSPECTIONS, Filter(DAY, sight=sight))], at(6, *HERE)

    def seen() -> tuple[str, bytes, int]:
        with register.engine.connect() as conn:
            version = tiles.version(conn, asked, tile)
            found = extents.of(conn, INSPECTIONS, sight).matched
            return version.tagged(""), tiles.tile(conn, asked, tile, version), found

    tag, body, matched = seen()
    assert (b"secret" in body, matched) == (True, 1)
    edit(register, "m", province_origin_id="vn.quang-tri")
    after, body, matched = seen()
    assert (b"secret" in body, matched) == (False, 0)
    assert after != tag

"""A tile for a reader: from the cache where it is still true, else made and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection

from geo import files, period, store
from geo.audience import PUBLIC
from geo.period import Period
from geo.query import Filter
from geo.schema import Layer
from geo.tiles import cache, fields
from geo.tiles.build import Maker, of_a_day
from geo.tiles.cache import Cache
from geo.tiles.dots import Dots, plain
from geo.tiles.grid import Tile
from geo.tiles.rows import Source
from geo.tiles.shelf import Shelf
from geo.tiles.state import Known, State, Version

Asked = Sequence[tuple[Layer, Filter]]


def of_store(place: Path | str, *, folder: Path) -> Tiles:
    """Return the tiles of a store, kept beside its file; those of a database in `folder`."""
    points = Cache(files.beside(place, "points", folder=folder))
    made = Maker(Dots(Shelf(points)))
    return Tiles(Cache(cache.beside(place, folder=folder)), made, points=points)


def prepare(place: Path | str, *, folder: Path) -> None:
    """Read ahead what tiles of points are made of, today and for everybody; see `of_store`."""
    tiles, engine, day = of_store(place, folder=folder), store.open_store(place), period.today()
    try:
        with engine.connect() as conn:
            state = tiles.known.at(conn)
            for layer in fields.spatial():
                if layer.geometry == "Point":
                    tiles.maker.dots.prepare(conn, layer, Filter(Period(day, day)), state)
    finally:
        tiles.close()
        engine.dispose()


@dataclass(slots=True)
class Tiles:
    """Serves the tiles of one store."""

    cache: Cache
    maker: Maker = field(default_factory=Maker)
    known: Known = field(default_factory=Known)
    points: Cache | None = None  # what tiles are made of, see geo.tiles.shelf

    def close(self) -> None:
        """Write what waits and let go of the files."""
        self.cache.close()
        if self.points is not None:
            self.points.close()

    def version(
        self, conn: Connection, asked: Asked, tile: Tile, state: State | None = None
    ) -> Version:
        """Return what a tile's bytes depend on; needs no row to be read."""
        state = state or self.known.at(conn)
        names = tuple(layer.name for layer, _ in asked)
        first = asked[0][1]
        when = _time(conn, state, names, first.when)
        return state.version(names, tile, first.sight, when)

    def tile(
        self,
        conn: Connection,
        asked: Asked,
        tile: Tile,
        version: Version,
        state: State | None = None,
    ) -> bytes:
        """Return the tile, empty if nothing is in it.

        `conn` reads one state of the store from `version` on, or a later one than `state`: what
        is kept may be newer than its revision says, never older.
        """
        state = state or self.known.at(conn)
        if not all(of_a_day(one) for _, one in asked):
            return self.maker.tile(conn, asked, tile, state)
        wanted = _at_period(asked, version)
        if not all(plain(one) and one.sight == PUBLIC for _, one in asked):
            return self.maker.tile(conn, wanted, tile, state)
        found = self.cache.get(version.address, version.revision)
        if found is None:
            found = self.maker.tile(conn, wanted, tile, state)
            self.cache.put(version.address, version.revision, found)
        return found

    def soon(
        self, source: Source, asked: Asked, tile: Tile, version: Version, state: State
    ) -> bytes:
        """Return a plain tile for everybody that is kept or takes a few short reads.

        It is written later. Raises AskAgainError where it takes more, or the source gives less.
        """
        found = self.cache.get(version.address, version.revision)
        if found is None:
            found = self.maker.soon(source, _at_period(asked, version), tile, state)
            self.cache.put(version.address, version.revision, found, later=True)
        return found


def _time(conn: Connection, state: State, names: tuple[str, ...], when: Period | None) -> str:
    """Days between which no row begins or ends share their tiles."""
    if when is None:
        return "all"
    if when.start != when.end:
        return f"{when.start}/{when.end}"
    return state.period(conn, names, when.end)


def _at_period(asked: Asked, version: Version) -> Asked:
    """Ask for the first day of the period, so that places kept by the maker are shared too."""
    day = version.address.rpartition("/")[2]
    return [(layer, replace(one, when=Period(day, day))) for layer, one in asked]

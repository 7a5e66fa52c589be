"""The markers that every server holds: read once from our register, given to the peers."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import psycopg
from psycopg import sql
from sqlalchemy import select

from bench import cache
from bench.postgres import Cluster
from geo import query
from geo.layers import MARKERS
from geo.period import parse
from geo.query import Filter
from geo.schema import Kind
from geo.store import open_store
from geo.tables import VIEWS

TABLE = "markers"
FILTERED = ("province_origin_id", "stage", "condition")
_KINDS = {Kind.INTEGER: "INTEGER", Kind.REAL: "DOUBLE PRECISION"}  # all else is text
COLUMNS = (
    ("fid", "INTEGER"),
    ("id", "TEXT"),
    *((field.name, _KINDS.get(field.kind, "TEXT")) for field in MARKERS.fields),
    ("lon", "DOUBLE PRECISION"),
    ("lat", "DOUBLE PRECISION"),
)
NAMES = tuple(name for name, _ in COLUMNS)
_DECLARED = ", ".join(f"{name} {kind}" for name, kind in COLUMNS[1:])
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Markers:
    """What questions are made from and answers are checked with, in the order of our pages.

    A marker's number, from 1 on, is its place in that order, and its key at the peers.
    """

    ids: list[str]
    lonlat: Floats  # degrees, WGS 84
    values: dict[str, list[str]]  # of the columns FILTERED


@dataclass(frozen=True, slots=True)
class Data:
    """A register of ours and what is made from it."""

    register: Path
    markers: Markers
    cluster: Cluster | None

    @property
    def key(self) -> str:
        """Names the register's content."""
        return self.register.stem

    @property
    def database(self) -> str:
        """The name of the peers' database; ours is another."""
        return f"peers_{self.key}"

    def postgres(self) -> Cluster:
        """The running PostgreSQL, for those who cannot do without."""
        if self.cluster is None:
            raise RuntimeError("this needs PostgreSQL with PostGIS")
        return self.cluster


def load(register: Path, cluster: Cluster | None) -> Data:
    """Read the markers of a register as the public sees them today."""
    view = VIEWS[TABLE]
    columns = [view.c.id, view.c.w, view.c.s, *(view.c[name] for name in FILTERED)]
    shown = query.condition(MARKERS, _today())
    engine = open_store(register)
    with engine.connect() as conn:
        rows = conn.execute(select(*columns).where(shown).order_by(view.c.vid)).all()
    engine.dispose()
    ids, west, south, *values = (list(column) for column in zip(*rows, strict=True))
    lonlat = np.column_stack((west, south)).astype(np.float64)
    return Data(register, Markers(ids, lonlat, dict(zip(FILTERED, values, strict=True))), cluster)


def _today() -> Filter:
    return Filter(parse(None))


def rows(register: Path) -> Iterator[tuple[Any, ...]]:
    """Yield the columns NAMES of every marker, from the GeoJSON that we serve."""
    engine = open_store(register)
    with engine.connect() as conn:
        for number, text in enumerate(query.every(conn, MARKERS, _today()), start=1):
            feature = orjson.loads(text)
            held = feature["properties"]
            values = (_plain(held.get(field.name)) for field in MARKERS.fields)
            yield number, feature["id"], *values, *feature["geometry"]["coordinates"][:2]
    engine.dispose()


def _plain(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value


def sqlite(data: Data) -> Path:
    """An SQLite file with the table, its points as two columns."""
    home = cache.folder() / "peers" / f"{data.key}.db"
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        part = home.with_suffix(".part")
        part.unlink(missing_ok=True)
        marks = ",".join("?" * len(NAMES))
        with closing(sqlite3.connect(part)) as db, db:
            db.execute(f"CREATE TABLE {TABLE} (fid INTEGER PRIMARY KEY, {_DECLARED})")
            db.executemany(f"INSERT INTO {TABLE} VALUES ({marks})", rows(data.register))
            db.execute(f"CREATE INDEX by_place ON {TABLE} (lon, lat)")
            _index(db)
        part.replace(home)
    return home


def _index(db: sqlite3.Connection) -> None:
    db.execute(f"CREATE UNIQUE INDEX by_id ON {TABLE} (id)")
    for column in FILTERED:
        db.execute(f"CREATE INDEX by_{column} ON {TABLE} ({column})")
    db.execute("ANALYZE")


def geopackage(data: Data) -> Path:
    """A GeoPackage as GDAL writes it, with its R-tree, and indexes on what is asked for."""
    home = cache.folder() / "peers" / f"{data.key}.gpkg"
    if not home.exists():
        import geopandas  # noqa: PLC0415  takes a second, seldom needed
        import pandas  # noqa: PLC0415

        home.parent.mkdir(parents=True, exist_ok=True)
        part = home.with_suffix(".part.gpkg")
        part.unlink(missing_ok=True)
        table = pandas.DataFrame(rows(data.register), columns=NAMES)
        points = geopandas.points_from_xy(table.pop("lon"), table.pop("lat"), crs=4326)
        frame = geopandas.GeoDataFrame(table.drop(columns="fid"), geometry=points)
        frame.to_file(part, layer=TABLE, driver="GPKG", engine="pyogrio")
        with closing(sqlite3.connect(part)) as db, db:
            _index(db)
        part.replace(home)
    return home


def postgis(data: Data) -> str:
    """The address of a database with the table, a GiST index on its points and btrees."""
    cluster = data.postgres()
    if not cluster.holds(data.database):
        cluster.drop_others(f"peers_{data.key.split('-')[0]}-", data.database)
        cluster.make(data.database)
        with psycopg.connect(cluster.address(data.database)) as conn:
            _fill(conn, data.register)
        cluster.settle(data.database)
    return cluster.address(data.database)


def _fill(conn: psycopg.Connection, register: Path) -> None:
    name = sql.SQL(TABLE)
    declared = sql.SQL(_DECLARED)
    conn.execute(sql.SQL("CREATE TABLE {} (fid INTEGER, {})").format(name, declared))
    with conn.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
        for row in rows(register):
            copy.write_row(row)
    for change in (
        "ALTER TABLE {} ADD COLUMN geom geometry(Point, 4326)",
        "UPDATE {} SET geom = ST_SetSRID(ST_MakePoint(lon, lat), 4326)",
        "ALTER TABLE {} DROP COLUMN lon, DROP COLUMN lat",
        "ALTER TABLE {} ADD PRIMARY KEY (fid)",
        "CREATE UNIQUE INDEX ON {} (id)",
        *(f"CREATE INDEX ON {{}} ({column})" for column in FILTERED),
        "CREATE INDEX ON {} USING gist (geom)",
    ):
        conn.execute(sql.SQL(change).format(name))

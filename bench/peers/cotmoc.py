"""Cột Mốc itself, on a file or on PostGIS."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
from psycopg import sql

from bench import answers, registers
from bench.data import Data
from bench.peers import Fetch, Place, Role
from bench.questions import WINDOW, Equal, Item, MapTile, Page, Question, Whole, Window
from bench.server import HOST, Command
from geo import ahead, postgis
from geo.tiles import cache as tile_cache
from office import database
from tests.server import ROOT

ITEMS = "/api/collections/markers/items"
TILES = "/api/collections/markers/tiles/WebMercatorQuad"
STRIDE = 10_000  # features of a page on the way to a deep one


@dataclass(slots=True)
class Cotmoc:
    """Our server with its own settings; pages begin where its own links say."""

    name: str = "cotmoc file"
    on_postgres: bool = False
    by_key: bool = True
    role: Role = Role.OURS
    _store: str = ""
    _cursors: dict[int, str] = field(default_factory=dict)

    def missing(self) -> str | None:
        """Nothing, once the web app is built."""
        built = (ROOT / "web/dist/index.html").exists()
        return None if built else "the web app is not built: run `make setup`"

    def prepare(self, data: Data) -> None:
        """Make the same register on PostGIS once, and what lies beside a new one where it is gone.

        Tiles that an earlier run kept are thrown away.
        """
        if not self._store:
            self._store = _on_postgis(data) if self.on_postgres else str(data.register)
            _forget_accounts(self._store)
        ahead.make(self._store, folder=ROOT / "var")
        kept = tile_cache.beside(self._store, folder=ROOT / "var")
        for file in kept.parent.glob(f"{kept.name}*"):
            file.unlink()

    def command(self, place: Place) -> Command:
        """The command of an operator, less the message of the first start."""
        program = Path(sys.executable).parent / "cotmoc"
        where = ["--host", HOST, "--port", str(place.port), "--store", self._store]
        words = [str(program), "serve", *where, "--workers", str(place.workers)]
        return Command(words, {"PYTHONPATH": str(ROOT)}, ROOT)

    def learn(self, fetch: Fetch, questions: list[Question]) -> None:
        """Walk the `next` links to every place where a page of the questions begins."""
        self._cursors.clear()
        wanted = sorted({one.skipped for one in questions if isinstance(one, Page)})
        at, address = 0, ITEMS
        for place in wanted:
            while at < place:
                step = min(place - at, STRIDE)
                address = _next(fetch(_with(address, limit=step)))
                at += step
            self._cursors[place] = address

    def target(self, question: Question) -> str | None:
        """Our addresses."""
        match question:
            case Item(id=one):
                return f"{ITEMS}/{one}"
            case Window(box):
                return f"{ITEMS}?bbox={','.join(map(str, box))}&limit={WINDOW}"
            case Page(skipped, limit):
                return _with(self._cursors[skipped], limit=limit)
            case Equal(limit=limit):
                return f"{ITEMS}?{urlencode({**question.given, 'limit': limit})}"
            case Whole(turn):
                return f"{ITEMS}?f=geojson&download={turn}"
            case MapTile(z, x, y):
                return f"{TILES}/{z}/{y}/{x}"

    def read(self, question: Question, body: bytes) -> answers.Answer:
        """GeoJSON and vector tiles."""
        return answers.tile(body) if isinstance(question, MapTile) else answers.geojson(body)


def _on_postgis(data: Data) -> str:
    cluster, name = data.postgres(), f"cotmoc_{data.key}"
    address = cluster.address(name)
    if not cluster.holds(name):
        cluster.drop_others(f"cotmoc_{data.key.split('-')[0]}-", name)
        cluster.make(name)
        registers.write(address, len(data.markers.ids), lean=registers.is_lean(data.register))
        cluster.settle(name)
    return address


def _forget_accounts(store: str) -> None:
    """Throw away the private database of an earlier run, which may be of an older version."""
    office = database.beside(store if "://" in store else Path(store))
    if isinstance(office, Path):
        for file in office.parent.glob(f"{office.name}*"):
            file.unlink()
        return
    _, schema = postgis.parts(office)
    with psycopg.connect(store) as conn:
        drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE")
        conn.execute(drop.format(sql.Identifier(schema)))


def _next(body: bytes) -> str:
    links = {link["rel"]: link["href"] for link in json.loads(body)["links"]}
    parts = urlsplit(links["next"])
    return f"{parts.path}?{parts.query}"


def _with(address: str, *, limit: int) -> str:
    """The address with another limit."""
    path, _, query = address.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("limit=")]
    return f"{path}?{'&'.join([*kept, f'limit={limit}'])}"

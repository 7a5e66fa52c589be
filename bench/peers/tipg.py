"""tipg on PostGIS: OGC API Features and Tiles in Python, queries and tiles made by the database."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench import answers, cache
from bench.data import TABLE, Data, postgis
from bench.peers import Fetch, Place, Role, offset
from bench.peers.offset import MOST
from bench.questions import Item, MapTile, Question
from bench.server import HOST, Command
from geo.tiles.fields import FIELDS

ITEMS = f"/collections/public.{TABLE}/items"
TILES = f"/collections/public.{TABLE}/tiles/WebMercatorQuad"


@dataclass(slots=True)
class Tipg:
    """Under uvicorn with a worker for each core, and its pool of ten connections for each."""

    name: str = "tipg"
    on_postgres: bool = True
    by_key: bool = False
    role: Role = Role.PEER
    _programs: Path = Path()
    _address: str = ""

    def missing(self) -> str | None:
        """Nothing."""
        return None

    def prepare(self, data: Data) -> None:
        """Install it and fill its table."""
        self._programs = cache.environment("tipg")
        self._address = postgis(data)

    def command(self, place: Place) -> Command:
        """As its manual says, with limits that let the whole layer through."""
        words = [
            str(self._programs / "uvicorn"), "tipg.main:app", "--host", HOST, "--port",
            str(place.port), "--workers", str(place.workers), "--log-level", "warning",
            "--no-access-log",
        ]  # fmt: skip
        settings = {
            "DATABASE_URL": self._address,
            "DB_MIN_CONN_SIZE": "10",
            "TIPG_MAX_FEATURES_PER_QUERY": str(MOST),
            "TIPG_MAX_FEATURES_PER_TILE": str(MOST),
            "TIPG_CATALOG_TTL": "3600",
        }
        return Command(words, settings, self._programs)

    def learn(self, fetch: Fetch, questions: list[Question]) -> None:
        """Nothing: pages are by offset."""

    def target(self, question: Question) -> str | None:
        """Its addresses."""
        match question:
            case Item(number=key):
                return f"{ITEMS}/{key}?f=geojson"
            case MapTile(z, x, y):
                # As many properties as our tiles carry.
                return f"{TILES}/{z}/{x}/{y}?properties=id,{','.join(FIELDS[TABLE])}"
            case _:
                return f"{ITEMS}?{urlencode({**offset.parameters(question), 'f': 'geojson'})}"

    def read(self, question: Question, body: bytes) -> answers.Answer:
        """GeoJSON and vector tiles."""
        return offset.read(question, body)

"""pg_featureserv and pg_tileserv, in Go over PostGIS: measured where they are installed."""

import shutil
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


@dataclass(slots=True)
class Crunchy:
    """One of the two; both are one process that uses every core."""

    name: str
    on_postgres: bool = True
    by_key: bool = False
    role: Role = Role.PEER
    _home: Path = Path()
    _address: str = ""

    def missing(self) -> str | None:
        """Neither PyPI nor Debian has them."""
        return None if shutil.which(self.name) else "neither PyPI nor Debian has it; not on PATH"

    def prepare(self, data: Data) -> None:
        """Fill the table."""
        self._home = cache.folder() / "peers"
        self._address = postgis(data)

    def command(self, place: Place) -> Command:
        """Its configuration in a file, the address of the database in the environment."""
        file = self._home / f"{self.name}.toml"
        if self.name == "pg_tileserv":
            text = f'HttpHost = "{HOST}"\nHttpPort = {place.port}\nMaxFeaturesPerTile = {MOST}\n'
        else:
            paging = f"[Paging]\nLimitDefault = 10\nLimitMax = {MOST}\n"
            text = f'[Server]\nHttpHost = "{HOST}"\nHttpPort = {place.port}\n{paging}'
        file.write_text(text)
        words = [shutil.which(self.name) or self.name, "--config", str(file)]
        return Command(words, {"DATABASE_URL": self._address}, self._home)

    def learn(self, fetch: Fetch, questions: list[Question]) -> None:
        """Nothing: pages are by offset."""

    def target(self, question: Question) -> str | None:
        """The one serves features, the other tiles."""
        if isinstance(question, MapTile):
            return self._tile(question) if self.name == "pg_tileserv" else None
        return None if self.name == "pg_tileserv" else _features(question)

    def _tile(self, tile: MapTile) -> str:
        wanted = f"id,{','.join(FIELDS[TABLE])}"
        return f"/public.{TABLE}/{tile.z}/{tile.x}/{tile.y}.pbf?properties={wanted}"

    def read(self, question: Question, body: bytes) -> answers.Answer:
        """GeoJSON and vector tiles."""
        return offset.read(question, body)


def _features(question: Question) -> str:
    if isinstance(question, Item):
        return f"{ITEMS}/{question.number}.json"
    return f"{ITEMS}.json?{urlencode(offset.parameters(question))}"

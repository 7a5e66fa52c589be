"""pygeoapi, the reference implementation in Python, on a GeoPackage or on PostGIS."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench import answers, cache
from bench.data import TABLE, Data, geopackage, postgis
from bench.peers import Fetch, Place, Role, offset
from bench.peers.offset import MOST
from bench.questions import Item, MapTile, Question
from bench.server import HOST, Command

ITEMS = f"/collections/{TABLE}/items"
TILES = f"/collections/{TABLE}/tiles/WebMercatorQuad"
NEWEST = "import sys; assert sys.version_info >= (3, 12)"  # of pygeoapi needs it
EXTENSIONS = (
    "import sqlite3; c = sqlite3.connect(':memory:'); c.enable_load_extension(True);"
    " c.load_extension('mod_spatialite')"
)


@dataclass(slots=True)
class Pygeoapi:
    """As its container runs it: gunicorn with gevent, here with a worker for each core."""

    name: str = "pygeoapi GeoPackage"
    on_postgres: bool = False
    by_key: bool = False
    role: Role = Role.PEER
    _programs: Path = Path()
    _home: Path = Path()

    def missing(self) -> str | None:
        """On a GeoPackage it needs SpatiaLite, and a Python that may load it."""
        if self.on_postgres or cache.interpreter(EXTENSIONS):
            return None
        return (
            "no Python here loads SpatiaLite; run: sudo apt-get install libsqlite3-mod-spatialite"
        )

    def prepare(self, data: Data) -> None:
        """Install it, give it its data and write its configuration."""
        python = cache.interpreter(NEWEST if self.on_postgres else EXTENSIONS)
        self._programs = cache.environment("pygeoapi", **({"python": python} if python else {}))
        self._home = cache.folder() / "peers" / f"{data.key}-{self.name.replace(' ', '-')}"
        self._home.mkdir(parents=True, exist_ok=True)
        providers = _on_postgis(data) if self.on_postgres else _on_file(data)
        text = json.dumps(_configuration(providers))  # JSON is YAML
        (self._home / "pygeoapi.yml").write_text(text)
        (self._home / "openapi.yml").write_text(json.dumps({"openapi": "3.0.2", "paths": {}}))

    def command(self, place: Place) -> Command:
        """The words of its container's entry point."""
        words = [
            str(self._programs / "gunicorn"), "--workers", str(place.workers), "--worker-class",
            "gevent", "--no-control-socket", "--timeout", "6000", "--bind",
            f"{HOST}:{place.port}", "--log-level", "warning", "pygeoapi.flask_app:APP",
        ]  # fmt: skip
        settings = {"PYGEOAPI_CONFIG": "pygeoapi.yml", "PYGEOAPI_OPENAPI": "openapi.yml"}
        return Command(words, settings, self._home)

    def learn(self, fetch: Fetch, questions: list[Question]) -> None:
        """Nothing: pages are by offset."""

    def target(self, question: Question) -> str | None:
        """Its addresses; only on PostGIS does it make tiles."""
        match question:
            case Item(number=key):
                return f"{ITEMS}/{key}?f=json"
            case MapTile(z, x, y):
                return f"{TILES}/{z}/{y}/{x}?f=mvt" if self.on_postgres else None
            case _:
                return f"{ITEMS}?{urlencode({**offset.parameters(question), 'f': 'json'})}"

    def read(self, question: Question, body: bytes) -> answers.Answer:
        """GeoJSON and vector tiles."""
        return offset.read(question, body)


def _on_file(data: Data) -> list[dict[str, Any]]:
    held = {"data": str(geopackage(data)), "table": TABLE, "id_field": "fid"}
    return [{"type": "feature", "name": "SQLiteGPKG", **held}]


def _on_postgis(data: Data) -> list[dict[str, Any]]:
    parts = urlsplit(postgis(data))
    connection = {
        "host": parts.hostname, "port": parts.port, "dbname": parts.path[1:],
        "user": parts.username, "password": "", "search_path": ["public"],
    }  # fmt: skip
    held = {"data": connection, "table": TABLE, "id_field": "fid", "geom_field": "geom"}
    zooms = {"zoom": {"min": 0, "max": 16}}
    form = {"name": "pbf", "mimetype": "application/vnd.mapbox-vector-tile"}
    tiles = {
        "options": zooms,
        "format": form,
        "storage_crs": "http://www.opengis.net/def/crs/EPSG/0/4326",
    }
    return [
        {"type": "feature", "name": "PostgreSQL", **held},
        {"type": "tile", "name": "MVT-postgresql", **held, **tiles},
    ]


def _configuration(providers: list[dict[str, Any]]) -> dict[str, Any]:
    words = {"title": "bench", "description": "bench", "keywords": ["bench"]}
    return {
        "server": {
            "bind": {"host": HOST, "port": 5000},
            "url": "http://127.0.0.1:5000",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "pretty_print": False,
            "limits": {"default_items": 10, "max_items": MOST},
            "map": {"url": "http://127.0.0.1/{z}/{x}/{y}.png", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                **words,
                "keywords_type": "theme",
                "terms_of_service": "none",
                "url": "http://127.0.0.1",
            },
            "license": {"name": "none", "url": "http://127.0.0.1"},
            "provider": {"name": "bench", "url": "http://127.0.0.1"},
            "contact": {"name": "bench"},
        },
        "resources": {
            TABLE: {
                "type": "collection",
                **words,
                "links": [],
                "extents": {
                    "spatial": {
                        "bbox": [-180, -90, 180, 90],
                        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
                    }
                },
                "providers": providers,
            }
        },
    }

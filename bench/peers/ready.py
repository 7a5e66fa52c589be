"""The ceiling: our own answers as ready bytes, handed out by uvicorn and by nginx."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import answers, cache
from bench.data import Data
from bench.peers import Fetch, Place, Role
from bench.questions import MapTile, Question
from bench.server import HOST, Command
from tests.server import ROOT

_NGINX = """
{user}
worker_processes {workers};
daemon off;
pid {home}/nginx.pid;
error_log stderr error;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=100;
  keepalive_requests 1000000000;
  default_type application/geo+json;
  client_body_temp_path {home}; proxy_temp_path {home}; fastcgi_temp_path {home};
  uwsgi_temp_path {home}; scgi_temp_path {home};
  server {{ listen {host}:{port}; root {home}; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Recording:
    """One answer of ours."""

    target: str
    headers: dict[str, str]
    body: bytes


Recordings = Mapping[Question, Recording]


@dataclass
class Ready:
    """What both do alike: hold the recordings as files."""

    name: str
    recordings: Recordings
    on_postgres: bool = False
    by_key: bool = False
    role: Role = Role.CEILING
    _home: Path = Path()

    def prepare(self, data: Data) -> None:
        """Write the bodies, and a list of them."""
        self._home = cache.folder() / "ready" / data.key
        shutil.rmtree(self._home, ignore_errors=True)
        self._home.mkdir(parents=True)
        listed = {}
        for number, one in enumerate(self.recordings.values()):
            file = self._home / str(number)
            file.write_bytes(one.body)
            listed[one.target] = {"headers": one.headers, "file": str(file)}
        (self._home / "list.json").write_text(json.dumps(listed))

    def learn(self, fetch: Fetch, questions: list[Question]) -> None:
        """Nothing."""

    def read(self, question: Question, body: bytes) -> answers.Answer:
        """GeoJSON and vector tiles."""
        return answers.tile(body) if isinstance(question, MapTile) else answers.geojson(body)


class Uvicorn(Ready):
    """A bare ASGI application under the very server that we run under."""

    def missing(self) -> str | None:
        """Nothing."""
        return None

    def command(self, place: Place) -> Command:
        """As `cotmoc serve` starts uvicorn."""
        words = [sys.executable, "-m", "bench.peers.bare", str(self._home / "list.json")]
        return Command([*words, str(place.port), str(place.workers)], {"PYTHONPATH": str(ROOT)})

    def target(self, question: Question) -> str | None:
        """The same address as at our server."""
        found = self.recordings.get(question)
        return None if found is None else found.target


class Nginx(Ready):
    """nginx with a process for each core; the files are in the system's memory."""

    def missing(self) -> str | None:
        """Nginx comes from the system's packages."""
        return None if _nginx() else "run: sudo apt-get install nginx-light"

    def command(self, place: Place) -> Command:
        """Its own settings for files, without a log."""
        text = _NGINX.format(
            home=self._home,
            host=HOST,
            port=place.port,
            workers=place.workers,
            user="user root;" if os.geteuid() == 0 else "",
        )
        file = self._home / "nginx.conf"
        file.write_text(text)
        return Command([_nginx() or "nginx", "-p", str(self._home), "-c", str(file)])

    def target(self, question: Question) -> str | None:
        """The name of a file."""
        listed = list(self.recordings)
        return f"/{listed.index(question)}" if question in self.recordings else None


def _nginx() -> str | None:
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:" + cache.ENVIRONMENT["PATH"])

"""Starting a server, asking it one thing, stopping it."""

import http.client
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from bench import cache

HOST = "127.0.0.1"
PATIENCE = 60.0  # seconds until a server must answer
TRY = 5.0  # seconds until another connection is tried
PAUSE = 0.005  # seconds between tries
GRACE = 5.0  # seconds until a server that was asked to stop is killed


class ServerError(Exception):
    """A server did not start or gave no answer; the message holds what it printed."""


@dataclass(frozen=True, slots=True)
class Command:
    """How to start a server."""

    words: list[str]
    env: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A server that has given its first answer."""

    base: str  # http://host:port
    pid: int
    first_answer: float  # seconds after it was started


def get(base: str, target: str, *, within: float = PATIENCE) -> tuple[dict[str, str], bytes]:
    """The headers and the body of one answer. Raises ServerError unless it is 200 or 204."""
    conn = http.client.HTTPConnection(urlsplit(base).netloc, timeout=within)
    try:
        conn.request("GET", target)
        answer = conn.getresponse()
        body = answer.read()
    finally:
        conn.close()
    if answer.status not in (200, 204):
        raise ServerError(f"{target}: {answer.status} {body[:300]!r}")
    return {name.lower(): value for name, value in answer.getheaders()}, body


@contextmanager
def running(command: Command, *, port: int, first: str) -> Iterator[Running]:
    """Start a server and wait until it answers the target `first`; stop it at the end."""
    base = f"http://{HOST}:{port}"
    with tempfile.TemporaryFile() as log:
        begun = time.perf_counter()
        server = subprocess.Popen(
            command.words,
            env=cache.ENVIRONMENT | command.env,
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _await(base, first, server, log)
            yield Running(base, server.pid, time.perf_counter() - begun)
        finally:
            _stop(server)


def _await(base: str, first: str, server: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    reason = "it gave no answer"
    while time.monotonic() < end and server.poll() is None:
        try:
            get(base, first, within=TRY)
        except (OSError, http.client.HTTPException):
            time.sleep(PAUSE)
        except ServerError as error:
            reason = str(error)
            time.sleep(PAUSE)
        else:
            return
    log.seek(0)
    raise ServerError(f"{reason}\n{log.read()[-3000:].decode(errors='replace')}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, then end the whole group of processes that it began."""
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(GRACE)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()

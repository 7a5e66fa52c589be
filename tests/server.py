"""Start the real server on a store of its own, for browser tests, photographs and the benchmark."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parent.parent
COTMOC = Path(sys.executable).parent / "cotmoc"
PATIENCE = 60.0  # seconds until the server must be ready
PORTS = range(10_240, 32_768)


class ServerError(Exception):
    """The server, or the making of its store, failed; the message holds what it printed."""


Place = TypeVar("Place", bound=Path | str)


def make_store(path: Place, *, exercise_markers: int | None = None) -> Place:
    """Load the embedded data, or a synthetic register of so many markers, into a new store."""
    exercise = ["--exercise", "--markers", str(exercise_markers)] if exercise_markers else []
    command = [str(COTMOC), "init", *exercise, str(path)]
    done = subprocess.run(command, env=_env(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerError(f"cotmoc init failed:\n{done.stdout}\n{done.stderr}")
    return path


@contextmanager
def running(
    store: Path | str,
    *,
    env: dict[str, str] | None = None,
    worker: bool = False,
    workers: int = 1,
    log: Path | None = None,
) -> Iterator[str]:
    """Serve a store on a free port of this machine; gives the base URL, stops at the end.

    With `worker` jobs are done too; `workers` processes answer; `log` gets what they print.
    """
    if not (ROOT / "web/dist/index.html").exists():
        raise ServerError("The web app is not built: run `make setup` first.")
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [str(COTMOC), "serve", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers)]
    if not worker:
        command.append("--no-worker")
    with (
        (log.open if log else tempfile.TemporaryFile)("w+", encoding="utf-8") as told,
        subprocess.Popen(
            [*command, "--store", str(store)],
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            env=_env() | (env or {}),
        ) as server,
    ):
        try:
            _wait_until_ready(url, server)
            yield url
        except ServerError as error:
            told.seek(0)
            raise ServerError(f"{error}\n{told.read()[-4000:]}") from None
        finally:
            server.terminate()


def _env() -> dict[str, str]:
    """This environment less the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COTMOC_")}


def free_port() -> int:
    """A port of this machine that nobody listens on now, below those that clients are given."""
    while True:
        port = PORTS.start + secrets.randbelow(len(PORTS))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            raise ServerError(f"The server ended with exit code {server.returncode}.")
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise ServerError(f"The server was not ready after {PATIENCE:.0f} s.")


def until(true: Callable[[], bool]) -> None:
    """Wait for what must come about within PATIENCE."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)

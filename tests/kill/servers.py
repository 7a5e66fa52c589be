"""Servers that are started quickly and killed with all their processes."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from geo.store import Target
from tests.server import free_port
from tests.source import ROOT

PATIENCE = 60.0  # seconds until a server must answer


class Nest:
    """Hatches servers; see tests.kill.nest."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    @contextmanager
    def serving(
        self, store: Target, settings: Mapping[str, object], *, workers: int = 2
    ) -> Iterator["Server"]:
        """Serve a store that anybody here may write to; at the end every process is killed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        port = free_port()
        words = ["serve", "--port", str(port), "--store", str(store), "--workers", str(workers)]
        asked = {
            "words": [*words, "--allow-anonymous-writes"],
            "settings": {f"COTMOC_{name.upper()}": str(one) for name, one in settings.items()},
        }
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        server = Server(int(self.process.stdout.readline()), port)
        try:
            server.wait()
            yield server
        finally:
            server.kill()


class Server:
    """A server and the processes that it has."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid, self.port = pid, port
        self.url = f"http://127.0.0.1:{port}"

    def wait(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/health/ready", timeout=5):
                return
            time.sleep(0.01)
        raise TimeoutError(f"no server at {self.url}")

    def kill(self) -> None:
        """Kill the whole process group at once, and wait until none of it is left."""
        end = time.monotonic() + PATIENCE
        with suppress(ProcessLookupError):
            while time.monotonic() < end:
                os.killpg(self.pid, signal.SIGKILL)
                time.sleep(0.002)


@contextmanager
def nest() -> Iterator[Nest]:
    """Give a nest for as long as it is wanted."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COTMOC_")}
    words = [sys.executable, "-m", "tests.kill.nest"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, text=True, cwd=ROOT, env=environment, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield Nest(process)
        finally:
            process.kill()

"""Several processes on one port: they answer, one that dies is replaced, all go when told."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.server import COTMOC, PATIENCE, free_port, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")


def children(pid: int) -> set[int]:
    return {int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_a_process_that_dies_is_replaced_and_all_end_together(embedded_file: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(COTMOC), "serve", "--port", str(port), "--store", str(embedded_file)]
    command += ["--workers", "2", "--no-worker"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            until(lambda: answers(url))
            victim = min(children(server.pid))
            os.kill(victim, signal.SIGKILL)
            until(lambda: victim not in (now := children(server.pid)) and len(now) == 2)
            until(lambda: answers(url))
            last = children(server.pid)
        finally:
            server.terminate()
            assert server.wait(PATIENCE) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in last)


HASTY = """
import sys
from api import workers
workers.HUNG_S, workers.LOOK_S = 1.0, 0.2
from api.cli import app
app(sys.argv[1:])
"""


def test_a_process_that_hangs_is_replaced(embedded_file: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", HASTY, "serve", "--port", str(port)]
    command += ["--store", str(embedded_file), "--workers", "2", "--no-worker"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as server:
        try:
            until(lambda: answers(url))
            victim = min(children(server.pid))
            os.kill(victim, signal.SIGSTOP)
            until(lambda: victim not in (now := children(server.pid)) and len(now) == 2)
            assert all(answers(url) for _ in range(20))  # whichever process they come to
            kept = children(server.pid)
            time.sleep(3)  # three times as long as one may be silent
            assert children(server.pid) == kept  # who lives is left alone
        finally:
            server.terminate()
            _, told = server.communicate(timeout=PATIENCE)
            assert server.returncode == 0
    assert f"process {victim} has hung".encode() in told


def sockets(pid: int) -> int:
    places = (one.readlink() for one in Path(f"/proc/{pid}/fd").iterdir())
    return sum(place.name.startswith("socket:") for place in places)


def test_connections_are_shared_out_among_processes(embedded_file: Path) -> None:
    """Of 200 each of two gets 60 at least: fewer come by chance once in a hundred million times."""
    port = free_port()
    command = [str(COTMOC), "serve", "--port", str(port), "--store", str(embedded_file)]
    command += ["--workers", "2", "--no-worker"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            until(lambda: answers(f"http://127.0.0.1:{port}"))
            until(lambda: len(children(server.pid)) == 2)
            pids = children(server.pid)
            before = {pid: sockets(pid) for pid in pids}
            links = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
            asked = 2  # the connections of the first question may have been closed meanwhile
            until(lambda: sum(sockets(pid) - before[pid] for pid in pids) >= len(links) - asked)
            assert min(sockets(pid) - before[pid] for pid in pids) >= 60
            for link in links:
                link.close()
            second = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
            assert second.returncode != 0
            assert b"in use" in second.stderr
        finally:
            server.terminate()
            assert server.wait(PATIENCE) == 0


def test_a_killed_server_leaves_no_process_behind(embedded_file: Path, tmp_path: Path) -> None:
    """One that serves and one that does jobs, each with its files of its own."""
    port = free_port()
    command = [str(COTMOC), "serve", "--port", str(port), "--store", str(embedded_file)]
    env = {**os.environ, "COTMOC_OFFICE": str(tmp_path / "office")}
    with subprocess.Popen(
        [*command, "--workers", "1"], stderr=subprocess.DEVNULL, env=env
    ) as server:
        until(lambda: answers(f"http://127.0.0.1:{port}"))
        until((tmp_path / "office").exists)
        until(lambda: len(children(server.pid)) == 2)
        born = children(server.pid)
        victim = max(born)  # the one for jobs, which was born last
        os.kill(victim, signal.SIGKILL)
        until(lambda: victim not in (now := children(server.pid)) and len(now) == 2)
        born = children(server.pid)
        server.kill()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in born))

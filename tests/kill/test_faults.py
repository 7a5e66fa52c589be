"""A disk without room, a database that restarts, an upload that stops half-way."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from urllib.parse import quote

import pytest

from geo import check, history, store
from geo.store import Target
from tests import postgres
from tests.geo import build
from tests.kill import writers
from tests.kill.servers import Nest, nest
from tests.kill.test_kill import held, until
from tests.kill.writers import Known

ROOM = 3 * 2**20  # bytes of the small disk, beside what the new register takes
WRITERS = 3


@pytest.fixture(scope="module")
def hatching() -> Iterator[Nest]:
    with nest() as made:
        yield made


def whole(place: Target) -> None:
    engine = store.open_store(place)
    assert check.check(engine) == []
    with engine.connect() as conn:
        assert history.first_broken(conn) is None
    engine.dispose()


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A file system of so many bytes, or a skip that says why there is none."""
    disk = folder / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "cotmoc-test", str(disk)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(words, check=False).returncode:
        pytest.skip("A full disk is tried where a tmpfs may be mounted: on Linux, as root")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(server_port: int, known: Known) -> None:
    """Write until there is no room."""
    stop = Event()
    running = writers.start(server_port, known, stop, writers=2, padding=100_000)
    until(lambda: 507 in known.statuses, what="the disk did not get full")
    stop.set()
    for one in running:
        one.join(writers.TIMEOUT_S)


def test_a_full_disk_loses_nothing_and_is_left_by_itself(hatching: Nest, tmp_path: Path) -> None:
    made = tmp_path / "made.gpkg"
    build.register(made).engine.dispose()
    with small_disk(tmp_path, made.stat().st_size + ROOM) as disk:
        place, ballast = disk / "r.gpkg", disk / "ballast"
        place.write_bytes(made.read_bytes())
        ballast.write_bytes(bytes(ROOM // 3))
        known = Known()
        with hatching.serving(place, {}) as server:
            fill(server.port, known)
            assert known.wrong(held(place)) == []
            ballast.unlink()
            before, stop = known.acknowledged, Event()
            running = writers.start(server.port, known, stop, writers=1)
            until(lambda: known.acknowledged > before, what="it did not recover by itself")
            stop.set()
            for one in running:
                one.join(writers.TIMEOUT_S)
        assert known.wrong(held(place)) == []
        whole(place)


def more(known: Known) -> None:
    """Wait until some more changes were acknowledged."""
    wanted = known.acknowledged + 4
    until(lambda: known.acknowledged >= wanted, what="nothing is written")


@contextmanager
def own_database() -> Iterator[tuple[str, Path]]:
    """A PostgreSQL that only this test restarts; gives its address and its folder."""
    try:
        postgres.find()
    except postgres.NoPostgisError as error:
        pytest.skip(str(error))
    with tempfile.TemporaryDirectory(prefix="cotmoc-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        postgres.make(folder)
        yield f"postgresql://cotmoc@/postgres?host={quote(name)}", folder


def test_a_database_that_restarts_under_load_is_found_again(hatching: Nest) -> None:
    """Clients get 503 that says when to come again, never a hang; nothing acknowledged is lost."""
    with own_database() as (place, folder):
        known, stop = Known(), Event()
        where = ("listen_addresses=", f"unix_socket_directories={folder}")
        with postgres.started(folder, (*postgres.SETTINGS, *where)):
            build.register(place).engine.dispose()
            with hatching.serving(place, {}) as server:
                running = writers.start(server.port, known, stop, writers=WRITERS, stubborn=True)
                more(known)
                for how in ("immediate", "fast"):
                    postgres.restart(folder, stop=how)
                    more(known)
                stop.set()
                for one in running:
                    one.join(writers.TIMEOUT_S)
                    assert not one.is_alive()
            assert known.wrong(held(place)) == []
            assert set(known.statuses) <= {201, 204, 503}
            assert known.without_retry == 0
            assert known.slowest_s < writers.TIMEOUT_S
            whole(place)


def test_half_an_upload_leaves_nothing(hatching: Nest, place: Target) -> None:
    build.register(place).engine.dispose()
    body = b'{"type":"Feature","id":"half","geometry":null,"properties":{"number":"half"}}'
    head = (
        f"POST {writers.ITEMS} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: application/geo+json\r\nContent-Length: {len(body) + 10}\r\n\r\n"
    )
    with hatching.serving(place, {}, workers=1) as server:
        for sent in (body[:40], body):  # even a whole feature, if less came than was told
            with socket.create_connection(("127.0.0.1", server.port)) as client:
                client.sendall(head.encode() + sent)
                time.sleep(0.2)
        known, stop = Known(), Event()
        running = writers.start(server.port, known, stop, writers=1)
        until(lambda: known.acknowledged > 0, what="others could not write")
        stop.set()
        for one in running:
            one.join(writers.TIMEOUT_S)
        assert known.wrong(held(place)) == []
    whole(place)

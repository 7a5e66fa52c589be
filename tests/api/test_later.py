"""Plain reads that have to be waited for, over real connections: what happens meanwhile."""

import logging
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from api import front, protocol
from api.app import Served, create_app
from api.settings import Settings
from tests.api.live import connected, rest, serving
from tests.geo.build import marker, register
from tests.server import until

ITEMS = "/api/collections/markers/items"


class Slow:
    """A server whose store is not at hand: a read lasts until it may go on."""

    def __init__(self, place: Path) -> None:
        self.app = create_app(Settings(store=place, kept_bytes=0))
        self.app.state.plain.is_near = False
        self.stack = ExitStack()
        self.may, self.reads, self.reached = Event(), 0, 0
        self.may.set()
        served = Served(self.app)
        stack, read = served.stack, self.app.state.replicas.read

        async def counting(scope: Any, *others: Any) -> None:
            self.reached += scope["type"] == "http"
            await stack(scope, *others)

        def waiting(*given: Any, **named: Any) -> Any:
            self.reads += 1
            assert self.may.wait(60)
            return read(*given, **named)

        served.stack, self.app.state.replicas.read = counting, waiting
        self.port = self.stack.enter_context(serving(served))

    def begin(self, link: socket.socket, path: str) -> None:
        """Ask for what is waited for now."""
        before = self.reads
        self.may.clear()
        link.sendall(request(path))
        until(lambda: self.reads > before)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Slow]:
    register(tmp_path / "r.gpkg", markers=[marker(f"m.{n}", 107, 12) for n in range(3)])
    made = Slow(tmp_path / "r.gpkg")
    yield made
    made.may.set()
    made.stack.close()
    made.app.state.engine.dispose()


@pytest.fixture
def link(slow: Slow) -> Iterator[socket.socket]:
    """A connection whose lines are known."""
    until(lambda: slow.app.state.watch.revision() is not None)
    with connected(slow.port) as made:
        made.sendall(request(f"{ITEMS}/m.0"))
        assert b'"m.0"' in whole(made)
        assert slow.reached == 1
        yield made


def request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nhost: moc.example\r\n\r\n".encode()


def whole(link: socket.socket, answers: int = 1) -> bytes:
    """So many answers for items, whose bodies alone hold this word."""
    told = b""
    while told.count(b'"Feature"') < answers or not told.endswith(b"}"):
        piece = link.recv(65_536)
        assert piece
        told += piece
    return told


def test_what_is_sent_meanwhile_is_answered_afterwards_in_its_order(
    slow: Slow, link: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[bytes] = []
    received = protocol.Protocol.data_received

    def noting(self: protocol.Protocol, data: bytes) -> None:
        came.append(data)
        received(self, data)

    monkeypatch.setattr(protocol.Protocol, "data_received", noting)
    second = request(f"{ITEMS}/m.2")
    with connected(slow.port) as other:
        slow.begin(other, f"{ITEMS}/m.1")
        other.sendall(second[:30])
        until(lambda: len(came) == 2)
        other.sendall(second[30:] + request(f"{ITEMS}/m.0"))
        slow.may.set()
        told = whole(other, 3)
    assert told.count(b"HTTP/1.1 200 OK") == 3
    assert told.index(b'"m.1"') < told.index(b'"m.2"') < told.index(b'"m.0"')


def test_who_waits_is_not_taken_for_idle_or_slow(
    slow: Slow, link: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[object] = []
    look = protocol.Protocol._look

    def noting(self: protocol.Protocol) -> None:
        looks.append(self)
        self.timeout_keep_alive_handler()
        look(self)

    monkeypatch.setattr(protocol, "LOOK_S", 0.01)
    monkeypatch.setattr(protocol.Protocol, "_look", noting)
    with connected(slow.port) as other:
        slow.begin(other, f"{ITEMS}/m.1")
        until(lambda: len(looks) > 5)
        slow.may.set()
        assert b'"m.1"' in whole(other)


def test_a_server_that_stops_gives_the_answer_first(slow: Slow, link: socket.socket) -> None:
    slow.begin(link, f"{ITEMS}/m.1")
    with ThreadPoolExecutor() as pool:
        stopped = pool.submit(slow.stack.close)
        until(lambda: refused(slow.port))
        slow.may.set()
        told = rest(link)
        stopped.result()
    assert told.startswith(b"HTTP/1.1 200 OK")
    assert told.endswith(b"}")


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=60).close()
    except OSError:
        return True
    return False


def test_who_leaves_meanwhile_harms_nobody(
    slow: Slow, link: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    with connected(slow.port) as leaving:
        slow.begin(leaving, f"{ITEMS}/m.1")
    slow.may.set()
    link.sendall(request(f"{ITEMS}/m.2"))
    assert b'"m.2"' in whole(link)
    assert [one for one in caplog.records if one.levelno > logging.WARNING] == []


def test_what_is_not_found_is_told_by_the_application(slow: Slow, link: socket.socket) -> None:
    link.sendall(request(f"{ITEMS}/m.none"))
    assert link.recv(65_536).startswith(b"HTTP/1.1 404 ")
    assert slow.reached == 2


def test_a_slow_answer_is_worth_a_line(
    slow: Slow,
    link: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(front, "SLOW_S", 0.0)
    with caplog.at_level(logging.INFO, logger="api.requests"):
        link.sendall(request(f"{ITEMS}/m.1"))
        whole(link)
        until(lambda: any("m.1 200" in one.getMessage() for one in caplog.records))
    assert slow.reached == 1

"""Who sends slowly or without end holds nothing for long: heads, bodies, idle connections."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest

from api import front, protocol
from api.app import Served, create_app
from api.settings import Settings
from tests.api.live import connected, rest, serving
from tests.geo import build

HEAD = b"POST /api/session HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
GET = b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    place = tmp_path_factory.mktemp("slow") / "r.gpkg"
    build.register(place).engine.dispose()
    app = create_app(Settings(store=place, body_seconds=0.3))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(protocol, "LOOK_S", 0.3)
        patched.setattr(front, "LEAST_BYTES_PER_S", 1_000_000)
        with serving(Served(app)) as found:
            yield found
    app.state.engine.dispose()


def trickle(link: socket.socket, piece: bytes) -> bytes:
    """Send a piece again and again, slowly, until the server has enough; what it said."""
    link.settimeout(0.05)
    told = b""
    with suppress(OSError):
        while True:
            link.sendall(piece)
            try:
                more = link.recv(65_536)
            except TimeoutError:
                continue
            if not more:
                break
            told += more
    return told


def test_an_address_with_letters_as_they_are_is_refused_with_a_way_out(port: int) -> None:
    """What curl sends of an address that was typed; its parser does not take it for HTTP."""
    with connected(port) as link:
        link.sendall("GET /api?q=Đắk HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode())
        head, _, body = rest(link).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head.lower()
    assert f"content-length: {len(body)}".encode() in head.lower()
    assert "--data-urlencode" in orjson.loads(body)["detail"]


def test_a_body_that_does_not_come_is_answered_408(port: int) -> None:
    with connected(port) as link:
        link.sendall(HEAD + b"content-length: 50\r\n\r\n{")
        told = rest(link)
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"too_slow"' in told
    assert b"connection: close" in told.lower()


def test_a_body_that_trickles_is_answered_408(port: int) -> None:
    with connected(port) as link:
        link.sendall(HEAD + b"transfer-encoding: chunked\r\n\r\n")
        assert b" 408 " in trickle(link, b"1\r\n \r\n")


def test_a_body_that_keeps_coming_has_more_time(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is on a slow line sends a large file: its first bytes give him time for the others."""
    monkeypatch.setattr(front, "LEAST_BYTES_PER_S", 1)
    body = b'{"login": "nobody", "password": "a wrong guess of sixty letters"}'
    with connected(port) as link:
        link.sendall(HEAD + b"content-length: %d\r\n\r\n" % len(body) + body[:-1])
        with connected(port) as other:  # a later one that sends nothing has had its time
            other.sendall(HEAD + b"content-length: 50\r\n\r\n")
            assert rest(other).startswith(b"HTTP/1.1 408 ")
        link.sendall(body[-1:])
        assert link.recv(65_536).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("begin", [b"", b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n", b"GE"])
def test_a_head_that_does_not_come_is_given_up(port: int, begin: bytes) -> None:
    with connected(port) as link:
        link.sendall(begin)
        assert rest(link).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("before", [b"", GET], ids=["first", "second"])
def test_a_head_that_trickles_is_given_up(port: int, before: bytes) -> None:
    with connected(port) as link:
        link.sendall(before + b"GET / HTTP/1.1\r\n")
        assert b" 408 " in trickle(link, b"x: y\r\n")


@pytest.mark.parametrize("line", [b"x: y\r\n", b"y"], ids=["many", "long"])
def test_a_head_without_end_is_refused(port: int, line: bytes) -> None:
    with connected(port) as link:
        link.sendall(b"GET / HTTP/1.1\r\nx: ")
        told = b""
        with suppress(OSError):  # the server closes while it is being sent to
            for _ in range(100):
                link.sendall(line * 2_000)
            told = rest(link)
        assert told == b"" or told.startswith(b"HTTP/1.1 4")
    with connected(port) as link:  # nobody else has noticed
        link.sendall(GET)
        assert link.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_who_is_quick_may_come_again_and_again(port: int) -> None:
    with connected(port) as link:
        for _ in range(20):
            link.sendall(GET)
            told = link.recv(65_536)
            assert told.startswith(b"HTTP/1.1 200 ")


def test_a_large_body_in_one_piece_is_no_head(port: int) -> None:
    with connected(port) as link:
        body: Any = b'{"login": "' + b"x" * 100_000
        link.sendall(HEAD + b"content-length: %d\r\n\r\n" % len(body) + body)
        assert link.recv(65_536).startswith(b"HTTP/1.1 413 ")


def closed_with(told: bytes, status: int) -> None:
    """The answer is one of the server itself, before any application, and as safe as all others."""
    head = told.decode().lower()
    assert head.startswith(f"http/1.1 {status} ")
    for line in ("connection: close", "x-content-type-options: nosniff", "default-src 'none'"):
        assert line in head


def test_what_is_no_request_is_refused(port: int) -> None:
    with connected(port) as link:
        link.sendall(b"nonsense\r\n\r\n")
        closed_with(rest(link), 400)


def test_so_is_a_head_without_end(port: int) -> None:
    with connected(port) as link:
        link.sendall(b"GET / HTTP/1.1\r\n" + b"x: " + b"y" * protocol.MOST_HEAD)
        closed_with(rest(link), 431)


def test_a_connection_that_nobody_uses_is_closed(tmp_path: Path) -> None:
    """Also where the last answers were given at once, to requests known by their bytes."""
    build.register(tmp_path / "r.gpkg").engine.dispose()
    app = create_app(Settings(store=tmp_path / "r.gpkg"))
    page = b"GET /api/collections/markers/items HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
    with (
        serving(Served(app), timeout_keep_alive=1) as found,
        connected(found) as once,
        connected(found) as often,
    ):
        once.sendall(GET)
        for _ in range(4):
            often.sendall(page)
            assert often.recv(65_536).startswith(b"HTTP/1.1 200 ")
        assert rest(once).count(b"HTTP/1.1 ") == 1
        assert b"HTTP/1.1 " not in rest(often)
    app.state.engine.dispose()


def test_one_too_many_is_refused(tmp_path: Path) -> None:
    build.register(tmp_path / "r.gpkg").engine.dispose()
    app = create_app(Settings(store=tmp_path / "r.gpkg"))
    with serving(Served(app), limit_concurrency=2) as found:
        with connected(found) as first:
            first.sendall(GET)
            assert first.recv(65_536).startswith(b"HTTP/1.1 200 ")
            with connected(found) as second:
                second.sendall(GET.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))
                told = rest(second)
        closed_with(told, 503)
        assert b"retry-after: 1" in told
    app.state.engine.dispose()

"""Requests that repeat an earlier one byte for byte, over real connections."""

import re
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from api.app import Served, create_app
from api.settings import Settings
from geo import period, store
from geo.store import Target
from tests.api.live import connected, serving
from tests.geo.build import marker, register
from tests.server import until

ITEMS = "/api/collections/markers/items"
ITEM = f"{ITEMS}/m.1"
SELDOM = 0.001  # a second


class Server:
    """The application behind a port, and whether it was needed."""

    def __init__(self, place: Target, **settings: Any) -> None:
        self.app = create_app(Settings(store=place, **settings))
        self.served = Served(self.app)
        self.reached = 0
        stack = self.served.stack

        async def counting(scope: Any, *others: Any) -> None:
            self.reached += scope["type"] == "http"
            await stack(scope, *others)

        self.served.stack = counting


@pytest.fixture
def engine(place: Target) -> Iterator[Any]:
    made = register(place, markers=[marker(f"m.{n}", 107.5, 12.5) for n in range(3)]).engine
    yield made
    made.dispose()


@pytest.fixture
def server(place: Target, engine: Any) -> Iterator[Server]:
    made = Server(place)
    yield made
    made.app.state.engine.dispose()


@pytest.fixture
def link(server: Server) -> Iterator[socket.socket]:
    until(lambda: server.app.state.watch.revision() is not None)
    with serving(server.served) as port, connected(port) as made:
        yield made


def request(path: str, *lines: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "host: moc.example", *lines, "", ""]).encode()


def answer(link: socket.socket) -> tuple[bytes, dict[bytes, bytes], bytes]:
    """The next answer on a connection: status line, headers, body."""
    told = b""
    while b"\r\n\r\n" not in told:
        told += link.recv(65_536)
    head, _, body = told.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    headers = {name: value for name, _, value in (line.partition(b": ") for line in lines)}
    assert len(headers) == len(lines)
    length = 0 if b" 304 " in first else int(headers[b"content-length"])
    while len(body) < length:
        body += link.recv(65_536)
    return first, headers, body


def ask(link: socket.socket, asked: bytes) -> tuple[bytes, dict[bytes, bytes], bytes]:
    link.sendall(asked)
    return answer(link)


def repeated(link: socket.socket, asked: bytes, *, often: int = 4) -> list[Any]:
    return [ask(link, asked) for _ in range(often)]


def test_the_same_bytes_get_the_same_answer_without_the_application(
    server: Server, link: socket.socket
) -> None:
    answers = repeated(link, request(ITEM, "user-agent: QGIS", "accept-encoding: gzip"), often=6)
    assert server.reached == 1
    names = {headers.pop(b"x-request-id") for _, headers, _ in answers}
    assert len(names) == 6
    dates = [headers.pop(b"date") for _, headers, _ in answers]
    assert all(re.fullmatch(rb"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", date) for date in dates)
    assert all(one == answers[0] for one in answers)
    first, headers, _ = answers[0]
    assert first == b"HTTP/1.1 200 OK"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"content-security-policy"].startswith(b"default-src 'none'")


def test_each_is_counted(server: Server, link: socket.socket) -> None:
    repeated(link, request(ITEM), often=6)
    cells = {(cell.route, cell.status): cell for cell in server.app.state.tally.own().cells}
    counted = cells[f"{ITEMS.replace('markers', '{layer}')}/{{feature_id}}", 200]
    assert sum(counted.counts) == 6


def test_what_was_changed_is_seen(server: Server, link: socket.socket, engine: Any) -> None:
    old = repeated(link, request(ITEM))[-1]
    reached = server.reached
    with store.writing(engine) as conn:
        changed = 'replace(geojson, \'"number":"m.1"\', \'"number":"new"\')'
        conn.exec_driver_sql(f"UPDATE markers_view SET geojson = {changed} WHERE id = 'm.1'")
        conn.exec_driver_sql("UPDATE revisions SET revision = revision + 1 WHERE layer = 'markers'")
        least = store.revision_of_all(conn)
    ask(link, request(ITEM, f"cotmoc-revision: {least}"))  # PostgreSQL tells it in its own time
    new = ask(link, request(ITEM))
    assert b'"number":"new"' in new[2]
    assert new[1][b"etag"] != old[1][b"etag"]
    assert server.reached > reached


def test_another_day_is_another_answer(
    server: Server, link: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = repeated(link, request(ITEMS))
    monkeypatch.setattr(period, "today", lambda: "2031-01-01")
    new = repeated(link, request(ITEMS))
    assert len({headers[b"etag"] for _, headers, _ in old}) == 1
    assert len({headers[b"etag"] for _, headers, _ in new}) == 1
    assert new[0][1][b"etag"] != old[0][1][b"etag"]


def test_who_asks_too_often_is_refused_as_ever(place: Target, engine: Any) -> None:
    server = Server(place, limit_loopback=True, limit_reads=0.2)  # six at once
    until(lambda: server.app.state.watch.revision() is not None)
    with serving(server.served) as port, connected(port) as link:
        statuses = [first.split()[1] for first, _, _ in repeated(link, request(ITEM), often=9)]
    assert statuses == [b"200"] * 6 + [b"429"] * 3
    server.app.state.engine.dispose()


def test_who_asks_for_much_is_refused_as_ever(place: Target, engine: Any) -> None:
    server = Server(place, limit_loopback=True, limit_reads=0.2)  # six at once
    until(lambda: server.app.state.watch.revision() is not None)
    asked = [request(f"{ITEMS}?limit={n}") for n in range(1, 10)]
    with serving(server.served) as port, connected(port) as link:
        statuses = [ask(link, one)[0].split()[1] for one in asked]
    assert statuses == [b"200"] * 6 + [b"429"] * 3
    server.app.state.engine.dispose()


PLAIN = [
    ITEM, f"{ITEMS}/m.2?datetime=2020-01-01", ITEMS, f"{ITEMS}?limit=1", f"{ITEMS}?f=json&limit=2",
    f"{ITEMS}?bbox=107,12,108,13", f"{ITEMS}?condition=intact,missing", f"{ITEMS}?number=m%2E1",
    f"{ITEMS}?datetime=2020-01-01&limit=3",
]  # fmt: skip
ODD = [
    f"{ITEMS}/m.none", f"{ITEMS}?limit=0", f"{ITEMS}?colour=red", f"{ITEMS}?bbox=1,2",
    f"{ITEMS}?f=html", f"{ITEMS}?limit=1&limit=2", f"{ITEMS}?datetime=soon", f"{ITEMS}?limit=%00",
    "/api/collections/nothing/items", f"{ITEMS}?main=x", f"{ITEMS}?stage=unheard-of",
]  # fmt: skip


@pytest.mark.parametrize("accepts", [(), ("accept: */*", "accept-encoding: gzip")])
def test_what_is_read_by_its_bytes_is_what_the_application_says(
    place: Target, engine: Any, accepts: tuple[str, ...]
) -> None:
    server = Server(place, kept_bytes=0)  # each is made anew
    until(lambda: server.app.state.watch.revision() is not None)
    stamp = re.compile(rb'"(timeStamp|requestId)":"[^"]*"')
    with serving(server.served) as port, connected(port) as link:
        ask(link, request(ITEM, *accepts))
        for path in [*PLAIN, *ODD]:
            known = ask(link, request(path, *accepts))
            other = ask(link, request(path, *accepts, "x-unheard-of: 1"))
            for _, headers, _ in known, other:
                del headers[b"x-request-id"], headers[b"date"]
            if b"content-encoding" in other[1]:
                del known[1][b"content-length"], other[1][b"content-length"]
                assert known[:2] == other[:2], path
            else:
                assert known[:2] == other[:2], path
                assert stamp.sub(b"", known[2]) == stamp.sub(b"", other[2]), path
    server.app.state.engine.dispose()


def test_a_plain_read_needs_no_application(server: Server, link: socket.socket) -> None:
    for path in [ITEM, *PLAIN]:
        assert ask(link, request(path))[0] == b"HTTP/1.1 200 OK"
    assert server.reached == 1
    cells = server.app.state.tally.own().cells
    assert sum(sum(cell.counts) for cell in cells) == 1 + len(PLAIN)
    assert {cell.route for cell in cells} == {
        "/api/collections/{layer}/items", "/api/collections/{layer}/items/{feature_id}",
    }  # fmt: skip


def test_each_plain_read_sees_the_last_change(
    server: Server, link: socket.socket, engine: Any
) -> None:
    ask(link, request(ITEM))
    with store.writing(engine) as conn:
        conn.exec_driver_sql("UPDATE revisions SET revision = revision + 1 WHERE layer = 'markers'")
        changed = 'replace(geojson, \'"number":"m.1"\', \'"number":"new"\')'
        conn.exec_driver_sql(f"UPDATE markers_view SET geojson = {changed} WHERE id = 'm.1'")
        least = store.revision_of_all(conn)
    ask(link, request(ITEM, f"cotmoc-revision: {least}"))
    assert b'"number":"new"' in ask(link, request(f"{ITEMS}?number=m.1"))[2]


@pytest.mark.parametrize(
    "line",
    [
        "x-forwarded-for: 198.51.100.1", "forwarded: for=198.51.100.1", "x-request-id: mine",
        "cookie: a=b", "authorization: Bearer x", "range: bytes=0-1", "x-unheard-of: 1",
        "x-forwarded-host: a.example", "content-length: 0",
    ],
)  # fmt: skip
def test_what_may_depend_on_the_sender_goes_the_long_way(
    server: Server, link: socket.socket, line: str
) -> None:
    repeated(link, request(ITEM, line))
    assert server.reached == 4


def test_other_methods_are_not_mixed_up(server: Server, link: socket.socket) -> None:
    repeated(link, request(ITEM))
    for _ in range(4):
        link.sendall(request(ITEM, method="HEAD") + request("/api/nothing"))
        told = b""
        while told.count(b"\r\n\r\n") < 2 or not told.endswith(b"}"):
            told += link.recv(65_536)
        assert told.startswith(b"HTTP/1.1 200 OK")
        assert b"HTTP/1.1 404" in told
        assert b'"Feature"' not in told
    assert server.reached == 1 + 8


def test_what_the_client_holds_is_not_sent_again(server: Server, link: socket.socket) -> None:
    tag = ask(link, request(ITEM))[1][b"etag"].decode()
    for first, headers, body in repeated(link, request(ITEM, f"if-none-match: {tag}"), often=5):
        assert (first, body) == (b"HTTP/1.1 304 Not Modified", b"")
        assert headers[b"etag"].decode() == tag
    assert server.reached < 6


Cut = Callable[[bytes], list[bytes]]


@pytest.mark.parametrize(
    "cut",
    [
        lambda asked: [asked * 3],
        lambda asked: [asked + asked[:20], asked[20:] + asked],
        lambda asked: [asked[:5], asked[5:], asked, asked],
        lambda asked: [asked, b"\r\n", asked, asked],
        lambda asked: [asked[:-1], asked[-1:] + asked[:-2], asked[-2:], asked],
    ],
    ids=["together", "one and a bit", "in pieces", "empty lines", "by the last byte"],
)
def test_requests_in_any_pieces_are_answered_each_once(
    server: Server, link: socket.socket, cut: Cut
) -> None:
    """The bytes of a whole request may also come as the end of one and the start of the next."""
    asked = request(ITEM)
    whole = repeated(link, asked)[-1][2]
    for piece in cut(asked):
        link.sendall(piece)
    left = b""
    while left.count(whole) < 3:
        piece = link.recv(65_536)
        assert piece
        left += piece
    assert left.count(b"HTTP/1.1 200 OK") == 3
    assert ask(link, asked)[2] == whole
    assert server.reached >= 2


def test_no_more_than_is_allowed_is_held(place: Target, engine: Any) -> None:
    server = Server(place, kept_bytes=60_000)
    until(lambda: server.app.state.watch.revision() is not None)
    with serving(server.served) as port, connected(port) as link:
        for n in range(40):
            repeated(link, request(f"{ITEMS}?limit={n + 1}"), often=3)
        held = server.app.state.kept.answers
        assert 10_000 < sum(one.size for one in held._held.values()) == held._bytes <= 60_000
    server.app.state.engine.dispose()

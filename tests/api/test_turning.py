"""What lies ready beside the store is, byte for byte, what the application gives."""

import re
import socket
from collections.abc import Iterator
from functools import partial, partialmethod
from typing import Any

import orjson
import pytest

from api import turning
from geo import change, period, rolls, store, tables
from geo.change import Edit
from geo.layers import MARKERS
from geo.reading import Reader
from geo.store import Target
from tests.api.live import connected, serving
from tests.api.test_again import Server, ask, request
from tests.geo.build import marker, register
from tests.server import until

MARKERS_AT = "/api/collections/markers/items"
USUAL = ("accept: application/geo+json", "user-agent: QGIS")
UNUSUAL = (*USUAL, "x-other: 1")  # a request that only the application answers
NUMBER = 23
Told = tuple[bytes, dict[bytes, bytes], Any]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolls, "LEAST", 1)
    monkeypatch.setattr(rolls, "LOOK_S", 0.0)
    monkeypatch.setattr(rolls, "REST", 0)


@pytest.fixture
def engine(place: Target) -> Iterator[Any]:
    made = register(place, markers=[marker(f"m.{n}", 107.5, 12.5) for n in range(NUMBER)]).engine
    yield made
    made.dispose()


@pytest.fixture
def server(place: Target, engine: Any) -> Iterator[Server]:
    made = Server(place)
    files = made.app.state.replicas.primary.rolls
    until(lambda: MARKERS.name in files.make_due(engine))  # others may be making theirs
    yield made
    made.app.state.engine.dispose()
    for name in tables.ROLLED:
        files.path(name).unlink(missing_ok=True)


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The requests that a pattern served."""
    seen: list[bytes] = []
    page = turning.Turning.page

    def noting(self: turning.Turning, raw: bytes) -> turning.Turned | None:
        found = page(self, raw)
        if found is not None:
            seen.append(raw)
        return found

    monkeypatch.setattr(turning.Turning, "page", noting)
    return seen


@pytest.fixture
def link(server: Server) -> Iterator[socket.socket]:
    until(lambda: server.app.state.watch.revision() is not None)
    with serving(server.served) as port, connected(port) as made:
        yield made


def plain(told: Told) -> Told:
    """An answer less what differs each time."""
    first, headers, body = told
    kept = {
        name: value for name, value in headers.items() if name not in (b"date", b"x-request-id")
    }
    return first, kept, re.sub(rb'"timeStamp":"[^"]+"', b"", body)


def places(body: bytes) -> dict[str, str]:
    """Where the links of a page lead to."""
    return {
        one["rel"]: one["href"].partition("moc.example")[2] for one in orjson.loads(body)["links"]
    }


def walked(link: socket.socket, first: str) -> Iterator[tuple[str, Told]]:
    """Follow the links to the end, each page as a usual request."""
    place: str | None = first
    while place:
        told = ask(link, request(place, *USUAL))
        yield place, told
        place = places(told[2]).get("next")


@pytest.mark.parametrize(
    "query",
    ["limit=4", "limit=4&f=json", "limit=1", f"limit=5&datetime={period.today()}", "f=geojson"],
)
def test_a_walk_to_the_end_gives_what_the_application_gives(
    link: socket.socket, turned: list[bytes], query: str
) -> None:
    for _ in range(2):
        pages = list(walked(link, f"{MARKERS_AT}?{query}"))
    assert len(turned) > len(pages) // 2
    found = [one["id"] for _, told in pages for one in orjson.loads(told[2])["features"]]
    assert found == [f"m.{n}" for n in range(NUMBER)]
    for place, told in pages:
        assert plain(told) == plain(ask(link, request(place, *UNUSUAL)))


WINDOWS = ["bbox=107,12,108,13", "bbox=107.5,12.5,107.5,12.5&limit=5", "bbox=1,1,2,2"]


@pytest.mark.parametrize("address", [f"{MARKERS_AT}/m.7", *(f"{MARKERS_AT}?{w}" for w in WINDOWS)])
def test_features_and_windows_that_lie_ready_are_those_of_the_application(
    link: socket.socket, server: Server, engine: Any, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("item", "sheet"):
        ordinary = getattr(Reader, name)
        told = partial(_noting, asked, ordinary)
        monkeypatch.setattr(Reader, name, partialmethod(told))
    ask(link, request(f"{MARKERS_AT}/m.1", *USUAL))
    asked.clear()
    ready = ask(link, request(address, *USUAL))
    assert asked == [], "the store was read"
    assert plain(ready) == plain(ask(link, request(address, *UNUSUAL)))
    assert asked == []
    tag = ready[1][b"etag"].decode()
    same = ask(link, request(address, *USUAL, f"if-none-match: {tag}"))
    assert same[0] == b"HTTP/1.1 304 Not Modified"
    with store.writing(engine) as conn:
        edit = Edit("somebody", "to see", when=period.parse("2026-01-01"))
        moved = {"type": "Point", "coordinates": [1.5, 1.5]}
        change.update(conn, MARKERS, "m.7", {"geometry": moved}, edit)
        least = store.revision_of_all(conn)
    seen = ask(link, request(address, *USUAL, f"cookie: cotmoc-revision={least}"))
    assert seen[0] == b"HTTP/1.1 200 OK"
    assert seen[1][b"etag"].decode() != tag, "who wrote it sees it"
    until(lambda: server.app.state.watch.revision() == least)
    later = ask(link, request(address, *USUAL))
    assert plain(later) == plain(ask(link, request(address, *UNUSUAL)))
    assert plain(later)[2] != plain(ready)[2]


def _noting(asked: list[str], ordinary: Any, *given: Any, **named: Any) -> Any:
    asked.append(ordinary.__name__)
    return ordinary(*given, **named)


def test_its_tag_is_the_one_that_is_compared(link: socket.socket, turned: list[bytes]) -> None:
    for place, told in [*walked(link, f"{MARKERS_AT}?limit=4")] * 2:
        tag = told[1][b"etag"].decode()
        again = ask(link, request(place, *USUAL, f"if-none-match: {tag}"))
        assert again[0] == b"HTTP/1.1 304 Not Modified"
    assert turned


def test_a_change_shows_at_once(
    link: socket.socket, turned: list[bytes], server: Server, engine: Any
) -> None:
    def notes(limit: int) -> list[str | None]:
        place = f"{MARKERS_AT}?limit={limit}"
        pages = [orjson.loads(told[2]) for _, told in walked(link, place)]
        return [one["properties"]["note"] for page in pages for one in page["features"]]

    for _ in range(3):
        assert notes(4) == [None] * NUMBER
    before = len(turned)
    with store.writing(engine) as conn:
        edit = Edit("somebody", "to see", when=period.parse("2026-01-01"))
        change.update(conn, MARKERS, "m.9", {"properties": {"note": "mới"}}, edit)
        least = store.revision_of_all(conn)
    until(lambda: server.app.state.watch.revision() == least)
    assert notes(4).count("mới") == 1
    server.app.state.replicas.primary.rolls.make_due(engine)
    for limit in (3, 5, 3):
        assert notes(limit).count("mới") == 1
    assert len(turned) > before


def test_a_page_that_is_asked_for_otherwise_is_another(
    link: socket.socket, turned: list[bytes]
) -> None:
    first, second = [place for place, _ in walked(link, f"{MARKERS_AT}?limit=9")][1:3]
    for _ in range(3):
        ask(link, request(first, *USUAL))
        ask(link, request(second, *USUAL))
    served = len(turned)
    assert served
    asked: list[tuple[str, tuple[str, ...]]] = [
        (f"{second}&lang=en", USUAL),
        (f"{second}&border=VN-KH", USUAL),
        (second, ("accept: text/html",)),
        (second, (*USUAL, "accept-encoding: gzip")),
        (second, (*USUAL, "cookie: cotmoc-revision=1")),
        (second, (*USUAL, "range: bytes=0-9")),
    ]
    for place, lines in asked:
        told = ask(link, request(place, *lines))
        assert plain(told) == plain(ask(link, request(place, *lines, "x-other: 1")))
    assert len(turned) == served
    other = ask(link, request(second, *USUAL).replace(b"moc.example", b"other.example"))
    assert b"http://other.example/api/" in other[2]
    assert b"moc.example" not in other[2]


@pytest.mark.parametrize("cursor", ["0", "9" * 18, "9" * 19, "99999999999999999", "1x", "-1", ""])
def test_cursors_that_nobody_gave_are_answered_as_ever(
    link: socket.socket, turned: list[bytes], cursor: str
) -> None:
    for _ in walked(link, f"{MARKERS_AT}?limit=4"):
        pass
    place = f"{MARKERS_AT}?limit=4&cursor={cursor}"
    assert plain(ask(link, request(place, *USUAL))) == plain(ask(link, request(place, *UNUSUAL)))


def test_each_is_counted_and_limited(
    link: socket.socket, turned: list[bytes], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        for _ in walked(link, f"{MARKERS_AT}?limit=4"):
            pass
    cells = {(cell.route, cell.status): cell for cell in server.app.state.tally.own().cells}
    counted = cells["/api/collections/{layer}/items", 200]
    assert sum(counted.counts) == 3 * -(-NUMBER // 4)
    monkeypatch.setattr(server.app.state.limits, "local", True)
    monkeypatch.setattr(server.app.state.limits, "reads", 0.001)
    place = turned[-1].split()[1].decode()
    assert b" 429 " in [ask(link, request(place, *USUAL)) for _ in range(3)][-1][0]

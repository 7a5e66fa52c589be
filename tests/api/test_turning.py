"""What lies ready beside the store is, byte for byte, what the application gives."""

import random
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
from tests.geo.edits import feature
from tests.geo.rolls.lying import WRITER
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
    # Who belongs to a province has two versions, who does not has one: keys with gaps and without.
    provinces = ["vn.dak-nong" if n % 5 == 4 else None for n in range(NUMBER)]
    markers = [
        marker(f"m.{n}", 107.5, 12.5, province_origin_id=one) for n, one in enumerate(provinces)
    ]
    made = register(place, markers=markers).engine
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


STAYS = [f"m.{n}" for n in range(0, NUMBER, 3)]
OTHERS = [f"m.{n}" for n in range(NUMBER) if n % 3]
AS_JSON, AS_HTML = USUAL, ("accept: text/html",)
_ANCHOR = re.compile(r"<a ([^>]*)>")
_ID = re.compile(r'href="[^"]*/items/([^"/?]+)[?"]')


class Walk:
    """A client that follows links, and somebody who writes about rows other than STAYS."""

    def __init__(self, link: socket.socket, server: Server, seed: int) -> None:
        self.link, self.server = link, server
        self.chance = random.Random(seed)
        self.others = list(OTHERS)

    def page(self, place: str, head: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
        """Return the ids of a page and where its links lead to."""
        first, _, body = ask(self.link, request(place, *head))
        assert b" 200 " in first
        if head is AS_JSON:
            told = orjson.loads(body)
            ids = [one["id"] for one in told["features"]]
            assert told["numberReturned"] == len(ids)
            links = {one["rel"]: one["href"] for one in told["links"]}
        else:
            text = body.decode().replace("&amp;", "&")
            ids = list(dict.fromkeys(_ID.findall(text)))
            anchors = [dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in _ANCHOR.findall(text)]
            links = {one["rel"]: one["href"] for one in anchors if "rel" in one}
        return ids, {rel: href.partition("moc.example")[2] or href for rel, href in links.items()}

    def way(self, place: str, rel: str, head: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        """Follow links of a kind to their end, while somebody writes; the pages' places and ids."""
        found, onward = [], place
        while onward:
            place = onward
            ids, links = self.page(place, head)
            found.append((place, ids))
            onward = links.get(rel, "")
            self.disturb()
        return found

    def disturb(self) -> None:
        """Write, and wait until readers are shown it."""
        engine, key = self.server.app.state.engine, self.chance.choice(self.others)
        with store.writing(engine) as conn:
            match self.chance.choice(["add", "change", "hide", "drop", "nothing"]):
                case "add":
                    change.create(conn, MARKERS, feature(107.0, 12.0, number="x"), WRITER)
                case "change":
                    change.update(conn, MARKERS, key, {"properties": {"note": "ghi"}}, WRITER)
                case "hide":
                    hidden = {"properties": {"classification": "internal"}}
                    change.update(conn, MARKERS, key, hidden, WRITER)
                case "drop" if len(self.others) > 1:
                    change.delete(conn, MARKERS, key, WRITER)
                    self.others.remove(key)
            least = store.revision_of_all(conn)
        until(lambda: self.server.app.state.watch.revision() == least)


@pytest.mark.parametrize("head", [AS_JSON, AS_HTML], ids=["json", "html"])
@pytest.mark.parametrize("filtered", ["", "&border=VN-KH", "&bbox=107,12,108,13"])
def test_each_row_that_stays_is_met_once_there_and_once_back(
    link: socket.socket,
    server: Server,
    head: tuple[str, ...],
    filtered: str,
) -> None:
    walk = Walk(link, server, 2)
    there = walk.way(f"{MARKERS_AT}?limit=2{filtered}", "next", head)
    seen = [one for _, ids in there for one in ids]
    assert [one for one in seen if one in STAYS] == STAYS
    assert all(len(ids) <= 2 for _, ids in there)
    back = walk.way(there[-1][0], "prev", head)
    seen = [one for _, ids in reversed(back) for one in ids]
    assert [one for one in seen if one in STAYS] == STAYS
    assert all(ids for _, ids in back[1:]), "a link leads back to nothing"


@pytest.mark.parametrize("head", [AS_JSON, AS_HTML], ids=["json", "html"])
@pytest.mark.parametrize("limit", [1, 4])
def test_where_nobody_writes_the_way_back_is_the_way_there(
    link: socket.socket,
    server: Server,
    head: tuple[str, ...],
    limit: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Walk, "disturb", lambda _: None)
    walk = Walk(link, server, 0)
    there = walk.way(f"{MARKERS_AT}?limit={limit}", "next", head)
    back = walk.way(there[-1][0], "prev", head)
    assert [ids for _, ids in back] == [ids for _, ids in reversed(there)]


@pytest.mark.parametrize("head", [AS_JSON, AS_HTML], ids=["json", "html"])
@pytest.mark.parametrize("filtered", ["", "&border=VN-KH", "&bbox=107,12,108,13"])
def test_from_beyond_an_end_a_link_leads_to_the_rows(
    link: socket.socket, server: Server, head: tuple[str, ...], filtered: str
) -> None:
    """As when the rows of the last page were deleted under its reader."""
    walk = Walk(link, server, 0)
    beyond = f"{MARKERS_AT}?limit=2{filtered}"
    for _ in range(2):  # from the store, and as it lies ready
        ids, links = walk.page(f"{beyond}&cursor={2**62}", head)
        assert (ids, "next" in links) == ([], False)
        assert walk.page(links["prev"], head)[0] == [f"m.{n}" for n in (NUMBER - 2, NUMBER - 1)]
        ids, links = walk.page(f"{beyond}&before=0", head)
        assert (ids, "prev" in links) == ([], False)
        assert walk.page(links["next"], head)[0] == ["m.0", "m.1"]
    ids, links = walk.page(f"{MARKERS_AT}?limit=2&number=none&cursor={2**62}", head)
    assert (ids, {"next", "prev"} & links.keys()) == ([], set())

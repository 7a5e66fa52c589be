"""What comes on one connection is answered in order, each to itself, whatever stands beside it."""

from collections.abc import Iterator

import pytest

from api.app import Served, create_app
from api.settings import Settings
from api.tally import Tally
from tests.api.live import connected, rest, serving
from tests.geo import build
from tests.server import until

ITEM = "/api/collections/markers/items/m.1"
GOOD = f"GET {ITEM} HTTP/1.1\r\nhost: moc.example\r\n\r\n".encode()
LAST = GOOD[:-2] + b"connection: close\r\n\r\n"
POST = b"POST /api/session HTTP/1.1\r\nhost: moc.example\r\ncontent-type: application/json\r\n"
COUNTS: dict[int, Tally] = {}  # what the server at a port counts
WISH = b"connection: upgrade\r\nupgrade: h2c\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    place = tmp_path_factory.mktemp("protocol") / "r.gpkg"
    build.register(place, markers=[build.marker("m.1", 107.3, 12.4)]).engine.dispose()
    app = create_app(Settings(store=place))
    with serving(Served(app)) as found:
        COUNTS[found] = app.state.tally
        yield found
    app.state.engine.dispose()


def statuses(port: int, sent: bytes) -> list[int]:
    """What is answered until the server closes."""
    with connected(port) as link:
        link.sendall(sent)
        return [int(part[:3]) for part in rest(link).split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize("before", [1, 2, 5])
@pytest.mark.parametrize(
    "bad",
    [
        b"nonsense\r\n\r\n",
        "GET /api?q=Đắk HTTP/1.1\r\n\r\n".encode(),
        POST + b"transfer-encoding: chunked\r\n\r\nzz\r\n",
        POST + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
    ],
    ids=["a word", "an address", "a body", "two lengths"],
)
def test_a_refusal_comes_after_the_answers_to_what_was_asked_before(
    port: int, before: int, bad: bytes
) -> None:
    """The first answer on a connection belongs to the first request: RFC 9112, 9.3.2."""
    assert statuses(port, GOOD * before + bad + GOOD) == [200] * before + [400]


def test_who_would_like_another_protocol_may_go_on_in_this_one(port: int) -> None:
    assert statuses(port, GOOD[:-2] + WISH + b"\r\n" + GOOD + LAST) == [200, 200, 200]


LONG = b"content-length: %d\r\n\r\n" % len(GOOD)
PIECES = b"transfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("step", [1, 7, 10_000])
@pytest.mark.parametrize(
    "body",
    [LONG + GOOD, PIECES + b"%x\r\n%b\r\n0\r\n\r\n" % (len(GOOD), GOOD)],
    ids=["one", "pieces"],
)
def test_a_body_is_never_taken_for_the_next_request(port: int, body: bytes, step: int) -> None:
    """Nor where the parser would skip it: who shares a connection would be given its answer."""
    sent = GOOD + POST + WISH + body + POST + body + LAST
    with connected(port) as link:
        for start in range(0, len(sent), step):
            link.sendall(sent[start : start + step])
        told = [int(part[:3]) for part in rest(link).split(b"HTTP/1.1 ")[1:]]
    assert told == [200, 400, 400, 200]


def test_a_body_beside_a_wish_for_another_protocol_is_read(port: int) -> None:
    """A server may ignore Upgrade (RFC 9110, 7.8); Java's client sends it with every request."""
    wrong = b'{"login": "nobody", "password": "nothing at all"}'
    length = b"content-length: %d\r\n\r\n" % len(wrong)
    pieces = PIECES + b"5\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (wrong[:5], len(wrong) - 5, wrong[5:])
    asked = [POST + more + body for more in (b"", WISH) for body in (length + wrong, pieces)]
    found = statuses(port, b"".join(asked) + LAST)
    assert found == [401, 401, 401, 401, 200]


@pytest.mark.parametrize(
    "bad",
    [
        b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
        b"transfer-encoding: gzip\r\n\r\n{}",
        PIECES + b"zz\r\n",
    ],
    ids=["two lengths", "no length", "a piece"],
)
def test_a_body_without_a_clear_end_is_refused_beside_a_wish_too(port: int, bad: bytes) -> None:
    assert statuses(port, GOOD + POST + WISH + bad + GOOD) == [200, 400]


@pytest.mark.parametrize("path", ["/api/nothing", f"{ITEM}1", "/api/collections/none/items"])
def test_what_is_not_there_is_not_unmodified(port: int, path: str) -> None:
    """If-None-Match: * is false only where there is something: RFC 9110, 13.1.2."""
    sent = LAST.replace(ITEM.encode(), path.encode())[:-2] + b"if-none-match: *\r\n\r\n"
    assert statuses(port, sent) == [404]
    assert statuses(port, sent.replace(path.encode(), ITEM.encode())) == [304]


def test_who_leaves_before_his_body_has_come_is_no_trouble_of_the_server(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with connected(port) as link:
        link.sendall(POST + b"content-length: 50\r\n\r\n{")
    cells = COUNTS[port].own
    until(lambda: any(cell.status == 408 for cell in cells().cells))
    assert not any(cell.status >= 500 for cell in cells().cells)
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


def test_a_bad_token_where_none_is_needed_ends_no_connection(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    asked = GOOD.replace(ITEM.encode(), b"/api")[:-2] + b"authorization: Bearer nobody\r\n\r\n"
    assert statuses(port, asked * 8 + LAST) == [200] * 9
    assert not [one for one in caplog.records if one.levelname == "ERROR"]

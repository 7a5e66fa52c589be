"""Who asks for too much waits: by address and by account, over all processes of a server."""

import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import limits
from api.app import create_app
from api.errors import TooManyError
from api.limits import Common, Own, Rate
from api.settings import Settings
from tests.geo import build
from tests.server import running

ITEMS = "/api/collections/markers/items"
SELDOM = 0.001  # a second: one at once, the next after a quarter of an hour
VISITOR, OTHER, PROXY = "203.0.113.9", "203.0.113.10", "10.1.2.3"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("place") / "r.gpkg"
    build.register(found, markers=[build.marker("m.1", 107.3, 12.4)]).engine.dispose()
    return found


@contextmanager
def serving(place: Path, **settings: Any) -> Iterator[Any]:
    off: dict[str, Any] = {"limit_reads": 0, "limit_changes": 0, "limit_files": 0}
    trusted = (ip_network("10.0.0.0/8"),)
    app = create_app(Settings(store=place, trusted_proxies=trusted, **off | settings))
    yield lambda address: TestClient(app, base_url="http://moc.example", client=(address, 5))
    app.state.engine.dispose()
    if app.state.office is not None:
        app.state.office.dispose()


def refused(answer: Any) -> bool:
    if answer.status_code != 429:
        return False
    body = answer.json()
    assert body["code"] == "too_many_requests"
    assert answer.headers["content-type"] == "application/problem+json"
    assert 1 <= int(answer.headers["retry-after"]) == body["retry_after"] <= 1_000
    return True


def test_reads_are_limited_by_address(place: Path) -> None:
    with serving(place, limit_reads=SELDOM) as client:
        for path in (ITEMS, "/"):
            client(VISITOR).get(path)
            assert refused(client(VISITOR).get(path, headers={"accept": "application/json"}))
        assert client(OTHER).get(ITEMS).status_code == 200


def test_programs_on_this_machine_are_not(place: Path) -> None:
    with serving(place, limit_reads=SELDOM, limit_changes=SELDOM) as client:
        for address in ("127.0.0.1", "::1"):
            assert [client(address).get(ITEMS).status_code for _ in range(3)] == [200] * 3
            assert not any(refused(client(address).post("/api/session")) for _ in range(3))
    with serving(place, limit_reads=SELDOM, limit_loopback=True) as client:  # unless told
        for address in ("127.0.0.1", "::1"):
            assert [refused(client(address).get(ITEMS)) for _ in range(2)] == [False, True]


def test_a_network_of_ipv6_is_one_client(place: Path) -> None:
    with serving(place, limit_reads=SELDOM) as client:
        assert client("2001:db8::1").get(ITEMS).status_code == 200
        assert refused(client("2001:db8::ffff:2").get(ITEMS))
        assert client("2001:db8:0:1::1").get(ITEMS).status_code == 200


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded"], ids=["older", "standard"])
def test_an_invented_address_does_not_help(place: Path, name: str) -> None:
    def says(address: str) -> dict[str, str]:
        return {name: f"for={address}" if name == "forwarded" else address}

    with serving(place, limit_reads=SELDOM) as client:
        client(VISITOR).get(ITEMS)
        assert refused(client(VISITOR).get(ITEMS, headers=says("198.51.100.1")))
        # A trusted proxy is believed; what its visitor wrote before it is not.
        assert client(PROXY).get(ITEMS, headers=says(OTHER)).status_code == 200
        assert refused(client(PROXY).get(ITEMS, headers=says(OTHER)))
        invented = f"198.51.100.2, {'for=' if name == 'forwarded' else ''}{OTHER}"
        assert refused(client(PROXY).get(ITEMS, headers=says(invented)))


def test_a_proxy_of_the_older_way_passes_no_standard_word_on(place: Path) -> None:
    with serving(place, limit_reads=SELDOM) as client:
        for n in range(3):
            invented = {"x-forwarded-proto": "https", "forwarded": f"for=198.51.100.{n}"}
            answer = client(PROXY).get(ITEMS, headers=invented)
        assert refused(answer)


def test_changes_are_limited_before_anything_is_done(place: Path) -> None:
    with serving(place, limit_changes=SELDOM) as client:
        first = client(VISITOR).post("/api/session", json={"login": "x", "password": "y"})
        assert first.status_code == 401
        for method, path in (
            ("POST", "/api/session"), ("POST", ITEMS), ("DELETE", f"{ITEMS}/m.1"),
            ("POST", "/api/jobs"), ("POST", "/api/evidence"), ("POST", "/api/links/x"),
            ("GET", "/api/oidc/login"),
        ):  # fmt: skip
            assert refused(client(VISITOR).request(method, path)), path
        assert client(VISITOR).get(ITEMS).status_code == 200


def test_files_are_limited(place: Path) -> None:
    with serving(place, limit_files=SELDOM) as client:
        assert client(VISITOR).get(f"{ITEMS}?f=csv").status_code == 200
        for query in ("f=csv", "f=gpkg", "download", "f=geojson&download"):
            assert refused(client(VISITOR).get(f"{ITEMS}?{query}"))
        assert client(VISITOR).get(ITEMS).status_code == 200
        assert client(OTHER).get(f"{ITEMS}?f=csv").status_code == 200


def test_an_account_is_limited_wherever_it_asks_from(place: Path) -> None:
    with serving(place) as client:
        held = client(VISITOR).app.state.limits
        held.rates["files"] = SELDOM
        held.take_of("lan", "files", VISITOR)
        held.take_of("minh", "files", VISITOR)
        with pytest.raises(TooManyError):
            held.take_of("lan", "files", OTHER)


def test_each_operation_says_so(place: Path) -> None:
    with serving(place) as client:
        paths = client(VISITOR).get("/api/openapi.json").json()["paths"]
    told = [one["responses"]["429"] for path in paths.values() for one in path.values()]
    assert len(told) > 50
    assert all("Retry-After" in answer["headers"] for answer in told)


@pytest.mark.parametrize("kind", [Own, Common])
def test_what_is_used_up_comes_back(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty seconds' worth at once, then as many as the rate says."""
    now = 1_000.0
    monkeypatch.setattr(limits, "monotonic", lambda: now)
    cells, rate = kind(), Rate(2)
    free = [cells.wait("a", rate) for _ in range(61)]
    assert free[:60] == [0] * 60
    assert free[60] == pytest.approx(0.5)
    assert cells.wait("b", rate) == 0
    now += 5
    assert [cells.wait("a", rate) > 0 for _ in range(11)] == [False] * 10 + [True]


def test_many_addresses_take_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 100)
    monkeypatch.setattr(limits, "CELLS", 100)
    for cells in (Own(), Common()):
        assert all(cells.wait(str(n), Rate(1)) == 0 for n in range(1_000))


def test_who_keeps_asking_is_not_forgotten_for_the_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 100)
    cells, often = Own(), Rate(SELDOM)
    assert cells.wait("often", often) == 0
    for n in range(1_000):
        cells.wait(str(n), often)
        assert cells.wait("often", often) > 0


def test_processes_count_together() -> None:
    cells = Common()
    child = os.fork()
    if child == 0:
        os._exit(int(cells.wait("a", Rate(SELDOM)) > 0))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert cells.wait("a", Rate(SELDOM)) > 0


def test_a_server_of_two_processes_counts_once(place: Path) -> None:
    env = {"COTMOC_LIMIT_LOOPBACK": "true", "COTMOC_LIMIT_CHANGES": str(SELDOM)}
    statuses = []
    with running(place, env=env, workers=2) as url:
        for _ in range(20):  # each on a connection of its own, which either process takes
            asked = urllib.request.Request(f"{url}/api/session", b"{}", method="POST")
            with pytest.raises(urllib.error.HTTPError) as answer:
                urllib.request.urlopen(asked, timeout=60)
            statuses.append(answer.value.code)
    assert sorted(statuses) == [415] + [429] * 19

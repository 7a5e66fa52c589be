"""What Prometheus reads: right numbers, of all processes, for nobody from elsewhere."""

import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from api.app import create_app
from api.settings import Settings
from api.tally import PLACES, Tally
from tests.geo import build
from tests.server import running, until

ITEMS = "/api/collections/markers/items"
HERE = "http://127.0.0.1:8000"
TOKEN = "a token for the watcher"
Found = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("place") / "r.gpkg"
    build.register(found, markers=[build.marker("m.1", 107.3, 12.4)]).engine.dispose()
    return found


@pytest.fixture
def app(place: Path) -> Iterator[Any]:
    made = create_app(Settings(store=place, metrics_token=SecretStr(TOKEN)))
    yield made
    made.state.engine.dispose()
    if made.state.office is not None:
        made.state.office.dispose()


def local(app: Any) -> TestClient:
    return TestClient(app, base_url=HERE, client=("127.0.0.1", 5), raise_server_exceptions=False)


def read(text: str) -> Found:
    """Each figure by name and labels, as Prometheus' own parser reads it."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def answered(found: Found, route: str, status: str = "200", method: str = "GET") -> float:
    labels = (("method", method), ("route", route), ("status", status))
    return found.get(("cotmoc_requests_total", labels), 0)


def test_requests_are_counted_by_the_template_of_their_path(app: Any) -> None:
    client = local(app)
    for path in (ITEMS, ITEMS, f"{ITEMS}/m.1", f"{ITEMS}/m.2", f"{ITEMS}?f=html", "/api", "/no"):
        client.get(path)
    client.post("/api/session", json={})
    found = read(client.get("/metrics").text)
    layer = "/api/collections/{layer}/items"
    assert answered(found, layer) == 3
    assert answered(found, f"{layer}/{{feature_id}}") == 1
    assert answered(found, f"{layer}/{{feature_id}}", "404") == 1
    assert answered(found, "/api/session", "400", "POST") == 1
    assert answered(found, "other", "404") == 1
    assert not any("m.1" in str(key) for key in found)


def test_times_are_a_histogram_that_adds_up(app: Any) -> None:
    client = local(app)
    for _ in range(5):
        client.get(ITEMS)
    found = read(client.get("/metrics").text)
    route = ("route", "/api/collections/{layer}/items")
    assert found["cotmoc_request_seconds_count", (route,)] == 5
    assert found["cotmoc_request_seconds_sum", (route,)] > 0
    bounds = [
        value
        for (name, labels), value in found.items()
        if name == "cotmoc_request_seconds_bucket" and route in labels
    ]
    assert bounds == sorted(bounds)
    assert bounds[-1] == 5


def test_the_state_of_the_server_is_told(app: Any) -> None:
    found = read(local(app).get("/metrics").text)
    assert found["cotmoc_jobs", (("state", "waiting"),)] == 0
    assert found["cotmoc_revision", ()] >= 1
    (memory,) = [value for (name, _), value in found.items() if name.endswith("memory_bytes")]
    assert 10_000_000 < memory < 10_000_000_000
    assert any(name == "cotmoc_connections" for name, _ in found)


@pytest.mark.parametrize(
    ("client", "host", "given", "status"),
    [
        ("127.0.0.1", "127.0.0.1", None, 200),
        ("::1", "localhost", None, 200),
        ("203.0.113.9", "127.0.0.1", None, 403),
        ("127.0.0.1", "moc.example", None, 403),  # through a proxy that does not say for whom
        ("203.0.113.9", "moc.example", TOKEN, 200),
        ("203.0.113.9", "moc.example", "a guess", 401),
        ("127.0.0.1", "127.0.0.1", "a guess", 401),
    ],
)
def test_others_read_nothing(
    app: Any, client: str, host: str, given: str | None, status: int
) -> None:
    headers = {"authorization": f"Bearer {given}"} if given else {}
    asking = TestClient(app, base_url=f"http://{host}", client=(client, 5))
    assert asking.get("/metrics", headers=headers).status_code == status


def test_without_a_token_in_the_settings_none_is_good(place: Path) -> None:
    app = create_app(Settings(store=place))
    far = TestClient(app, base_url="http://moc.example", client=("203.0.113.9", 5))
    for given in ("Bearer ", "Bearer", "Bearer x"):
        assert far.get("/metrics", headers={"authorization": given}).status_code == 403
    app.state.engine.dispose()


def test_no_count_falls_however_many_processes_come_and_go() -> None:
    shared = Tally()
    for n in range(2 * PLACES):
        child = os.fork()
        if child == 0:
            shared.count("GET", f"/{n % 3}", 200, 0.1)
            shared.write()
            os._exit(0)
        os.waitpid(child, 0)
    assert sum(sum(cell.counts) for one in shared.all() for cell in one.cells) == 2 * PLACES


def test_two_processes_are_added_up(place: Path) -> None:
    with running(place, workers=2) as url:
        for _ in range(40):  # each on a connection of its own, which either process takes
            urllib.request.urlopen(f"{url}/health/live", timeout=60).close()

        def all_counted() -> bool:
            with urllib.request.urlopen(f"{url}/metrics", timeout=60) as answer:
                found = read(answer.read().decode())
            processes = {labels for name, labels in found if name.endswith("memory_bytes")}
            return answered(found, "/health/live") == 40 and len(processes) == 2

        until(all_counted)

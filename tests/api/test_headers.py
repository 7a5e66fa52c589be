"""Every answer carries what keeps a page to its own host, whichever part of the server gave it."""

import base64
import hashlib
import re
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.conftest import Places
from tests.geo import build

ITEMS = "/api/collections/markers/items"
TILE = "/api/tiles/WebMercatorQuad/8/118/204"
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
PROXY = "10.1.2.3"


@pytest.fixture(scope="module")
def app(places: Places) -> Iterator[Any]:
    place = places()
    markers = [build.marker("m.1", 107.3, 12.4)]
    build.register(place, markers=markers).engine.dispose()
    made = create_app(Settings(store=place, trusted_proxies=(ip_network("10.0.0.0/8"),)))
    yield made
    made.state.engine.dispose()


@pytest.fixture
def client(app: Any) -> TestClient:
    return TestClient(app, base_url="http://moc.example", raise_server_exceptions=False)


def policy(answer: Any) -> dict[str, str]:
    """The directives of an answer's policy."""
    (given,) = answer.headers.get_list("content-security-policy")
    parts = [part.strip().partition(" ") for part in given.split(";")]
    return {name: rest for name, _, rest in parts}


def complete(answer: Any) -> None:
    for name, value in EVERYWHERE.items():
        assert answer.headers.get_list(name) == [value]
    assert "microphone=()" in answer.headers["permissions-policy"]
    found = policy(answer)
    assert found["default-src"] in ("'self'", "'none'")
    assert "unsafe" not in str(found)
    assert {"base-uri", "frame-ancestors", "form-action"} <= found.keys()
    assert len(answer.headers["x-request-id"]) > 5


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200), ("/markers/m.1", 200), ("/icon.svg", 200), ("/nothing", 404),
        ("/partners/LA-SV/embed", 200), ("/api", 200), (f"{ITEMS}?f=html", 200),
        (ITEMS, 200), (f"{ITEMS}/m.1", 200), (f"{ITEMS}/m.2", 404), (f"{ITEMS}?f=csv", 200),
        (f"{ITEMS}?bbox=1", 400), (TILE, 200), ("/api/session", 200), ("/api/history", 401),
        ("/basemap/base.pmtiles", 200), ("/health/live", 200), ("/metrics", 403),
    ],
)  # fmt: skip
def test_each_answer_is_complete(client: TestClient, path: str, status: int) -> None:
    for _ in range(2):  # the second comes from memory
        answer = client.get(path)
        assert answer.status_code == status
        complete(answer)
    tag = answer.headers.get("etag")
    if tag and status == 200:
        known = client.get(path, headers={"if-none-match": tag})
        assert known.status_code == 304
        complete(known)


def test_so_are_those_before_any_route(client: TestClient) -> None:
    for answer, status in (
        (client.get("/api", headers={"host": "a b"}), 400),
        (client.post("/api/session", content=b"{"), 415),
        (client.request("PROPFIND", "/api"), 405),
        (client.options(ITEMS), 200),
        (client.options(ITEMS, headers={
            "origin": "https://x.example", "access-control-request-method": "GET"}), 200),
        (client.head(ITEMS), 200),
    ):  # fmt: skip
        assert answer.status_code == status
        complete(answer)


def test_only_the_embedded_page_may_be_framed_by_others(client: TestClient) -> None:
    assert policy(client.get("/partners/LA-SV/embed"))["frame-ancestors"] == "*"
    for path in ("/partners/LA-SV", "/partners/embed", "/edit/markers/embed", "/account/embed"):
        answer = client.get(path, headers={"accept": "text/html"})
        assert policy(answer)["frame-ancestors"] == "'self'"
    assert policy(client.get("/api"))["frame-ancestors"] == "'none'"
    assert policy(client.get("/api/embed"))["frame-ancestors"] == "'none'"


@pytest.mark.parametrize("path", ["/api", f"{ITEMS}?f=html", "/api/nothing?f=html"])
def test_a_page_of_the_api_has_one_style_and_its_hash(client: TestClient, path: str) -> None:
    """As CSP Level 3 hashes it: the SHA-256 of what stands between the tags."""
    answer = client.get(path, headers={"accept": "text/html"})
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy(answer)["style-src"] == f"'sha256-{digest}'"
    assert re.findall(r"<script|\sstyle=|\son\w+=", answer.text) == []


def test_https_is_to_be_kept_to(app: Any) -> None:
    hsts = "strict-transport-security"
    plain = TestClient(app, base_url="http://moc.example")
    by_tls = TestClient(app, base_url="https://moc.example")
    for path in ("/", ITEMS, ITEMS):
        assert hsts not in plain.get(path).headers
        assert by_tls.get(path).headers[hsts] == "max-age=31536000"
    said = {"x-forwarded-proto": "https"}
    near = TestClient(app, base_url="http://inside", client=(PROXY, 5))
    far = TestClient(app, base_url="http://inside", client=("203.0.113.9", 5))
    for _ in range(2):
        assert hsts in near.get(ITEMS, headers=said).headers
        assert hsts not in far.get(ITEMS, headers=said).headers


def test_a_request_keeps_its_name_or_gets_one(client: TestClient) -> None:
    given = "Frontend-7.a_b"
    assert client.get(ITEMS, headers={"x-request-id": given}).headers["x-request-id"] == given
    made = {client.get(ITEMS).headers["x-request-id"] for _ in range(5)}
    assert len(made) == 5
    for bad in ("a b", "x" * 65, "<script>", 'a"b', "%0d%0a", ""):
        name = client.get(ITEMS, headers={"x-request-id": bad}).headers["x-request-id"]
        assert name != bad
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)


def test_a_page_of_another_site_may_read_the_name(client: TestClient) -> None:
    answer = client.get(ITEMS, headers={"origin": "https://x.example"})
    assert "X-Request-ID" in answer.headers["access-control-expose-headers"]

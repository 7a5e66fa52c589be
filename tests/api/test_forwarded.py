"""Links come from the address that the client used, behind a proxy only on a trusted one's word."""

import re
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from api.app import create_app
from api.settings import ROOT, Settings

PROXY, STRANGER = "10.1.2.3", "203.0.113.9"
SAID = {
    "x-forwarded-proto": "https",
    "x-forwarded-host": "moc.example.org",
    "x-forwarded-prefix": "/so",
}
ITEMS = "/api/collections/markers/items?limit=1"


@pytest.fixture(scope="module")
def app(embedded_file: Path) -> Iterator[Any]:
    trusted = (ip_network("10.0.0.0/8"), ip_network("::1"))
    made = create_app(Settings(store=embedded_file, trusted_proxies=trusted))
    yield made
    made.state.engine.dispose()


def asking(app: Any, peer: str) -> TestClient:
    return TestClient(app, base_url="http://inside:8000", client=(peer, 50000))


def hosts(body: Any) -> set[str]:
    """The part before /api of every address of ours in an answer."""
    return set(re.findall(r'"(https?://[^"]*?)/api\b', str(body)))


@pytest.mark.parametrize("path", ["/api", "/api/collections", ITEMS, "/api/tiles"])
def test_a_trusted_proxy_says_what_links_begin_with(app: Any, path: str) -> None:
    answer = asking(app, PROXY).get(path, headers=SAID)
    assert hosts(answer.text) == {"https://moc.example.org/so"}


@pytest.mark.parametrize("path", ["/api", "/api/collections", ITEMS])
def test_anybody_else_says_nothing(app: Any, path: str) -> None:
    forwarded = {**SAID, "forwarded": "host=evil.example;proto=https"}
    answer = asking(app, STRANGER).get(path, headers=forwarded)
    assert hosts(answer.text) == {"http://inside:8000"}


@pytest.mark.parametrize(
    ("headers", "begin"),
    [
        ({"forwarded": "for=192.0.2.4;proto=https;host=moc.vn"}, "https://moc.vn"),
        ({"forwarded": 'For="[2001:db8::1]:4711";Host="moc.vn:8443"'}, "http://moc.vn:8443"),
        # the first hop is the visitor's own invention, the second that of our outer proxy
        ({"forwarded": "host=evil, for=192.0.2.4;host=moc.vn, for=10.0.0.2"}, "http://moc.vn"),
        ({"forwarded": "host=evil", "x-forwarded-proto": "https"}, "https://inside:8000"),
        ({"x-forwarded-host": "evil, moc.vn"}, "http://moc.vn"),
        ({"x-forwarded-proto": "gopher"}, "http://inside:8000"),
        ({"x-forwarded-host": "[2001:db8::2]:8443"}, "http://[2001:db8::2]:8443"),
        ({"x-forwarded-prefix": "/a/b/"}, "http://inside:8000/a/b"),
    ],
)
def test_what_a_proxy_says_is_read_from_its_own_end(
    app: Any, headers: dict[str, str], begin: str
) -> None:
    assert hosts(asking(app, PROXY).get("/api", headers=headers).text) == {begin}


@pytest.mark.parametrize(
    "headers",
    [
        {"host": 'a"b'},
        {"host": "a/b"},
        {"host": "a b"},
        {"host": "user@a"},
        {"host": "a:99999"},
        {"host": "a:b"},
        {"host": ""},
        {"host": "[::1"},
        {"x-forwarded-host": "moc.vn/evil?"},
        {"x-forwarded-prefix": "//evil.example"},
        {"x-forwarded-prefix": '/"><script>'},
    ],
)
def test_what_is_no_host_is_refused(app: Any, headers: dict[str, str]) -> None:
    answer = asking(app, PROXY).get("/api", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_host")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_tag_does_not_bring_the_links_of_another_host(app: Any) -> None:
    client = asking(app, PROXY)
    tags = set()
    ways: list[dict[str, str]] = [
        {},
        {"host": "other"},
        {"x-forwarded-host": "moc.vn"},
        {"x-forwarded-host": "moc.vn", "x-forwarded-proto": "https"},
        {"x-forwarded-host": "moc.vn", "x-forwarded-prefix": "/a"},
    ]
    for headers in ways:
        answer = client.get(ITEMS, headers=headers)
        tag = answer.headers["etag"]
        assert client.get(ITEMS, headers={**headers, "if-none-match": tag}).status_code == 304
        tags.add(tag)
    assert len(tags) == len(ways)


def test_a_root_path_of_the_settings_stands_in_links(embedded_file: Path) -> None:
    made = create_app(Settings(store=embedded_file, root_path="/cotmoc"))
    with TestClient(made, base_url="http://moc.vn") as client:
        assert hosts(client.get("/api").text) == {"http://moc.vn/cotmoc"}
        assert (
            client.get("/basemap/base.pmtiles", headers={"range": "bytes=0-6"}).status_code == 206
        )
    made.state.engine.dispose()


def test_trust_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COTMOC_TRUSTED_PROXIES", "192.0.2.1, 2001:db8::/32")
    assert [str(n) for n in Settings().trusted_proxies] == ["192.0.2.1/32", "2001:db8::/32"]
    monkeypatch.setenv("COTMOC_TRUSTED_PROXIES", "")
    assert Settings().trusted_proxies == ()
    monkeypatch.setenv("COTMOC_TRUSTED_PROXIES", "everybody")
    with pytest.raises(ValidationError):
        Settings()


def test_the_sample_proxies_let_nobody_else_say() -> None:
    nginx = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    for name in ("Forwarded", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto"):
        assert f"proxy_set_header {name} " in nginx
    # nginx drops what the server level sets where a location sets any header of its own
    assert "proxy_set_header" not in nginx.partition("location /")[2]
    caddy = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    assert {"-Forwarded", "-X-Forwarded-Prefix"} <= set(re.findall(r"header_up (\S+)", caddy))

"""Answers asked again: the same bytes, never stale, in the coding that the client wants."""

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api import encoding
from api.app import create_app
from api.settings import Settings
from geo import store
from geo.store import Target
from tests.geo.build import event, marker, register
from tests.server import until

ITEMS = "/api/collections/markers/items"


@pytest.fixture
def engine(place: Target) -> Iterator[Engine]:
    markers = [marker(f"m.{n}", 107.5, 12.5) for n in range(20)]
    made = register(place, markers=markers, marker_events=[event("m.1", "built", "2014-06-30")])
    yield made.engine
    made.engine.dispose()


@pytest.fixture
def client(place: Target, engine: Engine) -> Iterator[TestClient]:
    app = create_app(Settings(store=place, cors_origins=("*", "https://gis.example")))
    with TestClient(app, raise_server_exceptions=False) as client:
        client.headers["accept-encoding"] = "identity"
        yield client
    app.state.engine.dispose()


def write(engine: Engine, old: str, new: str) -> int:
    """Change a marker's number as another process would; returns the revision that it made."""
    with store.writing(engine) as conn:
        changed = f'replace(geojson, \'"number":"{old}"\', \'"number":"{new}"\')'
        conn.exec_driver_sql(f"UPDATE markers_view SET geojson = {changed} WHERE id = 'm.1'")
        conn.exec_driver_sql("UPDATE revisions SET revision = revision + 1 WHERE layer = 'markers'")
        return store.revision_of_all(conn)


def number(client: TestClient, **headers: str) -> Any:
    answer = client.get(f"{ITEMS}/m.1", headers=headers)
    assert answer.status_code == 200
    return answer.json()["properties"]["number"]


def test_an_answer_asked_again_is_the_same_to_the_byte(client: TestClient) -> None:
    first, second = client.get(ITEMS), client.get(ITEMS)
    assert first.content == second.content  # the time in it too: it was not made again
    del first.headers["x-request-id"], second.headers["x-request-id"]
    assert first.headers == second.headers
    other = client.get(ITEMS, headers={"host": "other.example"})
    assert "http://other.example/api" in other.text
    assert "other.example" not in client.get(ITEMS).text


def test_what_another_process_writes_is_seen(client: TestClient, engine: Engine) -> None:
    assert number(client) == number(client) == "m.1"
    tag = client.get(ITEMS).headers["etag"]
    write(engine, "m.1", "new")
    if engine.dialect.name == "sqlite":
        assert number(client) == "new"  # on a file it is seen at once
    until(lambda: number(client) == "new")
    answer = client.get(ITEMS, headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert answer.headers["etag"] != tag


@pytest.mark.parametrize("header", ["cotmoc-revision", "cookie"])
def test_who_has_written_reads_it_at_once(client: TestClient, engine: Engine, header: str) -> None:
    old = number(client)
    for new in ("a", "b", "c", "d", "e"):
        revision = write(engine, old, new)
        said = f"x=y; cotmoc-revision={revision}; z=1" if header == "cookie" else str(revision)
        assert number(client, **{header: said}) == new
        old = new


def test_an_answer_that_the_client_holds_is_not_sent_again(client: TestClient) -> None:
    for address in (ITEMS, f"{ITEMS}/m.1", "/api/collections", "/api/conformance"):
        tag = client.get(address).headers["etag"]
        for known in (tag, f'"x", W/{tag}', "*"):
            again = client.get(address, headers={"if-none-match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
        assert client.head(address, headers={"if-none-match": tag}).status_code == 304


if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

UNPACK = {"gzip": gzip.decompress, "zstd": zstd.decompress}


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_answers_come_in_the_coding_that_is_wanted(
    client: TestClient, coding: str, again: bool
) -> None:
    asked = {"accept-encoding": coding}
    for address in (ITEMS, f"{ITEMS}?f=csv", "/api/openapi.json"):
        if again:
            client.get(address, headers=asked)
        with client.stream("GET", address, headers=asked) as answer:
            raw = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == coding
        assert "Accept-Encoding" in answer.headers["vary"]
        plain = client.get(address)
        assert "content-encoding" not in plain.headers
        if address != ITEMS:  # the time in it
            assert UNPACK[coding](raw) == plain.content
        assert b"{" in UNPACK[coding](raw) or b"," in UNPACK[coding](raw)
    assert answer.headers["etag"] != plain.headers["etag"]
    held = {**asked, "if-none-match": answer.headers["etag"]}
    assert client.get(address, headers=held).status_code == 304


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("gzip, deflate, br", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.5, gzip;q=0.8", "gzip"),
        ("zstd;q=0, gzip;q=0", ""),
        ("*", "zstd"),
        ("*;q=0", ""),
        ("zstd;q=0, *", "gzip"),
        ("identity, gzip;q=0.5", ""),
        ("br", ""),
        ("GZIP", "gzip"),
    ],
)
def test_the_coding_follows_the_quality_values(header: str, coding: str) -> None:
    assert encoding.wanted(header.encode()) == coding


def test_errors_are_not_kept(client: TestClient, engine: Engine) -> None:
    assert client.get(f"{ITEMS}/m.99").status_code == 404
    assert "etag" not in client.get(f"{ITEMS}?limit=0").headers
    with store.writing(engine) as conn:
        conn.exec_driver_sql("UPDATE markers_view SET id = 'm.99' WHERE id = 'm.2'")
    assert client.get(f"{ITEMS}/m.99").status_code == 200


def test_memory_is_bounded(place: Target, engine: Engine) -> None:
    app = create_app(Settings(store=place, kept_bytes=200_000))
    with TestClient(app) as client:
        for limit in range(1, 60):
            client.get(ITEMS, params={"limit": limit})
        kept = app.state.kept.answers
        assert 50_000 < kept._bytes <= 200_000
        assert sum(answer.size for answer in kept._held.values()) == kept._bytes
    app.state.engine.dispose()


@pytest.mark.parametrize("address", [ITEMS, f"{ITEMS}/m.1", "/api", "/health/ready", "/"])
def test_options_lists_the_methods(client: TestClient, address: str) -> None:
    answer = client.options(address)
    assert answer.is_success
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["allow"].split(", "))


def test_a_site_that_is_named_may_write_and_others_may_read(client: TestClient) -> None:
    ask = {"access-control-request-method": "PUT", "access-control-request-headers": "if-match"}
    named = client.options(f"{ITEMS}/m.1", headers={"origin": "https://gis.example", **ask})
    assert named.headers["access-control-allow-origin"] == "https://gis.example"
    assert named.headers["access-control-allow-credentials"] == "true"
    assert "PUT" in named.headers["access-control-allow-methods"]
    other = client.options(f"{ITEMS}/m.1", headers={"origin": "https://other.example", **ask})
    assert other.status_code == 400
    read = client.get(ITEMS, headers={"origin": "https://other.example"})
    assert read.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in read.headers
    assert "access-control-allow-origin" not in client.get(ITEMS).headers


def held(engine: Engine) -> int:
    """How many connections to its store this process holds open for an engine."""
    if engine.dialect.name == "postgresql":
        return engine.pool.checkedin()  # type: ignore[attr-defined,no-any-return]
    files = [file.resolve() for file in Path("/proc/self/fd").iterdir()]
    return files.count(Path(str(engine.url.database)).resolve())


def test_a_server_that_stops_lets_go_of_its_store(place: Target, engine: Engine) -> None:
    engine.dispose()
    app = create_app(Settings(store=place))
    with TestClient(app) as client:
        assert client.get(ITEMS).json()["numberMatched"] == 20
        assert client.get("/api/collections").status_code == 200
        assert held(app.state.engine) > 0
    assert held(app.state.engine) == 0
    with TestClient(app) as client:  # what is asked later begins anew
        assert client.get(f"{ITEMS}/m.1").status_code == 200


def test_a_revision_that_cannot_be_is_none(client: TestClient) -> None:
    for said in ("9" * 5_000, "9" * 30, "١٢", "-1", "1_0", "1e9", ""):
        for header, value in (("cookie", f"cotmoc-revision={said}"), ("cotmoc-revision", said)):
            answer = client.get(f"{ITEMS}/m.1", headers={header.encode(): value.encode()})
            assert answer.status_code == 200, said

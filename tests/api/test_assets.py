"""The built files of the app: packed once, kept, and the same bytes for everybody."""

import gzip
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api import encoding
from api.app import create_app
from api.settings import Settings
from tests.geo import build

SCRIPT = b"export const name = 'C\xe1\xbb\x99t M\xe1\xbb\x91c';\n" * 500
PATH = "/assets/index-abc.js"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("web")
    (folder / "assets").mkdir()
    (folder / "assets/index-abc.js").write_bytes(SCRIPT)
    (folder / "assets/noto.woff").write_bytes(b"wOFF" + bytes(5_000))
    (folder / "index.html").write_text("<!doctype html>")
    build.register(folder / "r.gpkg").engine.dispose()
    app = create_app(Settings(store=folder / "r.gpkg", web=folder))
    yield TestClient(app)
    app.state.engine.dispose()


@pytest.mark.parametrize("coding", ["gzip", "zstd", ""])
def test_a_script_comes_whole_in_each_coding(client: TestClient, coding: str) -> None:
    answer = client.get(PATH, headers={"accept-encoding": coding or "identity"})
    assert answer.content == SCRIPT
    assert answer.headers.get("content-encoding", "") == coding
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "Accept-Encoding" in answer.headers["vary"]
    assert "immutable" in answer.headers["cache-control"]
    held = {"accept-encoding": coding or "identity", "if-none-match": answer.headers["etag"]}
    assert client.get(PATH, headers=held).status_code == 304


def test_no_two_codings_have_one_tag(client: TestClient) -> None:
    tags = [
        client.get(PATH, headers={"accept-encoding": one}).headers["etag"]
        for one in ("gzip", "zstd", "identity")
    ]
    assert len(set(tags)) == 3


def test_a_script_is_packed_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(PATH, headers={"accept-encoding": "gzip"})

    def never(*_: object) -> bytes:
        raise AssertionError

    for name in ("packed", "packed_well", "packer"):
        monkeypatch.setattr(encoding, name, never)
    again = client.get(PATH, headers={"accept-encoding": "gzip"})
    assert again.content == first.content
    assert int(again.headers["content-length"]) <= len(gzip.compress(SCRIPT, 9)) + 20


def test_a_part_is_a_part_of_the_file(client: TestClient) -> None:
    asked = {"accept-encoding": "gzip", "range": "bytes=0-5"}
    answer = client.get(PATH, headers=asked)
    assert (answer.status_code, answer.content) == (206, SCRIPT[:6])


def test_the_head_of_a_script_has_no_body(client: TestClient) -> None:
    answer = client.head(PATH, headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-encoding"] == "gzip"


def test_a_font_is_not_packed_again(client: TestClient) -> None:
    answer = client.get("/assets/noto.woff", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert len(answer.content) == 5_004


def test_what_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get("/assets/index-old.js").status_code == 404

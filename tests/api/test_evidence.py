"""What a client sees of photos and documents: brought, named by a row, shown as the row is."""

import hashlib
import http.client
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from office.actor import ANONYMOUS, OPERATOR, Actor, Role
from tests import server
from tests.api.acting import act
from tests.conftest import Places
from tests.geo import build
from tests.geo.test_evidence import PDF, SECRET_MAKER, SVG, photo, visit

HOME = "http://127.0.0.1:8000"
FILES = "/api/evidence"
VISITS = "/api/collections/inspections/items"
ANNA = replace(
    OPERATOR, id="1", name="anna", role=Role.EDITOR, provinces=frozenset(["vn.dak-nong"])
)
BINH = replace(ANNA, id="2", name="binh", role=Role.VIEWER)
CHI = replace(ANNA, id="3", name="chi", role=Role.ADMIN)
DUNG = replace(ANNA, id="4", name="dung", role=Role.PARTNER)
EVA = replace(ANNA, id="5", name="eva", role=Role.APPROVER)
WHO = {one.name: one for one in (ANNA, BINH, CHI, DUNG, EVA)}


@pytest.fixture(scope="module")
def anybody(places: Places, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    place, folder = places(), tmp_path_factory.mktemp("evidence")
    build.register(place, markers=[build.marker("m", 107.3, 12.4)]).engine.dispose()
    settings = Settings(store=place, evidence=str(folder), max_evidence_bytes=100_000)
    app = create_app(settings)
    with TestClient(app, base_url=HOME, raise_server_exceptions=False) as client:
        yield client
    app.state.engine.dispose()


@pytest.fixture
def client(anybody: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A client that is whom its header names."""
    act(monkeypatch, lambda request: WHO.get(request.headers.get("authorization", ""), ANONYMOUS))
    return anybody


def be(who: Actor) -> dict[str, str]:
    return {"authorization": who.name}


def bring(client: TestClient, data: bytes, who: Actor = ANNA, name: str = "mốc 48.jpg") -> Any:
    return client.post(FILES, content=data, headers=be(who), params={"name": name})


def attach(client: TestClient, sha256: str, who: Actor = ANNA, **more: Any) -> str:
    answer = client.post(VISITS, json=visit(files=[sha256], **more), headers=be(who))
    assert answer.status_code == 201, answer.text
    return answer.headers["location"].rpartition("/")[2]


def get(client: TestClient, sha256: str, who: Actor, key: str = "", **more: str) -> Any:
    row = {"row": f"inspections/{key}"} if key else {}
    return client.get(f"{FILES}/{sha256}", params=row | more, headers=be(who))


def test_a_photo_from_its_bringing_to_its_showing(client: TestClient) -> None:
    data = photo(400, 200)
    answer = bring(client, data)
    told = answer.json()
    assert (answer.status_code, told["sha256"]) == (201, hashlib.sha256(data).hexdigest())
    assert (told["width"], told["taken"]) == (200, "2026-05-03T10:11:12+07:00")
    sha256 = told["sha256"]
    mine = get(client, sha256, ANNA)
    assert (mine.status_code, mine.content) == (200, data)
    assert get(client, sha256, CHI).status_code == 404  # no row shows it yet
    key = attach(client, sha256, classification="internal")
    assert client.get(f"{VISITS}/{key}", headers=be(ANNA)).json()["properties"]["files"] == [sha256]
    for who in (ANNA, CHI):
        shown = get(client, sha256, who, key)
        assert shown.content == data
        assert shown.headers["content-disposition"].endswith("m%E1%BB%91c%2048.jpg")
    seen = get(client, sha256, BINH, key)
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    assert SECRET_MAKER.encode() in data
    assert SECRET_MAKER.encode() not in seen.content
    small = get(client, sha256, BINH, key, size="small")
    assert len(small.content) < len(seen.content)
    for answer in (seen, small, shown):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-cache"
    again = client.get(
        f"{FILES}/{sha256}",
        params={"row": f"inspections/{key}"},
        headers=be(BINH) | {"if-none-match": seen.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_hidden_file_is_told_from_an_absent_one_by_nothing(client: TestClient) -> None:
    sha256 = bring(client, photo(60, 30)).json()["sha256"]
    key = attach(client, sha256, classification="internal")
    other = attach(client, bring(client, photo(61, 30)).json()["sha256"], classification="public")
    for who in (DUNG, replace(ANNA, name="nobody")):
        told = set()
        for row, file in ((key, sha256), ("0" * 26, sha256), (other, sha256), (key, "0" * 64)):
            answer = get(client, file, who, row)
            assert answer.status_code == 404
            told.add(answer.text.replace(file, "").replace(row, ""))
        assert len(told) == 1
    assert get(client, sha256, BINH).status_code == 404  # not brought by him


VIETNAMESE = "Biên bản kiểm tra mốc " + "ộ" * 74 + ".pdf"
NAMES = {
    '<img src=x onerror="window.pwned = 1">.pdf': '<img src=x onerror="window.pwned = 1">.pdf',
    "anh\u202egpj.exe": "anhgpj.exe",
    "biên bản\r\nSet-Cookie: a=b\r\n\r\n.pdf": "biên bản Set-Cookie: a=b .pdf",
    "../../../etc/cron.d/mốc.pdf": "mốc.pdf",
    "C:\\Users\\lan\\mốc.pdf": "mốc.pdf",
    "\u200b\u2066..\u2069": "..",
    "": "",
    VIETNAMESE: VIETNAMESE,
    unicodedata.normalize("NFD", "Mốc 48.pdf"): "Mốc 48.pdf",
    '"; filename=evil.exe; x="': '"; filename=evil.exe; x="',
}


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_the_name_of_a_file_is_a_label_and_nothing_else(client: TestClient, number: int) -> None:
    name, label = list(NAMES.items())[number]
    answer = bring(client, PDF.replace(b"<<>>", b"<</N %d>>" % number), name=name)
    assert (answer.status_code, answer.json()["name"]) == (201, label)
    key = attach(client, answer.json()["sha256"], classification="public")
    [told] = listed(client, key, BINH).json()["files"]
    assert told["name"] == label
    given = get(client, told["sha256"], BINH, key)
    kind, _, named = given.headers["content-disposition"].partition("; ")
    assert kind == "attachment"
    assert re.fullmatch(r"filename\*=UTF-8''[A-Za-z0-9._~%-]+", named)
    assert unquote(named.partition("''")[2]) == (label or f"{told['sha256'][:12]}.pdf")
    assert "set-cookie" not in given.headers
    place = client.app.state.settings.place_of_evidence()  # type: ignore[attr-defined]
    assert place.has(told["sha256"])


def test_the_longest_name_that_a_disk_takes_is_whole() -> None:
    assert len(VIETNAMESE.encode()) == 255


def listed(client: TestClient, key: str, who: Actor) -> Any:
    return client.get(FILES, params={"row": f"inspections/{key}"}, headers=be(who))


def test_the_files_of_a_row_are_told_as_far_as_they_are_shown(client: TestClient) -> None:
    picture = bring(client, photo(64, 32)).json()["sha256"]
    paper = bring(client, PDF.replace(b"<<>>", b"<< >>"), name="biên bản.pdf").json()["sha256"]
    answer = client.post(
        VISITS,
        json=visit(files=[picture, paper], classification="internal"),
        headers=be(ANNA),
    )
    key = answer.headers["location"].rpartition("/")[2]
    mine, paper_of_mine = listed(client, key, ANNA).json()["files"]
    assert (mine["sha256"], mine["media_type"], mine["original"]) == (picture, "image/jpeg", True)
    assert (mine["name"], mine["taken"]) == ("mốc 48.jpg", "2026-05-03T10:11:12+07:00")
    seen, paper_seen = listed(client, key, BINH).json()["files"]
    assert seen == {
        "sha256": picture, "media_type": "image/jpeg", "original": False, "name": None,
        "bytes": None, "width": None, "height": None, "taken": None,
    }  # fmt: skip
    assert (paper_seen, paper_seen["name"]) == (paper_of_mine, "biên bản.pdf")
    hidden, absent = listed(client, key, DUNG), listed(client, "0" * 26, DUNG)
    assert (hidden.status_code, hidden.text.replace(key, "")) == (
        404,
        absent.text.replace("0" * 26, ""),
    )


def test_what_is_taken_is_told_to_everybody(client: TestClient) -> None:
    told = client.get(FILES).json()
    assert told["files"] == []
    assert told["accepted"]["max_bytes"] == 100_000
    assert set(told["accepted"]["media_types"]) == {
        "image/jpeg", "image/png", "image/webp", "application/pdf",
    }  # fmt: skip
    assert client.get(FILES, params={"row": "nowhere/x"}).status_code == 400


def test_who_may_not_write_brings_nothing(client: TestClient) -> None:
    for who, status in ((BINH, 403), (DUNG, 403), (replace(ANNA, name="nobody"), 401)):
        assert bring(client, PDF, who).status_code == status
    assert client.get(f"{FILES}/{'0' * 64}").status_code == 401


def test_a_document_is_a_file_to_save_under_its_own_name(client: TestClient) -> None:
    sha256 = bring(client, PDF, name='../../etc/"x\r\nset-cookie: a=b').json()["sha256"]
    answer = get(client, sha256, ANNA)
    told = answer.headers["content-disposition"]
    assert told == "attachment; filename*=UTF-8''%22x%20set-cookie%3A%20a%3Db"
    assert "set-cookie" not in answer.headers
    assert get(client, sha256, ANNA, size="small").status_code == 404


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (SVG, 400, "bad_evidence"),
        (b"<html><script>alert(1)</script>", 400, "bad_evidence"),
        (b"", 400, "bad_evidence"),
        (PDF.replace(b"<<>>", b"<<" + b" " * 100_000 + b">>"), 413, "too_large"),
    ],
)
def test_what_is_not_taken_is_said(client: TestClient, data: bytes, status: int, code: str) -> None:
    answer = bring(client, data)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if code == "bad_evidence":
        assert "PDF" in answer.json()["detail"] or answer.json()["reason"] == "file_empty"


@pytest.mark.parametrize(("width", "height"), [(8_001, 8_000), (30_001, 1)])
def test_a_picture_that_would_fill_the_memory_is_not_unpacked(
    client: TestClient, width: int, height: int
) -> None:
    """Some hundred bytes that say of themselves to be a picture of 64 million points, or long."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data).to_bytes(4)
        return len(data).to_bytes(4) + kind + data + check

    size = width.to_bytes(4) + height.to_bytes(4)
    rows = zlib.compress(bytes(1_000))
    parts = (b"IHDR", size + b"\x01\0\0\0\0"), (b"IDAT", rows), (b"IEND", b"")
    answer = bring(client, b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in parts))
    assert (answer.status_code, answer.json()["reason"]) == (400, "too_many_pixels")


def test_the_address_of_a_file_is_no_path(client: TestClient) -> None:
    for bad in ("..%2F..%2Fetc%2Fpasswd", "%2e%2e", "A" * 64, "0" * 63, "x"):
        answer = get(client, bad, ANNA)
        assert answer.status_code == 404, bad


def test_half_of_an_upload_leaves_nothing(embedded_file: Path, tmp_path: Path) -> None:
    settings = {
        "COTMOC_EVIDENCE": str(tmp_path / "e"),
        "COTMOC_ALLOW_ANONYMOUS_WRITES": "true",
        "COTMOC_OFFICE": str(tmp_path / "office"),
    }
    with server.running(embedded_file, env=settings) as url:
        half = http.client.HTTPConnection(url.removeprefix("http://"), timeout=server.PATIENCE)
        half.putrequest("POST", FILES)
        half.putheader("Content-Length", "5000")
        half.endheaders(PDF)
        server.until(lambda: any((tmp_path / "e").rglob("tmp*")))
        half.close()
        server.until(lambda: not any((tmp_path / "e").rglob("tmp*")))
    assert [path for path in (tmp_path / "e").rglob("*") if path.is_file()] == []


def test_who_accepts_a_proposal_names_the_photo_of_its_author(client: TestClient) -> None:
    sha256 = bring(client, photo(80, 40)).json()["sha256"]
    asked = {"layer": "inspections", "action": "create", "feature": visit(files=[sha256])}
    answer = client.post("/api/proposals", json=asked | {"reason": "ảnh"}, headers=be(ANNA))
    assert answer.status_code == 201, answer.text
    key = answer.json()["id"]
    path = f"/api/proposals/{key}/accept"
    taken = client.post(path, json={"revision": None}, headers=be(EVA))
    assert taken.status_code == 200, taken.text
    assert f"cotmoc-revision={taken.json()['register']};" in taken.headers["set-cookie"]
    assert get(client, sha256, EVA, taken.json()["id"]).status_code == 200

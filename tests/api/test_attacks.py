"""Ways out of a folder and into a network, tried on every door that takes a name or a file."""

import gzip
import io
import socket
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import Served, create_app
from api.settings import ROOT, Settings
from office.actor import ANONYMOUS, OPERATOR, Role
from tests.api.acting import act
from tests.api.live import connected, rest, serving
from tests.geo import build

HOME = "http://127.0.0.1:8000"
LAN = replace(OPERATOR, id="1", name="lan", role=Role.ADMIN)
SECRET = "what nobody may read"
UP = ("..", "%2e%2e", ".%2e", "..%2f..", "%2e%2e%2f%2e%2e", "..%5c..", "%252e%252e", "..;")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    place, folder = tmp_path_factory.mktemp("place") / "r.gpkg", tmp_path_factory.mktemp("root")
    (folder / "secret.txt").write_text(SECRET)
    for name in ("results", "evidence"):
        (folder / name).mkdir()
    build.register(place, markers=[build.marker("m", 107.3, 12.4)]).engine.dispose()
    settings = Settings(
        store=place,
        results=folder / "results",
        evidence=str(folder / "evidence"),
        allow_anonymous_writes=True,
    )
    made = create_app(settings)
    yield made
    made.state.engine.dispose()


@pytest.fixture
def client(app: Any, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A client on this machine, who is an administrator where he says so."""
    act(monkeypatch, lambda asked: LAN if "authorization" in asked.headers else ANONYMOUS)
    return TestClient(app, base_url=HOME, client=("127.0.0.1", 5), raise_server_exceptions=False)


# Out of a folder


@pytest.fixture(scope="module")
def port(app: Any) -> Iterator[int]:
    with serving(Served(app)) as found:
        yield found


def raw(port: int, path: str) -> bytes:
    """The answer to a path that no client of ours would send as it is."""
    with connected(port) as link:
        link.sendall(
            f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n".encode()
        )
        return rest(link)


@pytest.mark.parametrize("up", UP)
@pytest.mark.parametrize("door", ["/", "/assets/", "/basemap/", "/api/evidence/", "/api/jobs/"])
def test_no_path_leads_out_of_a_folder(port: int, door: str, up: str) -> None:
    """Sent byte for byte: a client would shorten it."""
    targets = [f"{door}{up}/pyproject.toml", f"{door}{'/'.join([up] * 12)}/etc/passwd"]
    targets += [f"{door}{up}/secret.txt", f"{door}/etc/passwd", f"{door}{up}/secret.txt/result"]
    for target in targets:
        told = raw(port, target)
        assert b"HTTP/1.1 200" not in told[:20] or b"<!doctype html>" in told.lower(), target
        assert b"[project]" not in told
        assert b"root:" not in told
        assert SECRET.encode() not in told


@pytest.mark.parametrize("name", ["../secret.txt", "..%2fsecret.txt", "/etc/passwd", "..\\x", "."])
def test_no_name_of_a_thing_is_a_path(client: TestClient, name: str) -> None:
    headers = {"authorization": "lan"}
    for path in (
        f"/api/evidence/{name}", f"/api/jobs/{name}", f"/api/jobs/{name}/result",
        f"/api/imports/{name}", f"/api/imports/{name}/rows", f"/api/collections/{name}/items",
        f"/api/collections/markers/items/{name}", f"/api/links/{name}",
    ):  # fmt: skip
        answer = client.get(path, headers=headers)
        assert answer.status_code in (400, 404, 405) or "json" in answer.headers["content-type"]
        assert SECRET not in answer.text
        assert "root:" not in answer.text


def test_a_file_is_kept_under_no_name_of_its_senders(client: TestClient, app: Any) -> None:
    """The name that an upload gives is a label; the file lies under its hash."""
    settings: Settings = app.state.settings
    outside = Path(str(settings.evidence)).parent
    before = sorted(outside.rglob("*"))
    for name in ("../../planted.txt", "/tmp/planted.txt", "..\\planted.txt"):
        sent = client.post("/api/evidence", params={"name": name}, content=b"%PDF-1.4\n%%EOF\n")
        assert sent.status_code in (201, 400)
        brought = client.post("/api/imports", params={"name": name}, content=b"a,b\n1,2\n")
        assert brought.status_code in (201, 400)
    new = {path for path in outside.rglob("*") if path not in before and path.is_file()}
    assert all(path.is_relative_to(outside / "evidence") for path in new)
    assert not any("planted" in path.name for path in new)
    assert not Path("/tmp/planted.txt").exists()


def test_an_export_is_saved_under_a_name_of_ours(client: TestClient) -> None:
    answer = client.get('/api/collections/markers/items?f=csv&download=../../x";x=y')
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="markers.csv"'


def test_an_archive_plants_nothing(client: TestClient, tmp_path: Path) -> None:
    planted = ROOT / "planted.txt"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("../planted.txt", str(planted), "a/../../planted.txt", "x.shp"):
            archive.writestr(name, "planted")
    answer = client.post("/api/imports", params={"name": "marks.zip"}, content=packed.getvalue())
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_file")
    assert not planted.exists()


# Past a proxy: requests whose end two readers might see at different places (RFC 9112, 11.2)


SMUGGLED = b"GET /api/collections/markers/items/smuggled HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n\r\n"
ENDS = {
    "both": b"content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "both, the other way": b"transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": b"content-length: 2\r\ncontent-length: 0\r\n\r\n{}",
    "a list of lengths": b"content-length: 2, 2\r\n\r\n{}",
    "a signed length": b"content-length: +2\r\n\r\n{}",
    "a hexadecimal length": b"content-length: 0x2\r\n\r\n{}",
    "a length without end": b"content-length: 99999999999999999999999\r\n\r\n{}",
    "an unknown coding": b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks that are not last": b"transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "two codings": b"transfer-encoding: chunked\r\ntransfer-encoding: x\r\n\r\n0\r\n\r\n",
    "a blank before the colon": b"transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded line": b"transfer-encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "a bare CR": b"x: a\rtransfer-encoding: chunked\r\n\r\n",
    "a bare LF": b"x: a\ntransfer-encoding: chunked\n\n",
    "chunks ended by LF": CHUNKED + b"2\n{}\n0\n\n",
    "an extension ended by LF": CHUNKED + b"2;\nxx\r\n{}\r\n0\r\n\r\n",
    "a chunk longer than told": CHUNKED + b"2\r\n{}XX0\r\n\r\n",
    "a chunk too large to count": CHUNKED + b"fffffffffffffffff2\r\n{}\r\n0\r\n\r\n",
    "a length after the chunks": CHUNKED + b"0\r\ncontent-length: 50\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_request_whose_end_is_in_doubt_ends_the_connection(port: int, end: bytes) -> None:
    with connected(port) as link:
        link.sendall(b"POST /api/session HTTP/1.1\r\nhost: 127.0.0.1\r\n" + end + SMUGGLED)
        told = rest(link)
    assert told.startswith(b"HTTP/1.1 400 ")
    assert told.count(b"HTTP/1.1 ") == 1


def test_a_body_is_not_the_next_request(port: int) -> None:
    with connected(port) as link:
        head = b"GET /api HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n"
        link.sendall(head + b"content-length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED)
        told = rest(link)
    assert told.startswith(b"HTTP/1.1 200 ")
    assert told.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("to", [b"websocket", b"h2c"])
def test_no_other_protocol_is_begun(port: int, to: bytes, caplog: Any) -> None:
    """It is answered as if nothing had been asked, and leaves no lines in the log."""
    with connected(port) as link:
        head = b"GET /api HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        link.sendall(head + b"connection: upgrade\r\nupgrade: " + to + b"\r\n\r\n")
        assert link.recv(65_536).startswith(b"HTTP/1.1 200 ")
        link.sendall(head + b"connection: close\r\n\r\n")
        assert b"HTTP/1.1 200 " in rest(link)
    assert not [one for one in caplog.records if one.name.startswith("uvicorn")]


def test_a_packed_body_is_not_unpacked(client: TestClient) -> None:
    """So none is a bomb."""
    bomb = gzip.compress(b'{"note": "' + bytes(20_000_000) + b'"}')
    for path in ("/api/collections/markers/items", "/api/session"):
        headers = {"content-encoding": "gzip", "content-type": "application/json"}
        answer = client.post(path, content=bomb, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")


# Into a network


@pytest.fixture
def trap() -> Iterator[tuple[str, list[bytes]]]:
    """An address within the operator's network, and what was asked of it."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def take() -> None:
            while True:
                try:
                    link, _ = listener.accept()
                except OSError:
                    return
                with link:
                    asked.append(link.recv(1_000))

        thread = Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}/inside", asked
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(60)


def kml(url: str) -> bytes:
    return (
        f'<?xml version="1.0"?><!DOCTYPE kml SYSTEM "{url}/dtd">'
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link><href>{url}'
        "</href></Link></NetworkLink></Document></kml>"
    ).encode()


def linked_kml(url: str) -> bytes:
    return kml(url).replace(kml(url)[kml(url).index(b"<!DOCTYPE") : kml(url).index(b"<kml")], b"")


def vrt(url: str) -> bytes:
    return (
        '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/'
        f"{url}.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


def geojson(url: str) -> bytes:
    crs = f'{{"type": "link", "properties": {{"href": "{url}", "type": "proj4"}}}}'
    return (
        f'{{"type": "FeatureCollection", "crs": {crs}, "features": [{{"type": "Feature", '
        f'"geometry": null, "properties": {{"number": "=WEBSERVICE(\\"{url}\\")"}}}}]}}'
    ).encode()


def csv(url: str) -> bytes:
    return f'Số hiệu,Ghi chú\n{url},"=HYPERLINK(""{url}"")"\n'.encode()


@pytest.mark.parametrize("make", [kml, linked_kml, vrt, geojson, csv])
@pytest.mark.parametrize("ending", ["own", "kml"])
def test_no_file_makes_the_server_ask_another_host(
    client: TestClient, trap: tuple[str, list[bytes]], make: Any, ending: str
) -> None:
    url, asked = trap
    own = {"linked_kml": "kml"}.get(make.__name__, make.__name__)
    name = f"x.{own if ending == 'own' else ending}"
    sent = client.post("/api/imports", params={"name": name}, content=make(url))
    assert sent.status_code in (201, 400), sent.text
    assert asked == []


def test_no_address_given_for_a_file_is_asked(
    client: TestClient, trap: tuple[str, list[bytes]]
) -> None:
    url, asked = trap
    for name in (url, f"/vsicurl/{url}.csv", f"{url}.geojson", f"zip+{url}"):
        client.post("/api/imports", params={"name": name[:200]}, content=b"a,b\n1,2\n")
        client.post("/api/imports", params={"name": "a.csv", "url": url}, content=b"")
        client.post("/api/evidence", params={"name": name}, content=url.encode())
    sheet = "Số hiệu,Kinh độ,Vĩ độ\n48,107.3,12.4\n".encode()
    first = client.post("/api/imports", params={"name": "a.csv"}, content=sheet).json()
    for options in ({"crs": url}, {"document": url}, {"constants": {"note": url}}):
        client.patch(f"/api/imports/{first['id']}", json=options)
    client.get("/api/collections/markers/items", params={"crs": url})
    client.get("/api/collections/markers/items", params={"filter": f"note = '{url}'"})
    assert asked == []

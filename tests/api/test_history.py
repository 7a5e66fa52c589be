"""The history over HTTP: who may read it, what it tells, undo, and an edit that came too late."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from geo import check
from geo.store import Target
from tests.api.test_editing import FIRST, MARKERS, local
from tests.conftest import Places
from tests.geo import build

ANY = {"if-match": "*"}


@pytest.fixture
def place(places: Places) -> Target:
    made = places()
    markers = [
        build.marker(f"vn-kh.{n}.0.1", 107.3, 12.4, position_quality="indicative") for n in (48, 49)
    ]
    build.register(made, markers=markers).engine.dispose()
    return made


@pytest.fixture
def client(place: Target) -> Iterator[TestClient]:
    with local(Settings(store=place, allow_anonymous_writes=True)) as client:
        client.headers["accept-language"] = "en"
        yield client
        assert check.check(client.app.state.engine) == []  # type: ignore[attr-defined]
        client.app.state.engine.dispose()  # type: ignore[attr-defined]


def patch(client: TestClient, **values: Any) -> None:
    answer = client.patch(FIRST, json={"properties": values}, headers=ANY)
    assert answer.status_code == 204, answer.text


def test_it_is_not_for_everybody(place: Target) -> None:
    paths = ("/api/history", "/api/history/1", f"{FIRST}/history", "/api/history/layers/markers")
    with local(Settings(store=place)) as client:
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 401, path
            assert answer.headers["www-authenticate"]
        assert client.post("/api/history/1/undo").status_code == 401
        client.app.state.engine.dispose()  # type: ignore[attr-defined]
    with local(Settings(store=place, allow_anonymous_writes=True)) as client:
        answer = client.get("/api/history", headers={"host": "cotmoc.example"})
        assert answer.status_code == 403
        client.app.state.engine.dispose()  # type: ignore[attr-defined]


def test_versions_and_changes_and_pages(client: TestClient) -> None:
    for note in ("một", "hai"):
        patch(client, note=note)
    answer = client.get(f"{FIRST}/history")
    assert answer.headers["cache-control"] == "no-store"
    versions = answer.json()["versions"]
    assert [one["action"] for one in versions] == ["edit", "edit", "create"]
    assert versions[0]["changes"] == [{"field": "note", "before": "một", "after": "hai"}]
    assert versions[0]["feature"]["properties"]["note"] == "hai"
    page = client.get("/api/history?layer=markers&since=2020-01-01&limit=2").json()
    assert [one["id"] for one in page["changes"]] == ["vn-kh.48.0.1"] * 2
    address = urlsplit(page["next"])
    rest = client.get(f"{address.path}?{address.query}").json()
    assert {one["id"] for one in rest["changes"]} == {"vn-kh.48.0.1", "vn-kh.49.0.1"}
    assert rest["next"] is None
    assert client.get("/api/history", params={"until": "2020-01-01"}).json()["changes"] == []
    one = client.get(f"/api/history/{versions[0]['seq']}").json()
    assert (one["before"]["properties"]["note"], one["actor"]) == ("một", "anonymous")


def test_a_layer_as_it_was_recorded(client: TestClient) -> None:
    first = client.get("/api/history").json()["changes"][0]["at"]
    patch(client, note="sau")
    now = client.get("/api/history/layers/markers", params={"limit": 1}).json()
    assert [one["properties"]["note"] for one in now["features"]] == ["sau"]
    address = urlsplit(now["next"])
    rest = client.get(f"{address.path}?{address.query}").json()
    assert [one["id"] for one in rest["features"]] == ["vn-kh.49.0.1"]
    then = client.get("/api/history/layers/markers", params={"at": first}).json()
    assert [one["properties"]["note"] for one in then["features"]] == [None, None]
    before = client.get("/api/history/layers/markers", params={"at": "2001-01-01"}).json()
    assert before["features"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/history/999999", 404),
        (f"{MARKERS}/nobody/history", 404),
        ("/api/history?since=gestern", 400),
        ("/api/history?layer=nothing", 404),
        ("/api/history/layers/markers?at=2026-13-01", 400),
    ],
)
def test_what_is_not_there_is_said(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_undo_is_a_change_and_names_what_stands_in_its_way(client: TestClient) -> None:
    patch(client, note="sai")
    seq = client.get("/api/history").json()["changes"][0]["seq"]
    done = client.post(f"/api/history/{seq}/undo", params={"reason": "nhầm"})
    assert done.status_code == 200, done.text
    assert client.get(FIRST).json()["properties"]["note"] is None
    change = client.get("/api/history").json()["changes"][0]
    assert (change["reason"], change["changes"]) == (
        "nhầm", [{"field": "note", "before": "sai", "after": None}]
    )  # fmt: skip
    again = client.post(f"/api/history/{seq}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "changed_since")
    assert again.json()["allowed"] == ["note"]
    vietnamese = client.post(f"/api/history/{seq}/undo", headers={"accept-language": "vi"})
    assert "không hoàn tác được" in vietnamese.json()["title"]


def test_each_change_says_what_it_is_about_and_whether_it_can_be_undone(
    client: TestClient,
) -> None:
    for note in ("một", "hai"):
        patch(client, note=note)
    visit = {"marker_id": "vn-kh.48.0.1", "at": "2026-06-12T03:00:00Z", "condition": "leaning"}
    row = {"type": "Feature", "geometry": None, "properties": visit}
    assert client.post("/api/collections/inspections/items", json=row).status_code == 201
    told = client.get("/api/history?undoable=true").json()["changes"]
    assert [(one["title"]["en"], one["undoable"]) for one in told[:4]] == [
        ("Marker 48(1), leaning, 12/06/2026", False),  # who made it is not shown to everybody
        ("Marker vn-kh.48.0.1", True),
        ("Marker vn-kh.48.0.1", False),
        ("Marker vn-kh.49.0.1", True),
    ]
    assert client.post(f"/api/history/{told[1]['seq']}/undo").status_code == 200
    versions = client.get(f"{FIRST}/history?undoable=true").json()["versions"]
    assert [one["undoable"] for one in versions] == [True, False, True, False]
    assert client.get(f"/api/history/{told[1]['seq']}?undoable=true").json()["undoable"] is False
    assert "undoable" not in client.get("/api/history").json()["changes"][0]
    assert client.get("/api/history?undoable=perhaps").status_code == 400


def test_an_edit_that_comes_too_late_is_told_base_theirs_and_yours(client: TestClient) -> None:
    patch(client, note="gốc", name_vi="Tên")
    tag = client.get(FIRST).headers["etag"]
    patch(client, note="của họ")
    mine = {"properties": {"note": "của tôi", "locality": "Bản"}}
    late = client.patch(FIRST, json=mine, headers={"if-match": tag})
    assert late.status_code == 412
    assert late.json()["differences"] == [
        {"field": "locality", "base": None, "theirs": None, "yours": "Bản"},
        {"field": "note", "base": "gốc", "theirs": "của họ", "yours": "của tôi"},
    ]
    gone = client.delete(FIRST, headers={"if-match": tag})
    assert gone.json()["differences"] == [
        {"field": "note", "base": "gốc", "theirs": "của họ", "yours": "gốc"}
    ]
    whole = client.get(FIRST).json()
    whole["geometry"]["coordinates"] = [107.5, 12.5]
    whole["properties"].pop("revision")
    put = client.put(FIRST, json=whole, headers={"if-match": tag})
    fields = {one["field"]: one for one in put.json()["differences"]}
    assert fields["geometry"]["yours"]["coordinates"] == [107.5, 12.5]
    assert fields["note"]["yours"] == "của họ"

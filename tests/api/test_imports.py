"""`/api/imports`: send, look, correct, commit, take back; who may, and what is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes import imports
from api.settings import Settings
from geo.imports import judging
from geo.store import Target
from tests.geo.build import register
from tests.geo.imports import messy

HEAD = "Số hiệu;Kinh độ;Vĩ độ;Cột lạ\n"
GOOD = (HEAD + "64;107,3;12,1;đồi\n64/1;107,4;12,2;suối\n").encode()
BAD = (HEAD + "64;107,3;12,1;đồi\nabc;107,4;;suối\n").encode()
MEETINGS = "Tên;Kết quả\nGiao ban;tốt\nHội đàm;tốt\n".encode()
HERE = ("127.0.0.1", 1)


def client(place: Target, **settings: Any) -> TestClient:
    app = create_app(Settings(store=place, **settings))
    return TestClient(app, "http://127.0.0.1", client=HERE, headers={"accept-language": "en"})


@pytest.fixture
def web(place: Target, tmp_path: Path) -> Iterator[TestClient]:
    register(place, admin_units=messy.units()).engine.dispose()
    with client(place, allow_anonymous_writes=True, imports=tmp_path / "waiting") as made:
        yield made


def send(
    web: TestClient, body: bytes, name: str = "moc.csv", into: str = "markers"
) -> dict[str, Any]:
    answer = web.post("/api/imports", params={"name": name, "into": into}, content=body)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/imports/{told['id']}"
    return told


def test_a_file_is_looked_at_corrected_committed_and_taken_back(web: TestClient) -> None:
    told = send(web, GOOD)
    at = f"/api/imports/{told['id']}"
    assert [c["target"] for c in told["columns"]] == ["number", "@lon", "@lat", None]
    assert told["findings"][0]["code"] == "required"  # the border, for the whole sheet
    assert web.post(f"{at}/commit").status_code == 409

    patch = {"constants": {"border": "VN-KH"}, "mapping": {"Cột lạ": "note_vi"}}
    mended = web.patch(at, json=patch)
    assert mended.status_code == 200
    assert mended.json()["counts"]["create"] == 2
    assert web.get(at).json() == mended.json()
    page = web.get(f"{at}/rows", params={"start": 1, "limit": 1}).json()
    assert (page["total"], page["start"], len(page["rows"])) == (2, 1, 1)
    assert page["rows"][0]["changes"]["note_vi"] == [None, "suối"]
    places = web.get(f"{at}/map").json()
    assert [f["geometry"]["coordinates"] for f in places["features"]] == [
        [107.3, 12.1],
        [107.4, 12.2],
    ]

    done = web.post(f"{at}/commit", params={"reason": "đối chiếu"})
    assert done.status_code == 200
    assert done.json()["written"] == {"markers": 2}
    assert web.get(at).status_code == 404
    items = "/api/collections/markers/items"
    assert web.get(items).json()["numberMatched"] == 2
    assert web.post(f"/api/imports/{done.json()['import']}/undo").status_code == 200
    assert web.get(items).json()["numberMatched"] == 0


def test_faults_are_named_in_the_language_of_the_reader(web: TestClient) -> None:
    at = f"/api/imports/{send(web, BAD)['id']}"
    web.patch(at, json={"constants": {"border": "VN-KH"}})
    found = web.get(f"{at}/rows").json()["rows"][1]["findings"]
    assert {(f["row"], f["column"], f["code"]) for f in found} == {
        (3, "A", "not_a_marker"),
        (3, "C", "half_a_place"),
    }
    refused = web.post(f"{at}/commit")
    assert refused.status_code == 409
    assert refused.json()["code"] == "bad_rows"
    assert {f["row"] for f in refused.json()["findings"]} == {3}
    for lang, word in (("vi", "không phải số hiệu mốc"), ("en", "is not a marker's number")):
        file = web.get(f"{at}/faults.csv", params={"lang": lang})
        assert word in file.content.decode("utf-8-sig")
    book = web.get(f"{at}/faults.xlsx")
    assert book.content.startswith(b"PK")
    assert "faults.xlsx" in book.headers["content-disposition"]
    assert web.delete(at).status_code == 204
    assert web.get(at).status_code == 404


def test_what_changed_since_forbids_the_commit(web: TestClient) -> None:
    at = f"/api/imports/{send(web, GOOD)['id']}"
    web.patch(at, json={"constants": {"border": "VN-KH"}})
    shape = {"type": "Point", "coordinates": [107.3, 12.1]}
    other = {"type": "Feature", "id": "vn-kh.64.0.0", "geometry": shape,
             "properties": {"number": "64", "border": "VN-KH"}}  # fmt: skip
    made = web.post("/api/collections/markers/items", json=other)
    assert made.status_code == 201
    refused = web.post(f"{at}/commit")
    assert refused.status_code == 409
    assert refused.json()["reason"] == "changed"
    assert [f["value"] for f in refused.json()["findings"]] == ["vn-kh.64.0.0"]


@pytest.mark.parametrize("uploads", [1, 2])
def test_of_two_who_commit_the_same_at_once_one_writes(
    web: TestClient, monkeypatch: pytest.MonkeyPatch, uploads: int
) -> None:
    """A press too many, and two stewards with one sheet: rows without a number have new ids."""
    sent = [send(web, MEETINGS, "giao-ban.csv", into="exchanges") for _ in range(uploads)]
    first, second = (f"/api/imports/{sent[n]['id']}/commit" for n in (0, -1))
    answers, look = [], judging._preview

    def slow(*given: Any) -> Any:
        monkeypatch.setattr(judging, "_preview", look)
        made = look(*given)
        answers.append(web.post(second, headers={"accept-language": "vi"}))
        return made

    monkeypatch.setattr(judging, "_preview", slow)
    answers.append(web.post(first))
    assert sorted(one.status_code for one in answers) == [200, 409], [a.text for a in answers]
    assert web.get("/api/collections/exchanges/items").json()["numberMatched"] == 2
    if uploads == 1:
        assert answers[0].json()["detail"] == "Không làm được lúc này: tệp này đang được xử lý."


def test_what_is_refused(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def code(body: bytes, name: str, layer: str = "markers") -> tuple[int, str | None]:
        given = {"name": name, "into": layer}
        answer = web.post("/api/imports", params=given, content=body)
        return answer.status_code, answer.json().get("reason")

    assert code(b"\x89PNG\r\n\x1a\n", "moc.csv") == (400, "not_as_named")
    assert code(b"MZ", "moc.exe") == (400, "unknown_type")
    assert code(b"", "moc.csv") == (400, "empty")
    assert code(GOOD, "../../moc.csv")[0] == 201
    assert code(GOOD, "moc.csv", "admin_units")[0] == 400
    assert code(GOOD, "moc.csv", "nonsense")[0] == 404
    told = web.post("/api/imports", params={"name": "moc.exe", "lang": "vi"}, content=b"MZ").json()
    assert "không nhận ra loại tệp" in told["detail"]
    monkeypatch.setattr(imports, "MOST_BYTES", 10)
    assert code(GOOD, "moc.csv")[0] == 413


@pytest.mark.parametrize(
    "patch", [[], {"layer": "gates"}, {"crs": "EPSG:1"}, {"mapping": {"A": "@x"}}, {"mapping": 3},
              {"accept": ["twice"]}, {"as_of": "gần đây"}, {"crs": 7}, {"constants": {"border": 3}}]
)  # fmt: skip
def test_options_that_make_no_sense(web: TestClient, patch: Any) -> None:
    at = f"/api/imports/{send(web, GOOD)['id']}"
    answer = web.patch(at, json=patch)
    assert answer.status_code == 400, answer.text
    assert web.get(at).status_code == 200


@pytest.mark.parametrize("key", ["0" * 32, "n" + "0" * 24, "x", "..."])
def test_an_import_that_there_is_not(web: TestClient, key: str) -> None:
    assert web.get(f"/api/imports/{key}").status_code in (404, 405)
    assert web.post(f"/api/imports/{key}/commit").status_code == 404
    assert web.post(f"/api/imports/{key}/undo").status_code in (400, 404)


def test_who_may_not_write_may_not_look_either(tmp_path: Path) -> None:
    place = tmp_path / "r.gpkg"
    register(place, admin_units=messy.units()).engine.dispose()
    with client(place) as web:
        answer = web.post("/api/imports", params={"name": "moc.csv"}, content=GOOD)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")
        assert web.get(f"/api/imports/{'0' * 32}").status_code == 401
        assert not Path(f"{place}.imports").exists()


def test_the_document_tells_every_operation(web: TestClient) -> None:
    paths = web.app.openapi()["paths"]  # type: ignore[attr-defined]
    told = {(m, p) for p, held in paths.items() for m in held if p.startswith("/api/imports")}
    assert len(told) == 10
    answers = paths["/api/imports/{import_id}/commit"]["post"]["responses"]
    assert set(answers) >= {"200", "202", "400", "401", "403", "404", "409", "503", "507"}

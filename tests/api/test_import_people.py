"""Importing as people with accounts: each his own rows, and nothing of what he may not see."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.imports import spool
from geo.imports.kinds import MOST_BYTES
from geo.store import Target
from office.actor import Role
from tests.api.importing import IMPORTS, ITEMS, Office, close, line, opened
from tests.geo import build

HOME, AWAY = "vn.dak-nong", "vn.quang-tri"
FAR = build.marker("vn-kh.9.0.0", 107.9, 12.9, number="9", main=9, aux=0, k=0,
                   position_quality="surveyed",
                   province_origin_id=AWAY)  # fmt: skip
OWN = build.marker("vn-kh.8.0.0", 107.8, 12.8, number="8", main=8, aux=0, k=0)
CLOSED = build.marker("vn-kh.7.0.0", 107.7, 12.7, number="7", main=7, aux=0, k=0,
                      classification="restricted", province_origin_id=AWAY)  # fmt: skip


@pytest.fixture
def office(place: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    made = opened(place, tmp_path / "waiting", monkeypatch, markers=[OWN, FAR, CLOSED])
    made.be("lan", Role.EDITOR, HOME)
    yield made
    close(made)


def test_rows_of_another_province_are_errors_of_those_rows(office: Office) -> None:
    told = office.send(line(1), line(2, "Quảng Trị"), line(9, "Quảng Trị", "đồi")).json()
    assert (told["state"], told["counts"]["create"], told["counts"]["error"]) == ("ready", 1, 2)
    for row in office.rows(told, level="error"):
        [found] = [one for one in row["findings"] if one["level"] == "error"]
        assert (found["column"], found["header"], found["code"]) == ("D", "province", "province")
        assert found["text_vi"] == "ngoài các tỉnh được giao"
        assert found["text_en"] == "lies outside one's provinces"
    refused = office.commit(told)
    assert (refused.status_code, refused.json()["code"]) == (409, "bad_rows")
    assert {one["row"] for one in refused.json()["findings"]} == {3, 4}
    for lang, word in (("vi", "ngoài các tỉnh được giao"), ("en", "outside one's provinces")):
        file = office.get(f"{IMPORTS}/{told['id']}/faults.csv", lang=lang)
        assert word in file.content.decode("utf-8-sig")
        assert office.get(f"{IMPORTS}/{told['id']}/faults.xlsx", lang=lang).content[:2] == b"PK"


def test_a_row_is_not_taken_out_of_another_province_nor_put_there(office: Office) -> None:
    office.be("lan", Role.EDITOR, AWAY)
    told = office.send(line(8, "Quảng Trị"), line(9, "Đắk Nông")).json()
    found = [one["code"] for row in office.rows(told) for one in row["findings"]]
    assert [code for code in found if code != "moved"] == ["province"] * 2


def test_a_file_that_moves_a_marker_is_for_an_approver(office: Office) -> None:
    """Rows that are new, and what is not guarded of old ones, are an editor's own."""
    office.be("minh", Role.EDITOR, HOME)
    known = (8, 107.8, 12.8, "Đắk Nông", "VN-KH", "bản Mới")
    assert office.commit(office.send(known, line(1)).json()).status_code == 200
    told = office.send((8, 107.8, 12.81, "Đắk Nông", "VN-KH", "bản Khác"), line(2)).json()
    counts = [told["counts"][name] for name in ("create", "change", "error", "approvals")]
    assert counts == [1, 1, 0, 1]
    assert office.rows(told, level="error") == []
    [row] = office.rows(told, level="approval")
    [found] = [one for one in row["findings"] if one["level"] == "approval"]
    assert (found["column"], found["header"], found["code"]) == ("B", "longitude", "proposal")
    assert found["text_en"] == "has to be proposed to an approver"
    refused = office.commit(told)
    assert (refused.status_code, refused.json()["code"]) == (409, "bad_rows")
    assert "2" not in office.numbers()
    office.be("hoa", Role.APPROVER, HOME)
    again = office.send((8, 107.8, 12.81, "Đắk Nông", "VN-KH", "bản Khác"), line(2)).json()
    assert office.commit(again).json()["written"] == {"markers": 2}
    moved = office.get(f"{ITEMS}/vn-kh.8.0.0").json()
    assert moved["geometry"]["coordinates"] == [107.8, 12.81]


def test_new_markers_are_taken_back_by_who_brought_them_or_by_an_approver(office: Office) -> None:
    def undo(done: Any) -> Any:
        return office.client.post(f"{IMPORTS}/{done['import']}/undo")

    first, second = (office.commit(office.send(line(n)).json()).json() for n in (1, 2))
    office.be("minh", Role.EDITOR, HOME)
    refused = undo(first)
    assert (refused.status_code, refused.json()["reason"]) == (409, "not_allowed")
    [found] = refused.json()["findings"]
    assert (found["value"], found["code"]) == ("markers vn-kh.1.0.0", "proposal")
    office.be("lan", Role.EDITOR, HOME)
    assert undo(first).json()["written"] == {"markers": 1}
    office.be("hoa", Role.APPROVER, HOME)
    assert undo(second).json()["written"] == {"markers": 1}


def test_what_stays_as_it_is_may_lie_anywhere(office: Office) -> None:
    same = (9, 107.9, 12.9, "", "VN-KH", "")
    told = office.send(line(1), same).json()
    assert (told["counts"]["same"], told["counts"]["error"]) == (1, 0), office.rows(told)[1]
    assert office.commit(told).json()["written"] == {"markers": 1}


def test_the_history_names_the_person_as_it_does_when_he_edits(office: Office) -> None:
    office.commit(office.send(line(1)).json())
    [entry] = office.get(f"{ITEMS}/vn-kh.1.0.0/history").json()["versions"]
    assert entry["actor"] == "lan"
    assert "đối chiếu" in entry["reason"]


def test_rights_that_shrank_since_the_preview_count(office: Office) -> None:
    told = office.send(line(1), line(2)).json()
    assert told["counts"]["create"] == 2
    office.shrink(AWAY)
    at = f"{IMPORTS}/{told['id']}"
    for path in ("", "/rows", "/map", "/faults.csv"):  # made for one who was shown more
        assert office.get(f"{at}{path}").status_code == 409, path
    refused = office.commit(told)
    assert refused.status_code == 409
    assert "1" not in office.numbers()
    office.be("lan", Role.VIEWER)
    for method, path in (("GET", at), ("POST", f"{at}/commit"), ("POST", IMPORTS)):
        query = {"name": "moc.csv"} if path == IMPORTS else {}
        answer = office.client.request(method, path, params=query)
        assert (answer.status_code, answer.json().get("reason")) == (403, "role"), answer.text


def test_a_hidden_number_is_as_free_as_any(office: Office) -> None:
    """It is given another identifier when it is written, as that of a single row is."""
    told = office.send(line(7), line(6)).json()
    rows = office.rows(told)
    assert [(row["action"], row["findings"]) for row in rows] == [("create", [])] * 2
    assert [row["id"] for row in rows] == ["vn-kh.7.0.0", "vn-kh.6.0.0"]
    assert office.commit(told).json()["written"] == {"markers": 2}
    assert office.numbers() == {"6", "7", "8", "9"}
    assert office.get(f"{ITEMS}/vn-kh.7.0.0").status_code == 404
    office.be("boss", Role.ADMIN)
    both = office.get(ITEMS, number="7").json()["features"]
    assert {one["properties"]["classification"] for one in both} == {"public", "restricted"}


def test_an_upload_is_its_senders_alone(office: Office) -> None:
    told = office.send(line(1)).json()
    office.be("minh", Role.ADMIN)
    absent = {"id": "0" * 32}
    for path in ("", "/rows", "/map", "/faults.csv"):
        seen, none = (office.get(f"{IMPORTS}/{one['id']}{path}") for one in (told, absent))
        assert seen.status_code == none.status_code == 404
    assert office.commit(told).status_code == 404


def test_uploads_that_wait_are_few_and_go_after_a_day(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (spool.MOST_WAITING, spool.KEPT, MOST_BYTES) == (20, 86_400, 100_000_000)  # as promised
    monkeypatch.setattr(spool, "MOST_WAITING", 2)
    first = office.send(line(1)).json()
    assert office.send(line(2)).status_code == 201
    full = office.send(line(3), lang="vi")
    assert (full.status_code, full.json()["code"]) == (409, "conflict")
    assert full.json()["detail"].endswith("bạn đang có 2 tệp chờ nhập, hãy bỏ bớt một tệp.")
    office.be("minh", Role.EDITOR, HOME)
    assert office.send(line(3)).status_code == 201
    office.be("lan", Role.EDITOR, HOME)
    assert office.client.delete(f"{IMPORTS}/{first['id']}").status_code == 204
    last = office.send(line(3))
    assert last.status_code == 201
    monkeypatch.setattr(spool, "KEPT", -10)
    assert office.shop.imports is not None
    spool.sweep(office.shop.imports)
    assert office.get(f"{IMPORTS}/{last.json()['id']}").status_code == 404


def test_an_import_is_undone_whole_by_who_may(office: Office) -> None:
    office.be("boss", Role.ADMIN)
    done = office.commit(office.send(line(1), line(2, "Quảng Trị")).json()).json()
    address = f"{IMPORTS}/{done['import']}/undo"
    office.be("lan", Role.EDITOR, HOME)
    refused = office.client.post(address)
    assert (refused.status_code, refused.json()["reason"]) == (409, "not_allowed")
    found = {one["value"]: one["code"] for one in refused.json()["findings"]}
    assert found == {"markers vn-kh.1.0.0": "proposal", "markers vn-kh.2.0.0": "province"}
    office.be("minh", Role.APPROVER, HOME, AWAY)
    patch = {"properties": {"locality": "khác"}}
    kind = {"if-match": "*", "content-type": "application/merge-patch+json"}
    edited = office.client.patch(f"{ITEMS}/vn-kh.1.0.0", json=patch, headers=kind)
    assert edited.status_code == 204, edited.text
    late = office.client.post(address)
    assert (late.status_code, late.json()["reason"]) == (409, "changed")
    assert [one["value"] for one in late.json()["findings"]] == ["markers vn-kh.1.0.0"]
    assert office.numbers() == {"1", "2", "7", "8", "9"}
    again = office.commit(office.send(line(3), line(4, "Quảng Trị")).json()).json()
    office.be("lan", Role.EDITOR, HOME)
    why = {"reason": f"import {again['import']}: mine"}  # whoever says so changes no import
    own = {"properties": {"locality": "của Lan"}}
    edited = office.client.patch(f"{ITEMS}/vn-kh.8.0.0", json=own, headers=kind, params=why)
    assert edited.status_code == 204, edited.text
    office.be("minh", Role.APPROVER, HOME, AWAY)
    undone = office.client.post(f"{IMPORTS}/{again['import']}/undo")
    assert undone.json()["written"] == {"markers": 2}
    assert office.get(f"{ITEMS}/vn-kh.8.0.0").json()["properties"]["locality"] == "của Lan"
    assert office.numbers() == {"1", "2", "7", "8", "9"}

"""A clerk brings rows that are not his to write: he proposes them whole, an approver decides."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.errors import refused
from geo import change_many, check
from geo.store import Target
from office import agreeing, proposals, sights
from office.actor import Role
from office.deciding import Eyes
from tests.api.importing import IMPORTS, ITEMS, Office, close, line, opened
from tests.geo import build

HOME, AWAY = "vn.dak-nong", "vn.quang-tri"
PROPOSALS = "/api/proposals"
KNOWN = build.marker("vn-kh.8.0.0", 107.8, 12.8, number="8", main=8, aux=0, k=0,
                     position_quality="surveyed", locality="bản Cũ",
                     province_origin_id=HOME)  # fmt: skip
MOVED = (8, 107.8, 12.81, "Đắk Nông", "VN-KH", "bản Mới")
OTHERS: list[tuple[str, Role, list[str]]] = [
    ("lan", Role.EDITOR, [HOME]),
    ("hoa", Role.APPROVER, [HOME]),
    ("tam", Role.APPROVER, [AWAY]),
    ("auditor", Role.AUDITOR, []),
    ("viewer", Role.VIEWER, [HOME]),
    ("partner", Role.PARTNER, ["la.savannakhet"]),
]
MERGE = {"if-match": "*", "content-type": "application/merge-patch+json"}


@pytest.fixture
def office(place: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    made = opened(place, tmp_path / "waiting", monkeypatch, markers=[KNOWN])
    clerk(made)
    yield made
    assert check.check(made.shop.register.engine) == []
    close(made)


def clerk(office: Office) -> None:
    office.be("lan", Role.EDITOR, HOME)


def approver(office: Office) -> None:
    office.be("hoa", Role.APPROVER, HOME)


def propose(office: Office, *lines: Any) -> Any:
    """Send lines and propose them; returns what is told of the proposal."""
    told = office.send(*lines).json()
    answer = office.client.post(f"{IMPORTS}/{told['id']}/propose", params={"reason": "biên bản 12"})
    assert answer.status_code == 201, answer.text
    assert office.get(f"{IMPORTS}/{told['id']}").status_code == 404
    return answer.json()


def decide(office: Office, made: Any, what: str = "accept", **body: Any) -> Any:
    return office.client.post(f"{PROPOSALS}/{made['id']}/{what}", json=body)


def accept(office: Office, made: Any) -> Any:
    """Look at a proposal as an approver, and accept it as it stands."""
    approver(office)
    seen = office.get(f"{PROPOSALS}/{made['id']}").json()
    return decide(office, made, revision=seen["revision"])


def marker(office: Office, number: int = 8) -> Any:
    return office.get(f"{ITEMS}/vn-kh.{number}.0.0").json()


def change(office: Office, **values: Any) -> None:
    """Let an approver change the marker that is known, himself."""
    approver(office)
    answer = office.client.patch(f"{ITEMS}/{KNOWN.id}", json={"properties": values}, headers=MERGE)
    assert answer.status_code == 204, answer.text


def test_rows_that_need_an_approver_are_proposed_whole_and_written_whole(office: Office) -> None:
    told = office.send(MOVED, line(1)).json()
    assert {name: told["counts"][name] for name in ("create", "change", "error", "approvals")} == {
        "create": 1, "change": 1, "error": 0, "approvals": 1
    }  # fmt: skip
    [row] = office.rows(told, level="approval")
    assert (row["row"], row["action"], set(row["changes"])) == (
        2,
        "change",
        {"geometry", "locality"},
    )
    found = next(one for one in row["findings"] if one["level"] == "approval")
    assert (found["column"], found["code"]) == ("B", "proposal")
    assert found["text_vi"] == "phải có người khác phê duyệt"
    assert office.commit(told).status_code == 409
    made = propose(office, MOVED, line(1))
    assert (made["action"], made["title"]["vi"], made["row"]) == ("import", "moc.csv", None)
    assert made["import"]["counts"] == {"markers": {"create": 1, "edit": 1}}
    assert (made["import"]["number"], made["may"]) == (None, {"decide": False, "withdraw": True})
    assert decide(office, made, revision=made["revision"]).json()["reason"] == "role"
    assert marker(office)["geometry"]["coordinates"] == [107.8, 12.8]

    approver(office)
    [listed] = office.get(PROPOSALS, state="open").json()["proposals"]
    assert (listed["id"], listed["may"]["decide"], listed["stale"]) == (made["id"], True, False)
    rows = office.get(f"{PROPOSALS}/{made['id']}/rows").json()
    assert rows["total"] == 2
    old, new = rows["rows"]
    assert (old["row"], old["id"], old["action"]) == (2, KNOWN.id, "edit")
    assert {"field": "locality", "before": "bản Cũ", "after": "bản Mới"} in old["changes"]
    assert old["moved_m"] == pytest.approx(1106, abs=2)  # 0.01° of latitude at 12.8° N
    assert (new["row"], new["before"], new["after"]["geometry"]["coordinates"]) == (
        3, None, [107.31, 12.4]
    )  # fmt: skip
    done = decide(office, made, revision=made["revision"], note="đúng")
    assert done.status_code == 200, done.text
    assert done.json()["written"] == {"markers": 2}
    assert marker(office)["geometry"]["coordinates"] == [107.8, 12.81]
    entry = office.get(f"{ITEMS}/{KNOWN.id}/history").json()["versions"][0]
    number = done.json()["import"]
    assert entry["actor"] == "hoa"
    assert entry["reason"] == f"import {number}: biên bản 12 – moc.csv · proposed by lan"
    assert office.get("/api/history", **{"import": number}).json()["changes"]

    clerk(office)
    ended = office.get(f"{PROPOSALS}/{made['id']}").json()
    assert (ended["state"], ended["import"]["number"]) == ("accepted", number)
    assert (ended["decision"]["by"], ended["decision"]["note"]) == ("hoa", "đúng")
    assert (
        office.get(f"{PROPOSALS}/{made['id']}/rows").json()["rows"][0]["changes"] == old["changes"]
    )
    assert office.client.post(f"{IMPORTS}/{number}/undo").json()["reason"] == "not_allowed"
    approver(office)
    assert office.client.post(f"{IMPORTS}/{number}/undo").json()["written"] == {"markers": 2}
    assert marker(office)["properties"]["locality"] == "bản Cũ"


def test_rows_changed_meanwhile_are_named_with_both_values(office: Office) -> None:
    made = propose(office, MOVED, line(1))
    change(office, locality="bản Khác", name_vi="Khác")
    seen = office.get(f"{PROPOSALS}/{made['id']}").json()
    assert (seen["stale"], seen["import"]["changed"]) == (True, 1)
    assert seen["revision"] == seen["base_revision"] + 1
    late = decide(office, made, revision=seen["base_revision"])
    assert (late.status_code, late.json()["code"], late.json()["reason"]) == (
        409, "bad_rows", "changed"
    )  # fmt: skip
    [found] = late.json()["findings"]
    assert (found["row"], found["value"]) == (2, f"markers {KNOWN.id}")
    assert "locality: bản Khác ≠ bản Mới" in found["text_vi"]
    [row] = office.get(f"{PROPOSALS}/{made['id']}/rows", changed="true").json()["rows"]
    clash = {one["field"]: one for one in row["clashes"]}
    assert clash["locality"] == {
        "field": "locality", "base": "bản Cũ", "theirs": "bản Khác", "yours": "bản Mới"
    }  # fmt: skip
    assert clash["name_vi"]["theirs"] == "Khác"
    assert decide(office, made, revision=seen["revision"]).status_code == 200
    held = marker(office)["properties"]
    assert (held["locality"], held["name_vi"]) == ("bản Mới", "Khác")


@pytest.mark.parametrize("since", ["gone", "made", "named otherwise"])
def test_what_cannot_be_written_any_more_forbids_the_whole(office: Office, since: str) -> None:
    made = propose(office, MOVED, line(1))
    approver(office)
    if since == "gone":
        assert office.client.delete(f"{ITEMS}/{KNOWN.id}", headers=MERGE).status_code == 204
    else:
        shape = {"type": "Point", "coordinates": [107.9, 12.9]}
        values = {"number": "1", "border": "VN-KH", "province_origin_id": HOME}
        numbers = {"main": 1, "aux": 0, "k": 0} if since == "made" else {}
        new = {"type": "Feature", "geometry": shape, "properties": values | numbers}
        assert office.client.post(ITEMS, json=new).status_code == 201
    refused = accept(office, made)
    assert (refused.status_code, refused.json()["reason"]) == (409, "changed")
    assert [one["row"] for one in refused.json()["findings"]] == [2 if since == "gone" else 3]
    assert office.get(f"{PROPOSALS}/{made['id']}").json()["state"] == "open"
    assert decide(office, made, "reject", note="trùng").status_code == 204
    assert decide(office, made, revision=0).json()["code"] == "decided"


def test_nobody_else_is_told_of_it_nor_approves_what_is_not_all_his(office: Office) -> None:
    office.be("minh", Role.EDITOR, HOME, AWAY)
    made = propose(office, line(1), line(2, "Quảng Trị"))
    at = f"{PROPOSALS}/{made['id']}"
    for login, role, places in OTHERS:
        office.be(login, role, *places)
        absent = f"{PROPOSALS}/{'0' * 32}"
        for path in ("", "/rows"):
            seen, none = office.get(f"{at}{path}"), office.get(f"{absent}{path}")
            assert (seen.status_code, none.status_code) == (404, 404), login
        assert decide(office, made, revision=made["revision"]).status_code == 404
        assert "moc.csv" not in office.get(PROPOSALS).text
    office.be("both", Role.APPROVER, HOME, AWAY)
    assert decide(office, made, revision=made["revision"]).json()["written"] == {"markers": 2}


def test_an_author_does_not_approve_his_own(office: Office) -> None:
    approver(office)
    made = propose(office, MOVED)
    assert decide(office, made, revision=made["revision"]).json()["reason"] == "own_change"
    assert decide(office, made, "withdraw").status_code == 204


def test_a_row_that_went_out_of_sight_is_told_to_nobody_and_forbids_it(office: Office) -> None:
    made = propose(office, MOVED, line(1))
    office.be("boss", Role.ADMIN)
    away = {"province_origin_id": AWAY, "classification": "restricted"}
    answer = office.client.patch(f"{ITEMS}/{KNOWN.id}", json={"properties": away}, headers=MERGE)
    assert answer.status_code == 204, answer.text
    for who in (clerk, approver):
        who(office)
        assert office.get(f"{PROPOSALS}/{made['id']}").status_code == 404
        assert office.get(f"{PROPOSALS}/{made['id']}/rows").status_code == 404
        assert decide(office, made, revision=made["revision"]).status_code == 404


def test_a_hidden_number_is_as_free_as_any(office: Office) -> None:
    office.be("boss", Role.ADMIN)
    shape = {"type": "Point", "coordinates": [107.9, 12.9]}
    values = {"number": "1", "border": "VN-KH", "main": 1, "aux": 0, "k": 0,
              "province_origin_id": AWAY, "classification": "restricted"}  # fmt: skip
    new = {"type": "Feature", "geometry": shape, "properties": values}
    assert office.client.post(ITEMS, json=new).status_code == 201
    clerk(office)
    made = propose(office, MOVED, line(1))
    approver(office)
    seen = office.get(f"{PROPOSALS}/{made['id']}").json()
    assert (seen["stale"], seen["revision"]) == (False, made["revision"])
    assert accept(office, made).json()["written"] == {"markers": 2}
    assert office.get(ITEMS, number="1").json()["numberReturned"] == 1


class Killed(BaseException):
    """The end of a process, without a word."""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_server_that_dies_in_between_neither_loses_nor_repeats_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    made = propose(office, MOVED, line(1))
    approver(office)
    owner, name = (proposals, "decide") if moment == "after" else (change_many, "write")
    done = getattr(owner, name)
    register, who = office.shop.register, office.now
    assert who is not None
    sight = sights.sight(who, register.units, register.stretches)
    look, given = Eyes(who, sight, register.units, refused), {"revision": made["revision"]}

    def die(*args: Any, **more: Any) -> None:
        if moment == "before":
            done(*args, **more)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, die)
        with pytest.raises(Killed):
            agreeing.accept(
                register.engine, office.shop.office, made["id"], look, note=None, **given
            )
    told = office.get(f"{PROPOSALS}/{made['id']}").json()
    again = decide(office, made, revision=made["revision"])
    if moment == "after":
        assert (told["state"], told["decision"]["by"]) == ("accepted", "hoa")
        assert again.json()["code"] == "decided"
    else:
        assert told["state"] == "open"
        assert again.json()["written"] == {"markers": 2}
    assert len(office.get(f"{ITEMS}/{KNOWN.id}/history").json()["versions"]) == 2


def test_a_long_one_is_proposed_and_written_by_jobs(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = office.send(MOVED, *(line(number) for number in range(1, 5))).json()
    office.work()
    at = f"{IMPORTS}/{told['id']}"
    begun = office.client.post(f"{at}/propose")
    assert (begun.status_code, begun.json()["state"]) == (202, "proposing")
    assert office.client.post(f"{at}/propose").status_code == 409
    office.work()
    ended = office.get(at).json()
    assert ended["state"] == "proposed"
    made = office.get(f"{PROPOSALS}/{ended['done']['proposal']}").json()
    assert made["import"]["rows"] == 5
    later = accept(office, made)
    assert later.status_code == 202
    with monkeypatch.context() as patch:  # its worker dies when all is written
        patch.setattr("office.deciding.note_accepted", lambda *_: None)
        office.work()
    job = office.get(later.headers["location"]).json()
    assert (job["state"], job["result"]["written"]) == ("done", {"markers": 5})
    assert office.get(f"{PROPOSALS}/{made['id']}").json()["state"] == "accepted"
    assert office.numbers() == {"1", "2", "3", "4", "8"}
    change(office, locality="bản Khác")
    late = decide(office, made, revision=made["revision"])
    assert late.json()["code"] == "decided"

"""A change that waits for an approver: who sees it, what becomes of it; on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from geo import check, proposing
from office.actor import ANONYMOUS, Actor, Role
from office.deciding import Eyes
from tests.matrix import rows
from tests.matrix.conftest import Make, Server
from tests.matrix.proposing import (
    ABSENT,
    ANY,
    APPROVER,
    EDITOR,
    MARKERS,
    OWN,
    PROPOSALS,
    decide,
    entries,
    feature,
    note,
    numbers,
    one,
    person,
    propose,
    said,
)

OTHER = "markers-other-internal"
OTHERS = [
    ANONYMOUS,
    person("viewer", Role.VIEWER, "vn.dak-nong"),
    person("auditor", Role.AUDITOR),
    person("partner", Role.PARTNER, "la.savannakhet"),
    person("planner", Role.PLANNER, "vn.dak-nong"),
    person("another editor", Role.EDITOR, "vn.dak-nong"),
    person("approver elsewhere", Role.APPROVER, "vn.quang-tri"),
    person("approver without the code", Role.APPROVER, "vn.dak-nong", second_factor=False),
    replace(EDITOR, provinces=frozenset(["vn.quang-tri"])),  # the author, moved away
    replace(EDITOR, role=Role.VIEWER),
    replace(EDITOR, role=Role.PLANNER),
    replace(EDITOR, second_factor=False),
]


@pytest.fixture(scope="module")
def server(make: Make) -> Iterator[Server]:
    made = make(rows.whole())
    yield made
    assert check.check(made.client.app.state.engine) == []  # type: ignore[attr-defined]


def test_a_restricted_change_waits_and_is_written_by_whoever_agrees(server: Server) -> None:
    asked = note()
    refusal = server.ask(EDITOR, f"{MARKERS}/{OWN}", "PATCH", json=asked, headers=ANY)
    assert (refusal.status_code, refusal.json()["reason"]) == (403, "proposal")
    assert refusal.json()["proposals"].endswith(PROPOSALS)
    before, known = feature(server), len(entries(server))
    made = propose(server, feature=asked)
    assert (feature(server), len(entries(server))) == (before, known)
    assert made["may"] == {"decide": False, "withdraw": True}
    listed = server.ask(APPROVER, f"{PROPOSALS}?state=open").json()["proposals"]
    assert listed[0]["id"] == made["id"]
    seen = one(server, APPROVER, made["id"])
    assert seen["may"] == {"decide": True, "withdraw": False}
    changed = {"field": "note", "before": f"mật {OWN}", "after": asked["properties"]["note"]}
    assert (seen["changes"], seen["author"], seen["reason"]) == ([changed], "lan", "biên bản 12")
    assert seen["before"]["properties"]["note"] == f"mật {OWN}"
    done = decide(server, APPROVER, made["id"], "accept", revision=seen["revision"], note="đúng")
    assert done.status_code == 200, done.text
    assert feature(server)["properties"]["note"] == asked["properties"]["note"]
    latest = entries(server)[0]
    assert latest["actor"] == "minh"
    assert latest["reason"].startswith("biên bản 12 · proposed by lan")
    told = one(server, EDITOR, made["id"])
    assert (told["state"], told["decision"]["by"]) == ("accepted", "minh")
    assert (told["decision"]["note"], told["decision"]["revision"]) == ("đúng", latest["revision"])
    assert told["stale"] is False


@pytest.mark.parametrize(
    ("layer", "patch"),
    [
        ("markers", {"geometry": {"type": "Point", "coordinates": [107.4, 12.4]}}),
        ("markers", {"properties": {"number": "480", "height_m": 612.5}}),
        ("gates", {"properties": {"gate_class": "national"}}),
        ("positions", {"properties": {"expected_markers": 3}}),
        ("borders", {"properties": {"viewpoint": "khác"}}),
    ],
    ids=["place", "number", "gate", "position", "border"],
)
def test_what_is_guarded_waits_though_it_hides_from_nobody(
    server: Server, layer: str, patch: dict[str, Any]
) -> None:
    row = f"{layer}-merged-public"
    address = f"/api/collections/{layer}/items/{row}"
    held = server.ask(APPROVER, address).json()
    refusal = server.ask(EDITOR, address, "PATCH", json=patch, headers=ANY)
    assert (refusal.status_code, refusal.json()["reason"]) == (403, "proposal")
    made = propose(server, layer=layer, row=row, feature=patch)
    assert server.ask(APPROVER, address).json() == held
    done = decide(server, APPROVER, made["id"], "accept", revision=made["revision"])
    assert done.status_code == 200, done.text
    now = server.ask(APPROVER, address).json()
    assert patch.get("properties", {}).items() <= now["properties"].items()
    assert now["geometry"] == patch.get("geometry", held["geometry"])


def test_a_marker_is_not_moved_by_a_way_round(server: Server) -> None:
    address = f"{MARKERS}/markers-merged-partner"
    held = server.ask(EDITOR, address).json()
    there = {"type": "Point", "coordinates": [107.4, 12.4]}
    later = held | {"geometry": there}
    later["properties"] = held["properties"] | {"valid_from": "2030-01-01", "valid_to": None}
    for refusal in (
        server.ask(EDITOR, address, "DELETE", headers=ANY),
        server.ask(EDITOR, address, "PUT", json=held | {"geometry": there}, headers=ANY),
        server.ask(EDITOR, MARKERS, "POST", json=later),
    ):
        assert (refusal.status_code, refusal.json()["reason"]) == (403, "proposal"), refusal.text
    held["properties"]["locality"] = "bản khác"  # as GIS programs write: all of it
    assert server.ask(EDITOR, address, "PUT", json=held, headers=ANY).status_code == 204
    moved = server.ask(APPROVER, address, "PATCH", json={"geometry": there}, headers=ANY)
    assert moved.status_code == 204
    undo = f"/api/history/{entries(server, 'markers-merged-partner')[0]['seq']}/undo"
    refusal = server.ask(EDITOR, undo, "POST")
    assert (refusal.status_code, refusal.json()["reason"]) == (403, "proposal")
    assert server.ask(APPROVER, undo, "POST").status_code == 200


def test_steps_and_visits_wait_for_nobody_nor_does_a_new_marker(server: Server) -> None:
    inspector = person("tuan", Role.INSPECTOR, "vn.dak-nong")
    values = {"marker_id": "markers-merged-public", "at": "2026-01-01T00:00:00Z"}
    visit = {"type": "Feature", "geometry": None, "properties": values | {"condition": "leaning"}}
    made = server.ask(inspector, "/api/collections/inspections/items", "POST", json=visit)
    assert made.status_code == 201, made.text
    values = {"marker_id": "markers-merged-public", "event": "repaired", "date": "2026-01-02"}
    step = {"type": "Feature", "geometry": None, "properties": values}
    made = server.ask(EDITOR, "/api/collections/marker_events/items", "POST", json=step)
    assert made.status_code == 201, made.text
    shape = {"type": "Point", "coordinates": [107.5, 12.5]}
    values = {"number": "901", "province_origin_id": "vn.dak-nong"}
    new = {"type": "Feature", "geometry": shape, "properties": values}
    for undoes, status in ((person("another", Role.EDITOR, "vn.dak-nong"), 403), (EDITOR, 200)):
        made = server.ask(EDITOR, MARKERS, "POST", json=new)
        assert made.status_code == 201, made.text
        key = made.headers["location"].rpartition("/")[2]
        undo = f"/api/history/{entries(server, key)[0]['seq']}/undo"
        assert server.ask(undoes, undo, "POST").status_code == status


def test_nobody_approves_his_own_and_nobody_else_withdraws_it(server: Server) -> None:
    made = propose(server, APPROVER)
    assert made["may"] == {"decide": False, "withdraw": True}
    for what in ({"what": "accept", "revision": made["revision"]}, {"what": "reject", "note": "x"}):
        answer = decide(server, APPROVER, made["id"], **what)
        assert (answer.status_code, answer.json()["reason"]) == (403, "own_change")
    admin = person("boss", Role.ADMIN)
    assert decide(server, admin, made["id"], "withdraw").status_code == 403
    assert decide(server, APPROVER, made["id"], "withdraw").status_code == 204
    assert one(server, APPROVER, made["id"])["state"] == "withdrawn"


@pytest.mark.parametrize("closed", ["accept", "reject", "withdraw"])
def test_it_is_decided_once(server: Server, closed: str) -> None:
    made = propose(server)
    ways: dict[str, tuple[Actor, dict[str, Any]]] = {
        "accept": (APPROVER, {"revision": made["revision"]}),
        "reject": (APPROVER, {"note": "chưa có biên bản"}),
        "withdraw": (EDITOR, {}),
    }
    who, body = ways[closed]
    assert decide(server, who, made["id"], closed, **body).status_code in (200, 204)
    told, known = one(server, EDITOR, made["id"]), entries(server)
    for way, (who, body) in ways.items():
        answer = decide(server, who, made["id"], way, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "decided")
    assert (one(server, EDITOR, made["id"]), entries(server)) == (told, known)
    assert told["state"] == {"accept": "accepted"}.get(closed, told["state"])
    if closed == "reject":
        assert told["decision"]["note"] == "chưa có biên bản"


def test_a_row_that_has_changed_since_is_looked_at_again(server: Server) -> None:
    asked = {"properties": note()["properties"] | {"locality": "bản của lan"}}
    made = propose(server, feature=asked)
    meanwhile = {"properties": {"locality": "bản khác", "name_vi": "Khác"}}
    server.ask(APPROVER, f"{MARKERS}/{OWN}", "PATCH", json=meanwhile, headers=ANY)
    seen = one(server, APPROVER, made["id"])
    assert seen["stale"]
    assert seen["revision"] == seen["base_revision"] + 1
    clash = {row["field"]: row for row in seen["clashes"]}
    assert clash["locality"]["theirs"] == "bản khác"
    assert clash["locality"]["yours"] == "bản của lan"
    assert clash["locality"]["base"] == seen["before"]["properties"]["locality"]
    assert clash["name_vi"]["theirs"] == "Khác"
    late = decide(server, APPROVER, made["id"], "accept", revision=seen["base_revision"])
    assert late.status_code == 412
    fields = {row["field"] for row in late.json()["differences"]}
    assert {"locality", "note", "name_vi"} <= fields
    assert one(server, APPROVER, made["id"])["state"] == "open"
    done = decide(server, APPROVER, made["id"], "accept", revision=seen["revision"])
    assert done.status_code == 200, done.text
    held = feature(server)["properties"]
    assert (held["locality"], held["name_vi"]) == ("bản của lan", "Khác")


def test_a_new_row_a_moved_point_and_a_retirement(server: Server) -> None:
    shape = {"type": "Point", "coordinates": [107.123456789, 12.5]}
    values = {"number": "77", "province_origin_id": "vn.dak-nong", "classification": "internal"}
    new = {"type": "Feature", "geometry": shape, "properties": values}
    made = propose(server, action="create", id=None, feature=new)
    assert (made["before"], made["base_revision"]) == (None, None)
    key = made["row"]
    assert server.ask(APPROVER, f"{MARKERS}/{key}").status_code == 404
    assert decide(server, APPROVER, made["id"], "accept", revision=None).status_code == 200
    assert server.ask(APPROVER, f"{MARKERS}/{key}").status_code == 200
    moved = {"type": "Point", "coordinates": [107.2, 12.6000000001]}
    made = propose(server, row=key, feature={"geometry": moved})
    assert (made["fields"], made["after"]["geometry"]["coordinates"][0]) == (["geometry"], 107.2)
    assert made["moved_m"] == pytest.approx(13_880, rel=0.005)  # on a sphere of 6,371 km
    assert decide(server, APPROVER, made["id"], "accept", revision=1).status_code == 200
    assert entries(server, key)[0]["feature"]["geometry"]["coordinates"][0] == 107.2
    made = propose(server, row=key, action="retire", feature=None)
    assert (made["after"], made["action"]) == (None, "retire")
    assert decide(server, APPROVER, made["id"], "accept", revision=2).status_code == 200
    assert server.ask(APPROVER, f"{MARKERS}/{key}").status_code == 404
    assert one(server, EDITOR, made["id"])["state"] == "accepted"


def test_what_others_use_is_changed_by_proposal(server: Server) -> None:
    row = "places-nowhere-public"
    patch = {"properties": {"name_en": "New name"}}
    address = f"/api/collections/places/items/{row}"
    refusal = server.ask(EDITOR, address, "PATCH", json=patch, headers=ANY)
    assert (refusal.status_code, refusal.json()["reason"]) == (403, "proposal")
    assert "PATCH" in server.ask(EDITOR, address, "OPTIONS").headers["allow"]
    made = propose(server, layer="places", row=row, feature=patch)
    far = person("far", Role.APPROVER, "vn.quang-tri")
    done = decide(server, far, made["id"], "accept", revision=made["revision"])
    assert done.status_code == 200, done.text


@pytest.mark.parametrize("actor", OTHERS, ids=lambda actor: f"{actor.name} {actor.role.value}")
def test_what_is_not_for_somebody_is_as_if_it_were_not_there(server: Server, actor: Actor) -> None:
    earlier = server.ask(actor, PROPOSALS).text
    made = propose(server)
    assert server.ask(actor, PROPOSALS).text == earlier
    ways: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", "", None),
        ("POST", "/accept", {"revision": made["revision"]}),
        ("POST", "/reject", {"note": "x"}),
        ("POST", "/withdraw", None),
    ]
    for method, path, body in ways:
        told = [
            said(server.ask(actor, f"{PROPOSALS}/{key}{path}", method, json=body), made["id"])
            for key in (made["id"], ABSENT)
        ]
        assert told[0] == told[1]
        assert told[0][0] == (401 if actor is ANONYMOUS else 404)
    after = server.ask(actor, f"{PROPOSALS}?before={made['id']}")
    assert after.status_code == (401 if actor is ANONYMOUS else 404)
    assert one(server, APPROVER, made["id"])["state"] == "open"


@pytest.mark.parametrize(
    ("place", "name", "reader"),
    [
        (proposing, "_sees", replace(EDITOR, role=Role.PLANNER)),
        (Eyes, "refusal", person("another", Role.EDITOR, "vn.dak-nong")),
    ],
)
def test_each_rule_that_hides_a_proposal_is_needed(
    server: Server, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, reader: Actor
) -> None:
    path = f"{PROPOSALS}/{propose(server)['id']}"
    assert server.ask(reader, path).status_code == 404
    broken = {"_sees": lambda *_: True, "refusal": lambda *_: None}[name]
    monkeypatch.setattr(place, name, broken)
    assert server.ask(reader, path).status_code == 200


def test_a_hidden_row_is_proposed_on_as_one_that_is_not_there(server: Server) -> None:
    hidden, absent = "markers-other-restricted", "markers-other-nosuchthing"
    for action, sent in (("edit", note()), ("retire", None)):
        told = [
            server.ask(
                EDITOR,
                PROPOSALS,
                "POST",
                json={"layer": "markers", "id": key, "action": action, "feature": sent}
                | {"reason": "x"},
            )
            for key in (hidden, absent)
        ]
        assert told[0].status_code == 404
        assert told[0].text.replace(hidden, "ID") == told[1].text.replace(absent, "ID")


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"feature": {"properties": {}}}, 400, "bad_input"),
        ({"feature": {"properties": {"nosuch": 1}}}, 422, "bad_feature"),
        ({"id": None}, 422, "bad_feature"),
        ({"layer": "nosuch"}, 404, "unknown_layer"),
        ({"reason": ""}, 400, "bad_input"),
        ({"id": OTHER, "feature": {"properties": {"locality": "x"}}}, 403, "not_allowed"),
    ],
)
def test_what_cannot_be_written_cannot_be_proposed(
    server: Server, given: dict[str, Any], status: int, code: str
) -> None:
    body = {"layer": "markers", "id": OWN, "feature": note(), "reason": "x"} | given
    answer = server.ask(EDITOR, PROPOSALS, "POST", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_proposal_on_what_has_changed_is_refused_with_both_sides(server: Server) -> None:
    tag = server.ask(EDITOR, f"{MARKERS}/{OWN}").headers["etag"]
    patch = {"properties": {"locality": f"khác {next(numbers)}"}}
    server.ask(APPROVER, f"{MARKERS}/{OWN}", "PATCH", json=patch, headers=ANY)
    body = {"layer": "markers", "id": OWN, "feature": note(), "reason": "x"}
    answer = server.ask(EDITOR, PROPOSALS, "POST", json=body, headers={"if-match": tag})
    assert answer.status_code == 412
    assert {row["field"] for row in answer.json()["differences"]} == {"locality", "note"}


def test_pages_follow_each_other(server: Server) -> None:
    for _ in range(3):
        propose(server)
    first = server.ask(EDITOR, f"{PROPOSALS}?limit=2&state=open").json()
    path = first["next"].partition("8000")[2]
    rest = server.ask(EDITOR, path).json()
    everything = server.ask(EDITOR, f"{PROPOSALS}?limit=100&state=open").json()
    assert everything["next"] is None
    ids = [held["id"] for held in everything["proposals"]]
    assert [held["id"] for held in (first["proposals"] + rest["proposals"])] == ids[:4]


def test_a_reason_that_names_a_proposal_does_not_accept_it(server: Server) -> None:
    made = propose(server)
    words = {"reason": f"x · proposed by lan · {made['id']}"}
    patch = {"properties": {"locality": f"khác {next(numbers)}"}}
    address = f"{MARKERS}/{OWN}"
    answer = server.ask(EDITOR, address, "PATCH", json=patch, headers=ANY, params=words)
    assert answer.status_code == 204
    assert one(server, EDITOR, made["id"])["state"] == "open"


def test_who_sees_everything_sees_every_proposal(server: Server) -> None:
    made = propose(server)
    boss = person("boss", Role.ADMIN)
    assert one(server, boss, made["id"])["may"]["decide"]

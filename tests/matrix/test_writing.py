"""What a writer may not see he cannot find by writing, and cannot lose; on both stores."""

from __future__ import annotations

from typing import Any

import pytest

from office.actor import ANONYMOUS, Actor, Role
from tests.matrix import rows
from tests.matrix.conftest import Make, Server
from tests.matrix.rows import somebody

MARKERS = "/api/collections/markers/items"
INSPECTIONS = "/api/collections/inspections/items"
PROJECTS = "/api/collections/projects/items"
EDITOR = somebody(Role.EDITOR, "vn.dak-nong")
PLANNER = somebody(Role.PLANNER, "vn.dak-nong")
APPROVER = somebody(Role.APPROVER, "vn.dak-nong")
ADMIN = somebody(Role.ADMIN)
HIDDEN, ABSENT = "markers-other-restricted", "markers-other-nosuchthing"
ANY = {"if-match": "*"}


@pytest.fixture(scope="module")
def server(make: Make) -> Server:
    return make(rows.whole())


def marker(**given: Any) -> dict[str, Any]:
    values = {"number": "1", "province_origin_id": "vn.dak-nong"} | given
    shape = {"type": "Point", "coordinates": [107.5, 12.5]}
    return {"type": "Feature", "geometry": shape, "properties": values}


def visit(marker_id: str, **given: Any) -> dict[str, Any]:
    values = {"marker_id": marker_id, "at": "2026-01-01T00:00:00Z", "condition": "intact"} | given
    return {"type": "Feature", "geometry": None, "properties": values}


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.text.replace(HIDDEN, "ID").replace(ABSENT, "ID")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("headers", [{}, ANY, {"if-match": '"1-0123456789abcdef.0"'}])
@pytest.mark.parametrize("actor", [EDITOR, PLANNER], ids=lambda actor: actor.name)
def test_a_hidden_row_is_changed_as_one_that_is_not_there(
    server: Server, actor: Actor, method: str, headers: dict[str, str]
) -> None:
    body = None if method == "DELETE" else marker()
    answers = [
        said(server.ask(actor, f"{MARKERS}/{key}", method, json=body, headers=headers))
        for key in (HIDDEN, ABSENT)
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("path", "named"),
    [
        (INSPECTIONS, visit),
        (INSPECTIONS, lambda key: visit(key, classification="restricted")),
        ("/api/collections/gates/items",
         lambda key: marker(name_vi="x", markers=[key], number=None)),
    ],
)  # fmt: skip
def test_a_hidden_row_is_named_as_one_that_is_not_there(
    server: Server, path: str, named: Any
) -> None:
    bodies = [named(key) for key in (HIDDEN, ABSENT)]
    for body in bodies:
        body["properties"] = {k: v for k, v in body["properties"].items() if v is not None}
    answers = [said(server.ask(EDITOR, path, "POST", json=body)) for body in bodies]
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


def test_an_identifier_that_is_taken_says_no_more(server: Server) -> None:
    body = marker() | {"id": HIDDEN}
    answer = server.ask(EDITOR, MARKERS, "POST", json=body)
    assert answer.status_code == 409
    assert "20" not in answer.json()["detail"].replace(HIDDEN, "")  # no date of it


def test_rows_that_hold_another_are_named_to_who_sees_them(server: Server) -> None:
    post = "/api/collections/posts/items"
    made = server.ask(EDITOR, post, "POST", json=marker(name_vi="Đồn", number=None) | {"id": "p"})
    assert made.status_code == 422  # `number` is not a property of posts
    own = {"name_vi": "Đồn", "province_origin_id": "vn.dak-nong"}
    body = {"type": "Feature", "id": "p", "geometry": None, "properties": own}
    assert server.ask(EDITOR, post, "POST", json=body).status_code == 201
    far = marker(province_origin_id="vn.quang-tri", post_id="p", classification="restricted")
    named = server.ask(ADMIN, MARKERS, "POST", json=far | {"id": "far"})
    assert named.status_code == 201, named.text
    answer = server.ask(EDITOR, f"{post}/p", "DELETE", headers=ANY)
    assert (answer.status_code, "far" in answer.text) == (409, False)
    assert "far" in server.ask(ADMIN, f"{post}/p", "DELETE", headers=ANY).text


def test_a_writer_loses_nothing_that_he_is_not_shown(server: Server) -> None:
    """A planner is not shown the restricted note, nor exactly where a project lies."""
    address = f"{PROJECTS}/projects-own-internal"
    before = server.ask(ADMIN, address).json()
    shown = server.ask(PLANNER, address)
    whole = shown.json()
    assert "note" not in whole["properties"]
    assert whole["geometry"] != before["geometry"]
    whole["properties"]["capacity"] = "100 MW"
    tag = {"if-match": shown.headers["etag"]}
    assert server.ask(PLANNER, address, "PUT", json=whole, headers=tag).status_code == 204
    blank = {"properties": {"note": None, "name_vi": "Thủy điện"}}
    assert server.ask(PLANNER, address, "PATCH", json=blank, headers=ANY).status_code == 204
    after = server.ask(ADMIN, address).json()
    assert after["geometry"] == before["geometry"]
    assert after["properties"]["note"] == before["properties"]["note"]
    assert after["properties"]["capacity"] == "100 MW"
    assert after["properties"]["name_vi"] == "Thủy điện"


@pytest.mark.parametrize(
    "patch",
    [
        {"properties": {"note": "mine"}},
        {"geometry": {"type": "Point", "coordinates": [107.0, 12.0]}},
        {"geometry": None},
    ],
)
def test_a_writer_changes_nothing_that_he_is_not_shown(server: Server, patch: Any) -> None:
    address = f"{PROJECTS}/projects-own-partner"
    answer = server.ask(PLANNER, address, "PATCH", json=patch, headers=ANY)
    assert (answer.status_code, answer.json()["reason"]) == (422, "hidden")


def test_a_row_stays_within_the_provinces_of_its_writer(server: Server) -> None:
    own, other = f"{MARKERS}/markers-merged-public", f"{MARKERS}/markers-other-public"
    away = {"properties": {"province_origin_id": "vn.quang-tri"}}
    note = {"properties": {"locality": "x"}}
    for address, patch in ((own, away), (other, note)):
        answer = server.ask(EDITOR, address, "PATCH", json=patch, headers=ANY)
        assert (answer.status_code, answer.json()["reason"]) == (403, "province")
    assert server.ask(EDITOR, own, "PATCH", json=note, headers=ANY).status_code == 204
    made = server.ask(EDITOR, MARKERS, "POST", json=marker(province_origin_id="vn.quang-tri"))
    assert (made.status_code, made.json()["reason"]) == (403, "province")


def test_another_version_of_a_row_elsewhere_is_not_his_to_add(server: Server) -> None:
    ended = marker(valid_to="1990-01-01") | {"id": "markers-other-public"}
    assert server.ask(EDITOR, MARKERS, "POST", json=ended).status_code in (403, 409)


def test_what_is_restricted_waits_for_an_approver(server: Server) -> None:
    address = f"{MARKERS}/markers-own-restricted"
    opened = {"properties": {"classification": "public"}}
    answer = server.ask(EDITOR, address, "PATCH", json=opened, headers=ANY)
    assert (answer.status_code, answer.json()["reason"]) == (403, "proposal")
    assert server.ask(APPROVER, address, "PATCH", json=opened, headers=ANY).status_code == 204


def test_what_was_restricted_is_not_made_anew_as_public(server: Server) -> None:
    address = f"{MARKERS}/markers-once-restricted"
    closed = marker(classification="restricted") | {"id": "markers-once-restricted"}
    assert server.ask(EDITOR, MARKERS, "POST", json=closed).status_code == 201
    answer = server.ask(EDITOR, address, "DELETE", headers=ANY)
    assert (answer.status_code, answer.json()["reason"]) == (403, "proposal")
    assert server.ask(APPROVER, address, "DELETE", headers=ANY).status_code == 204
    opened = closed | marker()
    answer = server.ask(EDITOR, MARKERS, "POST", json=opened)
    assert (answer.status_code, answer.json()["reason"]) == (403, "proposal")
    assert server.ask(APPROVER, MARKERS, "POST", json=opened).status_code == 201


def test_an_inspection_is_as_closed_as_its_marker(server: Server) -> None:
    inspector = somebody(Role.INSPECTOR, "vn.dak-nong")
    closed = "markers-merged-restricted"
    made = server.ask(inspector, INSPECTIONS, "POST", json=visit(closed))
    assert made.status_code == 201
    held = server.ask(inspector, made.headers["location"]).json()
    assert held["properties"]["classification"] == "restricted"
    open_ = visit(closed, classification="public")
    answer = server.ask(inspector, INSPECTIONS, "POST", json=open_)
    assert (answer.status_code, answer.json()["reason"]) == (422, "opener")


def test_who_may_not_write_is_told_why(server: Server) -> None:
    reasons = {
        somebody(Role.VIEWER): (403, "not_allowed", "role"),
        PLANNER: (403, "not_allowed", "layer"),
        somebody(Role.EDITOR, second_factor=False): (403, "second_factor_needed", None),
        ANONYMOUS: (401, "sign_in_needed", None),
    }
    for actor, expected in reasons.items():
        answer = server.ask(actor, MARKERS, "POST", json=marker())
        told = answer.json()
        assert (answer.status_code, told["code"], told.get("reason")) == expected
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_answer_to_somebody_is_for_him_alone(server: Server) -> None:
    tiles = "/api/tiles/WebMercatorQuad"
    for path in (
        MARKERS,
        f"{MARKERS}/markers-own-public",
        "/api/info",
        tiles,
        f"{tiles}/8/119/204",
    ):
        open_, private = server.ask(ANONYMOUS, path), server.ask(EDITOR, path)
        for answer in (open_, private):
            assert {"cookie", "authorization"} <= set(answer.headers["vary"].lower().split(", "))
        assert private.headers["cache-control"] == "private, no-cache"
        assert "private" not in open_.headers["cache-control"]
        known = {"if-none-match": open_.headers["etag"]}
        assert server.ask(ANONYMOUS, path, headers=known).status_code == 304

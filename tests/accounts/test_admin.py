"""Administration of accounts, and no secret in any log."""

import logging
from typing import Any

import pytest

from api import actors
from office import invitations
from office.actor import Role
from office.database import writing
from tests.accounts.kit import (
    BOSS,
    HOME,
    PASSWORD,
    Person,
    code,
    signed_in,
    token_of,
)

# Administration


def test_only_administrators_administer(app: Any, lan: Person) -> None:
    """Nor does who has shown a second factor, and lacks the office alone."""
    approver = signed_in(app, "minh", Role.APPROVER)
    for person, expected in ((Person(app, "x"), 401), (lan, 403), (approver, 403)):
        for method, path in (
            ("GET", "/api/admin/users"),
            ("POST", "/api/admin/invitations"),
            ("PATCH", "/api/admin/users/x"),
            ("POST", "/api/admin/users/x/reset"),
            ("DELETE", "/api/admin/users/x/second-factor"),
            ("GET", "/api/admin/events"),
        ):
            body = None if method == "GET" else {"role": "admin"}
            assert person.send(method, path, body).status_code == expected, path


def test_an_administrator_invites_changes_and_resets(app: Any, boss: Person) -> None:
    body = {"role": "editor", "provinces": ["vn.dak-nong"], "name": "Minh"}
    link = boss.send("POST", "/api/admin/invitations", body).json()["link"]
    address, _, token = link.partition("#")
    assert address == f"{HOME}/link"
    minh = Person(app, "minh")
    assert minh.get(f"/api/links/{token}").json()["role"] == "editor"
    answer = minh.send("POST", f"/api/links/{token}", {"password": PASSWORD, "login": "Minh.T"})
    assert answer.json() == {"login": "minh.t"}
    users = {one["login"]: one for one in boss.get("/api/admin/users").json()["users"]}
    own = users["minh.t"]["id"]
    changed = boss.send("PATCH", f"/api/admin/users/{own}", {"role": "planner"}).json()
    assert (changed["role"], changed["provinces"]) == ("planner", ["vn.dak-nong"])
    link = boss.send("POST", f"/api/admin/users/{own}/reset").json()["link"]
    token = link.partition("#")[2]
    body = {"password": "quite another password"}
    assert minh.send("POST", f"/api/links/{token}", body).status_code == 201
    assert code(minh.send("POST", f"/api/links/{token}", body)) == (404, "link_unusable")
    told = [one["kind"] for one in boss.get("/api/admin/events").json()["events"]]
    assert told[:5] == [
        "link_used", "reset_link_made", "account_changed", "account_made", "invited",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"role": "anonymous"}, "role"),
        ({"role": "king"}, "role"),
        ({"role": "editor", "provinces": ["vn.atlantis"]}, "provinces"),
        ({"role": "editor", "login": "a b"}, "login"),
        ({"role": "editor", "extra": 1}, "extra"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    boss: Person, body: dict[str, Any], parameter: str
) -> None:
    answer = boss.send("POST", "/api/admin/invitations", body)
    assert code(answer) == (400, "bad_input")
    assert answer.json()["parameter"] == parameter


# Secrets


def test_no_secret_is_in_a_log_or_in_an_answer_that_refuses_it(
    app: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx2").disabled = True  # the client's own log
    with writing(actors.open_office(app)) as conn:
        _, link = invitations.invite(conn, BOSS, role=Role.EDITOR, login="lan")
    lan = Person(app, "lan")
    refused = lan.send("POST", "/api/session", {"login": "lan", "password": ["hidden-secret"]})
    assert "hidden-secret" not in refused.text
    with monkeypatch.context() as broken:
        broken.setattr(invitations, "use", lambda *_a, **_k: 1 / 0)
        assert lan.send("POST", f"/api/links/{link}", {"password": PASSWORD}).status_code == 500
    lan.send("POST", f"/api/links/{link}", {"password": PASSWORD})
    lan.sign_in("a-wrong-guess")
    lan.sign_in()
    enrolled = lan.enrol().json()
    token = token_of(lan)["token"]
    assert lan.totp is not None
    assert "unexpected error" in caplog.text
    secrets = [
        link, PASSWORD, "a-wrong-guess", str(lan.cookie), lan.csrf, token, lan.totp.secret,
        *enrolled["recovery_codes"],
    ]  # fmt: skip
    assert [one for one in secrets if one in caplog.text] == []

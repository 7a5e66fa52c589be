"""Addresses of mail: who sets one, and what is sent there."""

from collections.abc import Iterator
from typing import Any

import pytest

from office.actor import Role
from tests.accounts.kit import HOME, PASSWORD, Person, code, signed_in
from tests.office.smtp import Inbox, inbox

LAN, MINH = "lan@example.vn", "minh@example.vn"


@pytest.fixture
def post(app: Any) -> Iterator[Inbox]:
    with inbox() as server:
        named = {"mail_host": "127.0.0.1", "mail_port": server.port, "mail_from": "c@example.vn"}
        app.state.settings = app.state.settings.model_copy(update=named)
        yield server


def own(person: Person) -> Any:
    return person.get("/api/session").json()["user"]


def test_its_owner_sets_it_with_his_password(lan: Person) -> None:
    def put(mail: str, password: str | None = PASSWORD) -> Any:
        return lan.send("PUT", "/api/account/mail", {"mail": mail, "password": password})

    assert own(lan)["mail"] is None
    assert code(put(LAN, "a wrong password")) == (401, "bad_credentials")
    assert code(put(LAN, None)) == (401, "bad_credentials")
    refused = put("lan@x.vn\r\nBcc: all@x.vn")
    assert (code(refused), refused.json()["parameter"]) == ((400, "bad_input"), "mail")
    assert own(lan)["mail"] is None
    assert put(LAN).status_code == 204
    assert own(lan)["mail"] == LAN
    assert put("").status_code == 204
    assert own(lan)["mail"] is None


def test_one_without_his_second_factor_sets_none(app: Any) -> None:
    """Who has a stolen password alone does not turn the links to himself."""
    editor = signed_in(app, "editor", Role.EDITOR)
    thief = Person(app, "editor")
    thief.sign_in()
    body = {"mail": "thief@x.vn", "password": PASSWORD}
    assert code(thief.send("PUT", "/api/account/mail", body)) == (403, "second_factor_needed")
    assert editor.send("PUT", "/api/account/mail", body | {"mail": LAN}).status_code == 204


def test_links_go_there_and_are_shown_too(app: Any, boss: Person, post: Inbox) -> None:
    body = {"role": "viewer", "login": "minh", "name": "Minh\r\nBcc: x@y.vn", "mail": MINH}
    made = boss.send("POST", "/api/admin/invitations", body).json()
    assert made["mail"] == "sent"
    [invited] = post.mails
    assert invited["to"].addresses[0].addr_spec == MINH
    assert invited["bcc"] is None
    assert made["link"].startswith(f"{HOME}/link#")
    assert made["link"] in invited.get_content()
    [told] = boss.get("/api/admin/invitations").json()["invitations"]
    assert told["mail"] == MINH
    minh = Person(app, "minh")
    token = made["link"].partition("#")[2]
    assert minh.send("POST", f"/api/links/{token}", {"password": PASSWORD}).status_code == 201
    minh.sign_in()
    assert own(minh)["mail"] == MINH
    reset = f"/api/admin/users/{own(minh)['id']}"
    again = boss.send("POST", f"{reset}/reset").json()
    assert again["mail"] == "sent"
    assert again["link"] in post.mails[1].get_content()
    post.refuses = "minh@"
    failed = boss.send("POST", f"{reset}/reset").json()
    assert (failed["mail"], bool(failed["link"])) == ("failed", True)
    assert boss.send("PATCH", reset, {"mail": ""}).json()["mail"] is None
    assert boss.send("POST", f"{reset}/reset").json()["mail"] == "none"
    assert boss.send("PATCH", reset, {"mail": "minh"}).json()["parameter"] == "mail"


def test_the_log_tells_that_it_changed_not_what_it_is(lan: Person, boss: Person) -> None:
    lan.send("PUT", "/api/account/mail", {"mail": LAN, "password": PASSWORD})
    boss.send("PATCH", f"/api/admin/users/{own(lan)['id']}", {"mail": MINH})
    told = boss.get("/api/admin/events")
    assert [one["kind"] for one in told.json()["events"]][:2] == ["account_changed"] * 2
    assert LAN not in told.text
    assert MINH not in told.text

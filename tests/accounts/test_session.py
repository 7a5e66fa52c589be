"""The session against who forges, fixes, guesses and sits down: each attack tried."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from office.actor import Role
from tests.accounts.kit import EVIL, HOME, MARKERS, ONE, PASSWORD, Person, code, later, signed_in

# The session


def test_nobody_is_signed_in_at_first(app: Any) -> None:
    answer = Person(app, "nobody").get("/api/session")
    assert answer.json() == {
        "user": None,
        "second_factor": "not_needed",
        "csrf": None,
        "sign_in": {"password": True, "oidc": False},
        "may": ["export", "read"],
        "sees": "public",
    }
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


def session_cookie(answer: Any) -> str:
    told = (cookie.lower() for cookie in answer.headers.get_list("set-cookie"))
    return str(next(cookie for cookie in told if cookie.startswith("cotmoc-session=")))


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Any) -> None:
    person = Person(app, "lan").join(Role.VIEWER)
    plain = session_cookie(person.sign_in())
    assert {"httponly", "samesite=lax", "path=/"} <= set(plain.split("; "))
    assert "secure" not in plain
    assert "max-age" not in plain  # it goes with the browser
    person.client.base_url = "https://moc.example"
    assert "secure" in session_cookie(person.sign_in()).split("; ")


def test_a_session_that_was_put_into_the_browser_is_not_taken_up(app: Any) -> None:
    """Session fixation: what the attacker knows must not become a session."""
    person = Person(app, "lan").join(Role.VIEWER)
    person.client.cookies.set("cotmoc-session", "chosen-by-the-attacker")
    assert code(person.sign_in()) == (403, "csrf")
    told = person.get("/api/session")
    assert 'cotmoc-session=""' in told.headers["set-cookie"]  # the stale one is dropped
    person.client.cookies.clear()
    person.sign_in()
    assert person.cookie not in (None, "chosen-by-the-attacker")


def test_each_step_up_gives_a_new_secret(app: Any) -> None:
    person = Person(app, "lan").join(Role.EDITOR)
    person.sign_in()
    first = person.cookie
    person.enrol()
    second = person.cookie
    assert first != second
    thief = TestClient(app, base_url=HOME, cookies={"cotmoc-session": str(first)})
    assert thief.get("/api/session").json()["user"] is None


def test_signing_in_again_ends_the_session_before(app: Any, lan: Person) -> None:
    first = str(lan.cookie)
    assert lan.sign_in().status_code == 200
    thief = TestClient(app, base_url=HOME, cookies={"cotmoc-session": first})
    assert thief.get("/api/session").json()["user"] is None


def test_signing_out_ends_it_on_the_server_too(app: Any, lan: Person) -> None:
    held = str(lan.cookie)
    assert lan.send("DELETE", "/api/session").status_code == 204
    thief = TestClient(app, base_url=HOME, cookies={"cotmoc-session": held})
    assert thief.get("/api/session").json()["user"] is None


def test_everywhere_ends_the_others(app: Any, lan: Person) -> None:
    phone = Person(app, "lan")
    phone.sign_in()
    assert lan.send("DELETE", "/api/session?everywhere=true").status_code == 204
    assert phone.get("/api/session").json()["user"] is None


def test_it_lasts_as_long_as_the_operator_says(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes without a request, half an hour in all."""
    before = app.state.settings
    app.state.settings = before.model_copy(update={"session_idle_s": 600, "session_whole_s": 1_800})
    try:
        idle, busy = (signed_in(app, login, Role.VIEWER) for login in ("lan", "minh"))
        seen = []
        for _ in range(4):
            later(monkeypatch, 500)
            seen.append(busy.get("/api/session").json()["user"] is not None)
        assert seen == [True, True, True, False]
        assert idle.get("/api/session").json()["user"] is None
        assert idle.sign_in().status_code == 200
        later(monkeypatch, 601)
        assert idle.get("/api/session").json()["user"] is None
    finally:
        app.state.settings = before


def test_an_address_tells_its_methods(app: Any) -> None:
    client = Person(app, "x").client
    for path, methods in (
        ("/api/session", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("/api/account/second-factor", "OPTIONS, POST, PUT"),
        ("/api/admin/users/x", "OPTIONS, PATCH"),
    ):
        answer = client.options(path)
        assert (answer.status_code, answer.headers["allow"]) == (204, methods)


# Requests that another site makes the browser send


@pytest.mark.parametrize("given", ["", "guessed", "0" * 64])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "/api/session", None),
        ("POST", "/api/account/tokens", {"name": "mine"}),
        ("POST", "/api/session", {"login": "mallory", "password": PASSWORD}),
        ("PATCH", f"{MARKERS}/{ONE}", {"properties": {"note": "forged"}}),
    ],
)
def test_a_change_without_the_pages_token_is_refused(
    lan: Person, method: str, path: str, body: Any, given: str
) -> None:
    headers = {"x-csrf-token": given, "if-match": "*", "origin": EVIL}
    answer = lan.client.request(method, path, json=body, headers=headers)
    assert code(answer) == (403, "csrf")


def test_the_token_of_another_session_does_not_do(app: Any, lan: Person) -> None:
    mallory = signed_in(app, "mallory", Role.VIEWER)
    lan.csrf = mallory.csrf
    assert code(lan.send("DELETE", "/api/session")) == (403, "csrf")


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_form_of_another_site_signs_nobody_in(app: Any, media: str | None) -> None:
    """What a page may send unasked is not JSON by its media type."""
    Person(app, "lan").join(Role.VIEWER)
    client = TestClient(app, base_url=HOME)
    body = f'{{"login": "lan", "password": "{PASSWORD}"}}'.encode()
    headers = {"content-type": media} if media else {}
    answer = client.post("/api/session", content=body, headers=headers)
    assert code(answer) == (415, "unsupported_media_type")


# Passwords


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(app: Any, lan: Person) -> None:
    one = Person(app, "lan").sign_in("a wrong guess")
    two = Person(app, "nobody").sign_in("a wrong guess")
    assert one.content == two.content
    assert code(one) == (401, "bad_credentials")
    assert one.headers["www-authenticate"].startswith("Bearer")


def test_guessing_is_locked_out(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person(app, "lan").join(Role.VIEWER)
    for _ in range(5):
        assert person.sign_in("a wrong guess").status_code == 401
    locked = person.sign_in()
    assert code(locked) == (429, "too_many_attempts")
    assert 1 <= int(locked.headers["retry-after"]) == locked.json()["retry_after"] <= 30
    later(monkeypatch, 31)
    assert person.sign_in().status_code == 200


def test_who_sits_down_at_an_open_session_cannot_take_the_account(lan: Person) -> None:
    for method, path, body in (
        ("PUT", "/api/account/password", {"current": "a guess", "new": "my own password"}),
        ("POST", "/api/account/second-factor", {"password": "a guess"}),
        ("POST", "/api/account/second-factor", {}),
    ):
        assert code(lan.send(method, path, body)) == (401, "bad_credentials")


def test_a_new_password_puts_everybody_else_out(app: Any, lan: Person) -> None:
    phone = Person(app, "lan")
    phone.sign_in()
    body = {"current": PASSWORD, "new": "another seven stones"}
    assert lan.send("PUT", "/api/account/password", body).status_code == 204
    assert phone.get("/api/session").json()["user"] is None
    assert lan.get("/api/session").json()["user"]["login"] == "lan"


# The second factor


def test_an_editor_is_a_viewer_until_he_shows_it(app: Any, boss: Person) -> None:
    editor = Person(app, "minh").join(Role.EDITOR, "vn.dak-nong")
    told = editor.sign_in().json()
    assert (told["user"]["acts_as"], told["second_factor"]) == ("viewer", "to_enrol")
    told = editor.enrol().json()
    assert (told["user"]["acts_as"], told["second_factor"]) == ("editor", "shown")
    assert len(told["recovery_codes"]) == 10
    editor.send("DELETE", "/api/session")
    editor.csrf = ""
    told = editor.sign_in().json()
    assert (told["user"]["acts_as"], told["second_factor"]) == ("viewer", "needed")
    assert code(editor.send("POST", "/api/account/tokens", {"name": "x"})) == (
        403,
        "second_factor_needed",
    )


def test_a_recovery_code_opens_and_is_gone(app: Any) -> None:
    editor = Person(app, "minh").join(Role.EDITOR)
    editor.sign_in()
    (first, *_) = editor.enrol().json()["recovery_codes"]
    for expected in (200, 403):
        phone = Person(app, "minh")
        phone.sign_in()
        answer = phone.send("POST", "/api/session/second-factor", {"code": first})
        assert answer.status_code == expected


def test_an_administrator_without_it_administers_nothing(app: Any) -> None:
    boss = Person(app, "boss").join(Role.ADMIN)
    boss.sign_in()
    assert code(boss.get("/api/admin/users")) == (403, "second_factor_needed")
    boss.enrol()
    assert boss.get("/api/admin/users").status_code == 200


def test_who_lost_it_is_helped_by_an_administrator(app: Any, boss: Person) -> None:
    editor = signed_in(app, "minh", Role.EDITOR)
    own = editor.get("/api/session").json()["user"]["id"]
    path = f"/api/admin/users/{own}/second-factor"
    assert boss.send("DELETE", path).status_code == 204
    assert editor.get("/api/session").json()["user"] is None
    editor.client.cookies.clear()
    editor.csrf = ""
    assert editor.sign_in().json()["second_factor"] == "to_enrol"

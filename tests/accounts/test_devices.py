"""Who guesses at a name locks out strangers, not the browser that its owner always uses."""

from typing import Any

import pytest

from office.actor import Role
from tests.accounts.kit import PASSWORD, Person, code, later, signed_in

DEVICE = "cotmoc-device"
LOCKED = 429, "too_many_attempts"


@pytest.fixture
def lan(app: Any) -> Person:
    """Somebody who has signed in at this browser, and out."""
    person = signed_in(app, "lan", Role.VIEWER)
    person.send("DELETE", "/api/session")
    person.csrf = ""
    return person


def guess(person: Person, times: int = 5) -> None:
    for _ in range(times):
        assert person.sign_in("a wrong guess").status_code == 401


def test_a_stranger_does_not_lock_the_owner_out(app: Any, lan: Person) -> None:
    guess(Person(app, "lan"))
    assert code(Person(app, "lan").sign_in()) == LOCKED
    assert lan.sign_in().status_code == 200
    assert code(Person(app, "lan").sign_in()) == LOCKED  # a good one elsewhere frees nobody


def test_a_browser_that_was_known_guesses_no_more_than_others(
    app: Any, lan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess(lan)
    assert code(lan.sign_in()) == LOCKED
    assert Person(app, "lan").sign_in().status_code == 200
    later(monkeypatch, 31)
    assert lan.sign_in().status_code == 200


def test_what_was_made_up_is_no_browser_of_his(app: Any, lan: Person) -> None:
    other = signed_in(app, "minh", Role.VIEWER)
    held = str(lan.client.cookies.get(DEVICE))
    guess(Person(app, "lan"))
    made_up = (
        str(other.client.cookies.get(DEVICE)), f"x{held}", f"{held}0", held.partition(".")[0],
        f"{held.partition('.')[0]}.{'0' * 64}", ".", "x" * 5_000,
    )  # fmt: skip
    for text in made_up:
        stranger = Person(app, "lan")
        stranger.client.cookies.set(DEVICE, text)
        assert code(stranger.sign_in()) == LOCKED


def test_another_password_makes_browsers_strange(app: Any, lan: Person) -> None:
    old = str(lan.client.cookies.get(DEVICE))
    lan.sign_in()
    body = {"current": PASSWORD, "new": "another seven stones"}
    assert lan.send("PUT", "/api/account/password", body).status_code == 204
    guess(Person(app, "lan"))
    thief = Person(app, "lan")
    thief.client.cookies.set(DEVICE, old)
    assert code(thief.sign_in("another seven stones")) == LOCKED


def test_it_lets_nobody_in_by_itself(app: Any, lan: Person) -> None:
    assert lan.client.cookies.get(DEVICE)
    assert lan.get("/api/session").json()["user"] is None
    cookies = lan.sign_in().headers.get_list("set-cookie")
    assert not any(one.startswith(DEVICE) for one in cookies)  # it holds one already
    new = Person(app, "lan").sign_in().headers.get_list("set-cookie")
    (told,) = [one.lower() for one in new if one.startswith(DEVICE)]
    assert {"httponly", "samesite=lax", "path=/api/session"} <= set(told.split("; "))

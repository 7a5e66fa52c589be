"""API tokens: for whom, for what, until when."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import actors
from geo.errors import StoreError
from office import clock, people, tokens
from office.clock import DAY
from office.database import writing
from tests.accounts.kit import HOME, MARKERS, ONE, WHO, Person, code, later, token_of


class Shut:
    """A database that must not be asked."""

    def connect(self) -> Any:
        raise StoreError("the private database was asked")


def bearing(app: Any, token: str, address: str = "127.0.0.1") -> TestClient:
    headers = {"authorization": f"Bearer {token}"}
    return TestClient(app, base_url=HOME, headers=headers, client=(address, 1))


def test_a_token_acts_for_its_person_until_it_is_revoked(app: Any, lan: Person) -> None:
    told = token_of(lan)
    assert told["token"].startswith("cotmoc_")
    client = bearing(app, told["token"])
    assert client.get(WHO).json() == {"name": "lan", "role": "viewer", "via": "token"}
    (listed,) = lan.get("/api/account/tokens").json()["tokens"]
    assert listed["used_at"]
    assert "token" not in listed
    lan.send("DELETE", f"/api/account/tokens/{told['id']}")
    refused = client.get(WHO)
    assert code(refused) == (401, "bad_token")
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]


def test_a_token_expires(app: Any, lan: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    client = bearing(app, token_of(lan, days=2)["token"])
    later(monkeypatch, 2 * DAY)
    assert code(client.get(WHO)) == (401, "bad_token")


def test_a_token_for_reading_changes_nothing(app: Any, boss: Person) -> None:
    """Its owner may do all of it: what refuses is the token alone, at every address."""
    reads = bearing(app, token_of(boss)["token"])
    writes = bearing(app, token_of(boss, scopes=["write"])["token"])
    how = {"if-match": "*", "accept-language": "en"}
    for method, path, body in (
        ("POST", MARKERS, {}),
        ("PUT", f"{MARKERS}/{ONE}", {}),
        ("PATCH", f"{MARKERS}/{ONE}", {}),
        ("DELETE", f"{MARKERS}/x", None),
        ("POST", "/api/jobs", {"kind": "no kind"}),
        ("POST", "/api/imports?name=a.csv", None),
        ("POST", "/api/evidence", None),
        ("POST", "/api/proposals", {}),
        ("DELETE", "/api/jobs/x", None),
    ):
        refused = reads.request(method, path, json=body, headers=how)
        assert code(refused) == (403, "not_allowed"), path
        assert "token" in refused.json()["detail"], path
        assert writes.request(method, path, json=body, headers=how).status_code not in (401, 403), (
            path
        )


def test_tokens_are_few_and_last_a_year_at_most(app: Any, lan: Person) -> None:
    for days in (0, 367):
        answer = lan.send("POST", "/api/account/tokens", {"name": "x", "days": days})
        assert (answer.status_code, answer.json()["parameter"]) == (400, "days")
    office = actors.open_office(app)
    with office.connect() as conn:
        row = people.find_login(conn, "lan")
    assert row is not None
    acting = people.person(row).acting("session", second_factor=False)
    with writing(office) as conn:
        for _ in range(50):
            tokens.make(conn, acting, name="x", scopes=frozenset(), days=366)
    answer = lan.send("POST", "/api/account/tokens", {"name": "one more"})
    assert code(answer) == (400, "bad_input")


def test_the_changes_of_an_account_are_counted_wherever_they_come_from(
    app: Any, lan: Person, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, others = (token_of(one, scopes=["write"])["token"] for one in (lan, boss))
    seldom = 0.04  # a second: one more after those before, the next in 20 seconds
    monkeypatch.setitem(app.state.limits.rates, "changes", seldom)
    told = [
        bearing(app, token, f"198.51.100.{number}").post("/api/jobs", json={}).status_code
        for number, token in enumerate((held, held, others, others))
    ]
    assert told == [400, 429, 400, 429]


def test_who_comes_no_more_from_his_provider_is_taken_to_be_closed_there(
    app: Any, lan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = bearing(app, token_of(lan)["token"])
    own = lan.get("/api/session").json()["user"]["id"]
    with writing(actors.open_office(app)) as conn:
        people.put(conn, own, issuer="https://id.example", subject="1", came_at=clock.now())
    later(monkeypatch, 30 * DAY - 60)
    assert client.get(WHO).status_code == 200
    later(monkeypatch, 60)
    assert code(client.get(WHO)) == (401, "bad_token")


def test_a_token_opens_neither_the_account_nor_the_administration(app: Any, boss: Person) -> None:
    client = bearing(app, token_of(boss, scopes=["read", "write"])["token"])
    for method, path in (
        ("GET", "/api/account/tokens"), ("POST", "/api/account/tokens"),
        ("GET", "/api/admin/users"), ("POST", "/api/admin/invitations"),
    ):  # fmt: skip
        answer = client.request(method, path, json={"name": "x", "role": "admin"})
        assert code(answer) == (401, "sign_in_needed"), path


def test_a_token_ends_with_its_account(app: Any, boss: Person, lan: Person) -> None:
    client = bearing(app, token_of(lan)["token"])
    own = lan.get("/api/session").json()["user"]["id"]
    assert boss.send("PATCH", f"/api/admin/users/{own}", {"active": False}).status_code == 200
    assert code(client.get(WHO)) == (401, "bad_token")


def test_another_ones_token_cannot_be_revoked(app: Any, boss: Person, lan: Person) -> None:
    told = token_of(lan)
    answer = boss.send("DELETE", f"/api/account/tokens/{told['id']}")
    assert code(answer) == (404, "not_found")


def test_who_reads_without_a_name_opens_no_private_database(app: Any) -> None:
    client = TestClient(app, base_url=HOME)
    headers = {"cookie": "cotmoc-revision=3", "authorization": "Basic bGFuOng="}
    app.state.office = opened = Shut()
    try:
        assert client.get(f"{MARKERS}/{ONE}", headers=headers).status_code == 200
        assert client.get(f"{MARKERS}?limit=1").status_code == 200
        assert app.state.office is opened
    finally:
        app.state.office = None

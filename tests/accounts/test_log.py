"""What the server writes down: each request with its name and whose it is, and never a secret."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from api import actors, logs
from api.logs import Form, Requests
from office import invitations
from office.actor import Role
from office.database import writing
from office.events import By
from tests.accounts.kit import MARKERS, ONE, PASSWORD, Person, token_of
from tests.accounts.test_tokens import bearing

GUESS = "a-wrong-guess-of-mine"
CODE, STATE = "code-of-the-provider-7", "state-of-the-provider-8"


@pytest.fixture(params=Form)
def written(request: pytest.FixtureRequest, app: Any) -> Iterator[io.StringIO]:
    """All that a server with every request in its log would print."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logs.handler(request.param, stream), root.level
    client = logging.getLogger("httpx2")  # the test's own
    client.disabled = True
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    app.middleware_stack.requests = Requests.ALL
    yield stream
    app.middleware_stack.requests = Requests.NOTABLE
    root.removeHandler(handler)
    root.setLevel(level)
    client.disabled = False


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    """The lines about requests, each a JSON object."""
    told = [json.loads(line) for line in written.getvalue().lstrip("\0").splitlines()]
    return [line for line in told if line["logger"] == "api.requests"]


def test_no_secret_is_written(
    app: Any, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invitation, reset, passwords, session, second factor, token, provider: by every way."""
    with writing(actors.open_office(app)) as conn:
        _, link = invitations.invite(conn, By("boss"), role=Role.EDITOR, login="lan")
    lan = Person(app, "lan")

    def fails(*_a: object, **_k: object) -> None:
        raise ValueError(f"nothing is to be done with {link}")

    with monkeypatch.context() as broken:
        broken.setattr(invitations, "use", fails)
        assert lan.send("POST", f"/api/links/{link}", {"password": PASSWORD}).status_code == 500
    for path in (f"/api/links/{link}", f"/api//links/{link}", f"/link/{link}", f"/{link}",
                 f"/api/links/{link[:-3]}",  # as a mail program breaks it
                 f"/api/%6Cinks/{link}", f"/nothing?token={link}"):  # fmt: skip
        lan.get(path)
    lan.send("POST", f"/api/links/{link}", {"password": PASSWORD})
    lan.sign_in(GUESS)
    lan.sign_in()
    first = str(lan.cookie)
    enrolled = lan.enrol().json()
    token = token_of(lan)["token"]
    bearing(app, token).get(MARKERS)
    bearing(app, token + "x").get(MARKERS)
    lan.get(f"{MARKERS}?access_token={token}")
    lan.get(f"/api/{token}")
    logging.getLogger("a.library").warning("asked with %s", token)
    lan.get(f"/api/oidc/callback?code={CODE}&state={STATE}")
    with writing(actors.open_office(app)) as conn:
        person = enrolled["user"]["id"]
        reset = invitations.reset(conn, By("boss"), person)
    lan.get(f"/api/links/{reset}")
    assert lan.totp is not None
    secrets = [
        link[:-3], reset, PASSWORD, GUESS, first, str(lan.cookie), lan.csrf, token, lan.totp.secret,
        CODE, STATE, *enrolled["recovery_codes"],
    ]  # fmt: skip
    text = written.getvalue()
    assert "unexpected error" in text
    assert "/api/links/***" in text
    assert [one for one in secrets if one in text] == []


@pytest.mark.parametrize("written", [Form.JSON], indirect=True)
def test_a_line_says_what_was_asked_and_by_whom(
    app: Any, written: io.StringIO, lan: Person
) -> None:
    own = lan.get("/api/session").json()["user"]["id"]
    written.truncate(0)
    lan.get(f"{MARKERS}/{ONE}?lang=vi", **{"x-request-id": "a-name"})
    lan.client.cookies.clear()
    lan.get("/no/such%0aINFO forged: line")
    known, unknown = lines(written)
    assert known.items() >= {
        "level": "info", "request": "a-name", "actor": own, "method": "GET",
        "path": f"{MARKERS}/{ONE}", "status": 200, "address": "192.0.2.7",
    }.items()  # fmt: skip
    assert known["ms"] > 0
    assert known["time"].endswith("+00:00")
    assert (unknown["status"], unknown["actor"]) == (404, None)
    assert unknown["path"] == "/no/such%0AINFO%20forged:%20line"


@pytest.mark.parametrize("written", [Form.TEXT], indirect=True)
def test_nobody_forges_a_line(app: Any, written: io.StringIO) -> None:
    person = Person(app, "x")
    person.get("/a%0aCRITICAL api.gate: all is lost", **{"x-request-id": "b"})
    (line,) = (line for line in written.getvalue().splitlines() if "asyncio" not in line)
    assert line.startswith("INFO api.requests: GET /a%0ACRITICAL")
    assert line.endswith("[b]")


@pytest.mark.parametrize("written", [Form.JSON], indirect=True)
def test_plain_reading_is_not_written_unless_told(
    app: Any, written: io.StringIO, lan: Person
) -> None:
    written.truncate(0)
    app.middleware_stack.requests = Requests.NOTABLE
    nobody = Person(app, "x")
    for _ in range(3):
        assert nobody.get(MARKERS).status_code == 200
    nobody.get(f"{MARKERS}/none")
    nobody.send("POST", "/api/session", {})
    lan.get(MARKERS)
    app.middleware_stack.requests = Requests.NONE
    nobody.get(f"{MARKERS}/none")
    told = [(line["method"], line["status"]) for line in lines(written)]
    assert told == [("GET", 404), ("POST", 400), ("GET", 200)]

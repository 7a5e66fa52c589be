"""People at their browsers: a server with accounts, asked in-process."""

from typing import Any

import pyotp
import pytest

from api import actors
from office import clock, invitations
from office.actor import Role
from office.database import writing
from office.events import By
from tests.asking import Client

PASSWORD = "seven stones by the river"
HOME = "http://127.0.0.1:8000"
BOSS = By("boss", None)
MARKERS = "/api/collections/markers/items"
ONE = "vn-kh.48.0.1"
EVIL = "https://evil.example"
WHO = "/test/who"


class Person:
    """One browser, with what its person remembers."""

    def __init__(self, app: Any, login: str) -> None:
        self.app, self.login, self.csrf = app, login, ""
        self.totp: pyotp.TOTP | None = None
        self.client = Client(
            app, base_url=HOME, client=("192.0.2.7", 50_000), raise_server_exceptions=False
        )

    def join(self, role: Role, *provinces: str) -> "Person":
        """Get an account by an invitation."""
        with writing(actors.open_office(self.app)) as conn:
            given = {"role": role, "provinces": provinces, "login": self.login}
            _, token = invitations.invite(conn, BOSS, **given)  # type: ignore[arg-type]
        answer = self.client.post(f"/api/links/{token}", json={"password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return self

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Change something as our own pages do."""
        given = {"x-csrf-token": self.csrf, **headers} if self.csrf else headers
        answer = self.client.request(method, path, json=body, headers=given)
        self._note(answer)
        return answer

    def _note(self, answer: Any) -> None:
        if "json" in answer.headers.get("content-type", "") and "csrf" in answer.json():
            self.csrf = answer.json()["csrf"] or ""

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def sign_in(self, password: str = PASSWORD) -> Any:
        body = {"login": self.login, "password": password}
        return self.send("POST", "/api/session", body)

    def enrol(self) -> Any:
        """Set a second factor; the session has shown it then."""
        made = self.send("POST", "/api/account/second-factor", {"password": PASSWORD})
        totp = pyotp.parse_uri(made.json()["uri"])
        assert isinstance(totp, pyotp.TOTP)
        self.totp = totp
        return self.send("PUT", "/api/account/second-factor", {"code": totp.now()})

    @property
    def cookie(self) -> str | None:
        return self.client.cookies.get("cotmoc-session")


def signed_in(app: Any, login: str, role: Role, *provinces: str) -> Person:
    """A person who has shown all that he has to."""
    person = Person(app, login).join(role, *provinces)
    assert person.sign_in().status_code == 200
    if person.client.get("/api/session").json()["second_factor"] == "to_enrol":
        assert person.enrol().status_code == 200
    return person


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + seconds)


def token_of(person: Person, **more: Any) -> dict[str, Any]:
    answer = person.send("POST", "/api/account/tokens", {"name": "qgis", **more})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told

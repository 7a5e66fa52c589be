"""Accounts on a private database of their own, and a clock that a test sets."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

from office import clock, passwords, people
from office.actor import Role
from office.database import writing
from office.people import Person

PASSWORD = "seven stones by the river"
START = 1_790_000_000  # seconds since 1970


class Clock:
    """The time of day; `on` lets it pass."""

    now = START

    def __call__(self) -> int:
        return self.now

    def on(self, seconds: int) -> None:
        self.now += seconds


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(clock, "now", made)
    return made


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash as in earnest, but with little work."""
    monkeypatch.setattr(
        passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )


Hire = Callable[..., Person]


@pytest.fixture
def hire(office: Engine) -> Hire:
    """Makes an account with PASSWORD."""

    def made(login: str = "lan", role: Role = Role.VIEWER, **more: object) -> Person:
        given = {"name": login.title(), "password": passwords.hashed(PASSWORD), **more}
        with writing(office) as conn:
            return people.create(conn, login, role=role, **given)  # type: ignore[arg-type]

    return made

"""People who are signed in to a server of the test's own, without the ways there."""

from pathlib import Path

from playwright.sync_api import Page

from api.actors import COOKIE
from office import database, people, sessions
from office.actor import Role


def secret(store: Path, role: Role, *provinces: str, name: str = "") -> str:
    """The secret of a session of somebody of a role, who has shown all that he has to.

    His login is the role.
    """
    engine = database.open_office(database.beside(store))
    with database.writing(engine) as conn:
        row = people.find_login(conn, role.value)
        person = (
            people.create(conn, role.value, name=name, role=role, provinces=provinces)
            if row is None
            else people.person(row)
        )
        token = sessions.begin(conn, person, second_factor=True)
    engine.dispose()
    return token


def cookie(home: str, token: str) -> dict[str, str]:
    """The cookie of a session."""
    return {"name": COOKIE, "value": token, "url": home}


def come_in(page: Page, home: str, store: Path, role: Role, *provinces: str) -> None:
    """Let the page be somebody of a role."""
    page.context.add_cookies([cookie(home, secret(store, role, *provinces))])  # type: ignore[list-item]

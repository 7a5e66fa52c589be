"""People who are signed in to a server of the test's own, without the ways there."""

from pathlib import Path

from playwright.sync_api import Page

from api.actors import COOKIE
from office import database, people, sessions
from office.actor import Role


def come_in(page: Page, home: str, store: Path, role: Role, *provinces: str) -> None:
    """Let the page be somebody of a role, who has shown all that he has to; his login is it."""
    engine = database.open_office(database.beside(store))
    with database.writing(engine) as conn:
        row = people.find_login(conn, role.value)
        person = (
            people.create(conn, role.value, name="", role=role, provinces=provinces)
            if row is None
            else people.person(row)
        )
        token = sessions.begin(conn, person, second_factor=True)
    engine.dispose()
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": home}])

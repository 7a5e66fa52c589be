"""One-time links: each works once, for a while, for what it was made."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from geo.errors import BadInputError, ConflictError, NotFoundError
from office import invitations, people, sessions, tokens
from office.actor import Role
from office.database import writing
from office.errors import LinkError, LockedError, WeakPasswordError
from office.events import By
from office.people import Person
from office.sessions import Lifetime
from office.tokens import Scope
from tests.office.conftest import PASSWORD, Clock, Hire
from tests.office.test_signing_in import enter, guess

BOSS = By("boss", None)


def invited(office: Engine, **more: object) -> str:
    with writing(office) as conn:
        given = {"role": Role.EDITOR, "provinces": ["vn.dak-nong"], **more}
        return invitations.invite(conn, BOSS, **given)[1]  # type: ignore[arg-type]


def used(office: Engine, token: str, password: str = PASSWORD, **more: str) -> Person:
    with writing(office) as conn:
        return invitations.use(conn, token, password=password, address=None, **more)


def test_an_invitation_makes_what_it_says(office: Engine) -> None:
    token = invited(office, login="Lan", name="Nguyễn Thị Lan")
    person = used(office, token, login="somebody-else", name="Somebody")
    assert (person.login, person.name) == ("lan", "Nguyễn Thị Lan")
    assert (person.role, person.provinces) == (Role.EDITOR, frozenset({"vn.dak-nong"}))
    enter(office)


def test_a_link_works_once(office: Engine) -> None:
    token = invited(office)
    used(office, token, login="lan")
    with pytest.raises(LinkError):
        used(office, token, login="minh")


def test_of_two_at_once_one_gets_the_account(office: Engine) -> None:
    token = invited(office)
    ended: list[str] = []

    def one(login: str) -> None:
        try:
            ended.append(used(office, token, login=login).login)
        except LinkError:
            ended.append("refused")

    threads = [threading.Thread(target=one, args=[name]) for name in ("a1", "b2", "c3")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended.count("refused") == 2
    with office.connect() as conn:
        assert len(people.everybody(conn)) == 1


def test_a_link_expires(office: Engine, time: Clock) -> None:
    token = invited(office)
    time.on(72 * 3_600 - 1)
    with office.connect() as conn:
        invitations.look(conn, token)
    time.on(1)
    with pytest.raises(LinkError):
        used(office, token, login="lan")


def test_what_fails_leaves_the_link_as_it_was(office: Engine, hire: Hire) -> None:
    hire("lan")
    token = invited(office)
    failing: list[tuple[type[Exception], Callable[[], Person]]] = [
        (WeakPasswordError, lambda: used(office, token, "short", login="minh")),
        (ConflictError, lambda: used(office, token, login="LAN")),
        (BadInputError, lambda: used(office, token)),
        (BadInputError, lambda: used(office, token, login="oidc:minh")),
    ]
    for kind, how in failing:
        with pytest.raises(kind):
            how()
    assert used(office, token, login="minh").login == "minh"


def test_an_invitation_can_be_taken_back(office: Engine) -> None:
    token = invited(office)
    with writing(office) as conn:
        (link,) = invitations.open_invitations(conn)
        invitations.revoke(conn, BOSS, link.id)
    with pytest.raises(LinkError):
        used(office, token, login="lan")
    with pytest.raises(NotFoundError), writing(office) as conn:
        invitations.revoke(conn, BOSS, link.id)


def test_the_first_administrator_is_asked_for_until_there_is_one(office: Engine) -> None:
    with writing(office) as conn:
        older, newer = invitations.first_admin(conn), invitations.first_admin(conn)
    assert older is not None
    assert newer is not None
    with pytest.raises(LinkError):
        used(office, older, login="boss")
    assert used(office, newer, login="boss").role is Role.ADMIN
    with writing(office) as conn:
        assert invitations.first_admin(conn) is None


def test_a_reset_ends_all_that_was_open_and_unlocks(office: Engine, hire: Hire) -> None:
    person = hire("lan")
    session = enter(office)
    with writing(office) as conn:
        actor = person.acting("session", second_factor=False)
        _, api = tokens.make(conn, actor, name="q", scopes=frozenset({Scope.READ}), days=1)
        link = invitations.reset(conn, BOSS, person.id)
    guess(office, 5)
    with pytest.raises(LockedError):
        enter(office)
    used(office, link, "quite another password", login="eve", name="Eve")
    with office.connect() as conn:
        assert sessions.find(conn, session, Lifetime()) is None
        assert tokens.actor(conn, api) is None
        assert people.get(conn, person.id).login == "lan"
    enter(office, password="quite another password")


def test_who_signs_in_elsewhere_gets_no_password_here(office: Engine, hire: Hire) -> None:
    person = hire("oidc:lan", password=None, issuer="https://id.example", subject="7")
    with pytest.raises(ConflictError), writing(office) as conn:
        invitations.reset(conn, BOSS, person.id)

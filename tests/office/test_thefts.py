"""Who holds one of somebody's secrets, and tries to make more of it; on both private databases."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pyotp
import pytest
from sqlalchemy import Engine

from geo.errors import BadInputError, ConflictError
from office import (
    administering,
    invitations,
    passwords,
    people,
    sealing,
    second_factor,
    signing_in,
    tokens,
)
from office.actor import Role
from office.clock import DAY
from office.database import writing
from office.errors import BadCodeError, BadCredentialsError, LinkError, LockedError
from office.people import Person
from office.tokens import Scope
from tests.office.conftest import PASSWORD, Clock, Hire
from tests.office.test_links import BOSS, invited, used
from tests.office.test_second_factor import ME, enrolled, session_of
from tests.office.test_signing_in import enter, held

OTHER = "quite another password"


def token_of(office: Engine, person: Person, *, second_factor: bool = True) -> str:
    actor = person.acting("session", second_factor=second_factor)
    with writing(office) as conn:
        scopes = frozenset({Scope.READ})
        return tokens.make(conn, actor, name="qgis", scopes=scopes, days=300)[1]


def works(office: Engine, token: str) -> bool:
    with office.connect() as conn:
        return tokens.actor(conn, token) is not None


def opens(office: Engine, link: str) -> bool:
    with office.connect() as conn:
        try:
            invitations.look(conn, link)
        except LinkError:
            return False
    return True


def test_who_knows_the_password_guesses_no_more_codes(
    office: Engine, hire: Hire, time: Clock
) -> None:
    person = hire("lan", Role.EDITOR)
    totp, _ = enrolled(office, person, time)
    session = session_of(office, enter(office))
    for _ in range(5):
        with pytest.raises(BadCodeError):
            signing_in.show_second_factor(office, session, "000000", ME)
        signing_in.prove(office, session, PASSWORD)
    with pytest.raises(LockedError):
        signing_in.show_second_factor(office, session, totp.at(time.now), ME)


def test_a_secret_begun_aside_does_not_take_the_place_of_the_true_one(
    office: Engine, hire: Hire, time: Clock
) -> None:
    """The thief of a password begins while its owner enrols, and confirms later."""
    person = hire("lan", Role.EDITOR)
    with writing(office) as conn:
        stolen = pyotp.TOTP(second_factor.begin(conn, person).secret)
    enrolled(office, person, time)  # `person` is as the thief's request read it before
    with suppress(ConflictError), writing(office) as conn:
        stolen = pyotp.TOTP(second_factor.begin(conn, person).secret)
    with pytest.raises(BadCodeError), writing(office) as conn:
        second_factor.confirm(conn, person, stolen.at(time.now))
    with writing(office) as conn:  # as if he had begun in the very moment when it was set
        kept = sealing.of(conn).close(stolen.secret, person.id)
        people.put(conn, person.id, totp_pending=kept)
    with pytest.raises(BadCodeError), writing(office) as conn:
        second_factor.confirm(conn, person, stolen.at(time.now))


@pytest.mark.parametrize("by_admin", [False, True])
def test_a_token_ends_with_the_second_factor_that_made_it(
    office: Engine, hire: Hire, time: Clock, by_admin: bool
) -> None:
    person = hire("lan", Role.EDITOR)
    totp, _ = enrolled(office, person, time)
    strong, weak = token_of(office, person), token_of(office, person, second_factor=False)
    if by_admin:
        with writing(office) as conn:
            administering.remove_second_factor(conn, BOSS, person.id)
    else:
        session = session_of(office, enter(office))
        signing_in.remove_second_factor(office, session, totp.at(time.now), ME)
    assert [works(office, token) for token in (strong, weak)] == [False, True]


@pytest.mark.parametrize("changed", [{"role": Role.ADMIN}, {"active": False}])
def test_a_token_does_not_become_more_than_it_was_made_for(
    office: Engine, hire: Hire, changed: dict[str, Any]
) -> None:
    person, token = hire("lan"), ""
    hire("boss", Role.ADMIN)
    token = token_of(office, person)
    with writing(office) as conn:
        administering.change(conn, BOSS, person.id, provinces=["vn.dak-nong"])
    assert works(office, token)
    for change in (changed, {"active": True}):
        with writing(office) as conn:
            administering.change(conn, BOSS, person.id, **change)
        assert not works(office, token)


@pytest.mark.parametrize("how", ["by another link", "by the password"])
def test_a_reset_link_of_before_sets_no_password_again(
    office: Engine, hire: Hire, how: str
) -> None:
    person = hire("lan")
    with writing(office) as conn:
        older, newer = (invitations.reset(conn, BOSS, person.id) for _ in range(2))
    if how == "by another link":
        used(office, newer, OTHER)
    else:
        signing_in.change_password(office, session_of(office, enter(office)), OTHER, ME)
    with pytest.raises(LinkError):
        used(office, older, "a password of the thief")
    enter(office, password=OTHER)


def test_a_password_that_was_changed_meanwhile_opens_nothing(
    office: Engine, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = hire("lan")
    with writing(office) as conn:
        link = invitations.reset(conn, BOSS, person.id)
    fits = passwords.fits

    def slowly(kept: str | None, password: str) -> bool:
        found = fits(kept, password)
        monkeypatch.setattr(passwords, "fits", fits)
        used(office, link, OTHER)
        return found

    monkeypatch.setattr(passwords, "fits", slowly)
    with pytest.raises(BadCredentialsError):
        enter(office)
    assert held(office, enter(office, password=OTHER)) is not None


def test_who_is_closed_meanwhile_gets_neither_a_session_nor_a_token(
    office: Engine, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both requests have looked at the account before it is closed, and go on after that."""
    person = hire("lan")
    hire("boss", Role.ADMIN)
    fits = passwords.fits

    def slowly(kept: str | None, password: str) -> bool:
        with writing(office) as conn:
            administering.change(conn, BOSS, person.id, active=False)
        return fits(kept, password)

    monkeypatch.setattr(passwords, "fits", slowly)
    assert held(office, enter(office)) is None
    assert not works(office, token_of(office, person))


def test_the_first_link_of_a_log_makes_no_second_administrator(office: Engine, hire: Hire) -> None:
    with writing(office) as conn:
        first = invitations.first_admin(conn)
    assert first is not None
    assert opens(office, first)
    hire("boss", Role.ADMIN)  # by an identity provider, say
    assert not opens(office, first)
    with pytest.raises(LinkError):
        used(office, first, login="mallory")


@pytest.mark.parametrize("changed", [{"role": Role.VIEWER}, {"active": False}])
def test_who_administers_no_more_leaves_no_links_behind(
    office: Engine, hire: Hire, changed: dict[str, Any]
) -> None:
    boss, other = hire("boss", Role.ADMIN), hire("other", Role.ADMIN)
    with writing(office) as conn:
        back = invitations.reset(conn, BOSS, other.id)
    back_door = invited(office, role=Role.ADMIN)
    with writing(office) as conn:
        administering.change(conn, BOSS, boss.id, **changed)
    assert not opens(office, back_door)
    assert not opens(office, back)


@pytest.mark.parametrize("name", ["operator", "Anonymous", "SYSTEM", "ｏｐｅｒａｔｏｒ"])
def test_nobody_takes_a_name_that_stands_for_no_person(office: Engine, name: str) -> None:
    """Else he would write the history, and read the files, of whoever else is called so."""
    with pytest.raises(BadInputError):
        used(office, invited(office), login=name)
    with pytest.raises(BadInputError):
        invited(office, login=name)
    with office.connect() as conn:
        assert people.everybody(conn) == []


def test_a_token_rests_when_its_owner_comes_no_more_from_his_provider(
    office: Engine, hire: Hire, time: Clock
) -> None:
    """As of who was closed there: nobody tells us, so who does not come again is not waited for."""
    month = 30 * DAY
    gone = hire("oidc:gone", password=None, issuer="https://id.example", subject="1")
    ours = hire("ours")
    came(office, gone, time.now)
    theirs, local = token_of(office, gone), token_of(office, ours)
    assert tokens.good_until(people_of(office, gone), month) == time.now + month
    assert tokens.good_until(ours, month) is None

    def good(token: str, outside_s: int = month) -> bool:
        with office.connect() as conn:
            return tokens.actor(conn, token, outside_s=outside_s) is not None

    time.on(month - 1)
    assert good(theirs)
    time.on(1)
    assert not good(theirs)
    assert good(theirs, 0)  # where the operator wants it so
    assert good(local)
    came(office, gone, time.now)
    assert good(theirs)


def came(office: Engine, person: Person, moment: int) -> None:
    with writing(office) as conn:
        people.put(conn, person.id, came_at=moment)


def people_of(office: Engine, person: Person) -> Person:
    with office.connect() as conn:
        return people.get(conn, person.id)

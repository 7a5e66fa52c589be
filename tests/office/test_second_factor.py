"""The second factor: what RFC 6238 says, one use, recovery; and who is a viewer without it."""

import pyotp
import pytest
from sqlalchemy import Engine

from geo.errors import ConflictError
from office import people, second_factor, signing_in
from office.actor import NEED_SECOND_FACTOR, Role
from office.database import writing
from office.errors import BadCodeError, LockedError
from office.events import By
from office.people import Person
from office.sessions import Session
from tests.office.conftest import Clock, Hire
from tests.office.test_signing_in import enter, held

ME = By("lan", None)


def enrolled(office: Engine, person: Person, time: Clock) -> tuple[pyotp.TOTP, list[str]]:
    with writing(office) as conn:
        made = second_factor.begin(conn, person)
        totp = pyotp.parse_uri(made.uri)
        assert isinstance(totp, pyotp.TOTP)
        codes = second_factor.confirm(conn, person, totp.at(time.now))
    time.on(60)
    return totp, codes


def session_of(office: Engine, token: str) -> Session:
    found = held(office, token)
    assert found is not None
    return found


def checks(office: Engine, person: Person, code: str) -> bool:
    try:
        with writing(office) as conn:
            second_factor.check(conn, person, code)
    except BadCodeError:
        return False
    return True


def test_an_authenticator_reads_what_is_shown(office: Engine, hire: Hire, time: Clock) -> None:
    person = hire("lan")
    with writing(office) as conn:
        made = second_factor.begin(conn, person)
    totp = pyotp.parse_uri(made.uri)
    assert isinstance(totp, pyotp.TOTP)
    assert (totp.issuer, totp.name, totp.secret) == ("Cột Mốc", "lan", made.secret)
    assert made.qr.startswith("<svg")
    assert "<script" not in made.qr


def test_a_code_is_good_once_and_for_one_step_of_drift(
    office: Engine, hire: Hire, time: Clock
) -> None:
    person = hire("lan")
    totp, _ = enrolled(office, person, time)
    for steps, good in ((-2, False), (2, False), (-1, True), (0, True), (1, True)):
        assert checks(office, person, totp.at(time.now + 30 * steps)) is good
    assert not checks(office, person, totp.at(time.now + 30))  # used
    assert not checks(office, person, totp.at(time.now))  # older than the last that was used
    time.on(60)
    spaced = totp.at(time.now)
    assert checks(office, person, f" {spaced[:3]} {spaced[3:]} ")


def test_the_code_that_proved_it_is_used_up(office: Engine, hire: Hire, time: Clock) -> None:
    """Who looked over a shoulder at the enrolment has seen a code."""
    person = hire("lan")
    totp, _ = enrolled(office, person, time)
    time.on(-60)  # to the very moment
    assert not checks(office, person, totp.at(time.now))


def test_a_recovery_code_is_good_once(office: Engine, hire: Hire, time: Clock) -> None:
    person, other = hire("lan"), hire("minh")
    _, codes = enrolled(office, person, time)
    enrolled(office, other, time)
    assert len(set(codes)) == 10
    assert not checks(office, other, codes[0])
    assert checks(office, person, codes[0].upper())
    assert not checks(office, person, codes[0])
    with office.connect() as conn:
        assert second_factor.left(conn, person.id) == 9


def test_nothing_counts_before_a_code_has_proved_it(
    office: Engine, hire: Hire, time: Clock
) -> None:
    person = hire("lan")
    with pytest.raises(BadCodeError), writing(office) as conn:
        second_factor.confirm(conn, person, "000000")
    with writing(office) as conn:
        second_factor.begin(conn, person)
    with office.connect() as conn:
        assert not people.get(conn, person.id).has_second_factor


def test_a_second_one_cannot_take_its_place(office: Engine, hire: Hire, time: Clock) -> None:
    person = hire("lan")
    enrolled(office, person, time)
    with office.connect() as conn:
        now = people.get(conn, person.id)
    with pytest.raises(ConflictError), writing(office) as conn:
        second_factor.begin(conn, now)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANONYMOUS])
def test_who_sees_exact_coordinates_is_a_viewer_without_it(
    office: Engine, hire: Hire, role: Role, time: Clock
) -> None:
    person = hire("lan", role, provinces=["vn.dak-nong"])
    before = person.acting("session", second_factor=False)
    if role in NEED_SECOND_FACTOR:
        assert (before.role, before.provinces) == (Role.VIEWER, frozenset())
    else:
        assert (before.role, before.provinces) == (role, frozenset({"vn.dak-nong"}))
    after = person.acting("session", second_factor=True)
    assert (after.role, after.provinces) == (role, frozenset({"vn.dak-nong"}))


def test_showing_it_gives_a_new_session_and_ends_the_old(
    office: Engine, hire: Hire, time: Clock
) -> None:
    person = hire("lan", Role.EDITOR)
    totp, _ = enrolled(office, person, time)
    before = enter(office)
    session = session_of(office, before)
    after = signing_in.show_second_factor(office, session, totp.at(time.now), ME)
    assert held(office, before) is None
    assert session_of(office, after).second_factor


def test_guessing_codes_locks(office: Engine, hire: Hire, time: Clock) -> None:
    person = hire("lan", Role.EDITOR)
    totp, _ = enrolled(office, person, time)
    session = session_of(office, enter(office))
    for _ in range(5):
        with pytest.raises(BadCodeError):
            signing_in.show_second_factor(office, session, "000000", ME)
    with pytest.raises(LockedError):
        signing_in.show_second_factor(office, session, totp.at(time.now), ME)
    time.on(30)
    signing_in.show_second_factor(office, session, totp.at(time.now), ME)


def test_a_partner_who_set_one_is_not_a_viewer_without_it(
    office: Engine, hire: Hire, time: Clock
) -> None:
    """A viewer sees what is internal, a partner never."""
    person = hire("lan", Role.PARTNER, provinces=["la.savannakhet"])
    enrolled(office, person, time)
    with office.connect() as conn:
        now = people.get(conn, person.id)
    before = now.acting("session", second_factor=False)
    assert (before.role, before.provinces) == (Role.ANONYMOUS, frozenset())
    assert now.acting("session", second_factor=True).role is Role.PARTNER

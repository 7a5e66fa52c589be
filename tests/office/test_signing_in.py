"""Signing in against who guesses, waits, steals or shares: on both private databases."""

import threading
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import Engine, event

from geo.errors import ConflictError
from office import administering, database, events, passwords, people, sessions, signing_in
from office.actor import Role
from office.database import writing
from office.errors import BadCredentialsError, LockedError, WeakPasswordError
from office.events import By, Kind
from office.sessions import Lifetime, Session
from tests.office.conftest import PASSWORD, Clock, Hire

HERE = "192.0.2.7"
LIFE = Lifetime(idle_s=600, whole_s=3_600)
BOSS = By("boss", HERE)


def enter(office: Engine, login: str = "lan", password: str = PASSWORD, address: str = HERE) -> str:
    return signing_in.sign_in(office, login, password, address=address, lifetime=LIFE)


def held(office: Engine, token: str) -> Session | None:
    with office.connect() as conn:
        return sessions.find(conn, token, LIFE)


def guess(office: Engine, times: int, **how: str) -> None:
    for _ in range(times):
        with pytest.raises(BadCredentialsError):
            enter(office, password="a wrong guess", **how)


def test_who_knows_the_password_comes_in(office: Engine, hire: Hire) -> None:
    person = hire("lan")
    token = enter(office, " LAN ")
    session = held(office, token)
    assert session is not None
    assert session.person == person
    assert held(office, token + "x") is None


@pytest.mark.parametrize("login", ["lan", "nobody", "closed", "elsewhere"])
def test_an_unknown_account_takes_the_same_work(
    office: Engine, hire: Hire, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    """The work is counted, not timed: hashes tried, statements sent, words answered."""
    hire("lan")
    closed = hire("closed")
    hire("elsewhere", password=None)
    with writing(office) as conn:
        people.put(conn, closed.id, active=False)
    tried: list[str] = []
    sent: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, kept: str, password: str) -> Any:
        tried.append(kept.rpartition("$")[0].rpartition("$")[0])  # kind and parameters
        return verify(self, kept, password)

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    event.listen(office, "before_cursor_execute", note)
    works = []
    for name in ("lan", login):
        tried.clear()
        sent.clear()
        with pytest.raises(BadCredentialsError) as refused:
            enter(office, name, "a wrong guess")
        works.append((list(tried), list(sent), refused.value.detail))
    assert works[0] == works[1]
    assert len(works[0][0]) == 1


def test_guessing_locks_an_account_for_longer_and_longer(
    office: Engine, hire: Hire, time: Clock
) -> None:
    hire("lan")
    guess(office, 5)
    for wait in (30, 60, 120):
        with pytest.raises(LockedError) as locked:
            enter(office)
        assert locked.value.after_s == wait
        time.on(wait)
        guess(office, 1)
    time.on(240)
    for wait in (480, 900, 900):  # a quarter of an hour, and never more
        guess(office, 1, address="203.0.113.9")
        with pytest.raises(LockedError) as locked:
            enter(office)
        assert locked.value.after_s == wait
        time.on(wait)
    enter(office)
    guess(office, 4)  # a good one begins the count anew
    enter(office)


def test_who_is_locked_out_has_no_password_looked_at(
    office: Engine, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a guess would cost the server its work, and many at once would all be looked at."""
    hire("lan")
    guess(office, 5)
    looked: list[str] = []

    def look(_kept: str | None, given: str) -> bool:
        looked.append(given)
        return False

    monkeypatch.setattr(passwords, "fits", look)
    with pytest.raises(LockedError):
        enter(office)
    assert looked == []


def test_a_lock_tells_nothing_of_who_exists(office: Engine, time: Clock) -> None:
    guess(office, 5, login="nobody")
    with pytest.raises(LockedError):
        enter(office, "nobody")


def test_an_address_that_tries_many_accounts_is_locked(office: Engine, hire: Hire) -> None:
    hire("lan")
    for number in range(30):
        guess(office, 1, login=f"n{number}", address="2001:db8::1")
    with pytest.raises(LockedError):
        enter(office, address="2001:db8::2")  # of the same network
    enter(office, address="2001:db8:0:1::1")


def test_an_account_of_his_own_does_not_free_the_address_of_who_guesses(
    office: Engine, hire: Hire
) -> None:
    hire("mallory")
    for number in range(29):
        guess(office, 1, login=f"n{number}")
        enter(office, "mallory")
    guess(office, 1, login="n29")
    with pytest.raises(LockedError):
        enter(office, "mallory")


def test_an_office_behind_one_address_is_not_locked_by_its_own_good_work(
    office: Engine, hire: Hire
) -> None:
    hire("lan")
    for _ in range(35):
        enter(office)


def test_guesses_at_the_same_time_count_each(office: Engine, hire: Hire) -> None:
    hire("lan")
    ended: list[str] = []

    def one() -> None:
        try:
            enter(office, password="a wrong guess")
        except (BadCredentialsError, LockedError) as error:
            ended.append(error.code)

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended.count("bad_credentials") == 5
    assert ended.count("too_many_attempts") == 7


def test_an_old_hash_is_made_anew_when_its_owner_comes(
    office: Engine, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = hire("lan")
    monkeypatch.setattr(
        passwords, "hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    )
    enter(office)
    with office.connect() as conn:
        kept = people.password_of(conn, person.id)
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=16,t=2,")
    enter(office)


def test_who_does_not_exist_costs_what_others_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    tried: list[str] = []
    monkeypatch.setattr(PasswordHasher, "verify", lambda _self, kept, _word: tried.append(kept))
    assert not passwords.fits(None, PASSWORD)
    assert extract_parameters(tried[0]) == extract_parameters(passwords.hashed(PASSWORD))


def test_in_earnest_a_hash_costs_what_rfc_9106_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert passwords.hashed(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_session_ends_when_nobody_comes_and_in_the_end(
    office: Engine, hire: Hire, time: Clock
) -> None:
    hire("lan")
    token = enter(office)
    for _ in range(5):
        time.on(500)
        session = held(office, token)
        assert session is not None
        assert session.is_stale
        with writing(office) as conn:
            sessions.touch(conn, session)
    time.on(600)
    assert held(office, token) is None  # idle
    token = enter(office)
    for _ in range(7):
        time.on(500)
        session = held(office, token)
        assert session is not None
        with writing(office) as conn:
            sessions.touch(conn, session)
    time.on(100)
    assert held(office, token) is None  # after 3,600 s in any case


def test_everywhere_means_everywhere(office: Engine, hire: Hire) -> None:
    hire("lan")
    hire("minh")
    one, two, other = enter(office), enter(office), enter(office, "minh")
    session = held(office, one)
    assert session is not None
    signing_in.sign_out(office, session, BOSS, everywhere=True)
    assert [held(office, token) is None for token in (one, two, other)] == [True, True, False]


@pytest.mark.parametrize(
    "changed", [{"role": Role.PLANNER}, {"provinces": ["vn.dak-nong"]}, {"active": False}]
)
def test_sessions_end_with_what_the_person_may_be(
    office: Engine, hire: Hire, changed: dict[str, Any]
) -> None:
    person = hire("lan")
    hire("boss", Role.ADMIN)
    token = enter(office)
    with writing(office) as conn:
        administering.change(conn, BOSS, person.id, name="Lan Nguyễn")
    assert held(office, token) is not None
    with writing(office) as conn:
        administering.change(conn, BOSS, person.id, **changed)
    assert held(office, token) is None


def test_a_new_password_ends_every_other_session(office: Engine, hire: Hire) -> None:
    hire("lan")
    one, two = enter(office), enter(office)
    session = held(office, one)
    assert session is not None
    three = signing_in.change_password(office, session, "another seven stones", BOSS)
    assert [held(office, token) is None for token in (one, two, three)] == [True, True, False]
    guess(office, 1)
    enter(office, password="another seven stones")


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaa", "lan is my name too", "x" * 300])
def test_a_password_that_is_easy_to_guess_is_refused(weak: str) -> None:
    with pytest.raises(WeakPasswordError):
        passwords.check_strength(weak, "lan")


def test_somebody_stays_administrator(office: Engine, hire: Hire) -> None:
    boss = hire("boss", Role.ADMIN)
    for changed in ({"role": Role.VIEWER}, {"active": False}):
        with pytest.raises(ConflictError), writing(office) as conn:
            administering.change(conn, BOSS, boss.id, **changed)
    with office.connect() as conn:
        assert people.get(conn, boss.id) == boss


def test_what_is_done_is_written_down_without_secrets(office: Engine, hire: Hire) -> None:
    hire("lan")
    token = enter(office)
    guess(office, 1, login="my secret by mistake")
    with office.connect() as conn:
        told = events.latest(conn)
        kept = [
            str(row)
            for table in database.metadata.sorted_tables
            for row in conn.execute(table.select())
        ]
    assert [one.kind for one in told] == [Kind.SIGN_IN_FAILED, Kind.SIGNED_IN]
    assert {one.address for one in told} == {HERE}
    for text in (token, PASSWORD, "a wrong guess", "my secret"):
        assert not any(text in row for row in kept)

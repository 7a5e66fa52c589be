"""Signing in and out, and what a person changes about his own account.

Functions that take an engine hold no transaction while a password is hashed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from office import (
    devices,
    events,
    invitations,
    logins,
    passwords,
    people,
    second_factor,
    sessions,
    throttle,
    tokens,
)
from office.database import writing
from office.errors import BadCodeError, BadCredentialsError
from office.events import By, Kind
from office.people import Person
from office.sessions import Lifetime, Session

UNKNOWN = "anonymous"  # who fails to sign in; what was typed may be a password
_WRONG = "The name or the password is wrong"


def sign_in(
    engine: Engine,
    login: str,
    password: str,
    *,
    address: str | None,
    lifetime: Lifetime,
    instead_of: Session | None = None,
    device: str | None = None,
) -> str:
    """Begin a session by password; returns its secret. An unknown login takes the same work.

    The session that the browser had, `instead_of`, ends. A browser that shows by `device` that it
    has signed in before has attempts of its own.

    Raises:
        BadCredentialsError: the login is unknown, its account closed, or the password wrong.
        LockedError: too many attempts.
    """
    with engine.connect() as conn:
        row = people.find_login(conn, login)
    kept = row.password if row is not None and row.active else None
    known = devices.name(kept, device)
    whose = {"device": known} if known else {"login": logins.normal(login)}
    counted = throttle.keys(address=address, **whose)
    with writing(engine) as conn:
        locks = throttle.enter(conn, counted)
    if not passwords.fits(kept, password) or row is None:
        with writing(engine) as conn:
            by, whom = By(UNKNOWN, address), None if row is None else row.id
            events.note(conn, Kind.SIGN_IN_FAILED, by, whom, locks=locks)
        raise BadCredentialsError(_WRONG)
    renewed = passwords.hashed(password) if kept and passwords.is_old(kept) else None
    with writing(engine) as conn:
        if people.password_of(conn, row.id) != kept:  # it was changed meanwhile
            raise BadCredentialsError(_WRONG)
        throttle.succeed(conn, counted)
        if renewed:
            people.put(conn, row.id, password=renewed)
        if instead_of:
            sessions.end(conn, instead_of)
        sessions.sweep(conn, lifetime)
        person = people.person(row)
        events.note(conn, Kind.SIGNED_IN, By(person.login, address), person.id)
        return sessions.begin(conn, person, second_factor=False, address=address)


def remembered(engine: Engine, login: str, device: str | None) -> str | None:
    """Return what a browser that has just signed in shall hold, None if it holds it already."""
    with engine.connect() as conn:
        row = people.find_login(conn, login)
    kept = None if row is None else row.password
    return None if kept is None or devices.name(kept, device) else devices.new(kept)


@contextmanager
def _attempt(engine: Engine, session: Session, proof: str) -> Iterator[None]:
    """Count what is tried inside against a lock of the person; what succeeds is taken back.

    Each `proof` has a lock of its own: who knows the password gains no more guesses at codes.

    Raises:
        LockedError: too many attempts.
    """
    counted = throttle.keys(**{proof: session.person.id})
    with writing(engine) as conn:
        throttle.enter(conn, counted)
    yield
    with writing(engine) as conn:
        throttle.succeed(conn, counted)


def show_second_factor(engine: Engine, session: Session, code: str, by: By) -> str:
    """Begin a session with the second factor in place of this one; returns its secret.

    Raises:
        BadCodeError: the code is wrong, old or used, or the person has no second factor.
        LockedError: too many attempts.
    """
    with _attempt(engine, session, "code"):
        try:
            with writing(engine) as conn:
                second_factor.check(conn, session.person, code)
                events.note(conn, Kind.SECOND_FACTOR_SHOWN, by, session.person.id)
                sessions.end(conn, session)
                return sessions.begin(conn, session.person, second_factor=True, address=by.address)
        except BadCodeError:
            with writing(engine) as conn:
                events.note(conn, Kind.SECOND_FACTOR_FAILED, by, session.person.id)
            raise


def prove(engine: Engine, session: Session, password: str | None) -> None:
    """Let on only who knows the account's password; who has none signs in elsewhere.

    Raises:
        BadCredentialsError: the password is wrong.
        LockedError: too many attempts.
    """
    with engine.connect() as conn:
        kept = people.password_of(conn, session.person.id)
    if kept is None:
        return
    with _attempt(engine, session, "password"):
        if not passwords.fits(kept, password or ""):
            raise BadCredentialsError("The password is wrong", parameter="password")


def set_mail(engine: Engine, session: Session, mail: str, by: By) -> None:
    """Set where mail to a person goes; an empty text takes the address away.

    Raises:
        BadInputError: it is no address.
    """
    where = people.checked_mail(mail)
    with writing(engine) as conn:
        people.put(conn, session.person.id, mail=where)
        events.note(conn, Kind.ACCOUNT_CHANGED, by, session.person.id, mail=where is not None)


def change_password(engine: Engine, session: Session, new: str, by: By) -> str:
    """Set a new password; every session ends, the secret of a new one is returned.

    Raises:
        WeakPasswordError: it is too easy to guess.
    """
    person = session.person
    passwords.check_strength(new, person.login, person.name)
    kept = passwords.hashed(new)
    with writing(engine) as conn:
        people.put(conn, person.id, password=kept)
        sessions.end_all(conn, person.id)
        invitations.forget_resets(conn, person.id)
        events.note(conn, Kind.PASSWORD_SET, by, person.id)
        return sessions.begin(conn, person, second_factor=session.second_factor, address=by.address)


def confirm_second_factor(
    engine: Engine, session: Session, code: str, by: By
) -> tuple[str, list[str]]:
    """Make a new second factor count; every session ends.

    Returns the secret of a new session and the recovery codes.

    Raises:
        BadCodeError: the code does not fit.
        LockedError: too many attempts.
    """
    person: Person = session.person
    with _attempt(engine, session, "code"), writing(engine) as conn:
        codes = second_factor.confirm(conn, person, code)
        sessions.end_all(conn, person.id)
        events.note(conn, Kind.SECOND_FACTOR_SET, by, person.id)
        token = sessions.begin(conn, person, second_factor=True, address=by.address)
    return token, codes


def sign_out(engine: Engine, session: Session, by: By, *, everywhere: bool) -> None:
    """End a session, or all of the person's."""
    with writing(engine) as conn:
        if everywhere:
            sessions.end_all(conn, session.person.id)
        else:
            sessions.end(conn, session)
        events.note(conn, Kind.SIGNED_OUT, by, session.person.id, everywhere=everywhere)


def remove_second_factor(engine: Engine, session: Session, code: str, by: By) -> None:
    """Take the second factor off an account by one of its codes; every session ends.

    So do the tokens that were made with it.

    Raises:
        BadCodeError: the code is wrong, old or used.
        LockedError: too many attempts.
    """
    person = session.person
    with _attempt(engine, session, "code"), writing(engine) as conn:
        second_factor.check(conn, person, code)
        second_factor.remove(conn, person.id)
        sessions.end_all(conn, person.id)
        tokens.revoke_proved(conn, person.id)
        events.note(conn, Kind.SECOND_FACTOR_REMOVED, by, person.id)

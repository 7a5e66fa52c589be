"""Accounts: who the people are, what each may be, and how each proves it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Row,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)

from geo.errors import BadInputError, ConflictError, NotFoundError
from office import clock, logins
from office.actor import ANONYMOUS, NEED_SECOND_FACTOR, OPERATOR, ROLES, SYSTEM, Actor, Role, Via
from office.database import metadata
from office.mail import is_address

accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),  # in its one spelling, see office.logins
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("provinces", Text, nullable=False),  # JSON list of ids of admin_units
    Column("active", Boolean, nullable=False),
    Column("password", Text),  # argon2id; none: signs in elsewhere
    Column("totp", Text),  # secret of the second factor, see office.sealing
    Column("totp_pending", Text),  # the same, until a code has proved it
    Column("totp_step", BigInteger, nullable=False),  # the last one that was used
    Column("issuer", Text),  # OpenID Connect
    Column("subject", Text),
    Column("created_at", BigInteger, nullable=False),  # seconds since 1970
    Column("mail", Text),  # address, see office.mail
    Column("came_at", BigInteger),  # when the identity provider last let the person in
    UniqueConstraint("issuer", "subject"),
)
OUTSIDE = "oidc:"  # begins the names of accounts that sign in elsewhere; no login has a colon
MOST_NAME = 200  # characters
NOBODYS = (ANONYMOUS.name, OPERATOR.name, SYSTEM)  # names in logs and history that no account has


@dataclass(frozen=True, slots=True)
class Person:
    """An account, without its secrets; times are seconds since 1970."""

    id: str
    login: str
    name: str
    role: Role
    provinces: frozenset[str]
    active: bool
    has_password: bool
    has_second_factor: bool
    created_at: int
    mail: str | None = None
    came_at: int | None = None
    outside: bool = False  # signs in at an identity provider

    @property
    def needs_second_factor(self) -> bool:
        """Say whether the person acts as less than he is before showing it."""
        return self.has_second_factor or self.role in NEED_SECOND_FACTOR

    def acting(
        self, via: Via, *, second_factor: bool, scopes: frozenset[str] | None = None
    ) -> Actor:
        """Return what the person may act as now, which is less before he has shown all.

        A viewer is one of our own and sees more than a partner, who is nobody until then.
        """
        whole = second_factor or not self.needs_second_factor
        less = Role.ANONYMOUS if self.role is Role.PARTNER else Role.VIEWER
        return Actor(
            id=self.id,
            name=self.login,
            role=self.role if whole else less,
            provinces=self.provinces if whole else frozenset(),
            via=via,
            second_factor=second_factor,
            scopes=scopes,
        )


def checked(login: str) -> str:
    """Return the login of a new local account. Raises BadInputError."""
    found = logins.checked(login)
    if logins.skeleton(found) in map(logins.skeleton, NOBODYS):
        raise BadInputError(f"{found!r} is the name of no person", parameter="login", value=found)
    return found


def taken(login: str) -> ConflictError:
    """Return the error of a login that somebody has."""
    said, vi = f"There is an account {login!r}", f"đã có tài khoản “{login}”"
    return ConflictError(said, vi=vi, parameter="login", value=login)


def checked_mail(given: str) -> str | None:
    """Return an address that mail can be sent to; None for an empty one. Raises BadInputError."""
    found = given.strip()
    if found and not is_address(found):
        raise BadInputError("This is no address of mail", parameter="mail", value=found)
    return found or None


def create(
    conn: Connection,
    login: str,
    *,
    name: str,
    role: Role,
    provinces: Iterable[str] = (),
    password: str | None = None,
    issuer: str | None = None,
    subject: str | None = None,
    mail: str | None = None,
) -> Person:
    """Make an account; `password` is its hash.

    Raises:
        ConflictError: the login is taken, or would be taken for another.
    """
    found = resembled(conn, login)
    if found is not None:
        raise taken(found)
    values = {
        "id": uuid4().hex, "login": login, "name": name, "role": role.value,
        "provinces": json.dumps(sorted(provinces)), "active": True, "password": password,
        "totp_step": 0, "issuer": issuer, "subject": subject, "created_at": clock.now(),
        "mail": mail,
    }  # fmt: skip
    conn.execute(insert(accounts).values(values))
    return get(conn, str(values["id"]))


def get(conn: Connection, account_id: str) -> Person:
    """Return an account. Raises NotFoundError."""
    row = _one(conn, accounts.c.id == account_id)
    if row is None:
        raise NotFoundError("There is no such account")
    return person(row)


def find_login(conn: Connection, login: str) -> Row[Any] | None:
    """Return the row of an account with its secrets, or None."""
    return _one(conn, accounts.c.login == logins.normal(login))


def resembled(conn: Connection, login: str) -> str | None:
    """Return the login of an account that this is or would be taken for, None if there is none."""
    wanted = logins.skeleton(login)
    held = conn.execute(select(accounts.c.login)).scalars()
    return next((one for one in held if logins.skeleton(one) == wanted), None)


def find_outside(conn: Connection, issuer: str, subject: str) -> Person | None:
    """Return the account of a person whom an identity provider knows."""
    row = _one(conn, (accounts.c.issuer == issuer) & (accounts.c.subject == subject))
    return person(row) if row else None


def everybody(conn: Connection) -> list[Person]:
    """Return all accounts by login."""
    return [person(row) for row in conn.execute(select(accounts).order_by(accounts.c.login))]


def address_of(person: Person) -> str | None:
    """Return where mail to a person goes, None if nowhere is known."""
    return person.mail or (person.login if is_address(person.login) else None)


def logins_of(conn: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return the logins of accounts by their ids."""
    asked = select(accounts.c.id, accounts.c.login).where(accounts.c.id.in_(set(ids)))
    return {row.id: row.login for row in conn.execute(asked)}


def admins(conn: Connection) -> int:
    """Count the administrators who can sign in; others wait who want to count and change them."""
    asked = select(accounts.c.id).where(accounts.c.role == Role.ADMIN.value, accounts.c.active)
    return len(conn.execute(asked.with_for_update()).all())


def put(conn: Connection, account_id: str, **values: object) -> None:
    """Change columns of an account."""
    conn.execute(update(accounts).where(accounts.c.id == account_id).values(values))


def password_of(conn: Connection, account_id: str) -> str | None:
    """Return the hash of an account's password."""
    row = _one(conn, accounts.c.id == account_id)
    return None if row is None else row.password


def person(row: Row[Any]) -> Person:
    """Return an account from a row of the table."""
    return Person(
        id=row.id,
        login=row.login,
        name=row.name,
        role=ROLES[row.role],
        provinces=frozenset(json.loads(row.provinces)),
        active=row.active,
        has_password=row.password is not None,
        has_second_factor=row.totp is not None,
        created_at=row.created_at,
        mail=row.mail,
        came_at=row.came_at,
        outside=row.issuer is not None,
    )


def _one(conn: Connection, condition: Any) -> Row[Any] | None:
    return conn.execute(select(accounts).where(condition)).first()

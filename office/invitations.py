"""One-time links: an invitation makes an account, a reset gives one a new password."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Row,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from geo.errors import ConflictError, NotFoundError
from office import clock, events, passwords, people, secret, sessions, throttle, tokens
from office.actor import OPERATOR, ROLES, Role
from office.clock import DAY
from office.database import metadata
from office.errors import LinkError
from office.events import By, Kind
from office.people import Person

LASTS_S = 3 * DAY
links = Table(
    "links",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("purpose", Text, nullable=False),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE")),  # of a reset
    Column("login", Text),  # of an invitation; none: the invited chooses
    Column("name", Text),
    Column("role", Text),
    Column("provinces", Text),  # JSON list
    Column("mail", Text),  # where an invitation is sent
    Column("created_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),  # seconds since 1970
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)


class Purpose(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    FIRST_ADMIN = "first_admin"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Link:
    """A link without its secret."""

    id: str
    purpose: Purpose
    account_id: str | None
    login: str | None
    name: str | None
    role: Role | None
    provinces: frozenset[str]
    created_by: str
    created_at: int
    expires_at: int
    mail: str | None = None


def invite(
    conn: Connection,
    by: By,
    *,
    role: Role,
    provinces: Iterable[str] = (),
    login: str | None = None,
    name: str | None = None,
    mail: str | None = None,
    purpose: Purpose = Purpose.INVITATION,
) -> tuple[str, str]:
    """Make an invitation; returns its id and its secret, which is never shown again.

    Raises:
        BadInputError: the login cannot be one, or the mail no address.
        ConflictError: the login is taken.
    """
    where = people.checked_mail(mail or "")
    known = people.checked(login) if login else None
    if known and (found := people.resembled(conn, known)) is not None:
        raise people.taken(found)
    held = json.dumps(sorted(provinces))
    about = {"login": known, "name": name, "role": role.value, "provinces": held, "mail": where}
    made, token = _make(conn, by, purpose, **about)
    events.note(conn, Kind.INVITED, by, login=known, role=role.value, provinces=json.loads(held))
    return made, token


def first_admin(conn: Connection) -> str | None:
    """Return the secret of a link for the first administrator, or None if there is one.

    An older such link no longer works.
    """
    if people.admins(conn):
        return None
    unused = (links.c.purpose == Purpose.FIRST_ADMIN.value) & links.c.used_at.is_(None)
    conn.execute(delete(links).where(unused))
    by = By(OPERATOR.name)
    return invite(conn, by, role=Role.ADMIN, purpose=Purpose.FIRST_ADMIN)[1]


def reset(conn: Connection, by: By, account_id: str) -> str:
    """Make a link that sets a new password; returns its secret.

    Raises:
        NotFoundError: there is no such account.
        ConflictError: the account signs in elsewhere.
    """
    person = people.get(conn, account_id)
    if not person.has_password:
        raise ConflictError(
            "This account signs in at the identity provider",
            vi="tài khoản này đăng nhập qua máy chủ định danh",
        )
    _, token = _make(conn, by, Purpose.RESET, account_id=account_id)
    events.note(conn, Kind.RESET_LINK_MADE, by, account_id)
    return token


def _make(conn: Connection, by: By, purpose: Purpose, **values: object) -> tuple[str, str]:
    made, token, now = uuid4().hex, secret.new(), clock.now()
    about = {"id": made, "digest": secret.digest(token), "purpose": purpose.value}
    times = {"created_by": by.name, "created_at": now, "expires_at": now + LASTS_S}
    conn.execute(insert(links).values(**about, **times, **values))
    return made, token


def open_invitations(conn: Connection) -> list[Link]:
    """Return the invitations that can still be used, the newest first."""
    ours = (links.c.purpose != Purpose.RESET.value) & _usable()
    return [_link(row) for row in conn.execute(select(links).where(ours).order_by(*_NEWEST))]


_NEWEST = (links.c.created_at.desc(), links.c.id)


def revoke(conn: Connection, by: By, link_id: str) -> None:
    """Take an invitation back. Raises NotFoundError."""
    own = (links.c.id == link_id) & (links.c.purpose != Purpose.RESET.value) & _usable()
    if conn.execute(delete(links).where(own)).rowcount == 0:
        raise NotFoundError("There is no such invitation")
    events.note(conn, Kind.INVITATION_REVOKED, by, link=link_id)


def revoke_made_by(conn: Connection, login: str) -> None:
    """Take back all that somebody made who may make none any more, resets too."""
    conn.execute(delete(links).where(links.c.created_by == login, links.c.used_at.is_(None)))


def forget_resets(conn: Connection, account_id: str) -> None:
    """Let no other reset link set the password of an account again."""
    own = (links.c.account_id == account_id) & links.c.used_at.is_(None)
    conn.execute(delete(links).where(own))


def look(conn: Connection, token: str) -> Link:
    """Return what a link is for. Raises LinkError."""
    own = links.c.digest == secret.digest(token)
    row = conn.execute(select(links).where(own, _usable())).first()
    found = row and _link(row)
    if not found or (found.purpose is Purpose.FIRST_ADMIN and people.admins(conn)):
        raise LinkError("The link is unknown, has expired or was used")
    return found


def use(
    conn: Connection,
    token: str,
    *,
    password: str,
    address: str | None,
    login: str | None = None,
    name: str | None = None,
) -> Person:
    """Use a link up: an account is made, or gets a new password and all that it had open ends.

    Raises:
        LinkError: it is unknown, expired or used.
        BadInputError: no login is known, or it cannot be one.
        WeakPasswordError: the password is too easy to guess.
        ConflictError: the login is taken.
    """
    link = look(conn, token)
    own = (links.c.id == link.id) & links.c.used_at.is_(None)
    if conn.execute(update(links).where(own).values(used_at=clock.now())).rowcount == 0:
        raise LinkError("The link was used")
    if link.account_id is not None:
        return _renew(conn, link.account_id, password, address)
    return _join(conn, link, password, address, login, name)


def _renew(conn: Connection, account_id: str, password: str, address: str | None) -> Person:
    person = people.get(conn, account_id)
    passwords.check_strength(password, person.login, person.name)
    people.put(conn, account_id, password=passwords.hashed(password))
    sessions.end_all(conn, account_id)
    tokens.revoke_all(conn, account_id)
    forget_resets(conn, account_id)
    throttle.succeed(conn, throttle.keys(login=person.login))
    events.note(conn, Kind.LINK_USED, By(person.login, address), account_id)
    return person


def _join(
    conn: Connection,
    link: Link,
    password: str,
    address: str | None,
    login: str | None,
    name: str | None,
) -> Person:
    assert link.role is not None  # noqa: S101 - of every invitation
    known = link.login or people.checked(login or "")
    called = link.name or name or known
    passwords.check_strength(password, known, called)
    person = people.create(
        conn,
        known,
        name=called,
        role=link.role,
        provinces=link.provinces,
        password=passwords.hashed(password),
        mail=link.mail,
    )
    events.note(conn, Kind.ACCOUNT_MADE, By(known, address), person.id, invited_by=link.created_by)
    return person


def _usable() -> Any:
    return links.c.used_at.is_(None) & (links.c.expires_at > clock.now())


def _link(row: Row[Any]) -> Link:
    return Link(
        id=row.id,
        purpose=Purpose(row.purpose),
        account_id=row.account_id,
        login=row.login,
        name=row.name,
        role=ROLES[row.role] if row.role else None,
        provinces=frozenset(json.loads(row.provinces or "[]")),
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        mail=row.mail,
    )

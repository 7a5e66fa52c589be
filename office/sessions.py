"""Sessions as rows: the browser holds a secret, we its hash; each ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Table,
    Text,
    delete,
    insert,
    or_,
    select,
    update,
)

from office import clock, people, secret
from office.clock import HOUR, MINUTE
from office.database import metadata
from office.people import Person, accounts

sessions = Table(
    "sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("second_factor", Boolean, nullable=False),
    Column("started_at", BigInteger, nullable=False),  # seconds since 1970
    Column("seen_at", BigInteger, nullable=False),
    Column("address", Text),
)
TOUCH_S = MINUTE  # `seen_at` is that exact, so that reading seldom writes


class Lifetime(NamedTuple):
    """How long a session lasts without a request, and at all; seconds."""

    idle_s: int = 2 * HOUR
    whole_s: int = 12 * HOUR


@dataclass(frozen=True, slots=True)
class Session:
    """One that holds."""

    digest: str
    person: Person
    second_factor: bool
    seen_at: int

    @property
    def is_stale(self) -> bool:
        """Say whether it should be noted that it was seen again."""
        return clock.now() - self.seen_at >= TOUCH_S


def begin(
    conn: Connection, person: Person, *, second_factor: bool, address: str | None = None
) -> str:
    """Make a session; its secret is returned and never again."""
    token, now = secret.new(), clock.now()
    conn.execute(
        insert(sessions).values(
            digest=secret.digest(token),
            account_id=person.id,
            second_factor=second_factor,
            started_at=now,
            seen_at=now,
            address=address,
        )
    )
    return token


def find(conn: Connection, token: str, lifetime: Lifetime) -> Session | None:
    """Return the session of a secret, if it holds and its account is open."""
    now = clock.now()
    asked = select(accounts, sessions).join_from(sessions, accounts)
    row = conn.execute(
        asked.where(
            sessions.c.digest == secret.digest(token),
            sessions.c.started_at > now - lifetime.whole_s,
            sessions.c.seen_at > now - lifetime.idle_s,
            accounts.c.active,
        )
    ).first()
    if row is None:
        return None
    return Session(row.digest, people.person(row), row.second_factor, row.seen_at)


def touch(conn: Connection, session: Session) -> None:
    """Note that a session was seen."""
    own = sessions.c.digest == session.digest
    conn.execute(update(sessions).where(own).values(seen_at=clock.now()))


def end(conn: Connection, session: Session) -> None:
    """End one session."""
    conn.execute(delete(sessions).where(sessions.c.digest == session.digest))


def end_all(conn: Connection, account_id: str) -> int:
    """End every session of an account; returns how many there were."""
    return conn.execute(delete(sessions).where(sessions.c.account_id == account_id)).rowcount


def sweep(conn: Connection, lifetime: Lifetime) -> None:
    """Delete the sessions that have ended by themselves."""
    now = clock.now()
    over = or_(
        sessions.c.started_at <= now - lifetime.whole_s, sessions.c.seen_at <= now - lifetime.idle_s
    )
    conn.execute(delete(sessions).where(over))


def csrf(token: str) -> str:
    """Return what a page that may change something sends beside the cookie."""
    return secret.bound(token, "csrf")

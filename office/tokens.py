"""Personal API tokens: shown once, kept hashed, good for some things until a day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
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

from geo.errors import BadInputError, NotFoundError
from geo.vocabulary import Vocabulary
from office import clock, people, secret
from office.actor import Actor
from office.clock import DAY, HOUR
from office.database import metadata
from office.people import Person, accounts

MOST_DAYS = 366
MOST_TOKENS = 50  # of one account
TOUCH_S = HOUR  # `used_at` is that exact
api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # JSON list
    Column("second_factor", Boolean, nullable=False),  # of the session that made it
    Column("created_at", BigInteger, nullable=False),  # seconds since 1970
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)


class Scope(Vocabulary):
    """What a token is good for."""

    READ = "read", "đọc", "read"
    WRITE = "write", "đọc và ghi", "read and write"


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret."""

    id: str
    name: str
    scopes: frozenset[str]
    created_at: int
    expires_at: int
    used_at: int | None


def make(
    conn: Connection, actor: Actor, *, name: str, scopes: frozenset[Scope], days: int
) -> tuple[str, str]:
    """Make a token for the actor; returns its id and its secret, which is never shown again.

    Raises:
        BadInputError: it would last too long, or the account has too many.
    """
    if not 1 <= days <= MOST_DAYS:
        raise BadInputError(f"A token lasts 1 to {MOST_DAYS} days", parameter="days", value=days)
    if len(of(conn, actor.id)) >= MOST_TOKENS:
        raise BadInputError(f"An account has at most {MOST_TOKENS} tokens", parameter="name")
    token, now, made = secret.new(secret.MARK), clock.now(), uuid4().hex
    held = {Scope.READ, *scopes}
    conn.execute(
        insert(api_tokens).values(
            id=made,
            digest=secret.digest(token),
            account_id=actor.id,
            name=name,
            scopes=json.dumps(sorted(held)),
            second_factor=actor.second_factor,
            created_at=now,
            expires_at=now + days * DAY,
        )
    )
    return made, token


def of(conn: Connection, account_id: str) -> list[Token]:
    """Return the tokens of an account, the newest first; expired ones are gone."""
    lasting = api_tokens.c.expires_at > clock.now()
    asked = select(api_tokens).where(api_tokens.c.account_id == account_id, lasting)
    rows = conn.execute(asked.order_by(api_tokens.c.created_at.desc(), api_tokens.c.id))
    return [
        Token(r.id, r.name, frozenset(json.loads(r.scopes)), r.created_at, r.expires_at, r.used_at)
        for r in rows
    ]


def actor(conn: Connection, token: str, *, outside_s: int = 0) -> tuple[Actor, bool] | None:
    """Return who acts with a token, and whether its use should be noted; None if it is no good.

    That of a person who signs in at an identity provider is good for `outside_s` seconds after he
    last did so, with 0 for as long as it lasts.
    """
    now = clock.now()
    columns = (
        api_tokens.c.scopes,
        api_tokens.c.second_factor,
        api_tokens.c.used_at,
    )
    row = conn.execute(
        select(accounts, *columns)
        .join_from(api_tokens, accounts)
        .where(
            api_tokens.c.digest == secret.digest(token),
            api_tokens.c.expires_at > now,
            accounts.c.active,
            *_known_outside(now, outside_s),
        )
    ).first()
    if row is None:
        return None
    scopes = frozenset(json.loads(row.scopes))
    found = people.person(row).acting("token", second_factor=row.second_factor, scopes=scopes)
    return found, row.used_at is None or now - row.used_at >= TOUCH_S


def _known_outside(now: int, outside_s: int) -> list[ColumnElement[bool]]:
    c = accounts.c
    return [or_(c.issuer.is_(None), c.came_at > now - outside_s)] if outside_s else []


def good_until(person: Person, outside_s: int) -> int | None:
    """Return when the tokens of a person rest until he signs in at his provider; None if never."""
    if not (person.outside and outside_s):
        return None
    return (person.came_at or 0) + outside_s


def touch(conn: Connection, token: str) -> None:
    """Note that a token was used."""
    own = api_tokens.c.digest == secret.digest(token)
    conn.execute(update(api_tokens).where(own).values(used_at=clock.now()))


def revoke(conn: Connection, account_id: str, token_id: str) -> None:
    """Take a token back. Raises NotFoundError."""
    own = (api_tokens.c.id == token_id) & (api_tokens.c.account_id == account_id)
    if conn.execute(delete(api_tokens).where(own)).rowcount == 0:
        raise NotFoundError("There is no such token")


def revoke_proved(conn: Connection, account_id: str) -> None:
    """Take back the tokens that were made with a second factor, which is no more."""
    own = (api_tokens.c.account_id == account_id) & api_tokens.c.second_factor
    conn.execute(delete(api_tokens).where(own))


def revoke_all(conn: Connection, account_id: str) -> int:
    """Take every token of an account back; returns how many there were."""
    return conn.execute(delete(api_tokens).where(api_tokens.c.account_id == account_id)).rowcount

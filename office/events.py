"""What was done to accounts and sessions: who, when, what; never a secret."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Integer, Table, Text, insert, select

from office import clock
from office.database import metadata

account_events = Table(
    "account_events",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),  # seconds since 1970
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),  # login, or operator, or anonymous
    Column("account_id", Text, index=True),  # whom it is about
    Column("address", Text),  # of the client
    Column("detail", Text, nullable=False),  # JSON
)


class Kind(StrEnum):
    """What was done."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SECOND_FACTOR_SHOWN = "second_factor_shown"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    PASSWORD_SET = "password_set"  # noqa: S105
    TOKEN_MADE = "token_made"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    INVITED = "invited"
    INVITATION_REVOKED = "invitation_revoked"
    RESET_LINK_MADE = "reset_link_made"
    LINK_USED = "link_used"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_CHANGED = "account_changed"


class By(NamedTuple):
    """Who does something, and from which address."""

    name: str
    address: str | None = None


class Event(NamedTuple):
    """One thing that was done."""

    at: int
    kind: Kind
    actor: str
    account_id: str | None
    address: str | None
    detail: dict[str, object]


def note(
    conn: Connection, kind: Kind, by: By, account_id: str | None = None, **detail: object
) -> None:
    """Write down what was done, in the transaction that does it."""
    values = {
        "at": clock.now(), "kind": kind.value, "actor": by.name, "account_id": account_id,
        "address": by.address, "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
    }  # fmt: skip
    conn.execute(insert(account_events).values(values))


def latest(conn: Connection, most: int = 100) -> list[Event]:
    """Return what was done last, the newest first."""
    asked = select(account_events).order_by(account_events.c.seq.desc()).limit(most)
    return [
        Event(r.at, Kind(r.kind), r.actor, r.account_id, r.address, json.loads(r.detail))
        for r in conn.execute(asked)
    ]

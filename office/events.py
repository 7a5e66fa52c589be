"""What was done to accounts and sessions: who, when, what; never a secret."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Row,
    Table,
    Text,
    insert,
    or_,
    select,
)

from geo.vocabulary import Vocabulary
from office import clock
from office.database import metadata
from office.people import accounts

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


class AccountEvent(Vocabulary):
    """What was done."""

    SIGNED_IN = "signed_in", "đăng nhập", "signed in"
    SIGN_IN_FAILED = "sign_in_failed", "đăng nhập không thành công", "failed to sign in"
    SIGNED_OUT = "signed_out", "đăng xuất", "signed out"
    SECOND_FACTOR_SHOWN = "second_factor_shown", "qua xác thực bước hai", "showed the second factor"
    SECOND_FACTOR_FAILED = "second_factor_failed", "sai mã xác thực", "failed the second factor"
    SECOND_FACTOR_SET = "second_factor_set", "thiết lập xác thực bước hai", "set a second factor"
    SECOND_FACTOR_REMOVED = (
        "second_factor_removed",
        "bỏ xác thực bước hai",
        "removed a second factor",
    )
    PASSWORD_SET = "password_set", "đặt mật khẩu", "set a password"
    TOKEN_MADE = "token_made", "tạo khóa truy cập", "made a token"
    TOKEN_REVOKED = "token_revoked", "thu hồi khóa truy cập", "revoked a token"
    INVITED = "invited", "mời người dùng", "invited somebody"
    INVITATION_REVOKED = "invitation_revoked", "thu hồi lời mời", "revoked an invitation"
    RESET_LINK_MADE = "reset_link_made", "tạo liên kết đặt lại mật khẩu", "made a reset link"
    LINK_USED = "link_used", "dùng liên kết một lần", "used a one-time link"
    ACCOUNT_MADE = "account_made", "lập tài khoản", "made an account"
    ACCOUNT_CHANGED = "account_changed", "thay đổi tài khoản", "changed an account"
    HISTORY_VERIFIED = "history_verified", "kiểm chứng lịch sử", "verified the history"


Kind = AccountEvent  # as the modules of this room call it
KINDS = {kind.value: kind for kind in Kind}


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
    detail: dict[str, Any]


class Asked(NamedTuple):
    """Which events are wanted; times in seconds since 1970, `until` is exclusive.

    `actor` is the login of who did it, or of whom it is about; `before` the number of an event.
    """

    since: float | None = None
    until: float | None = None
    actor: str | None = None
    kind: Kind | None = None
    before: int | None = None


class Found(NamedTuple):
    """An event with its number, and the login of whom it is about."""

    seq: int
    event: Event
    about: str | None


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
    return [found.event for found in page(conn, Asked(), most=most)]


def page(conn: Connection, asked: Asked, *, most: int) -> list[Found]:
    """Return the latest events that are wanted, the newest first."""
    c = account_events.c
    wanted = [
        asked.since is None or c.at >= asked.since,
        asked.until is None or c.at < asked.until,
        asked.actor is None or or_(c.actor == asked.actor, accounts.c.login == asked.actor),
        asked.kind is None or c.kind == (asked.kind and asked.kind.value),
        asked.before is None or c.seq < asked.before,
    ]
    query = select(account_events, accounts.c.login).outerjoin_from(
        account_events, accounts, c.account_id == accounts.c.id
    )
    query = query.where(*(one for one in wanted if one is not True))
    return [_found(row) for row in conn.execute(query.order_by(c.seq.desc()).limit(most))]


def _found(r: Row[Any]) -> Found:
    event = Event(r.at, KINDS[r.kind], r.actor, r.account_id, r.address, json.loads(r.detail))
    return Found(r.seq, event, r.login)

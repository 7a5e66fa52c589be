"""Slows down who guesses: by account and by address, shared by all processes.

An attempt is counted before it is known how it ends, so that many at once gain nothing; a good
one is taken back.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Integer, Table, Text, delete, text, update

from office import clock
from office.clock import DAY, HOUR
from office.database import metadata
from office.errors import LockedError
from office.secret import digest

attempts = Table(
    "attempts",
    metadata,
    Column("key", Text, primary_key=True),  # hashed: who mistakes the field may type a password
    Column("failures", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False, index=True),  # seconds since 1970
    Column("blocked_until", BigInteger, nullable=False),
)


class Limit(NamedTuple):
    """How many attempts are free; then each locks for twice as long, `base_s` to `most_s`."""

    free: int
    base_s: int = 30
    most_s: int = 900


ACCOUNT = Limit(5)
ADDRESS = Limit(30)
FORGET_S = HOUR  # without an attempt
_KNOW = "INSERT INTO attempts VALUES (:key, 0, :now, 0) ON CONFLICT (key) DO NOTHING"
_COUNT = """
UPDATE attempts SET last_at = :now,
  failures = CASE WHEN last_at < :forget THEN 1 ELSE failures + 1 END
WHERE key = :key AND blocked_until <= :now RETURNING failures
"""


def keys(*, address: str | None = None, **named: str) -> dict[str, Limit]:
    """Return the keys of an attempt: its address, and things named, such as login="lan"."""
    found = {digest(f"{kind}:{value}"): ACCOUNT for kind, value in named.items()}
    return found | ({digest(f"address:{network(address)}"): ADDRESS} if address else {})


def network(address: str) -> str:
    """Return what one client commands: an IPv4 address, or a /64 of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(found if found.version == 4 else ipaddress.ip_network(f"{found}/64", strict=False))


def enter(conn: Connection, counted: Mapping[str, Limit]) -> bool:
    """Count an attempt under each key; says whether the next one will be locked out.

    Raises:
        LockedError: one of them is locked; nothing is counted if the caller rolls back.
    """
    now, locks = clock.now(), False
    conn.execute(delete(attempts).where(attempts.c.last_at < now - DAY))
    for key, limit in sorted(counted.items()):
        conn.execute(text(_KNOW), {"key": key, "now": now})
        given = {"key": key, "now": now, "forget": now - FORGET_S}
        failures = conn.execute(text(_COUNT), given).scalar()
        if failures is None:
            asked = attempts.select().where(attempts.c.key == key)
            raise LockedError(max(1, conn.execute(asked).one().blocked_until - now))
        if failures >= limit.free:
            longer = limit.base_s << min(failures - limit.free, 16)
            _block(conn, key, now + min(longer, limit.most_s))
            locks = True
    return locks


def _block(conn: Connection, key: str, until: int) -> None:
    conn.execute(update(attempts).where(attempts.c.key == key).values(blocked_until=until))


def succeed(conn: Connection, counted: Mapping[str, Limit]) -> None:
    """Take back a good attempt: what it proves about is forgotten, its address has one less."""
    for key, limit in sorted(counted.items()):
        own = attempts.c.key == key
        if limit is ADDRESS:
            fewer = {"failures": attempts.c.failures - 1, "blocked_until": 0}
            conn.execute(update(attempts).where(own, attempts.c.failures > 0).values(fewer))
        else:
            conn.execute(delete(attempts).where(own))

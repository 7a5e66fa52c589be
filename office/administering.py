"""What an administrator does to the accounts of others."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection

from geo.errors import ConflictError
from office import events, people, second_factor, sessions
from office.actor import Role
from office.events import By, Kind
from office.people import Person


def change(
    conn: Connection,
    by: By,
    account_id: str,
    *,
    name: str | None = None,
    role: Role | None = None,
    provinces: Iterable[str] | None = None,
    active: bool | None = None,
) -> Person:
    """Change an account; None leaves as it is. Its sessions end with what it may be.

    Raises:
        NotFoundError: there is no such account.
        ConflictError: it is the last open one of an administrator.
    """
    found = people.get(conn, account_id)
    people.admins(conn)  # of two who close each other's account the second waits
    held = None if provinces is None else json.dumps(sorted(provinces))
    given = {"name": name, "role": role and role.value, "provinces": held, "active": active}
    changed = {key: value for key, value in given.items() if value is not None}
    if not changed:
        return found
    people.put(conn, account_id, **changed)
    if people.admins(conn) == 0:
        raise ConflictError("Somebody has to stay administrator", parameter="role")
    after = people.get(conn, account_id)
    if {"role", "provinces", "active"} & changed.keys():
        sessions.end_all(conn, account_id)
    events.note(conn, Kind.ACCOUNT_CHANGED, by, account_id, **changed)
    return after


def remove_second_factor(conn: Connection, by: By, account_id: str) -> None:
    """Let a person who lost his second factor set another; his sessions end.

    Raises:
        NotFoundError: there is no such account.
    """
    people.get(conn, account_id)
    second_factor.remove(conn, account_id)
    sessions.end_all(conn, account_id)
    events.note(conn, Kind.SECOND_FACTOR_REMOVED, by, account_id)

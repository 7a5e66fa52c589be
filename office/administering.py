"""What an administrator does to the accounts of others."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection

from geo.errors import ConflictError
from office import events, invitations, people, second_factor, sessions, tokens
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
    mail: str | None = None,
) -> Person:
    """Change an account; None leaves as it is. What it had open ends with what it may be.

    An empty `mail` takes the address away.

    Raises:
        NotFoundError: there is no such account.
        BadInputError: the mail is no address.
        ConflictError: it is the last open one of an administrator.
    """
    found = people.get(conn, account_id)
    people.admins(conn)  # of two who close each other's account the second waits
    held = None if provinces is None else json.dumps(sorted(provinces))
    given = {"name": name, "role": role and role.value, "provinces": held, "active": active}
    changed = {key: value for key, value in given.items() if value is not None}
    told = changed | ({} if mail is None else {"mail": bool(mail)})
    if not told:
        return found
    where = {} if mail is None else {"mail": people.checked_mail(mail)}
    people.put(conn, account_id, **changed, **where)
    if people.admins(conn) == 0:
        vi = "phải còn ít nhất một quản trị viên"
        raise ConflictError("Somebody has to stay administrator", vi=vi, parameter="role")
    after = people.get(conn, account_id)
    end_open(conn, found, after)
    events.note(conn, Kind.ACCOUNT_CHANGED, by, account_id, **told)
    return after


def end_open(conn: Connection, before: Person, after: Person) -> None:
    """End what was opened as what an account was.

    Its sessions end; with its role its tokens too, which would act as more than they were made
    for; and the links of who is no administrator any more.
    """
    roles = [(one.role, one.active) for one in (before, after)]
    if before.provinces != after.provinces or roles[0] != roles[1]:
        sessions.end_all(conn, after.id)
    if roles[0] != roles[1]:
        tokens.revoke_all(conn, after.id)
        if roles[0] == (Role.ADMIN, True):
            invitations.revoke_made_by(conn, after.login)


def remove_second_factor(conn: Connection, by: By, account_id: str) -> None:
    """Let a person who lost his second factor set another; his sessions end.

    So do the tokens that were made with it.

    Raises:
        NotFoundError: there is no such account.
    """
    people.get(conn, account_id)
    second_factor.remove(conn, account_id)
    sessions.end_all(conn, account_id)
    tokens.revoke_proved(conn, account_id)
    events.note(conn, Kind.SECOND_FACTOR_REMOVED, by, account_id)

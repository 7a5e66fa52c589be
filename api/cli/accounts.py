"""Accounts from the machine itself: for the first administrator, and where nobody can sign in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import StoreOption, app, escape, say, settings_of
from geo.errors import BadInputError
from geo.later import later
from office.actor import OPERATOR, ROLES, Role

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from api import actors
    from api.routes import admin as pages
    from geo import register, store
    from office import database, events, invitations, sealing
else:
    actors = later("api.actors")
    pages = later("api.routes.admin")
    register = later("geo.register")
    store = later("geo.store")
    database = later("office.database")
    events = later("office.events")
    invitations = later("office.invitations")
    sealing = later("office.sealing")


admin = typer.Typer(no_args_is_help=True, help="Accounts, from the machine itself.")
app.add_typer(admin, name="admin")


@admin.command()
def invite(
    role: Annotated[str, typer.Option(help="Role of the new account.")] = Role.ADMIN.value,
    login: Annotated[
        str | None, typer.Option(help="Login; absent = the invited person chooses.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the person.")] = None,
    province: Annotated[
        list[str] | None, typer.Option(help="Id of a province, vn.dak-nong; may be repeated.")
    ] = None,
    address: Annotated[
        str, typer.Option(help="Address of the server as people open it.")
    ] = "http://127.0.0.1:8000",
    path: StoreOption = None,
) -> None:
    """Print a one-time link that makes an account.

    Example: cotmoc admin invite --role editor --login lan --province vn.dak-nong
    """
    held = ROLES.get(role)
    if held is None or held is Role.ANONYMOUS:
        allowed = [one for one in ROLES if one != Role.ANONYMOUS]
        raise BadInputError(f"There is no role {role!r}", parameter="role", allowed=allowed)
    settings = settings_of(path)
    provinces = pages.checked(register.Register(store.open_store(settings.store)), province or ())
    office = database.open_office(actors.place(settings))
    with database.writing(office) as conn:
        by = events.By(OPERATOR.name)
        _, token = invitations.invite(
            conn, by, role=held, login=login, name=name, provinces=provinces
        )
    say(f"This link works once, within {_hours()} hours:")
    typer.echo(f"{address.rstrip('/')}{pages.PAGE}#{token}")


@admin.command(name="key")
def make_key(
    file: Annotated[Path, typer.Argument(help="File of the new key, see COTMOC_OFFICE_KEY.")],
) -> None:
    """Make a key that seals the secrets of second factors; keep it off the backups.

    Example: cotmoc admin key /etc/cotmoc/office.key
    """
    name = sealing.make(file)
    say(escape(f"Made key {name}: {file} seals second factors and stays secret"))


def _hours() -> int:
    return invitations.LASTS_S // 3_600


def tell_first_link(office: Engine, address: str) -> None:
    """Print a link for the first administrator, as long as there is none."""
    with database.writing(office) as conn:
        token = invitations.first_admin(conn)
    if token:
        say(f"No administrator yet. This link makes one, once, within {_hours()} hours:")
        say(f"  {escape(f'{address}{pages.PAGE}#{token}')}")

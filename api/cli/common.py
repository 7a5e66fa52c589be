"""What the commands share: the application, its options, how it speaks and fails."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from geo.later import later

if TYPE_CHECKING:
    from rich import console as consoles
    from rich import markup as marks
    from rich.console import Console

    from api import settings
    from api.settings import Settings
    from geo import register, store
    from geo.register import Register
else:
    consoles = later("rich.console")
    marks = later("rich.markup")
    settings = later("api.settings")
    register = later("geo.register")
    store = later("geo.store")


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Cột Mốc: map and register for land-border and corridor cooperation.",
)
StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="Register: a file or postgresql://…; default COTMOC_STORE."),
]
BUSY_PORT_EXIT, ERROR_EXIT, UNSAFE_EXIT = 2, 1, 2


@cache
def console() -> Console:
    """Return what writes to the person at the terminal."""
    return consoles.Console(stderr=True)


def escape(text: str) -> str:
    """Return a text of which nothing is taken for markup."""
    return marks.escape(text)


def fail(text: str, code: int = ERROR_EXIT) -> NoReturn:
    """End with one line that says what is wrong."""
    say(f"[red]cotmoc:[/red] {escape(text)}")
    raise SystemExit(code) from None


def say(markup: str) -> None:
    """Tell the person at the terminal something that is not the command's output."""
    console().print(markup, soft_wrap=True, highlight=False)


def settings_of(path: str | None) -> Settings:
    """Return the settings, with another register where one is named."""
    return settings.Settings(store=path) if path else settings.Settings()


def opened(path: str | None) -> Register:
    """Return the register of the settings, or the one that is named, open."""
    return register.Register(store.open_store(settings_of(path).store))

"""The command line: cotmoc. One module holds one group of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from api.cli import (  # noqa: F401 - each adds its commands
    accounts,
    audit,
    backups,
    importing,
    reading,
    serving,
    stores,
    upgrading,
    working,
)
from api.cli.common import app, fail
from geo.errors import GeoError
from geo.later import later

if TYPE_CHECKING:
    import pydantic
    from sqlalchemy import exc

    from geo import info
else:
    pydantic = later("pydantic")
    exc = later("sqlalchemy.exc")
    info = later("geo.info")


__all__ = ["app", "main"]


def main() -> None:
    """Run a command; an expected error is one line, without a traceback."""
    try:
        app()
    except Exception as error:
        told = _told(error)
        if told is None:
            raise
        fail(told)


def _told(error: Exception) -> str | None:
    """Return the line for an error that is expected."""
    if isinstance(error, GeoError):
        allowed = f"\n  allowed: {', '.join(error.allowed)}" if error.allowed else ""
        return error.detail + allowed
    if isinstance(error, pydantic.ValidationError):
        wrong = error.errors()[0]
        return f"COTMOC_{'_'.join(map(str, wrong['loc'])).upper()}: {wrong['msg']}"
    if isinstance(error, exc.SQLAlchemyError):
        return f"the register cannot be read: {str(error).splitlines()[0]}"
    return None


@app.command()
def version() -> None:
    """Print the version.

    Example: cotmoc version
    """
    typer.echo(f"cotmoc {info.version()}")

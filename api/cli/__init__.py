"""The command line: cotmoc. One module holds one group of commands."""

from __future__ import annotations

import typer
from pydantic import ValidationError
from sqlalchemy import exc

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
from geo import info
from geo.errors import GeoError

__all__ = ["app", "main"]


def main() -> None:
    """Run a command; an expected error is one line, without a traceback."""
    try:
        app()
    except GeoError as error:
        allowed = f"\n  allowed: {', '.join(error.allowed)}" if error.allowed else ""
        fail(error.detail + allowed)
    except ValidationError as error:
        wrong = error.errors()[0]
        fail(f"COTMOC_{'_'.join(map(str, wrong['loc'])).upper()}: {wrong['msg']}")
    except exc.SQLAlchemyError as error:
        fail(f"the register cannot be read: {str(error).splitlines()[0]}")


@app.command()
def version() -> None:
    """Print the version.

    Example: cotmoc version
    """
    typer.echo(f"cotmoc {info.version()}")

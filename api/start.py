"""Starts the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.later import later

if TYPE_CHECKING:
    from api import cli
else:
    cli = later("api.cli")


def main() -> None:
    """Load the commands and run one."""
    cli.main()

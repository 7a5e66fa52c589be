"""Starts the command line.

Nothing that loads with a program is garbage: searching it for some takes a seventh of the start,
and of the time for each search after it.
"""

from __future__ import annotations

import gc


def main() -> None:
    """Load the commands and run one."""
    gc.disable()
    from api import cli  # noqa: PLC0415 - this is what takes the time

    gc.freeze()
    gc.enable()
    cli.main()

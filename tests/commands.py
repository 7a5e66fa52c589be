"""Every command of the command line by its whole name, such as `audit verify`."""

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from api.cli import app


def _walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    parts: dict[str, Any] = getattr(command, "commands", {})
    if not parts:
        yield name, command
    for part, one in parts.items():
        yield from _walk(one, f"{name} {part}".lstrip())


COMMANDS: dict[str, Any] = dict(_walk(get_command(app), ""))

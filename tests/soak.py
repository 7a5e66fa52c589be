"""Where a long campaign writes how it ended: the line "Last run" of its section in docs/soak.md."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs/soak.md"
CALLS = "COTMOC_SOAK_CALLS"  # another number of requests than the whole campaign makes
REGISTER = "COTMOC_SOAK_REGISTER"  # a million markers that are at hand: a file, which is only read
_LAST = r"(## {section}\n(?:(?!\n## ).)*?\nLast run: )[^\n]*"


def calls() -> int:
    """Return how many requests a campaign over HTTP makes in all."""
    return int(os.environ.get(CALLS, "100000"))


def register() -> Path | None:
    """Return the file with a million markers that whoever runs the campaigns names."""
    named = os.environ.get(REGISTER)
    return Path(named) if named else None


def record(section: str, result: str) -> None:
    """Replace the result of a section; it is told with the date and the machine."""
    page = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(_LAST.format(section=re.escape(section)), re.DOTALL)
    told = f"{datetime.now(UTC):%Y-%m-%d}, {machine()}: {result}"
    changed, found = pattern.subn(lambda match: match[1] + told, page)
    if found != 1:
        raise ValueError(f"{PAGE} has no section {section} with a last run")
    PAGE.write_text(changed, encoding="utf-8")


def machine() -> str:
    """Return what ran it, in a few words."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, Python {platform.python_version()}"

"""The time of day, in one place, so that a test may set it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds


def now() -> int:
    """Return the time, whole seconds since 1970-01-01 UTC."""
    return int(time.time())


def iso(seconds: int) -> str:
    """Return such a time as RFC 3339 has it, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()

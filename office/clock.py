"""The time of day, in one place, so that a test may set it."""

from __future__ import annotations

import time

MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds


def now() -> int:
    """Return the time, whole seconds since 1970-01-01 UTC."""
    return int(time.time())

"""What has been found out about a register at one revision, and is true for as long."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from geo.called import Called


@dataclass(slots=True)
class Known:
    """What readers remember; threads share it."""

    revision: int
    settled: dict[str, str] = field(default_factory=dict)  # layer to the last day of a change
    begun: dict[str, str] = field(default_factory=dict)  # layer to the last day that a row begins
    counts: dict[tuple[Any, ...], int] = field(default_factory=dict)
    called: dict[str, Called] = field(default_factory=dict)  # by layer

"""What is known of each row of a file while it is being judged."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from shapely.geometry.base import BaseGeometry

from geo.imports.dates import Day
from geo.imports.findings import NOTHING, Finding, Level, Problem, Said
from geo.imports.headers import Column
from geo.imports.markers import Number
from geo.types import Properties
from geo.vocabulary import Vocabulary


def new_id() -> str:
    """Return an identifier that nothing has."""
    return f"n{secrets.token_hex(12)}"


class Action(StrEnum):
    """What an import would do with a row."""

    CREATE = "create"
    CHANGE = "change"
    SAME = "same"
    ERROR = "error"


class Raw(NamedTuple):
    """Two coordinates as the row has them: lon or easting, lat or northing."""

    x: float
    y: float


class Step(NamedTuple):
    """A dated step of a marker that the row states."""

    event: str
    day: Day
    column: Column | None


@dataclass(slots=True)
class Record:
    """One row: what it gives, where it lies, and what was found."""

    row: int  # as the sheet counts, from 1
    given: Properties = field(default_factory=dict)
    id: str | None = None
    named: bool = False  # whether the row itself says its id
    number: Number | None = None
    raw: Raw | None = None
    shape: BaseGeometry | None = None
    province: str | None = None  # as the row names it
    steps: list[Step] = field(default_factory=list)
    condition: str | None = None
    seen: Day | None = None  # when the condition was seen
    findings: list[Finding] = field(default_factory=list)
    action: Action = Action.ERROR
    base: int | None = None  # revision of the row of the register that it changes
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # of a row that there is

    def find(
        self,
        problem: Problem,
        column: Column | None = None,
        value: object = None,
        said: Said = NOTHING,
        reason: Vocabulary | None = None,
    ) -> None:
        """Note a finding at a column of the row."""
        letter, header = (column.letter, column.header) if column else (None, None)
        text = None if value is None else str(value)[:200]
        self.findings.append(Finding(problem, self.row, letter, header, text, said, reason))

    def brings(self) -> dict[str, tuple[Any, Any]]:
        """Return what the row brings, each as before and after."""
        if self.action is not Action.CREATE:
            return self.changes
        found = {n: (None, v) for n, v in self.given.items() if v is not None and n[0] != "@"}
        found |= {f"@{step.event}": (None, step.day.iso) for step in self.steps}
        return found | ({"@condition": (None, self.condition)} if self.condition else {})

    @property
    def sound(self) -> bool:
        """Whether nothing that was found forbids to write it, once an approver agrees."""
        return all(finding.level is not Level.ERROR for finding in self.findings)

    @property
    def waits(self) -> bool:
        """Whether it needs an approver."""
        return any(finding.level is Level.APPROVAL for finding in self.findings)

    @property
    def errors(self) -> list[Finding]:
        """What forbids its sender to write it."""
        return [finding for finding in self.findings if finding.level is not Level.WARNING]

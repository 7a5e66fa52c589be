"""What is known of each row of a file while it is being judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from shapely.geometry.base import BaseGeometry

from geo.imports.dates import Day
from geo.imports.findings import Finding, Level, Problem, Said
from geo.imports.headers import Column
from geo.imports.markers import Number
from geo.refusal import Reason
from geo.types import Properties


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
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def find(
        self,
        problem: Problem,
        column: Column | None = None,
        value: object = None,
        said: Said = Said(),  # noqa: B008
        reason: Reason | None = None,
    ) -> None:
        """Note a finding at a column of the row."""
        letter, header = (column.letter, column.header) if column else (None, None)
        text = None if value is None else str(value)[:200]
        self.findings.append(Finding(problem, self.row, letter, header, text, said, reason))

    @property
    def sound(self) -> bool:
        """Whether nothing that was found forbids to write it."""
        return all(finding.level is Level.WARNING for finding in self.findings)

"""What is asked of an export: which rows of which layer, in which system, with which properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection

from geo.query import Filter
from geo.reproject import CRS84_URI
from geo.schema import Field, Layer

EXERCISE_NOTICE = "DIỄN TẬP / EXERCISE"


@dataclass(frozen=True, slots=True)
class Order:
    """One export; `system` is the URI of its coordinates' system.

    `most` limits the features, `names` keeps to some properties; None means all. `said` is what
    was asked in the words of who asked; `catalogue` tells of the embedded data, see geo.load;
    `described_by` is the address of the metadata. `about` are the metadata themselves, which
    geo.exports fills in where the format has a place for them. `tell` hears of each piece that is
    read how many features it holds; what it raises stops the export.
    """

    layer: Layer
    asked: Filter
    system: str = CRS84_URI
    most: int | None = None
    names: Sequence[str] | None = None
    exercise: bool = False
    said: Mapping[str, str] = field(default_factory=dict)
    catalogue: Sequence[Mapping[str, Any]] = ()
    described_by: str | None = None
    about: dict[str, Any] = field(default_factory=dict)
    tell: Callable[[int], None] | None = None

    @property
    def fields(self) -> list[Field]:
        """The declared fields of the properties that are wanted, in the layer's order."""
        wanted = self.names
        return [f for f in self.layer.fields if wanted is None or f.name in wanted]


class Writing(Protocol):
    """A format that needs a file to go back and forth in."""

    def write(self, conn: Connection, order: Order, path: Path) -> None:
        """Write the file; what else lies in its folder is thrown away."""

"""What records are judged on: the register as their importer sees it, and what he may write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from geo import scope
from geo.audience import Sight, project
from geo.imports.matching import Held
from geo.schema import Layer
from geo.types import Row
from geo.vocabulary import Vocabulary

PROPOSED = "proposal"  # the reason for which a row waits until an approver agrees
# Says why somebody may not `create`, `edit` or `undo` versions of a row, or None if he may; the
# last argument tells whether that touches what is guarded.
May = Callable[[Connection, Layer, str, Sequence[Row], bool], Vocabulary | None]


@dataclass(frozen=True, slots=True)
class Ground:
    """The register under the records of a file.

    `known` are the rows of the layer that the importer sees at his date. Before it is `final` what
    he does not see is as good as absent, so that a preview tells nothing of it.
    """

    conn: Connection
    layer: Layer
    known: Mapping[str, Held]
    sight: Sight
    may: May | None = None
    final: bool = False

    def shown(self, row: Row) -> Row:
        """Return what the importer is shown of a row that he sees."""
        seen = project(self.layer, row, scope.reads_as(self.conn, self.layer, row, self.sight))
        assert seen is not None  # noqa: S101
        return seen

    def sees(self, layer: Layer, row: Row) -> bool:
        """Say whether the importer is shown a row at all."""
        return scope.sees(self.conn, layer, row, self.sight)

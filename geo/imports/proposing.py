"""Imports that wait for an approver: each row drawn up now, all of them written when he agrees.

What is kept of one is what each of its rows changes, see geo.proposing. Its number is told to
nobody before it is written, so that the history alone says whether it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from geo import change_many, history, layers, period, proposing, scope
from geo.audience import Sight, level
from geo.change_many import Wanted
from geo.errors import BadInputError
from geo.guarding import guarded
from geo.imports import preview as previews
from geo.imports.commit import since
from geo.imports.findings import Finding, Level, Refusal, RowsError
from geo.imports.plan import Plan
from geo.imports.preview import Maker, Preview
from geo.imports.records import Record
from geo.imports.rights import May
from geo.proposing import Action, Proposed
from geo.query import Filter
from geo.schema import GEOMETRY, Layer

IMPORT: Action = "import"


class Known(NamedTuple):
    """Which row is changed, on which revision; None for a new one."""

    layer: str
    id: str
    base: int | None


class Drawn(NamedTuple):
    """One row that is to be written; `row` is its number in the sheet, from 1.

    `patch` is that of Proposed as JSON; a new row's names its id only where the sheet does.
    """

    row: int
    known: Known
    patch: bytes

    def asked(self, when: str) -> Proposed:
        """Return it as a change that is asked for by itself."""
        of, key, base = self.known
        action: Action = "create" if base is None else "edit"
        return Proposed(layers.get(of), action, key, when, base, orjson.loads(self.patch))


class Draft(NamedTuple):
    """An import that is asked for: what is known of the whole, and its rows as the sheet has them.

    `asked.patch` holds `file`, `document`, how many `rows`, their `counts` by layer and action,
    and `faces`: places of rows that stand for all, as to who may see and approve them.
    """

    asked: Proposed
    rows: list[Drawn]


class Standing(NamedTuple):
    """How the rows of an import stand: the sum of their revisions as drawn up, and now.

    Each change to one of them counts it up; `changed` are the places of those.
    """

    base: int
    revision: int
    changed: list[int]

    @property
    def stale(self) -> bool:
        """Whether a row has changed since."""
        return bool(self.changed)


def draw_up(conn: Connection, made: Preview, *, asked: Filter, may: May | None) -> Draft:
    """Return what a preview would write, checked as its sender sees the register; nothing is kept.

    Raises:
        RowsError: rows have errors, or the register is no longer what it was.
        BadInputError: it changes nothing.
    """
    wrong = [found for found in made.all_findings() if found.level is Level.ERROR]
    if wrong:
        raise RowsError(Refusal.FINDINGS, wrong)
    layer = made.options.of
    drawing, changed = _Drawing(conn, layer), list[Finding]()
    seen = {record.row: (record.action, record.base) for record in made.records}
    ground = Maker(conn, asked, may, previews.silent).ground(layer)
    for records, plan in previews.again(made, ground):
        for record in records:
            if (record.action, record.base) != seen[record.row] or not record.sound:
                changed += since(record)
        if not changed:
            drawing.take(records, plan)
    if changed:
        raise RowsError(Refusal.CHANGED, changed)
    if not drawing.rows:
        raise BadInputError("The proposal changes nothing", parameter="import")
    told = {"file": made.name, "document": made.options.document, **drawing.told()}
    return Draft(Proposed(layer, IMPORT, "", period.today(), None, told), drawing.rows)


@dataclass(slots=True)
class _Drawing:
    """What is being drawn up, of a sheet of rows of a layer."""

    conn: Connection
    layer: Layer
    rows: list[Drawn] = field(default_factory=list)
    faces: dict[Any, int] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def told(self) -> dict[str, Any]:
        """Return what is known of the whole."""
        counts: dict[str, dict[str, int]] = {}
        for (name, action), count in self.counts.items():
            counts.setdefault(name, {"create": 0, "edit": 0})[action] = count
        return {"rows": len(self.rows), "counts": counts, "faces": list(self.faces.values())}

    def take(self, records: Sequence[Record], plan: Plan) -> None:
        """Take a part of the plan, each row of the sheet with what comes with it."""
        by_id = {record.id: record for record in records}
        made = {one.row.id for one in plan.layers.get(self.layer.name, ()) if one.before is None}
        found = [
            (by_id[_owner(name, one, self.layer)], layers.get(name), one)
            for name, wanted in plan.layers.items()
            for one in wanted
        ]
        for record, of, one in sorted(found, key=lambda each: each[0].row):
            self._add(record, of, one)
            if of is self.layer or record.id not in made:  # else it lies where its marker will
                self.faces.setdefault(self._face(of, one), len(self.rows) - 1)

    def _add(self, record: Record, of: Layer, one: Wanted) -> None:
        patch = proposing.patch(of, one.row.id, *one)
        if not (record.named and of is self.layer):
            patch.pop("id", None)
        base = None if one.before is None else int(one.before.properties["revision"])
        self.counts[of.name, "create" if base is None else "edit"] += 1
        self.rows.append(Drawn(record.row, Known(of.name, one.row.id, base), orjson.dumps(patch)))

    def _face(self, of: Layer, one: Wanted) -> Any:
        """Return what tells a row apart as to who may see and approve it."""
        sides = [(level(row), scope.holders(self.conn, of, row)) for row in one if row]
        patch = orjson.loads(self.rows[-1].patch)
        closed = (guarded(of) - of.guarded).intersection(patch["properties"])
        return of.name, tuple(sides), closed, GEOMETRY in patch


def _owner(name: str, one: Wanted, layer: Layer) -> str:
    """Return the id of the row of the sheet with which something comes."""
    return str(one.row.id if name == layer.name else one.row.properties["marker_id"])


def standing(conn: Connection, rows: Sequence[Known], sight: Sight) -> Standing:
    """Say how rows stand for a reader, to whom a new row that he does not see is not there."""
    now = _numbers(conn, rows, sight)
    base = sum(one.base or 0 for one in rows)
    found = [now.get((one.layer, one.id), 0) for one in rows]
    pairs = enumerate(zip(rows, found, strict=True))
    changed = [place for place, (one, number) in pairs if number != (one.base or 0)]
    return Standing(base, sum(found), changed)


def _numbers(
    conn: Connection, rows: Iterable[Known], sight: Sight
) -> Mapping[tuple[str, str], int]:
    """Return the number of the latest change of rows that are there, by layer and id."""
    old: dict[str, set[str]] = {}
    new: dict[str, set[str]] = {}
    for one in rows:
        (new if one.base is None else old).setdefault(one.layer, set()).add(one.id)
    found: dict[tuple[str, str], int] = {}
    for name, ids in old.items():
        numbers = history.last_revisions(conn, name, ids)
        found |= {(name, key): number for key, number in numbers.items()}
    for name, ids in new.items():
        of = layers.get(name)
        for key, held in change_many.versions(conn, of, ids).items():
            seen = [row for row in held if scope.sees(conn, of, row, sight)]
            if seen:
                found[name, key] = max(int(row.properties["revision"]) for row in seen)
    return found

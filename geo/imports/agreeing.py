"""Writing an import that waited, once an approver agrees: all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from geo import change_many, derived, layers, proposing, records, scope
from geo.audience import Sight
from geo.change import Edit
from geo.change_many import Progress, Wanted
from geo.errors import ConflictError
from geo.history.difference import changed, clashes
from geo.history.imports import of_import
from geo.imports import matching
from geo.imports.commit import Done
from geo.imports.findings import NOTHING, Finding, Problem, Refusal, RowsError, Said
from geo.imports.plan import PART, said_of
from geo.imports.proposing import Drawn
from geo.imports.records import Action, Record, new_id
from geo.proposing import Proposed, Sides, Written
from geo.query import Filter
from geo.refusal import FeatureError
from geo.schema import Layer
from geo.tables import history
from geo.types import Row
from geo.units import Units
from geo.views import feature
from geo.vocabulary import Vocabulary

MOST_FIELDS = 5  # that a finding names with their values
_LONGEST = 60  # characters of a value in it


def write(
    conn: Connection,
    rows: Iterable[Drawn],
    edit: Edit,
    *,
    layer: Layer,
    key: str,
    asked: Filter,
    progress: Progress = lambda _: None,
) -> Done:
    """Write the rows of an import of a layer in the caller's transaction, under its number `key`.

    `asked` is what who agrees sees; `edit.permit` says whether he may approve each row.

    Raises:
        RowsError: what is in the register by now forbids some of them.
        GeoError: as `edit.permit` raises.
    """
    writer = _Writer(conn, layer, edit, asked)
    counts: Counter[str] = Counter()
    for part in _parts(rows):
        wanted = writer.wanted(part)
        if not writer.findings:
            change_many.write(conn, wanted, edit, progress)
            counts.update({name: len(found) for name, found in wanted.items()})
    if writer.findings:
        raise RowsError(Refusal.CHANGED, writer.findings)
    return Done(key, {name: count for name, count in counts.items() if count})


def _parts(rows: Iterable[Drawn]) -> Iterator[list[Drawn]]:
    """Yield rows some at a time; what comes with a row of the sheet stays with it."""
    part: list[Drawn] = []
    for one in rows:
        if len(part) >= PART and one.row != part[-1].row:
            yield part
            part = []
        part.append(one)
    if part:
        yield part


def written(conn: Connection, key: str) -> Written | None:
    """Return the first entry of an import in the history, if it was written."""
    c = history.c
    columns = (c.seq, c.at, c.actor, c.revision)
    mine = select(*columns).where(of_import(key))
    found = conn.execute(mine.order_by(c.seq).limit(1)).first()
    return None if found is None else Written(*found)


@dataclass(slots=True)
class _Writer:
    """Turns rows that were drawn up into rows to write, upon the register as it is now."""

    conn: Connection
    layer: Layer
    edit: Edit
    asked: Filter
    findings: list[Finding] = field(default_factory=list)
    units: Units = field(init=False)
    known: dict[str, matching.Held] = field(init=False)

    def __post_init__(self) -> None:
        self.units = records.units(self.conn)
        self.known = matching.held(self.conn, self.layer, self.asked)

    def wanted(self, part: Sequence[Drawn]) -> dict[str, list[Wanted]]:
        """Return by layer what a part is to write; what forbids it is noted."""
        names: dict[str, str] = {}  # new identifiers of new rows
        made: set[str] = set()
        found: dict[str, list[Wanted]] = {}
        for name in sorted({one.known.layer for one in part}, key=self._order):
            own = [one for one in part if one.known.layer == name]
            pairs = self._pairs(layers.get(name), own, names)
            self._judge(layers.get(name), pairs, made)
            if name == self.layer.name:
                made = {one.row.id for _, one in pairs if one.before is None}
            found[name] = [one for _, one in pairs if _differs(layers.get(name), one)]
        return found

    def _order(self, name: str) -> tuple[bool, str]:
        return name != self.layer.name, name

    def _pairs(
        self, of: Layer, rows: Sequence[Drawn], names: dict[str, str]
    ) -> list[tuple[Drawn, Wanted]]:
        held = change_many.versions(self.conn, of, {one.known.id for one in rows})
        found: list[tuple[Drawn, Wanted]] = []
        for one in rows:
            asked, own = one.asked(""), held.get(one.known.id, [])
            if asked.base is None:
                wanted = self._new(one, asked, own, names)
            else:
                wanted = self._changed(one, asked, own)
            if wanted is not None:
                found.append((one, wanted))
        if of is self.layer:
            self._find_twins(found)
        return found

    def _new(
        self, one: Drawn, asked: Proposed, held: Sequence[Row], names: dict[str, str]
    ) -> Wanted | None:
        """Return a new row; it makes way for one of its identifier that nobody here sees."""
        of = asked.layer
        if any(scope.sees(self.conn, of, row, self.edit.sight) for row in held):
            self._find(one, Problem.CHANGED_SINCE)
            return None
        row = proposing.changed_by(asked, None)
        if held and "id" not in asked.patch:
            names[row.id] = new_id()
            row = row._replace(id=names[row.id])
        marker = row.properties.get("marker_id")
        if of is not self.layer and marker in names:
            row = row._replace(properties=row.properties | {"marker_id": names[marker]})
        return Wanted(None, row)

    def _changed(self, one: Drawn, asked: Proposed, held: Sequence[Row]) -> Wanted | None:
        same = (row for row in held if row.properties["revision"] == one.known.base)
        now = next(same, None) or proposing.sides(self.conn, asked).now
        if now is None:
            self._find(one, Problem.CHANGED_SINCE)
            return None
        return Wanted(now, proposing.changed_by(asked, now))

    def _find_twins(self, pairs: Sequence[tuple[Drawn, Wanted]]) -> None:
        """Find new rows that somebody else has written by now, under other identifiers."""
        new = [
            Record(one.row, dict(wanted.row.properties), wanted.row.id, action=Action.CREATE)
            for one, wanted in pairs
            if wanted.before is None and "id" not in one.asked("").patch
        ]
        for record in matching.came(new, self.layer, self.known):
            label = str(record.given.get(self.layer.label))
            self.findings.append(Finding(Problem.CHANGED_SINCE, record.row, value=label))

    def _judge(self, of: Layer, pairs: list[tuple[Drawn, Wanted]], made: set[str]) -> None:
        """Hold rows against the rules for every change; what lies at a new marker stands by it."""
        own = [
            pair
            for pair in pairs
            if of is self.layer or pair[1].row.properties["marker_id"] not in made
        ]
        wanted = [one for _, one in own]
        for place, error in change_many.problems(self.conn, of, wanted, self.edit.sight):
            reason = error.reason if isinstance(error, FeatureError) else None
            problem = Problem.TAKEN if isinstance(error, ConflictError) else Problem.REFUSED
            self._find(own[place][0], problem, said_of(error), reason)
        for one in wanted:
            self._ask(of, one)

    def _ask(self, of: Layer, one: Wanted) -> None:
        """Ask whether who agrees may approve a row: as it was, and as it will be."""
        assert one.after is not None  # noqa: S101
        rows = [derived.with_unit(of, one.after, self.units)]
        rows += [one.before] if one.before else []
        if self.edit.permit:
            self.edit.permit(self.conn, of, "edit" if one.before else "create", rows, True)

    def _find(
        self, one: Drawn, problem: Problem, said: Said = NOTHING, reason: Vocabulary | None = None
    ) -> None:
        name = f"{one.known.layer} {one.known.id}"
        self.findings.append(Finding(problem, one.row, value=name, said=said, reason=reason))


def _differs(of: Layer, one: Wanted) -> bool:
    return one.before is None or bool(changed(of, *one))


def meanwhile(
    conn: Connection, rows: Iterable[Drawn], when: str, sight: Sight
) -> Iterator[Finding]:
    """Yield a finding for each of these rows that has changed, with both values of its fields."""
    for one in rows:
        asked = one.asked(when)
        found = proposing.shown(conn, asked, proposing.sides(conn, asked), sight)
        name = f"{one.known.layer} {one.known.id}"
        said = NOTHING if found is None else _both(asked, found)
        yield Finding(Problem.CHANGED_SINCE, one.row, value=name, said=said)


def _both(asked: Proposed, found: Sides) -> Said:
    """Word what each field is now, and what was asked for."""
    if found.now is None:
        return NOTHING
    named = clashes(asked.layer, feature(found.before), feature(found.now) or {}, asked.patch)
    texts = [f"{c.field}: {_short(c.theirs)} ≠ {_short(c.yours)}" for c in named[:MOST_FIELDS]]
    said = "; ".join(texts)
    return Said.same(said)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

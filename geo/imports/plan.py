"""What an import would write: rows of the layer, and the events and inspections that come with it.

Made anew from the records and the register each time it is asked for, so that a preview and the
commit that follows it can be held against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from shapely.geometry.base import BaseGeometry

from geo import change_many, derived, incoming, records
from geo.change_many import Wanted
from geo.errors import ConflictError, GeoError
from geo.fields import SURVEYED, UNSAID
from geo.geometry import decimals
from geo.guarding import is_guarded, shut_of, touched, waits
from geo.imports import places
from geo.imports.dated import Dated, Found, freed
from geo.imports.findings import Problem, Said
from geo.imports.headers import Column
from geo.imports.records import Action, Record
from geo.imports.rights import PROPOSED, Ground
from geo.imports.scan import Scan
from geo.layers import LAYERS, MARKER_EVENTS, MARKERS
from geo.refusal import FeatureError, Reason
from geo.schema import GEOMETRY, Layer
from geo.types import Properties, Row
from geo.units import Units
from geo.vocabulary import PositionQuality

PART = 5_000  # records planned together
# Columns that say where a row lies, and those by which it is known.
_PLACING = ("province", "province_id", "province_origin_id", "marker_id", "partner_id", "unit_ids")
_KEYS = ("number", "name_vi", "name_en", "@id")
Versions = dict[str, list[Row]]  # of each row that the importer sees


@dataclass(slots=True)
class Plan:
    """Rows to be written by layer; what stays as it is has no entry."""

    layers: dict[str, list[Wanted]] = field(default_factory=dict)

    def add(self, layer: Layer, wanted: Wanted) -> None:
        """Add a row."""
        self.layers.setdefault(layer.name, []).append(wanted)


def parts(ground: Ground, scan: Scan) -> Iterator[tuple[Sequence[Record], Plan]]:
    """Yield the plan of the sound records, some at a time so that not all are in memory.

    Each record learns what would become of it.
    """
    sound = [record for record in scan.records if record.sound and record.id]
    dated = Dated(ground, {record.id or "" for record in sound} & ground.known.keys())
    maker = _Maker(ground, scan, dated, records.units(ground.conn))
    for start in range(0, len(sound), PART):
        part = sound[start : start + PART]
        yield part, maker.plan(part)


class _Maker:
    """Makes the plan of some records."""

    def __init__(self, ground: Ground, scan: Scan, dated: Dated, units: Units) -> None:
        self.ground, self.scan, self.dated, self.units = ground, scan, dated, units
        self.layer = ground.layer
        self.shut: frozenset[str] = frozenset()

    def plan(self, part: Sequence[Record]) -> Plan:
        every = change_many.versions(self.ground.conn, self.layer, {r.id or "" for r in part})
        seen = {key: self._seen(rows) for key, rows in every.items()}
        pairs = [(record, self._wanted(record, seen)) for record in part]
        self._judge(pairs, every if self.ground.final else seen)
        self.shut = self._shut(wanted for record, wanted in pairs if record.sound)
        plan = Plan()
        for record, wanted in pairs:
            if record.sound:
                self._settle(plan, record, wanted, seen.get(wanted.row.id, ()))
        for name in plan.layers.keys() - {self.layer.name}:
            plan.layers[name] = freed(self.ground, LAYERS[name], plan.layers[name])
        return plan

    def _shut(self, wanted: Iterable[Wanted]) -> frozenset[str]:
        ground = self.ground
        if ground.may is None:
            return frozenset()
        return shut_of(ground.conn, self.layer, wanted, ground.sight)

    def _seen(self, rows: Sequence[Row]) -> list[Row]:
        return [row for row in rows if self.ground.sees(self.layer, row)]

    def _wanted(self, record: Record, seen: Versions) -> Wanted:
        known = self.ground.known.get(record.id or "")
        versions = seen.get(record.id or "", ()) if known else ()
        held = next(
            (v for v in versions if known and v.properties["valid_from"] == known.start), None
        )
        record.base = known.revision if known else None
        return Wanted(held, self._row(record, held))

    def _row(self, record: Record, before: Row | None) -> Row:
        shown = None if before is None else self.ground.shown(before)
        blank: Properties = {f.name: None for f in self.layer.fields} | {"classification": "public"}
        values = dict(before.properties if before else blank)
        hidden = values.keys() - shown.properties.keys() if shown else frozenset[str]()
        for name, given in record.given.items():
            if name in hidden:
                self._refuse_hidden(record, name)
            elif given is not None and (declared := self.layer.field(name)) is not None:
                try:
                    values[name] = incoming.value(declared, given)
                except FeatureError as error:
                    record.find(Problem.REFUSED, None, given, said_of(error), error.reason)
        shape = self._place(record, before, shown, values)
        if values.get("position_quality", "") in UNSAID and "position_quality" not in hidden:
            quality = PositionQuality.UNKNOWN if shape is None else PositionQuality.INDICATIVE
            values["position_quality"] = quality.value
        return Row(record.id or "", values, shape)

    def _refuse_hidden(self, record: Record, name: str) -> None:
        """Refuse a value of which the importer is not shown what it is now.

        Coordinates in another system came with the point, which is judged by itself.
        """
        column = self.scan.column(name)
        if name not in SURVEYED or column is not None:
            said = Said.same(name)
            record.find(Problem.REFUSED, column, record.given[name], said, Reason.HIDDEN)

    def _place(
        self, record: Record, before: Row | None, shown: Row | None, values: Properties
    ) -> BaseGeometry | None:
        """Return where a row will lie, and put the coordinates as they were surveyed right."""
        held = before.geometry if before else None
        if record.shape is None:
            return held
        if before is not None and shown is not None and shown.geometry is not held:
            if not _alike(shown.geometry, record.shape, shown.properties):
                column = places.first_column(self.scan.columns)
                record.find(Problem.REFUSED, column, reason=Reason.HIDDEN)
            return held
        if not _alike(held, record.shape, values):
            if SURVEYED[0] not in record.given and SURVEYED[0] in values:
                values |= dict.fromkeys(SURVEYED)
            return record.shape
        if before is not None:
            values |= {name: before.properties[name] for name in SURVEYED if name in values}
        return held

    def _judge(self, pairs: Sequence[tuple[Record, Wanted]], held: Versions) -> None:
        """Hold the rows against the rules that hold for every change."""
        ground, wanted = self.ground, [one for _, one in pairs]
        found = change_many.problems(ground.conn, self.layer, wanted, ground.sight, held=held)
        for place, error in found:
            column = self.scan.column(error.parameter or "")
            reason = error.reason if isinstance(error, FeatureError) else None
            problem = Problem.TAKEN if isinstance(error, ConflictError) else Problem.REFUSED
            problem = Problem.REQUIRED if reason is Reason.REQUIRED else problem
            pairs[place][0].find(problem, column, error.value, said_of(error), reason)

    def _settle(self, plan: Plan, record: Record, wanted: Wanted, versions: Sequence[Row]) -> None:
        """Put a row and its steps into the plan, if they would change anything and may."""
        before, after = wanted
        assert after is not None  # noqa: S101
        own = changes(before, after) if before else {}
        steps = self.dated.wanted(record, after, self.scan) if self.layer is MARKERS else []
        if not record.sound:
            return
        if before is None or own or steps:
            self._check_right(record, wanted, versions, steps)
        if not record.sound:
            return
        if before is None or own:
            plan.add(self.layer, wanted)
        for of, name, one in steps:
            plan.add(of, one)
            held = one.before.properties if one.before else {}
            date = "date" if of is MARKER_EVENTS else "condition"
            if before is not None:
                own[name] = (held.get(date), one.row.properties[date])
        record.changes = own
        record.action = Action.CREATE if before is None else Action.CHANGE if own else Action.SAME

    def _check_right(
        self, record: Record, wanted: Wanted, versions: Sequence[Row], steps: Sequence[Found]
    ) -> None:
        """Find it where the importer may not write a row: he writes it as it was and will be."""
        ground, (before, after) = self.ground, wanted
        if ground.may is None:
            return
        assert after is not None  # noqa: S101
        settled = derived.with_unit(self.layer, after, self.units)
        touches = waits(self.layer, before, after, self.shut, versions) or any(
            is_guarded(of, one.before, one.row) for of, _, one in steps
        )
        action = "create" if before is None else "edit"
        may = partial(ground.may, ground.conn, self.layer, action, [settled, *versions])
        why = may(touches)
        if why is not None:
            only = touches and may(False) is None  # not because of where it lies
            column = self._column(before, after) if only else self._first(_PLACING)
            problem = Problem.NEEDS_APPROVER if why.value == PROPOSED else Problem.NOT_ALLOWED
            record.find(problem, column or self._first(_KEYS), reason=why)

    def _column(self, before: Row | None, after: Row) -> Column | None:
        """Return the column of what a row changes of what is guarded."""
        names = touched(self.layer, before, after) if before else []
        if GEOMETRY in names and (place := places.first_column(self.scan.columns)):
            return place
        return self._first(names)

    def _first(self, names: Iterable[str]) -> Column | None:
        return next((found for name in names if (found := self.scan.column(name))), None)


def _alike(one: BaseGeometry | None, other: BaseGeometry, values: Properties) -> bool:
    """Say whether two shapes are the same as far as a reader sees them."""
    if one is None or one.geom_type != other.geom_type:
        return False
    digits = decimals(values.get("position_uncertainty_m"))
    return bool(one.equals_exact(other, 0.6 * 10.0**-digits))


def said_of(error: GeoError) -> Said:
    """Return which property of what value an error is about, and what is allowed."""
    allowed = ", ".join(map(str, error.allowed or ()))[:300]
    name = f"{error.parameter}" + (f" = {error.value}" if error.value is not None else "")
    return Said.same(f"{name} {allowed}".strip())


def changes(before: Row | None, after: Row) -> dict[str, tuple[Any, Any]]:
    """Return what differs, property by property, as before and after."""
    held = before.properties if before else {}
    found = {
        name: (held.get(name), value)
        for name, value in after.properties.items()
        if value != held.get(name) and name != "revision"
    }
    ends = (before.geometry if before else None), after.geometry
    if ends[0] is not ends[1] and ends[1] is not None:
        found["geometry"] = (_place(ends[0]), _place(ends[1]))
    return found


def _place(shape: BaseGeometry | None) -> Any:
    if shape is None:
        return None
    if shape.geom_type != "Point":
        return shape.geom_type
    return [round(c, 7) for c in shape.coords[0]]

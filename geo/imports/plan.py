"""What an import would write: rows of the layer, and the events and inspections that come with it.

Made anew from the records and the register each time it is asked for, so that a preview and the
commit that follows it can be held against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, select

from geo import change_many, incoming, records
from geo.audience import Audience
from geo.change_many import Wanted
from geo.errors import GeoError
from geo.geometry import decimals
from geo.imports.findings import Problem, Said
from geo.imports.matching import Held
from geo.imports.records import Action, Record, Step
from geo.imports.scan import Scan
from geo.layers import INSPECTIONS, MARKER_EVENTS, MARKERS
from geo.refusal import FeatureError, Reason
from geo.schema import Layer
from geo.tables import RECORDS
from geo.types import Properties, Row
from geo.vocabulary import DatePrecision, PositionQuality, Stage

AT_ONCE = 500  # identifiers of one statement
_SURVEYED = ("surveyed_x", "surveyed_y", "surveyed_crs", "datum_operation")
_STAGES = [stage.value for stage in Stage]
_NOWHERE = (None, PositionQuality.UNKNOWN.value)


@dataclass(slots=True)
class Plan:
    """Rows to be written by layer; what stays as it is has no entry."""

    layers: dict[str, list[Wanted]] = field(default_factory=dict)

    def add(self, layer: Layer, wanted: Wanted) -> None:
        """Add a row."""
        self.layers.setdefault(layer.name, []).append(wanted)


def make(
    conn: Connection, scan: Scan, layer: Layer, known: dict[str, Held], audience: Audience
) -> Plan:
    """Return the plan of the sound records; each record learns what would become of it."""
    sound = [record for record in scan.records if record.sound and record.id]
    ids = {record.id or "" for record in sound}
    before = change_many.versions(conn, layer, ids & known.keys())
    pairs = []
    for record in sound:
        row = known.get(record.id or "")
        versions = before.get(record.id or "", ())
        held = next((v for v in versions if row and v.properties["valid_from"] == row.start), None)
        pairs.append((record, Wanted(held, _row(layer, record, held))))
        record.base = row.revision if row else None
    _judge(conn, layer, pairs, scan, audience)
    plan, dated = Plan(), _Dated(conn, layer, ids & known.keys())
    for record, wanted in pairs:
        if record.sound:
            _settle(plan, layer, record, wanted, dated, scan)
    return plan


def _row(layer: Layer, record: Record, before: Row | None) -> Row:
    blank: Properties = {f.name: None for f in layer.fields} | {"classification": "public"}
    values = dict(before.properties if before else blank)
    shape = before.geometry if before else None
    for name, given in record.given.items():
        declared = layer.field(name)
        if declared is not None and given is not None:
            try:
                values[name] = incoming.value(declared, given)
            except FeatureError as error:
                record.find(Problem.REFUSED, None, given, _said(error), error.reason)
    if record.shape is not None and not _alike(shape, record.shape, values):
        shape = record.shape
        if _SURVEYED[0] not in record.given and _SURVEYED[0] in values:
            values |= dict.fromkeys(_SURVEYED)
    elif before is not None and record.shape is not None:
        values |= {name: before.properties[name] for name in _SURVEYED if name in values}
    if "position_quality" in values and values["position_quality"] in _NOWHERE:
        quality = PositionQuality.UNKNOWN if shape is None else PositionQuality.INDICATIVE
        values["position_quality"] = quality.value
    return Row(record.id or "", values, shape)


def _alike(one: BaseGeometry | None, other: BaseGeometry, values: Properties) -> bool:
    """Say whether two shapes are the same as far as a reader sees them."""
    if one is None or one.geom_type != other.geom_type:
        return False
    places = decimals(values.get("position_uncertainty_m"))
    return bool(one.equals_exact(other, 0.6 * 10.0**-places))


def _said(error: GeoError) -> Said:
    allowed = ", ".join(map(str, error.allowed or ()))[:300]
    name = f"{error.parameter}" + (f" = {error.value}" if error.value is not None else "")
    return Said(f"{name} {allowed}".strip(), f"{name} {allowed}".strip())


def _judge(
    conn: Connection,
    layer: Layer,
    pairs: Sequence[tuple[Record, Wanted]],
    scan: Scan,
    audience: Audience,
) -> None:
    """Hold the rows against the rules that hold for every change."""
    for place, error in change_many.problems(conn, layer, [one for _, one in pairs], audience):
        column = scan.column(error.parameter or "")
        reason = error.reason if isinstance(error, FeatureError) else None
        problem = Problem.REQUIRED if reason is Reason.REQUIRED else Problem.REFUSED
        pairs[place][0].find(problem, column, error.value, _said(error), reason)


def _settle(
    plan: Plan, layer: Layer, record: Record, wanted: Wanted, dated: _Dated, scan: Scan
) -> None:
    """Put a row and its steps into the plan, if they would change anything."""
    before, after = wanted
    assert after is not None  # noqa: S101
    own = changes(before, after)
    steps = dated.wanted(record, scan) if layer is MARKERS else []
    if not record.sound:
        return
    if before is None or own:
        plan.add(layer, wanted)
    for of, name, one in steps:
        plan.add(of, one)
        held = one.before.properties if one.before else {}
        date = "date" if of is MARKER_EVENTS else "condition"
        own[name] = (held.get(date), one.row.properties[date])
    record.changes = own
    record.action = Action.CREATE if before is None else Action.CHANGE if own else Action.SAME


def changes(before: Row | None, after: Row) -> dict[str, tuple[Any, Any]]:
    """Return what differs, property by property, as before and after."""
    held = before.properties if before else {}
    found = {
        name: (held.get(name), value)
        for name, value in after.properties.items()
        if value != held.get(name) and name != "revision"
    }
    places = (before.geometry if before else None), after.geometry
    if places[0] is not places[1] and places[1] is not None:
        found["geometry"] = (_place(places[0]), _place(places[1]))
    return found


def _place(shape: BaseGeometry | None) -> Any:
    if shape is None:
        return None
    if shape.geom_type != "Point":
        return shape.geom_type
    return [round(c, 7) for c in shape.coords[0]]


class _Dated:
    """The events and inspections that markers have, to tell which ones of a file are new."""

    def __init__(self, conn: Connection, layer: Layer, ids: set[str]) -> None:
        self.rows: dict[str, dict[str, list[Row]]] = {MARKER_EVENTS.name: {}, INSPECTIONS.name: {}}
        if layer is not MARKERS or not ids:
            return
        for of in (MARKER_EVENTS, INSPECTIONS):
            table = RECORDS[of.name]
            pairs = conn.execute(select(table.c.id, table.c.marker_id)).all()
            for row in _rows(conn, of, [key for key, marker in pairs if marker in ids]):
                self.rows[of.name].setdefault(row.properties["marker_id"], []).append(row)

    def wanted(self, record: Record, scan: Scan) -> list[tuple[Layer, str, Wanted]]:
        """Return the events and the inspection that a record brings and the register lacks."""
        found = [(MARKER_EVENTS, f"@{s.event}", self.event(record, s)) for s in record.steps]
        if stage := self.stage(record, scan):
            found.append((MARKER_EVENTS, f"@{stage.event}", self.event(record, stage)))
        found.append((INSPECTIONS, "@condition", self.inspection(record, scan)))
        return [(of, name, one) for of, name, one in found if one is not None]

    def event(self, record: Record, step: Step) -> Wanted | None:
        """Return the event of a step: new, or with another date than before; None if known."""
        known = self.rows[MARKER_EVENTS.name].get(record.id or "", ())
        same = [row for row in known if row.properties["event"] == step.event]
        iso, precision = step.day
        if any(row.properties["date"] == iso for row in same):
            return None
        if len(same) == 1:
            dated = {"date": iso, "date_precision": precision.value}
            properties = same[0].properties | dated
            return Wanted(same[0], same[0]._replace(properties=properties))
        given = {"event": step.event, "date": iso, "date_precision": precision.value}
        return Wanted(None, self.row(MARKER_EVENTS, f"{record.id}.{step.event}", record, given))

    def stage(self, record: Record, scan: Scan) -> Step | None:
        """Return the step by which a marker reached the stage that its row states."""
        value, column = record.given.get("@stage", (None, None))
        if value is None:
            return None
        known = self.rows[MARKER_EVENTS.name].get(record.id or "", ())
        reached = {row.properties["event"] for row in known} | {s.event for s in record.steps}
        if any(_STAGES.index(one) >= _STAGES.index(value) for one in reached & set(_STAGES)):
            return None
        if scan.as_of is None:
            record.find(Problem.NO_DATE_OF_SHEET, column)
            return None
        return Step(value, (scan.as_of, DatePrecision.NOT_LATER_THAN), column)  # type: ignore[arg-type]

    def inspection(self, record: Record, scan: Scan) -> Wanted | None:
        """Return the inspection at which the condition was seen; None if it is known."""
        if record.condition in (None, "unknown"):
            return None
        day = record.seen.iso if record.seen else scan.as_of
        if day is None:
            record.find(Problem.NO_DATE_OF_SHEET, scan.column("@condition"), record.condition)
            return None
        known = self.rows[INSPECTIONS.name].get(record.id or "", ())
        that_day = [row for row in known if row.properties["at"][:10] == day]
        if any(row.properties["condition"] == record.condition for row in that_day):
            return None
        given = {"at": f"{day}T00:00:00+00:00", "condition": record.condition}
        row = self.row(INSPECTIONS, f"{record.id}.inspected.{day}", record, given)
        same = next((held for held in that_day if held.id == row.id), None)
        return Wanted(same, same._replace(properties=same.properties | given) if same else row)

    @staticmethod
    def row(layer: Layer, key: str, record: Record, given: Properties) -> Row:
        """Return a row of a marker, classified as its marker is."""
        blank: Properties = {f.name: None for f in layer.fields}
        shared = {n: record.given.get(n) for n in ("source", "source_id")}
        level = record.given.get("classification") or "public"
        own = {"marker_id": record.id, "classification": level}
        return Row(key, blank | shared | own | given)


def _rows(conn: Connection, layer: Layer, ids: Sequence[str]) -> list[Row]:
    found: list[Row] = []
    for start in range(0, len(ids), AT_ONCE):
        found += records.rows(conn, layer, ids[start : start + AT_ONCE])
    return found

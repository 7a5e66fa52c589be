"""The events and inspections that come with the markers of a file: which of them are new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select

from geo import query, records
from geo.change_many import Wanted
from geo.imports.findings import Problem
from geo.imports.records import Record, Step, new_id
from geo.imports.rights import Ground
from geo.imports.scan import Scan
from geo.layers import INSPECTIONS, MARKER_EVENTS, MARKERS
from geo.schema import Layer
from geo.tables import RECORDS, VIEWS
from geo.types import Properties, Row
from geo.vocabulary import DatePrecision, Stage

AT_ONCE = 500  # identifiers of one statement
_STAGES = [stage.value for stage in Stage]
Rows = dict[str, list[Row]]  # by the id of their marker
Found = tuple[Layer, str, Wanted]  # layer, what the preview calls it, and the row


class Dated:
    """The events and inspections of some markers that the importer sees."""

    def __init__(self, ground: Ground, ids: Collection[str]) -> None:
        self.rows: dict[str, Rows] = {MARKER_EVENTS.name: {}, INSPECTIONS.name: {}}
        if ground.layer is MARKERS and ids:
            for of in (MARKER_EVENTS, INSPECTIONS):
                for row in _seen(ground, of, ids):
                    self.rows[of.name].setdefault(row.properties["marker_id"], []).append(row)

    def wanted(self, record: Record, marker: Row, scan: Scan) -> list[Found]:
        """Return what a record brings to its marker and the register lacks."""
        steps = [*record.steps, *self._stage(record, scan)]
        found = [(MARKER_EVENTS, f"@{s.event}", self._event(record, marker, s)) for s in steps]
        found.append((INSPECTIONS, "@condition", self._inspection(record, marker, scan)))
        return [(of, name, one) for of, name, one in found if one is not None]

    def _event(self, record: Record, marker: Row, step: Step) -> Wanted | None:
        """Return the event of a step: new, or with another date than before; None if known."""
        known = self.rows[MARKER_EVENTS.name].get(marker.id, ())
        same = [row for row in known if row.properties["event"] == step.event]
        iso, precision = step.day
        if any(row.properties["date"] == iso for row in same):
            return None
        dated = {"date": iso, "date_precision": precision.value}
        if len(same) == 1:
            return Wanted(same[0], same[0]._replace(properties=same[0].properties | dated))
        key = f"{marker.id}.{step.event}"
        return Wanted(None, _row(MARKER_EVENTS, key, record, marker, {"event": step.event} | dated))

    def _stage(self, record: Record, scan: Scan) -> list[Step]:
        """Return the step by which a marker reached the stage that its row states, if it is new."""
        value, column = record.given.get("@stage", (None, None))
        if value is None:
            return []
        known = self.rows[MARKER_EVENTS.name].get(record.id or "", ())
        reached = {row.properties["event"] for row in known} | {s.event for s in record.steps}
        if any(_STAGES.index(one) >= _STAGES.index(value) for one in reached & set(_STAGES)):
            return []
        if scan.as_of is None:
            record.find(Problem.NO_DATE_OF_SHEET, column)
            return []
        return [Step(value, (scan.as_of, DatePrecision.NOT_LATER_THAN), column)]  # type: ignore[arg-type]

    def _inspection(self, record: Record, marker: Row, scan: Scan) -> Wanted | None:
        """Return the inspection at which the condition was seen; None if it is known."""
        if record.condition in (None, "unknown"):
            return None
        day = record.seen.iso if record.seen else scan.as_of
        if day is None:
            record.find(Problem.NO_DATE_OF_SHEET, scan.column("@condition"))
            return None
        known = self.rows[INSPECTIONS.name].get(marker.id, ())
        that_day = [row for row in known if row.properties["at"][:10] == day]
        if any(row.properties["condition"] == record.condition for row in that_day):
            return None
        given = {"at": f"{day}T00:00:00+00:00", "condition": record.condition}
        row = _row(INSPECTIONS, f"{marker.id}.inspected.{day}", record, marker, given)
        same = next((held for held in that_day if held.id == row.id), None)
        return Wanted(same, same._replace(properties=same.properties | given) if same else row)


def _row(layer: Layer, key: str, record: Record, marker: Row, given: Properties) -> Row:
    """Return a new row of a marker, classified as its marker is."""
    blank: Properties = {f.name: None for f in layer.fields}
    shared = {n: record.given.get(n) for n in ("source", "source_id")}
    own = {"marker_id": marker.id, "classification": marker.properties["classification"]}
    return Row(key, blank | shared | own | given)


def _seen(ground: Ground, layer: Layer, ids: Collection[str]) -> Iterable[Row]:
    """Return the versions of rows of these markers that the importer sees."""
    view = VIEWS[layer.name]
    query_ = select(view.c.id, view.c.valid_from, view.c.marker_id)
    found = ground.conn.execute(query_.where(query.visible(layer, ground.sight))).all()
    shown = {(key, start or "") for key, start, marker in found if marker in ids}
    keys = sorted({key for key, _ in shown})
    for start in range(0, len(keys), AT_ONCE):
        for row in records.rows(ground.conn, layer, keys[start : start + AT_ONCE]):
            if (row.id, records.version(row)) in shown:
                yield row


def freed(ground: Ground, layer: Layer, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return rows whose new ones have identifiers that nothing has, seen or not."""
    table = RECORDS[layer.name]
    new = [one.row.id for one in wanted if one.before is None]
    taken: set[str] = set()
    for start in range(0, len(new), AT_ONCE):
        mine = table.c.id.in_(new[start : start + AT_ONCE])
        taken |= set(ground.conn.execute(select(table.c.id).where(mine)).scalars())
    return [
        Wanted(None, one.row._replace(id=new_id()))
        if one.before is None and one.row.id in taken
        else one
        for one in wanted
    ]

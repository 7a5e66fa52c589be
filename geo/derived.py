"""What follows from other rows: the province a place lies in, a marker's stage and condition.

Shared by loading (every row at once) and change (one row), so that both write the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from geo import timeline
from geo.audience import ANYBODY, Audience, bit, level, may_see
from geo.errors import RowError
from geo.schema import Layer
from geo.types import Row
from geo.units import Units

_OF_UNIT = {"province", "province_id"}  # follow from the original unit where that is known


@dataclass(frozen=True, slots=True)
class Dated:
    """What is dated of one marker: rows of marker_events and of inspections."""

    events: list[Row] = field(default_factory=list)
    visits: list[Row] = field(default_factory=list)

    def steps(self, audience: Audience | None = None) -> list[timeline.Step]:
        """Return the changes that it makes, of all or of what an audience may see."""
        events, visits = (
            [row.properties for row in rows if audience is None or may_see(audience, level(row))]
            for rows in (self.events, self.visits)
        )
        return timeline.stage_steps(events) + timeline.condition_steps(visits)

    def apart(self) -> list[tuple[int, list[timeline.Step]]]:
        """Return the changes as each group of audiences knows them, by the group's mask."""
        if all(row.properties["classification"] == "public" for row in self.events + self.visits):
            return [(ANYBODY, self.steps())]
        found: list[tuple[int, list[timeline.Step]]] = []
        for audience in Audience:
            known = self.steps(audience)
            mask = bit(audience)
            if found and found[-1][1] == known:
                mask |= found.pop()[0]
            found.append((mask, known))
        return found


Steps = Mapping[str, Dated]  # by the id of a marker
_NOTHING = Dated()


def marker_steps(layers: Mapping[str, Sequence[Row]]) -> Steps:
    """Gather the events and inspections of each marker."""
    found: dict[str, Dated] = defaultdict(Dated)
    for row in layers.get("marker_events", ()):
        found[row.properties["marker_id"]].events.append(row)
    for row in layers.get("inspections", ()):
        found[row.properties["marker_id"]].visits.append(row)
    return dict(found)


def settle(layer: Layer, rows: Iterable[Row], units: Units, steps: Steps) -> list[Row]:
    """Complete rows: province by its original unit; for markers their latest stage.

    Raises:
        RowError: a row names an original unit that there is not.
    """
    settled = [with_unit(layer, row, units) for row in rows]
    if layer.name == "markers":
        settled = [with_steps(row, steps.get(row.id, _NOTHING).steps()) for row in settled]
    return sorted(settled, key=lambda row: (_natural(row.id), row.properties["valid_from"] or ""))


def _natural(key: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in key.split(".")]


def with_unit(layer: Layer, row: Row, units: Units) -> Row:
    """Set the province from the original unit; a place takes the latest that holds it.

    Raises:
        RowError: there is no such unit.
    """
    origin = row.properties.get("province_origin_id")
    if not origin:
        return row
    if origin not in units.by_id:
        raise RowError(f"{layer.name} {row.id}, province_origin_id: no unit {origin!r}")
    line = list(units.lineage(origin))
    unit = line[-1] if timeline.follow_units(layer) else line[0]
    given = row.properties.get("province_id")
    unit = units.by_id.get(given, unit) if given and not timeline.follow_units(layer) else unit
    changes = {"province": unit.name, "province_id": unit.id}
    return row._replace(properties=row.properties | changes)


def with_steps(row: Row, steps: list[timeline.Step]) -> Row:
    """Set a marker's stage and condition to what its events and inspections end at."""
    values = timeline.marker_start(row).properties
    for step in sorted(steps, key=lambda s: s.date):
        values |= step.changes
    return row._replace(properties=values)


def timelines(
    layer: Layer, rows: Iterable[Row], units: Units, steps: Steps
) -> Iterator[list[timeline.Period]]:
    """Yield the periods of each id; rows of one id stand together.

    Whoever may not see an event or an inspection is shown its marker as if it were not.
    """
    of_unit = cache(lambda origin: timeline.unit_steps(origin, units))
    for key, group in groupby(rows, key=lambda row: row.id):
        versions, changes = list(group), list[timeline.Step]()
        if timeline.follow_units(layer):
            changes += of_unit(versions[0].properties["province_origin_id"])
        if layer.name != "markers":
            yield timeline.periods(versions, changes)
            continue
        versions = [timeline.marker_start(row) for row in versions]
        yield [
            period._replace(readers=readers)
            for readers, known in steps.get(key, _NOTHING).apart()
            for period in timeline.periods(versions, changes + known)
        ]


def names(layer: Layer, origin: str | None) -> frozenset[str]:
    """Return the properties that follow from elsewhere in a row of this original unit."""
    found = {f.name for f in layer.fields if f.derived} - _OF_UNIT
    if origin:
        found |= _OF_UNIT if timeline.follow_units(layer) else {"province"}
    return frozenset(found)

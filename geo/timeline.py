"""What a row was when: the periods in which its properties stay the same.

Stage as of a date is the furthest step dated by then; repairs, moves and inspections never
change it. Condition is that of the last inspection by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from geo.audience import ANYBODY
from geo.schema import Layer
from geo.tables import EARLIEST, LATEST
from geo.types import Properties, Row
from geo.units import Units
from geo.vocabulary import Condition, Stage

_STAGES = {stage.value: rank for rank, stage in enumerate(Stage)}


class Period(NamedTuple):
    """A row's state from `start` up to but without `end` (ISO dates); `following` starts next.

    `readers` is the mask of the audiences for which it was so, see geo.audience.
    """

    start: str
    end: str
    following: str
    row: Row
    readers: int = ANYBODY


class Step(NamedTuple):
    """A dated change to some properties of a row."""

    date: str
    changes: Properties


def stage_steps(events: Iterable[Properties]) -> list[Step]:
    """Return the dates at which the furthest stage rises; `events` are marker_events rows."""
    steps: list[Step] = []
    furthest = -1
    for event in sorted(events, key=lambda e: (e["date"], _STAGES.get(e["event"], -1))):
        rank = _STAGES.get(event["event"], -1)
        if rank > furthest:
            furthest = rank
            changes = {"stage": event["event"], "stage_as_of": event["date"]}
            steps.append(Step(event["date"], changes))
    return steps


def condition_steps(inspections: Iterable[Properties]) -> list[Step]:
    """Return the condition seen at each inspection; `inspections` are rows of that layer."""
    return [
        Step(i["at"][:10], {"condition": i["condition"], "condition_as_of": i["at"][:10]})
        for i in sorted(inspections, key=lambda i: i["at"])
    ]


def unit_steps(origin: str | None, units: Units) -> list[Step]:
    """Return when a place's province changes its name or borders."""
    return [
        Step(unit.start, {"province_id": unit.id, "province": unit.name})
        for unit in (units.lineage(origin) if origin else ())
    ]


def marker_start(row: Row) -> Row:
    """Return a marker as it is before any event or inspection is known."""
    blank = {"stage": None, "stage_as_of": None, "condition": Condition.UNKNOWN.value}
    return row._replace(properties=row.properties | blank | {"condition_as_of": None})


def periods(versions: Sequence[Row], steps: Sequence[Step] = ()) -> list[Period]:
    """Cut the versions of one row at the steps and return its periods in order of time.

    `versions` are rows of one id with their own valid_from and valid_to. A step before a
    version begins counts from its beginning.
    """
    in_order = sorted(steps, key=lambda s: s.date)
    cut = [part for version in sorted(versions, key=_start) for part in _cut(version, in_order)]
    starts = [*(start for start, _, _ in cut[1:]), LATEST]
    return [
        Period(start, end, following, row)
        for (start, end, row), following in zip(cut, starts, strict=True)
    ]


def _start(row: Row) -> str:
    return row.properties["valid_from"] or EARLIEST


def _cut(version: Row, steps: Sequence[Step]) -> list[tuple[str, str, Row]]:
    """Return start, end and row of each period of a version; the steps are in order of time."""
    begin, end = _start(version), version.properties["valid_to"] or LATEST
    dates = sorted({begin, *(s.date for s in steps if begin < s.date < end)})
    found: list[tuple[str, str, Row]] = []
    changes: Properties = {}
    taken = 0
    for start, stop in pairwise([*dates, end]):
        while taken < len(steps) and steps[taken].date <= start:
            changes |= steps[taken].changes
            taken += 1
        row = Row(version.id, version.properties | changes, version.geometry)
        found.append((start, stop, row))
    return found


@cache
def follow_units(layer: Layer) -> bool:
    """Say whether rows of the layer are places, whose province follows the territory."""
    return layer.geometry == "Point" and layer.field("province_origin_id") is not None

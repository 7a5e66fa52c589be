"""What must hold of a row before it is written, beyond the type of each value."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from geo import derived, records, references, scope
from geo.audience import Sight, level, may_see
from geo.errors import ConflictError
from geo.layers import ADMIN_UNITS, MARKERS
from geo.refusal import FeatureError, Reason
from geo.schema import Layer
from geo.tables import EARLIEST, LATEST
from geo.types import Properties, Row
from geo.units import Units

OF_STEPS = ("stage", "stage_as_of", "condition", "condition_as_of")  # follow from other rows


def check(conn: Connection, layer: Layer, before: Row | None, row: Row, sight: Sight) -> None:
    """Check a row that is to be put in the place of the version before, if there is one.

    Raises:
        FeatureError: it lacks what is required, ends before it begins, or would be out of sight
            of its writer, or in sight of more than its marker.
        ConflictError: its time overlaps that of another version of the same id.
    """
    check_alone(conn, layer, row, sight)
    check_free(conn, layer, before, row, records.rows(conn, layer, [row.id]), sight)


def check_alone(conn: Connection, layer: Layer, row: Row, sight: Sight) -> None:
    """Check what can be said of a row whatever its other versions are.

    Raises:
        FeatureError: it lacks what is required, ends before it begins, or would be out of sight
            of its writer, or in sight of more than its marker.
    """
    values = row.properties
    for field in layer.fields:
        if field.required and values[field.name] is None:
            raise FeatureError(Reason.REQUIRED, field.name)
    start, end = _period(row)
    if start >= end:
        raise FeatureError(Reason.PERIOD, "valid_to", value=values["valid_to"])
    if not scope.sees(conn, layer, row, sight):
        raise FeatureError(Reason.HIDDEN, "classification", value=values["classification"])
    if layer in scope.OF_MARKERS:
        _check_open(conn, row)


def _check_open(conn: Connection, row: Row) -> None:
    """Check that an event or inspection does not tell of a marker to more than may see that."""
    held = records.rows(conn, MARKERS, [row.properties["marker_id"]])
    if not all(may_see(level(row), level(marker)) for marker in held):
        value = row.properties["classification"]
        raise FeatureError(Reason.OPENER, "classification", value=value)


def check_references(
    conn: Connection, layer: Layer, before: Row | None, row: Row, sight: Sight
) -> None:
    """Check that what a row newly names is there, as far as its writer can see.

    Raises:
        FeatureError: it is not.
    """
    known = before.properties if before else {}
    # A row may name itself, so it counts as there.
    for name, named in references.lost(conn, layer, row.properties, known, sight):
        if named != row.id:
            raise FeatureError(Reason.REFERENCE, name, value=named)


def _period(row: Row) -> tuple[str, str]:
    return row.properties["valid_from"] or EARLIEST, row.properties["valid_to"] or LATEST


def check_free(
    conn: Connection,
    layer: Layer,
    before: Row | None,
    row: Row,
    versions: Iterable[Row],
    sight: Sight,
) -> None:
    """Check that the time of a row is not that of another of the versions of its id.

    Raises:
        ConflictError: it is, or the id is that of a row which the writer does not see.
    """
    start, end = _period(row)
    replaced = None if before is None else records.version(before)
    for other in versions:
        if not scope.sees(conn, layer, other, sight):
            said, vi = f"The identifier {row.id!r} is not free", f"mã “{row.id}” đã được dùng"
            raise ConflictError(said, vi=vi, parameter="id", value=row.id)
        begun, ended = _period(other)
        if records.version(other) != replaced and begun < end and start < ended:
            raise ConflictError(
                f"There is a {layer.name} {row.id} from {begun} to {ended} already",
                vi=f"đã có “{row.id}” từ {begun} đến {ended}",
                parameter="id",
                value=row.id,
            )


def check_derived(
    layer: Layer,
    before: Row | None,
    after: Row,
    given: Properties,
    seen: Properties,
    named: Iterable[str],
) -> None:
    """Check that no property was given that follows from elsewhere, unless it is as shown.

    `named` are the properties that a patch names, where null means that it is to be unset.

    Raises:
        FeatureError: such a property was to be changed.
    """
    asked, made = set(named), before is None
    for name in sorted(derived.names(layer, after.properties.get("province_origin_id"))):
        value = given.get(name)
        if value is None and name not in asked:
            continue
        # What follows from rows that the writer may not see cannot be found by guessing.
        known = made or name not in OF_STEPS
        if value != seen.get(name) and not (known and value == after.properties[name]):
            raise FeatureError(Reason.DERIVED, name, value=value)


def check_units(layer: Layer, row: Row, units: Units) -> None:
    """Check that no administrative unit would follow itself.

    Raises:
        FeatureError: it would.
    """
    if layer is not ADMIN_UNITS:
        return
    for successor in row.properties["successors"] or ():
        if row.id in {unit.id for unit in units.lineage(successor)}:
            raise FeatureError(Reason.CYCLE, "successors", value=successor)

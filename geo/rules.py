"""What must hold of a row before it is written, beyond the type of each value."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from geo import derived, records, references
from geo.audience import Audience, level, may_see
from geo.errors import ConflictError
from geo.layers import ADMIN_UNITS
from geo.refusal import FeatureError, Reason
from geo.schema import Layer
from geo.tables import EARLIEST, LATEST
from geo.types import Properties, Row
from geo.units import Units


def check(conn: Connection, layer: Layer, before: Row | None, row: Row, audience: Audience) -> None:
    """Check a row that is to be put in the place of the version before, if there is one.

    Raises:
        FeatureError: it lacks what is required, ends before it begins, names what is not there,
            or would be out of sight of its writer.
        ConflictError: its time overlaps that of another version of the same id.
    """
    check_alone(layer, row, audience)
    # A row may name itself, so it counts as there.
    for name, named in references.lost(conn, layer, row.properties):
        if named != row.id:
            raise FeatureError(Reason.REFERENCE, name, value=named)
    check_free(layer, before, row, records.rows(conn, layer, [row.id]))


def check_alone(layer: Layer, row: Row, audience: Audience) -> None:
    """Check what can be seen from a row alone.

    Raises:
        FeatureError: it lacks what is required, ends before it begins, or would be out of sight.
    """
    values = row.properties
    for field in layer.fields:
        if field.required and values[field.name] is None:
            raise FeatureError(Reason.REQUIRED, field.name)
    start, end = _period(row)
    if start >= end:
        raise FeatureError(Reason.PERIOD, "valid_to", value=values["valid_to"])
    if not may_see(audience, level(row)):
        raise FeatureError(Reason.HIDDEN, "classification", value=values["classification"])


def _period(row: Row) -> tuple[str, str]:
    return row.properties["valid_from"] or EARLIEST, row.properties["valid_to"] or LATEST


def check_free(layer: Layer, before: Row | None, row: Row, versions: Iterable[Row]) -> None:
    """Check that the time of a row is not that of another of the versions of its id.

    Raises:
        ConflictError: it is.
    """
    start, end = _period(row)
    replaced = None if before is None else records.version(before)
    for other in versions:
        begun, ended = _period(other)
        if records.version(other) != replaced and begun < end and start < ended:
            raise ConflictError(
                f"There is a {layer.name} {row.id} from {begun} to {ended} already",
                parameter="id",
                value=row.id,
            )


def check_derived(
    layer: Layer, after: Row, given: Properties, seen: Properties, named: Iterable[str]
) -> None:
    """Check that no property was given that follows from elsewhere, unless it is as shown.

    `named` are the properties that a patch names, where null means that it is to be unset.

    Raises:
        FeatureError: such a property was to be changed.
    """
    asked = set(named)
    for name in sorted(derived.names(layer, after.properties.get("province_origin_id"))):
        value = given.get(name)
        if value is None and name not in asked:
            continue
        if value not in (seen.get(name), after.properties[name]):
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

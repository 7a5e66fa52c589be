"""What of the register nobody changes alone: fields that are restricted, and what a layer guards.

Who opens what was restricted changes it too. A layer that guards anything is not changed alone by
another version of a row, nor by taking one out, except by whoever brought it in and undoes that.
"""

from __future__ import annotations

from collections.abc import Collection

from geo.audience import level
from geo.schema import GEOMETRY, Layer
from geo.types import Row
from geo.vocabulary import Classification, PositionQuality

_KEPT = Classification.RESTRICTED
QUALITY = "position_quality"
# A place of which nothing is said is indicative, which is noted with whatever change comes first.
_UNSAID = (None, PositionQuality.UNKNOWN.value)
_NOTED = (PositionQuality.INDICATIVE.value, PositionQuality.UNKNOWN.value)


def guarded(layer: Layer) -> frozenset[str]:
    """Return the names of what nobody changes alone, the geometry among them where it is."""
    return frozenset(f.name for f in layer.fields if f.audience is _KEPT) | layer.guarded


def touched(layer: Layer, before: Row, after: Row) -> list[str]:
    """Return the names of what is guarded and differs between two states of a version."""
    held, given = before.properties, after.properties
    names = [n for n in given if n in guarded(layer) and held[n] != given[n]]
    if QUALITY in names and held[QUALITY] in _UNSAID and given[QUALITY] in _NOTED:
        names.remove(QUALITY)
    if level(before) is _KEPT and level(after) is not _KEPT:
        names.append("classification")
    moved = GEOMETRY in layer.guarded and not _alike(before, after)
    return [GEOMETRY, *names] if moved else names


def _alike(before: Row, after: Row) -> bool:
    one, other = before.geometry, after.geometry
    return one is other or (one is not None and other is not None and one.equals_exact(other, 0))


def waits(layer: Layer, before: Row | None, after: Row, versions: Collection[Row]) -> bool:
    """Say whether a version is not written alone; `versions` are those that its writer sees.

    A row that is new to the register does not wait.
    """
    if before is None:
        return bool(layer.guarded and versions)
    return bool(touched(layer, before, after))


def takes(layer: Layer) -> bool:
    """Say whether taking a version out waits."""
    return bool(layer.guarded)


def undoes(layer: Layer, now: Row | None, wanted: Row | None, *, own: bool) -> bool:
    """Say whether putting a version back waits; `own`: who undoes it made the change himself."""
    if now is not None and wanted is not None:
        return bool(touched(layer, now, wanted))
    if layer.guarded and not own:
        return True
    values = wanted.properties if wanted is not None else {}
    closed = guarded(layer) - layer.guarded
    return any(values.get(name) is not None for name in closed)

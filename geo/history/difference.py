"""Field by field: what differs between states of a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from geo import derived
from geo.schema import GEOMETRY, Layer
from geo.types import Row
from geo.views import outline

_COUNTED = "revision"  # differs with every change, and says nothing


class Difference(NamedTuple):
    """One field on both sides of a change; a geometry is GeoJSON."""

    field: str
    before: Any
    after: Any


class Clash(NamedTuple):
    """One field as an edit found it (`base`), as it is now (`theirs`), as was asked (`yours`)."""

    field: str
    base: Any
    theirs: Any
    yours: Any


def fields(layer: Layer) -> list[str]:
    """Return the names of what can differ in a layer, in the order of its declaration."""
    shape = [GEOMETRY] if layer.geometry else []
    return [*(f.name for f in layer.fields if f.name != _COUNTED), *shape]


def changed(layer: Layer, before: Row | None, after: Row | None) -> list[str]:
    """Return the fields whose values differ; a row that is not there has none."""
    return [name for name in fields(layer) if _differs(name, before, after)]


def _differs(name: str, before: Row | None, after: Row | None) -> bool:
    if name != GEOMETRY:
        return bool(_value(before, name) != _value(after, name))
    one, other = before and before.geometry, after and after.geometry
    if one is None or other is None:
        return one is not other
    return not bool(one.normalize().equals_exact(other.normalize(), 0))


def _value(row: Row | None, name: str) -> Any:
    return None if row is None else row.properties.get(name)


def differences(layer: Layer, before: Row | None, after: Row | None) -> list[Difference]:
    """Return each field that differs, with its values on both sides."""
    return [
        Difference(name, told(before, name), told(after, name))
        for name in changed(layer, before, after)
    ]


def told(row: Row | None, name: str) -> Any:
    """Return a field of a row as it is told: a geometry as exact as its stated uncertainty."""
    if row is None or name != GEOMETRY:
        return _value(row, name)
    return outline(row).shape


def clashes(
    layer: Layer,
    base: dict[str, Any] | None,
    theirs: dict[str, Any],
    yours: dict[str, Any] | None,
) -> list[Clash]:
    """Return each field that somebody else or the writer changed, of three GeoJSON features.

    `base` is what the writer read; where that is not known, each field in which he and the
    present state differ is told. `yours` may be a patch, whose other fields are as in the base,
    and is None for a deletion. What follows from other rows is left out.
    """
    origin = (theirs.get("properties") or {}).get("province_origin_id")
    following = derived.names(layer, origin)
    found = []
    for name in (one for one in fields(layer) if one not in following):
        now = _member(theirs, name, None)
        was = now if base is None else _member(base, name, None)
        wish = was if yours is None else _member(yours, name, was)
        if now != was or wish != was:
            found.append(Clash(name, None if base is None else was, now, wish))
    return found


def _member(feature: dict[str, Any], name: str, absent: Any) -> Any:
    held = feature if name == GEOMETRY else feature.get("properties") or {}
    return held.get(name, absent)


def as_json(found: Iterable[Difference | Clash]) -> list[dict[str, Any]]:
    """Return differences as an answer tells them."""
    return [one._asdict() for one in found]

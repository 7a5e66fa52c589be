"""Who reads: audiences, sights, and the pure function that says what an audience may see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import shapely

from geo.schema import Layer
from geo.types import Row
from geo.vocabulary import Classification

Audience = Classification  # an audience is named after the least open class that it may read
_ORDER = {level: rank for rank, level in enumerate(Classification)}
_LEVELS = {level.value: level for level in Classification}


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader sees: of each row exactly one projection, chosen by where the row lies.

    Rows held by one of `units`, or that stand on one of the stretches `borders` (ids of rows,
    see geo.scope), are read as `inside`, all others as `outside`. The units are complete: their
    predecessors and successors are among them.
    """

    outside: Audience
    inside: Audience
    units: frozenset[str] = frozenset()
    borders: frozenset[str] = frozenset()

    @property
    def uniform(self) -> bool:
        """Whether every row is read as `outside`, wherever it lies."""
        return self.outside == self.inside or not (self.units or self.borders)

    @property
    def widest(self) -> Audience:
        """The audience that may see the most of those that the reader reads as."""
        return max(self.outside, self.inside, key=_ORDER.__getitem__)

    @property
    def name(self) -> str:
        """A text that tells it from every other sight."""
        if self.uniform:
            return self.outside.value
        places = ",".join((*sorted(self.units), "", *sorted(self.borders)))
        return f"{self.outside.value}>{self.inside.value}:{places}"


def everywhere(audience: Audience) -> Sight:
    """Return the sight of a reader for whom it does not matter where a row lies."""
    return Sight(audience, audience)


PUBLIC = everywhere(Classification.PUBLIC)
EVERYTHING = everywhere(Classification.RESTRICTED)


def bit(audience: Audience) -> int:
    """Return the audience's bit in a view row's mask."""
    return 1 << _ORDER[audience]


ANYBODY = sum(map(bit, Audience))  # the mask of what every audience sees


def may_see(audience: Audience, level: Classification) -> bool:
    """Say whether an audience may see what is classified so."""
    return _ORDER[audience] >= _ORDER[level]


def is_exact(layer: Layer, audience: Audience) -> bool:
    """Say whether an audience is shown where the rows of a layer lie exactly."""
    return not layer.grid_deg or may_see(audience, layer.exact_for)


@cache
def _hidden(layer: Layer, audience: Audience) -> frozenset[str]:
    exact = is_exact(layer, audience)
    return frozenset(
        f.name
        for f in layer.fields
        if not may_see(audience, f.audience) or (f.tells_place and not exact)
    )


def hides(layer: Layer, audience: Audience) -> bool:
    """Say whether anything of a row that it sees may be hidden from an audience."""
    return bool(_hidden(layer, audience)) or not is_exact(layer, audience)


@cache
def lenses(layer: Layer) -> tuple[tuple[Audience, ...], ...]:
    """Group the audiences to whom a row of the layer looks the same if they see it at all."""
    groups: dict[tuple[frozenset[str], bool], list[Audience]] = {}
    for audience in Audience:
        key = (_hidden(layer, audience), is_exact(layer, audience))
        groups.setdefault(key, []).append(audience)
    return tuple(map(tuple, groups.values()))


def project(layer: Layer, row: Row, audience: Audience) -> Row | None:
    """Return what an audience may see of a row, or None if nothing.

    Hidden fields are absent, not null; geometry below `layer.exact_for` is snapped to the
    layer's fixed grid, so that asking many times cannot sharpen it, and with it go the fields
    that tell the place in numbers.
    """
    if not may_see(audience, level(row)):
        return None
    hidden = _hidden(layer, audience)
    values = row.properties
    if hidden:
        values = {name: value for name, value in values.items() if name not in hidden}
    geometry = row.geometry
    if geometry is not None and not is_exact(layer, audience):
        geometry = shapely.set_precision(geometry, layer.grid_deg or 0)
    if values is row.properties and geometry is row.geometry:
        return row
    return Row(row.id, values, geometry)


def level(row: Row) -> Classification:
    """Return how a row is classified."""
    return _LEVELS[row.properties["classification"]]

"""Administrative units through time: names in any spelling, predecessors and successors."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from geo.errors import BadInputError
from geo.names import fold_unit
from geo.tables import EARLIEST, LATEST
from geo.types import Row


@dataclass(frozen=True, slots=True)
class Unit:
    """One administrative unit during its validity (`start` inclusive, `end` exclusive)."""

    id: str
    name: str
    names: tuple[str, ...]
    start: str
    end: str
    successors: tuple[str, ...]
    level: str


class Units:
    """All units of a register, to look up by name and to follow through time."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_id = {unit.id: unit for unit in units}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._parts: dict[str, list[str]] = defaultdict(list)
        for unit in self.by_id.values():
            for name in unit.names:
                self._by_name[fold_unit(name)].add(unit.id)
            for successor in unit.successors:
                self._parts[successor].append(unit.id)

    def named(self, name: str) -> frozenset[str]:
        """Return the ids of all units, of any era, that have or had this name or code.

        Raises:
            BadInputError: no unit was ever called so; `allowed` holds the nearest names.
        """
        found = self._by_name.get(fold_unit(name))
        if found:
            return frozenset(found)
        near = difflib.get_close_matches(fold_unit(name), self._by_name, n=5, cutoff=0.6)
        names = [self.by_id[min(self._by_name[key])].name for key in near]
        raise BadInputError(
            f"No province or country is called {name!r}",
            parameter="province",
            value=name,
            allowed=names or None,
        )

    def with_parts(self, ids: frozenset[str], day: str) -> frozenset[str]:
        """Add the units that had merged into any of these by a date (ISO)."""
        current = {key for key in ids if key in self.by_id and self.by_id[key].start <= day}
        parts = {unit.id for unit in self.by_id.values() if current & set(unit.successors)}
        return ids | parts

    def territory(self, ids: Iterable[str]) -> frozenset[str]:
        """Add what these units became, and all that went into that: one territory of today."""
        later = _reach(ids, {unit.id: unit.successors for unit in self.by_id.values()})
        return _reach(later, self._parts)

    def lineage(self, origin: str) -> Iterator[Unit]:
        """Yield the unit and whatever held its territory after it, in order of time."""
        unit, seen = self.by_id.get(origin), set[str]()
        while unit is not None and unit.id not in seen:
            yield unit
            seen.add(unit.id)
            following = [self.by_id[key] for key in unit.successors if key in self.by_id]
            unit = following[0] if len(following) == 1 else None


def _reach(ids: Iterable[str], onward: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return these and all that lie onward of them."""
    found, left = set[str](), list(ids)
    while left:
        key = left.pop()
        if key not in found:
            found.add(key)
            left.extend(onward.get(key, ()))
    return frozenset(found)


def from_rows(rows: Iterable[Row]) -> Units:
    """Build the look-up from rows of the layer admin_units."""
    return Units(_unit(row) for row in rows)


def _unit(row: Row) -> Unit:
    p = row.properties
    own = (row.id, p["name_vi"], p["name_en"], p["name_local"], p["iso_code"])
    names = [name for name in (*own, *(p["other_names"] or ())) if name]
    return Unit(
        id=row.id,
        name=p["name_vi"] or p["name_en"] or row.id,
        names=tuple(names),
        start=p["valid_from"] or EARLIEST,
        end=p["valid_to"] or LATEST,
        successors=tuple(p["successors"] or ()),
        level=p["level"],
    )

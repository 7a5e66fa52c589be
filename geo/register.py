"""What is fixed while a register is open: its units, whether it is an exercise, its engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import Engine

from geo import query, scope, store
from geo.audience import EVERYTHING, PUBLIC, Sight
from geo.layers import ADMIN_UNITS
from geo.period import Period
from geo.query import Filter, Values
from geo.tables import LATEST
from geo.types import BBox, Row
from geo.units import Units, from_rows

KEPT = 200  # sights whose units are held


@dataclass(slots=False)
class Register:
    """An open register."""

    engine: Engine
    _units: dict[tuple[int, Sight], Units] = field(default_factory=dict)

    @cached_property
    def exercise(self) -> bool:
        """Whether everything in it is made up, for training."""
        with self.engine.connect() as conn:
            return store.get_value(conn, "exercise") == "true"

    @cached_property
    def secret(self) -> str:
        """A text that nobody outside knows; of an older register, its identity."""
        with self.engine.connect() as conn:
            return store.get_value(conn, "secret") or store.get_value(conn, "identity")

    @cached_property
    def era(self) -> str:
        """A text that is another one each time that the register was restored."""
        with self.engine.connect() as conn:
            return store.get_value(conn, "era")

    @property
    def units(self) -> Units:
        """The administrative units of all times, read again when they have changed."""
        return self.units_of(EVERYTHING)

    def units_of(self, sight: Sight) -> Units:
        """Return the administrative units that a reader may see."""
        with self.engine.connect() as conn:
            key = (store.revision(conn, ADMIN_UNITS.name), sight)
            found = self._units.get(key)
            if found is None:
                rows = query.rows(conn, ADMIN_UNITS, Filter(None, sight=sight))
                found = from_rows(Row(row.pop("id"), row) for row in rows)
                now = {} if len(self._units) >= KEPT else self._units
                self._units = {k: held for k, held in now.items() if k[0] == key[0]} | {key: found}
        return found

    def stretches(self, partners: frozenset[str]) -> list[str]:
        """Return the ids of the stretches of border at which these partner provinces lie."""
        with self.engine.connect() as conn:
            return scope.stretches(conn, partners)

    def filter(
        self,
        *,
        when: Period | None,
        bbox: BBox | None = None,
        province: str | None = None,
        values: Values | None = None,
        sight: Sight = PUBLIC,
    ) -> Filter:
        """Return a filter; `province` is any name, in any spelling, that a unit ever had.

        A merged province stands for its former parts too, from the day of the merger.

        Raises:
            BadInputError: no unit was ever called so.
        """
        known = self.units_of(sight) if province else None
        units = known.named(province) if known and province else None
        if known and units:
            units = known.with_parts(units, when.end if when else LATEST)
        return Filter(when, bbox, units, values or {}, sight)

"""What is fixed while a register is open: its units, whether it is an exercise, its engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import Engine

from geo import query, store
from geo.audience import EVERYTHING, PUBLIC, Audience
from geo.layers import ADMIN_UNITS
from geo.period import Period
from geo.query import Filter, Values
from geo.tables import LATEST
from geo.types import BBox, Row
from geo.units import Units, from_rows


@dataclass(slots=False)
class Register:
    """An open register."""

    engine: Engine
    _units: dict[int, Units] = field(default_factory=dict)

    @cached_property
    def exercise(self) -> bool:
        """Whether everything in it is made up, for training."""
        with self.engine.connect() as conn:
            return store.get_value(conn, "exercise") == "true"

    @property
    def units(self) -> Units:
        """The administrative units of all times, read again when they have changed."""
        with self.engine.connect() as conn:
            revision = store.revision(conn, ADMIN_UNITS.name)
            if revision not in self._units:
                rows = query.rows(conn, ADMIN_UNITS, Filter(None, audience=EVERYTHING))
                found = from_rows(Row(row.pop("id"), row) for row in rows)
                self._units = {revision: found}
        return self._units[revision]

    def filter(
        self,
        *,
        when: Period | None,
        bbox: BBox | None = None,
        province: str | None = None,
        values: Values | None = None,
        audience: Audience = PUBLIC,
    ) -> Filter:
        """Return a filter; `province` is any name, in any spelling, that a unit ever had.

        A merged province stands for its former parts too, from the day of the merger.

        Raises:
            BadInputError: no unit was ever called so.
        """
        units = self.units.named(province) if province else None
        if units:
            units = self.units.with_parts(units, when.end if when else LATEST)
        return Filter(when, bbox, units, values or {}, audience)

"""What the person who imports a file says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from geo import crs as systems
from geo import layers
from geo.errors import BadInputError
from geo.imports import headers
from geo.imports.findings import Problem
from geo.imports.numbers import Mark
from geo.schema import Layer

ACCEPTABLE = (Problem.OFF_PROVINCE, Problem.FUTURE)  # errors that a person may overrule


@dataclass(frozen=True, slots=True)
class Options:
    """`mapping` names what a column holds, by letter or header; None leaves the column out.

    `constants` are values for every row that has none, `as_of` (ISO date) the day of the sheet,
    `document` its source, `mark` the decimal mark where the numbers do not tell, `accept` codes
    of errors that are taken as warnings.
    """

    layer: str
    sheet: str | None = None
    crs: str | None = None
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    mark: str | None = None
    as_of: str | None = None
    document: str | None = None
    accept: tuple[str, ...] = ()

    def checked(self) -> Options:
        """Return the options, known to make sense.

        Raises:
            BadInputError: one does not; the error names it.
        """
        self._check_types()
        layer = layers.get(self.layer)
        importable = [name for name in layers.LAYERS if name != layers.ADMIN_UNITS.name]
        _check(self.layer in importable, "layer", self.layer, importable)
        if self.crs is not None:
            systems.epsg_code(self.crs)
        known = headers.targets(layer)
        for target in self.mapping.values():
            _check(target is None or target in known, "mapping", target, known)
        for name in self.constants:
            _check(name in known or name == "border", "set", name, known)
        _check(self.mark in (None, *Mark), "mark", self.mark, [mark.value for mark in Mark])
        for code in self.accept:
            _check(code in ACCEPTABLE, "accept", code, [problem.value for problem in ACCEPTABLE])
        if self.as_of is not None:
            try:
                date.fromisoformat(self.as_of)
            except ValueError:
                _check(False, "as_of", self.as_of, ["YYYY-MM-DD"])
        return self

    def _check_types(self) -> None:
        for name in ("layer", "sheet", "crs", "mark", "as_of", "document"):
            value = getattr(self, name)
            _check(value is None or isinstance(value, str), name, value, ["text"])
        for name in ("mapping", "constants"):
            held = getattr(self, name)
            texts = isinstance(held, Mapping) and all(
                isinstance(one, str) or (one is None and name == "mapping")
                for one in (*held, *held.values())
            )
            _check(texts, name, held, ["texts by name"])

    @property
    def of(self) -> Layer:
        """The layer itself."""
        return layers.get(self.layer)

    def told(self) -> dict[str, Any]:
        """Return the options as plain values."""
        return asdict(self) | {"accept": list(self.accept)}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Options:
        """Return the options of plain values."""
        return cls(**{**told, "accept": tuple(told.get("accept", ()))})


def _check(holds: object, parameter: str, value: object, allowed: list[str]) -> None:
    if not holds:
        raise BadInputError(
            f"{parameter}: {value!r} is not known here",
            parameter=parameter,
            value=value,
            allowed=allowed,
        )

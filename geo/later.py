"""Modules that are loaded when something of them is first used.

What takes long to load and is not needed by every command or server stands at the top of a module
as other imports do, in this one form:

    if TYPE_CHECKING:
        import xlsxwriter
    else:
        xlsxwriter = later("xlsxwriter")

Its names are used through it, `xlsxwriter.Workbook`, and by no module while that is loaded itself.
"""

from __future__ import annotations

import gc
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later:
    """Stands for a module. Several threads may use it first: one loads it, the others wait."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._module: ModuleType | None = None

    def __getattr__(self, name: str) -> Any:
        if self._module is None:
            self._module = _loaded(self._name)
        return getattr(self._module, name)


def later(name: str) -> Any:
    """Return what stands for the module of this full name."""
    return _Later(name)


def _loaded(name: str) -> ModuleType:
    """Load a module. Nothing of it is garbage: to look there takes a seventh of the time.

    What is loaded is left out of each search after it, too.
    """
    if not gc.isenabled():
        return import_module(name)
    gc.disable()
    try:
        found = import_module(name)
        gc.freeze()
    finally:
        gc.enable()
    return found

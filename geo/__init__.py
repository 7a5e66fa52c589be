"""Cột Mốc's geo layer: borders, markers, gates and corridors, their geometry, time and sharing.

A library: it knows nothing of the web. `geo.open` gives a register's layers as GeoDataFrames.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.notebook import OpenRegister

__all__ = ["open"]


def open(path: str | Path) -> OpenRegister:
    """Open a register, by path or by PostgreSQL address, for reading what is public.

    Raises:
        StoreError: there is no such register.
        ForeignStoreError: it is damaged, or not a register of ours; it is left as it is.
    """
    # Only here, because pandas takes a second to import and the server does without.
    from geo.notebook import open_register  # noqa: PLC0415

    return open_register(path)

"""Cột Mốc's geo layer: borders, markers, gates and corridors, their geometry, time and sharing.

A library: it knows nothing of the web. `geo.open` gives a register's layers as GeoDataFrames.
"""

from geo.notebook import OpenRegister, open

__all__ = ["OpenRegister", "open"]

"""A thin facade for notebooks: a register whose layers come as GeoDataFrames.

>>> register = geo.open("var/cotmoc.gpkg")
>>> register.markers(as_of="2014-06-30", province="Đăk Nông")
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import geopandas
import pandas

from geo import layers, period, progress, query, store
from geo.audience import PUBLIC, Sight
from geo.frames import frame
from geo.register import Register
from geo.types import BBox

Frame = Callable[..., geopandas.GeoDataFrame]


@dataclass(frozen=True, slots=True)
class OpenRegister:
    """A register opened for reading with one sight; every layer is a method of its name."""

    register: Register
    sight: Sight

    def layer(
        self,
        name: str,
        *,
        as_of: str | None = None,
        province: str | None = None,
        bbox: BBox | None = None,
        **values: str,
    ) -> geopandas.GeoDataFrame:
        """Return the rows of a layer in WGS 84.

        `as_of` is a date (`2014-06-30`), an interval (`2010-01-01/2014-12-31`), `../..` for all
        versions, or None for today; `province` any spelling of any era; `bbox` is west, south,
        east, north in degrees; further keywords are equal to properties.

        Raises:
            UnknownLayerError, UnknownPropertyError, BadInputError: the call cannot be understood.
        """
        declared = layers.get(name)
        asked = self.register.filter(
            when=period.parse(as_of),
            bbox=bbox,
            province=province,
            values={key: [value] for key, value in values.items()},
            sight=self.sight,
        )
        with self.register.engine.connect() as conn:
            return frame(declared, query.every(conn, declared, asked))

    def __getattr__(self, name: str) -> Frame:
        """Return the layer of this name as a method."""
        if name not in layers.LAYERS:
            raise AttributeError(f"a register has no layer {name!r}")

        def read(**asked: object) -> geopandas.GeoDataFrame:
            return self.layer(name, **asked)  # type: ignore[arg-type]

        return read

    def __dir__(self) -> list[str]:
        """Name the layers too, so that a notebook completes them."""
        return sorted({*object.__dir__(self), *layers.LAYERS})

    def progress_report(
        self, *, border: str, as_of: str | None = None, province: str | None = None
    ) -> pandas.DataFrame:
        """Return reported, planned and counted progress figures as of a date as one table."""
        day = as_of or period.today()
        asked = self.register.filter(when=period.parse(day), province=province, sight=self.sight)
        with self.register.engine.connect() as conn:
            found = progress.progress(conn, asked, border=border, as_of=day)
        return pandas.DataFrame([row for part in asdict(found).values() for row in part])


def open_register(target: store.Target, *, sight: Sight = PUBLIC) -> OpenRegister:
    """Open a register for reading with one sight; see `geo.open`."""
    return OpenRegister(Register(store.open_store(target)), sight)

"""`terrain/relief.tif`: the 2′ relief in metres, as a Cloud-Optimized GeoTIFF."""

import json

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.shutil import copy as copy_raster

from data.build.common import SRTM, Context, cite, record, target

FILE = "terrain/relief.tif"
RMSE_M = 51  # against an independent 5′ grid (ITU-R P.1511-2)
TAGS = {
    "TITLE": "Relief of mainland South-East Asia, 2 arc-minutes",
    "SOURCE": "SRTM30 by way of KDE Marble (marble-qt-data), grey levels fitted to metres",
    "LICENCE": SRTM[0],
    "UNIT": "metre",
    "VERTICAL_DATUM": "EGM96 mean sea level (nominal)",
    "RMSE_M": str(RMSE_M),
    "STEP_M": "15 low down, 60 at 2000 m",
    "CELL": "2 arc-minutes, about 3.7 km",
}


def metres(context: Context) -> tuple[NDArray[np.int16], rasterio.Affine]:
    """Heights in metres on the 2′ grid (rows from the north), and its transform in degrees.

    Raises:
        ValueError: a height is not one of those that the grey levels stand for.
    """
    table = json.loads((context.geodata / "dem_marble_gray_to_m.json").read_text())["gray_to_m"]
    with rasterio.open(context.geodata / "dem_marble_srtm_2arcmin.tif") as grid:
        heights, transform = grid.read(1), grid.transform
    if np.abs(np.unique(heights)[:, None] - np.asarray(table)).min(axis=1).max() > 1:
        raise ValueError("the relief does not hold the metres of its table of grey levels")
    return heights, transform


def build(context: Context) -> None:
    """Write the relief."""
    heights, transform = metres(context)
    profile = {
        "driver": "GTiff",
        "height": heights.shape[0],
        "width": heights.shape[1],
        "count": 1,
        "dtype": "int16",
        "crs": "EPSG:4326",
        "transform": transform,
    }
    with rasterio.MemoryFile() as memory:
        with memory.open(**profile) as grid:
            grid.write(heights, 1)
            grid.update_tags(**TAGS)
            grid.set_band_unit(1, "m")
        with memory.open() as grid:
            path = target(context, FILE)
            copy_raster(grid, path, driver="COG", COMPRESS="DEFLATE", PREDICTOR="YES", LEVEL="9")
    note_source(context)


def note_source(context: Context) -> None:
    """Catalogue the file and its source."""
    cite(
        context,
        "marble-srtm",
        name_vi="Địa hình SRTM trong KDE Marble",
        name_en="SRTM relief of KDE Marble",
        kind="dataset",
        publisher="NASA; KDE",
        licence=SRTM[0],
        url="https://marble.kde.org",
        note="marble-qt-data, srtm/3",
    )
    record(
        context,
        FILE,
        layer=None,
        title="Relief, 2 arc-minutes",
        source="SRTM30 by way of KDE Marble (marble-qt-data)",
        version="srtm level 3",
        rights=SRTM,
        method="8-bit grey levels to metres by a monotone fit to ITU-R P.1511-2; RMSE 51 m; "
        "steps of 15 m low down and 60 m at 2,000 m.",
    )

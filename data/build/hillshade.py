"""`basemap/hillshade.png`: shaded relief on a Web Mercator grid, shadows and lights by alpha."""

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import geometry_mask
from rasterio.transform import from_bounds
from rasterio.warp import Resampling, reproject, transform_bounds

from data.build.basemap import lands
from data.build.common import ODBL, SRTM, Context, record, target, write_json
from data.build.terrain import metres

FILE, BOUNDS_FILE = "basemap/hillshade.png", "basemap/hillshade.json"
BOUNDS = (92.0, 5.0, 112.0, 28.0)  # west, south, east, north, degrees
WIDTH = 1100  # pixels, about 2 km each
SMOOTHING = 1.2  # standard deviation in pixels; the heights come in steps
EXAGGERATION = 9.0  # of the heights, for a grid as coarse as this
AZIMUTH, ALTITUDE = 315.0, 45.0  # of the sun, degrees
STRENGTH = 150  # largest alpha
LEVELS = 24  # steps of alpha; fewer make a smaller file

Floats = NDArray[np.float64]


def grid() -> tuple[tuple[float, float, float, float], tuple[int, int]]:
    """Bounds in metres of EPSG:3857, and (rows, columns) with square pixels."""
    west, south, east, north = transform_bounds("EPSG:4326", "EPSG:3857", *BOUNDS)
    return (west, south, east, north), (round(WIDTH * (north - south) / (east - west)), WIDTH)


def heights(context: Context) -> Floats:
    """Smoothed heights in metres on the Web Mercator grid."""
    source, transform = metres(context)
    bounds, (rows, columns) = grid()
    out = np.zeros((rows, columns))
    reproject(
        source.astype(np.float64),
        out,
        src_transform=transform,
        src_crs="EPSG:4326",
        dst_transform=from_bounds(*bounds, columns, rows),
        dst_crs="EPSG:3857",
        resampling=Resampling.cubic_spline,
    )
    return smoothed(smoothed(out, 0), 1)


def smoothed(values: Floats, axis: int) -> Floats:
    """Gaussian mean along one axis."""
    reach = np.arange(-4, 5)
    weights = np.exp(-(reach**2) / (2 * SMOOTHING**2))
    padded = np.pad(values, [(4, 4) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
    size = values.shape[axis]
    shifted = [np.take(padded, range(i, i + size), axis=axis) for i in range(len(reach))]
    return np.asarray(np.tensordot(weights / weights.sum(), shifted, axes=1))


def light(surface: Floats, cell: float) -> Floats:
    """Lambert shading from -1 (shadow) over 0 (flat) to 1; `cell` is the pixel in metres."""
    south, east = np.gradient(surface * EXAGGERATION, cell)
    azimuth, altitude = np.radians([AZIMUTH, ALTITUDE])
    sun = (np.sin(azimuth) * np.cos(altitude), np.cos(azimuth) * np.cos(altitude))
    facing = -east * sun[0] + south * sun[1] + np.sin(altitude)
    shade = facing / np.sqrt(1 + east**2 + south**2)
    flat = np.sin(altitude)
    return np.asarray(np.where(shade > flat, (shade - flat) / (1 - flat), shade / flat - 1))


def painted(shade: Floats, land: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Grey (0 or 255) and alpha bands; the sea stays clear."""
    steps = np.round(np.abs(shade).clip(0, 1) * LEVELS) / LEVELS
    alpha = np.where(land, steps * STRENGTH, 0)
    grey = np.where((shade > 0) & (alpha > 0), 255, 0)
    return np.stack([grey, alpha]).astype(np.uint8)


def land_mask(context: Context) -> NDArray[np.bool_]:
    """True where a pixel lies on the land of the six countries."""
    bounds, shape = grid()
    shapes = [to_mercator(geometry) for _, geometry in lands(context)]
    transform = from_bounds(*bounds, shape[1], shape[0])
    return np.asarray(geometry_mask(shapes, shape, transform, invert=True, all_touched=True))


def to_mercator(shape: shapely.Geometry) -> shapely.Geometry:
    """Degrees to metres of EPSG:3857."""
    radius = 6378137.0  # m

    def project(xy: Floats) -> Floats:
        lon, lat = np.radians(xy).T
        return np.column_stack([radius * lon, radius * np.log(np.tan(np.pi / 4 + lat / 2))])

    return shapely.transform(shape, project)


def build(context: Context) -> None:
    """Write the image and its bounds."""
    bounds, (rows, columns) = grid()
    shade = light(heights(context), (bounds[2] - bounds[0]) / columns)
    bands = painted(shade, land_mask(context))
    profile = {"driver": "PNG", "height": rows, "width": columns, "count": 2, "dtype": "uint8"}
    profile |= {"crs": "EPSG:3857", "transform": from_bounds(*bounds, columns, rows)}
    with rasterio.MemoryFile() as memory:
        with memory.open(**profile, ZLEVEL=9) as image:
            image.write(bands)
        target(context, FILE).write_bytes(memory.read())
    write_json(context, BOUNDS_FILE, {"bounds": BOUNDS, "crs": "EPSG:3857"})
    for file in (FILE, BOUNDS_FILE):
        note_file(context, file)


def note_file(context: Context, file: str) -> None:
    """Catalogue one of the two files."""
    record(
        context,
        file,
        layer=None,
        title="Shaded relief of the base map",
        source="SRTM30 by way of KDE Marble; coast: OpenStreetMap 2026",
        version="1",
        rights=(f"{SRTM[0]}; {ODBL[0]}", f"{SRTM[1]}; {ODBL[1]}"),
        method="Lambert shading of the smoothed 2′ relief, heights exaggerated nine times, on a "
        "Web Mercator grid; `bounds` are degrees.",
    )

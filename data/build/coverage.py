"""Province polygons that share their edges exactly: cleaned, thinned far away, dissolved.

Geometry is EPSG:4326, lon lat, tolerances and widths in degrees (0.001° is about 110 m).
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data.build.common import Context, Row, read_geodata

Unit = tuple[Row, BaseGeometry]

GAP = 0.005  # slivers narrower than this between neighbours are closed
FAR_TOLERANCE = {"CHN": 0.01, "MMR": 0.01, "THA": 0.004}  # inner edges and coasts there only
FAR_ISLAND = 2e-4  # square degrees (about 2 km²); smaller islands are dropped in far countries
PRECISION = 6  # decimals of a degree; the sources have 5, only new nodes need the sixth
HOANG_SA = shapely.box(110.8, 15.0, 113.5, 17.3)  # Natural Earth files these islets under Hainan


def units(context: Context) -> list[Unit]:
    """The 203 province-level units before 2025-07-01 as one valid coverage."""
    return [(dict(row), shape) for row, shape in _units(context.geodata)]


@cache
def _units(geodata: Path) -> tuple[Unit, ...]:
    context = Context(geodata, geodata, geodata)
    near = read_geodata(context, "admin1_fit_osm2026_simpl_0.002")
    far = read_geodata(context, "admin1_cn_mm_fit_osm2026_simpl_0.002")
    rows = [row for row, _ in near + far]
    shapes = [without_islands(row, shape) for row, shape in near + far]
    clean = shapely.coverage_clean(shapes, gap_width=GAP, merge_strategy="min_index")
    countries = np.array([row["adm0_a3"] for row in rows])
    for country, tolerance in FAR_TOLERANCE.items():
        clean[countries == country] = thinned(clean, countries == country, tolerance)
    return tuple(zip(rows, (multi(shape) for shape in clean), strict=True))


def without_islands(row: Row, shape: BaseGeometry) -> BaseGeometry:
    """Drop tiny far islands, and the islets of Hoàng Sa, which `islands` shows by viewpoint."""
    if row["adm0_a3"] not in FAR_TOLERANCE:
        return shape
    parts = shapely.get_parts(shape)
    keep = (shapely.area(parts) > FAR_ISLAND) & ~shapely.intersects(parts, HOANG_SA)
    return shapely.multipolygons(parts[keep])


def thinned(shapes: np.ndarray, chosen: np.ndarray, tolerance: float) -> np.ndarray:
    """Simplify the chosen polygons, keeping every edge that they share with the others.

    The rest of the world joins as a polygon of its own, so that a coast counts as an inner
    edge; what borders on the units not chosen is the rim, which coverage_simplify keeps.
    """
    box = shapely.box(*shapely.total_bounds(shapes)).buffer(1, join_style="mitre")
    world = shapely.difference(box, shapely.coverage_union_all(shapes))
    simple = shapely.coverage_simplify([*shapes[chosen], world], tolerance, simplify_boundary=False)
    return np.asarray(simple[:-1])


def multi(shape: BaseGeometry) -> BaseGeometry:
    """A MultiPolygon with coordinates of 6 decimals, rings as RFC 7946 asks."""
    snapped = shapely.transform(shape, lambda xy: xy.round(PRECISION))
    return shapely.orient_polygons(shapely.multipolygons(shapely.get_parts(snapped)))


def dissolved(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """Union of members of a valid coverage; their outer edges stay as they are."""
    return multi(shapely.coverage_union_all(list(shapes)))


def neighbours(shapes: Mapping[str, BaseGeometry]) -> dict[str, set[str]]:
    """Ids of the members that share an edge (not only a point) with each member."""
    ids, polygons = list(shapes), list(shapes.values())
    found: dict[str, set[str]] = {key: set() for key in ids}
    left, right = shapely.STRtree(polygons).query(polygons, predicate="touches")
    for a, b in zip(left, right, strict=True):
        if shared_length(polygons[a], polygons[b]) > GAP:
            found[ids[a]].add(ids[b])
    return found


def shared_length(a: BaseGeometry, b: BaseGeometry) -> float:
    """Length of the edge that two members share, degrees."""
    return float(shapely.length(shapely.intersection(a, b)))

"""`basemap/base.pmtiles`: land, water, province limits, railways for the built-in base map."""

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data.build import coverage, units
from data.build.common import (
    NATURAL_EARTH,
    ODBL,
    Context,
    Row,
    read_geodata,
    record,
    target,
)
from data.build.tiles import TileLayer, archive

Feature = tuple[Row, BaseGeometry]

FILE = "basemap/base.pmtiles"
BOUNDS = (92.0, 5.0, 118.0, 28.0)  # west, south, east, north, degrees
MINZOOM, MAXZOOM = 4, 9  # a unit of a z9 tile is 19 m; the outlines are good to 55 m
SLIVER = 0.001  # degrees; gaps between countries that are closed


def lands(context: Context) -> list[Feature]:
    """Countries as a coverage with 55 m outlines; the islands beyond name no country."""
    rows = read_geodata(context, "countries_osm2026_simpl_0.0005")
    shapes = [without_hoang_sa(shape) for _, shape in rows]
    clean = shapely.coverage_clean(shapes, gap_width=SLIVER, merge_strategy="min_index")
    found = [
        ({"country": units.COUNTRY[row["iso_a3"]]}, shape)
        for (row, _), shape in zip(rows, clean, strict=True)
    ]
    islands = [shape for _, shape in read_geodata(context, "islands_ne10m")]
    return [*found, ({"country": ""}, shapely.union_all(islands))]


def without_hoang_sa(shape: BaseGeometry) -> BaseGeometry:
    """A country without islets of Hoàng Sa, which come without a country."""
    parts = shapely.get_parts(shape)
    return shapely.multipolygons(parts[~shapely.intersects(parts, coverage.HOANG_SA)])


def frontiers(land: list[Feature]) -> list[Feature]:
    """Edges that two countries share, named by both codes (`LA-TH`)."""
    found = []
    for index, (first, a) in enumerate(land):
        for second, b in land[index + 1 :]:
            line = shared(a, b)
            if line is not None:
                found.append(({"countries": f"{first['country']}-{second['country']}"}, line))
    return found


def shared(a: BaseGeometry, b: BaseGeometry) -> BaseGeometry | None:
    """The lines that two members of a coverage share, or None."""
    return lines_of([shapely.intersection(a, b)])


def lines_of(shapes: Iterable[BaseGeometry]) -> BaseGeometry | None:
    """The line parts of some shapes, joined end to end."""
    parts = shapely.get_parts(np.concatenate([shapely.get_parts([shape]) for shape in shapes]))
    lines = [part for part in parts if part.geom_type == "LineString"]
    return shapely.line_merge(shapely.multilinestrings(lines)) if lines else None


def province_limits(context: Context) -> list[Feature]:
    """Limits between provinces of one country; `until` says which ones 2025-07-01 took away."""
    found: list[Feature] = []
    old = units.before(context)
    for row, line in inner_edges(old + units.partners(context)):
        a, b = row["units"]
        merged = bool(a["successors"]) and a["successors"] == b["successors"]
        found.append(({"country": a["country"], "until": "2025-07-01" if merged else ""}, line))
    return found


def inner_edges(members: list[units.Unit]) -> list[Feature]:
    """The shared edge of each two neighbours of one country, with their rows."""
    shapes = {row["id"]: shape for row, shape in members}
    rows = {row["id"]: row for row, _ in members}
    found = []
    for unit, others in coverage.neighbours(shapes).items():
        for other in sorted(others):
            if unit < other and rows[unit]["country"] == rows[other]["country"]:
                line = shared(shapes[unit], shapes[other])
                found.append(({"units": (rows[unit], rows[other])}, line))
    return [(row, line) for row, line in found if line is not None]


def rivers(context: Context) -> list[Feature]:
    """River centre lines with Natural Earth's rank (0 largest)."""
    return [
        ({"name": row["name"] or "", "rank": int(row["scalerank"])}, shape)
        for row, shape in read_geodata(context, "rivers_ne10m")
    ]


def lakes(context: Context) -> list[Feature]:
    """Lakes and reservoirs."""
    rows = read_geodata(context, "lakes_ne10m")
    return [({"name": row["name_vi"], "rank": int(row["scalerank"])}, shape) for row, shape in rows]


def railways(context: Context) -> list[Feature]:
    """Railways, straight from junction to junction."""
    lines = [shape for _, shape in read_geodata(context, "railways_scgraph_osm")]
    return [({"kind": "rail"}, shapely.line_merge(shapely.union_all(lines)))]


def layers(context: Context) -> list[TileLayer]:
    """Layers of the tiles in drawing order."""
    land = lands(context)
    return [
        TileLayer("land", land, MINZOOM, MAXZOOM),
        TileLayer("lakes", lakes(context), MINZOOM, MAXZOOM),
        TileLayer("rivers", rivers(context), MINZOOM, MAXZOOM),
        TileLayer("railways", railways(context), 6, MAXZOOM),
        TileLayer("provinces", province_limits(context), 5, MAXZOOM),
        TileLayer("frontiers", frontiers(land), MINZOOM, MAXZOOM),
    ]


def build(context: Context) -> None:
    """Write the archive."""
    about = {
        "name": "Cột Mốc base map",
        "attribution": f"{ODBL[1]}; {NATURAL_EARTH[1]}",
        "format": "pbf",
    }
    target(context, FILE).write_bytes(archive(layers(context), bounds=BOUNDS, about=about))
    record(
        context,
        FILE,
        layer=None,
        title="Vector tiles of the base map",
        source="OpenStreetMap 2026 (timezonefinder-data 3.2026.3.post1; railways: scgraph_data "
        "2.0.0); Natural Earth 10 m (rivers, lakes, islands, provinces)",
        version="2026.3",
        rights=(ODBL[0], f"{ODBL[1]}; {NATURAL_EARTH[1]}"),
        method="Mapbox vector tiles z4–z9 in one PMTiles archive; railways are schematic.",
        viewpoint="Islands east of 110.8° E are drawn as land without a country.",
    )

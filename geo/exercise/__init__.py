"""A wholly synthetic register on the real lines, for training, tests and measurements.

Nothing in it is a fact but the border lines and their provinces. Ids begin with `dt-` (diễn tập),
numbers with DT and 1001, and every row says in its source and note that it is made up. The same
seed makes the same register.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.random import Generator

from geo.crs import guess_zones
from geo.errors import BadInputError
from geo.exercise import plan, tables
from geo.referencing import LineReference
from geo.types import Row
from geo.vocabulary import BorderLevel

SEED = 20140630
BACKGROUND = ("sources", "admin_units", "borders", "islands", "places", "corridors")  # kept as is


def rows(borders: Iterable[Row], *, markers: int = 5000, seed: int = SEED) -> dict[str, list[Row]]:
    """Make the rows of a register of exactly so many markers, by layer.

    Args:
        borders: rows of the layer borders: lines, and their stretches of before July 2025.
        markers: how many, shared out among the lines by length.
        seed: the same one makes the same rows.

    Raises:
        BadInputError: no line among the borders, or no marker asked for.
    """
    lines = _lines(borders)
    if markers < 1 or not lines:
        raise BadInputError("An exercise needs a border line and a marker", parameter="markers")
    lengths = np.array([line.reference.length_km for line in lines])
    ends = np.rint(np.cumsum(lengths) / lengths.sum() * markers).astype(int)
    made: dict[str, list[Row]] = {"sources": [tables.source_row()]}
    for i, (line, count) in enumerate(zip(lines, np.diff(ends, prepend=0), strict=True)):
        for name, more in _register(line, int(count), np.random.default_rng([seed, i])).items():
            made.setdefault(name, []).extend(more)
    return made


def replace(
    data: dict[str, list[Row]], *, markers: int = 5000, seed: int = SEED
) -> dict[str, list[Row]]:
    """Return an exercise's layers: the geography of `data`, all else made up or left empty."""
    made = rows(data["borders"], markers=markers, seed=seed)
    kept = {name: list(old) if name in BACKGROUND else [] for name, old in data.items()}
    kept["borders"] = [
        row._replace(properties=row.properties | {"register_complete": True})
        for row in kept["borders"]
    ]
    return kept | {name: kept.get(name, []) + more for name, more in made.items()}


def _lines(borders: Iterable[Row]) -> list[plan.Line]:
    every = list(borders)
    whole = [row for row in every if row.properties["level"] == BorderLevel.LINE]
    return [_line(row, every) for row in sorted(whole, key=lambda row: row.id)]


def _line(row: Row, borders: list[Row]) -> plan.Line:
    border = row.properties["border"]
    stretches = [
        r.properties
        for r in borders
        if r.properties["level"] == BorderLevel.STRETCH
        and r.properties["border"] == border
        and not r.properties["valid_from"]
    ]
    if row.geometry is None or not stretches:
        raise BadInputError(f"Border {row.id} has no line or no stretches", parameter="borders")
    stretches.sort(key=lambda p: p["chainage_from_km"])
    starts = np.array([p["chainage_from_km"] for p in stretches])
    provinces = [
        (p["province"], p["province_origin_id"], guess_zones(p["province"])[0].crs)
        for p in stretches
    ]
    reference = LineReference.from_north(row.geometry)
    return plan.Line(row.id, border, reference, starts, provinces)


def _register(line: plan.Line, count: int, random: Generator) -> dict[str, list[Row]]:
    if not count:
        return {}
    positions = plan.draw_positions(line, count, random)
    markers = plan.draw_markers(line, positions, random)
    visits = plan.draw_visits(markers, random)
    return {
        "positions": tables.position_rows(line, positions),
        "markers": tables.marker_rows(line, positions, markers, visits, random),
        "marker_events": [*tables.stage_rows(markers), *tables.later_rows(markers, random)],
        "inspections": tables.inspection_rows(markers, visits, random),
        "posts": tables.post_rows(line),
        "progress": tables.progress_rows(line, positions, markers),
    }

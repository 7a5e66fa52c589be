"""A wholly synthetic register on the real lines, for training, tests and measurements.

Nothing in it is a fact but the border lines and their provinces. Ids begin with `dt-` (diễn tập),
numbers with DT and 1001, and every row says in its source and note that it is made up. The same
seed makes the same register.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.random import Generator

from geo.crs import guess_zones
from geo.errors import BadInputError
from geo.exercise import drawn, plan, tables
from geo.referencing import LineReference
from geo.types import Row
from geo.vocabulary import BorderLevel

SEED = 20140630
PART = 10_000  # markers whose rows are held at once, some 200 MB
Layers = dict[str, list[Row]]
BACKGROUND = ("sources", "admin_units", "borders", "islands", "places", "corridors")  # kept as is


def rows(borders: Iterable[Row], *, markers: int = 5000, seed: int = SEED) -> Layers:
    """Make the rows of a register of exactly so many markers, by layer.

    Args:
        borders: rows of the layer borders: lines, and their stretches of before July 2025.
        markers: how many, shared out among the lines by length.
        seed: the same one makes the same rows.

    Raises:
        BadInputError: no line among the borders, or no marker asked for.
    """
    made: Layers = {}
    for part in _drawn_rows(borders, markers, seed):
        for name, more in part.items():
            made.setdefault(name, []).extend(more)
    return made


def _drawn_rows(borders: Iterable[Row], markers: int, seed: int) -> Iterator[Layers]:
    lines = _lines(borders)
    if markers < 1 or not lines:
        raise BadInputError("An exercise needs a border line and a marker", parameter="markers")
    lengths = np.array([line.reference.length_km for line in lines])
    ends = np.rint(np.cumsum(lengths) / lengths.sum() * markers).astype(int)
    yield {"sources": [tables.source_row()]}
    for i, (line, count) in enumerate(zip(lines, np.diff(ends, prepend=0), strict=True)):
        if count:
            yield from _register(line, int(count), np.random.default_rng([seed, i]))


def parts(
    data: Layers, *, markers: int = 5000, seed: int = SEED, at_once: int = PART
) -> Iterator[Layers]:
    """Yield an exercise's rows by layer: the geography of `data`, all else made up.

    Each part but the last holds about `at_once` markers, whole with all that concerns them, so
    that memory need not hold more.
    """
    part: Layers = {name: list(old) if name in BACKGROUND else [] for name, old in data.items()}
    part["borders"] = [
        row._replace(properties=row.properties | {"register_complete": True})
        for row in part["borders"]
    ]
    for more in _drawn_rows(data["borders"], markers, seed):
        for name, made in more.items():
            part.setdefault(name, []).extend(made)
        if len(part["markers"]) >= at_once:
            yield part
            part = {name: [] for name in data}
    yield part


def replace(data: Layers, *, markers: int = 5000, seed: int = SEED) -> Layers:
    """Return an exercise's layers in one piece, see `parts`."""
    [whole] = parts(data, markers=markers, seed=seed, at_once=markers + 1)
    return whole


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


def _register(line: plan.Line, count: int, random: Generator) -> Iterator[Layers]:
    whole = drawn.draw(line, count, random)
    yield {
        "posts": tables.post_rows(line),
        "progress": tables.progress_rows(line, whole.positions, whole.markers),
    }
    for run in drawn.runs(whole, PART):
        yield {
            "positions": tables.position_rows(line, run.positions),
            "markers": tables.marker_rows(run),
            "marker_events": [*tables.stage_rows(run.markers), *tables.later_rows(run)],
            "inspections": tables.inspection_rows(run),
        }

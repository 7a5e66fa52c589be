"""Which row of the register each row of a file is, and which rows are there twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from pyproj import Geod
from sqlalchemy import Connection, select

from geo import query
from geo.imports import places
from geo.imports.findings import Problem, Said
from geo.imports.markers import Number
from geo.imports.records import Record
from geo.imports.scan import Scan
from geo.layers import LAYERS, MARKERS, POSITIONS
from geo.names import fold
from geo.query import Filter
from geo.schema import Layer
from geo.tables import VIEWS
from geo.vocabulary import PositionQuality

SAME_PLACE = 5.0  # metres within which two points are one place, where no accuracy is stated
MOST_APART = 100.0  # metres beyond which no stated accuracy makes two points one place
MOVED = 50.0  # metres beyond which a point has moved, where no accuracy is stated
_VAGUE = (None, PositionQuality.INDICATIVE.value, PositionQuality.UNKNOWN.value)
_DEGREE = 111_320.0  # metres of latitude
_GEOD = Geod(ellps="WGS84")


class Held(NamedTuple):
    """What of a row of the register is needed to know it again."""

    id: str
    label: str | None
    start: str | None  # valid_from
    revision: int
    place: tuple[float, float] | None
    uncertainty: float | None  # metres
    is_vague: bool
    border: str | None
    number: tuple[int | None, int | None] | None  # main, aux


def held(conn: Connection, layer: Layer, asked: Filter) -> dict[str, Held]:
    """Return by id the rows of a layer that the writer sees at his date."""
    view = VIEWS[layer.name]
    wanted = {"id": "id", "label": layer.label, "start": "valid_from", "revision": "revision"}
    wanted |= {"x": "w", "y": "s", "uncertainty": "position_uncertainty_m"}
    wanted |= {"quality": "position_quality", "border": "border", "main": "main", "aux": "aux"}
    columns = [view.c[name].label(key) for key, name in wanted.items() if name in view.c]
    found: dict[str, Held] = {}
    for row in conn.execute(select(*columns).where(query.condition(layer, asked))).mappings():
        at = (row["x"], row["y"]) if row.get("x") is not None else None
        vague = "quality" in row and row["quality"] in _VAGUE
        number = (row["main"], row["aux"]) if "main" in row else None
        found[row["id"]] = Held(
            row["id"], row["label"], row["start"], row["revision"], at, row.get("uncertainty"),
            vague, row.get("border"), number,
        )  # fmt: skip
    return found


def match(scan: Scan, layer: Layer, known: dict[str, Held]) -> None:
    """Give each record the id of the row that it is, or that it will have; say what is twice."""
    labels: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    for row in known.values():
        if row.label:
            labels[row.border, fold(row.label)].append(row.id)
    seen: dict[str, int] = {}
    for record in scan.records:
        if record.id is None:
            record.id = _identity(record, layer, labels)
        if record.id is not None:
            if record.id in seen:
                said = Said(f"dòng {seen[record.id]}", f"row {seen[record.id]}")
                column = scan.column("number") or scan.column("name_vi") or scan.column("@id")
                record.find(Problem.TWICE, column, record.given.get(layer.label), said)
            seen.setdefault(record.id, record.row)


def _identity(
    record: Record, layer: Layer, labels: dict[tuple[str | None, str], list[str]]
) -> str | None:
    label, border = record.given.get(layer.label), record.given.get("border")
    if not label:
        return None
    same = labels.get((border, fold(str(label))), [])
    if len(same) == 1:
        return same[0]
    return numbered(layer, border, record.number) if record.number and border else None


def numbered(layer: Layer, border: str, number: Number) -> str | None:
    """Return the id that a marker or a position has by its number."""
    if layer is MARKERS:
        return f"{border.lower()}.{number.main}.{number.aux}.{number.k}"
    if layer is POSITIONS:
        return f"{border.lower()}.{number.main}" + (f".{number.aux}" if number.aux else "")
    return None


def compare_places(scan: Scan, layer: Layer, known: dict[str, Held]) -> None:
    """Warn of rows at the place of another row, and of points far from where they were."""
    if layer.geometry != "Point":
        return
    column = places.first_column(scan.columns)
    mine = [record for record in scan.records if record.shape is not None]
    for record in mine:
        before = known.get(record.id or "")
        if before and before.place and not before.is_vague:
            x, y = record.shape.coords[0]  # type: ignore[union-attr]
            metres = abs(_GEOD.line_length([before.place[0], x], [before.place[1], y]))
            limit = max(MOVED, before.uncertainty or 0)
            if metres > limit:
                record.find(Problem.MOVED, column, None, Said(f"{metres:.0f} m", f"{metres:.0f} m"))
    others = [row for row in known.values() if row.place and not row.is_vague]
    _warn_of_others(mine, others, column)
    _warn_of_twins(mine, column)


def _warn_of_others(mine: Sequence[Record], others: Sequence[Held], column: object) -> None:
    tree = shapely.STRtree(shapely.points([row.place for row in others]) if others else [])
    for record, at in _within(mine, tree):
        other = others[at]
        same = record.number and other.number == (record.number.main, record.number.aux or 0)
        if other.id != record.id and not (same and other.border == record.given.get("border")):
            said = Said(f"{other.label} ({other.id})", f"{other.label} ({other.id})")
            record.find(Problem.NEAR_OTHER, column, None, said)  # type: ignore[arg-type]


def _warn_of_twins(mine: Sequence[Record], column: object) -> None:
    tree = shapely.STRtree([record.shape for record in mine])
    for record, at in _within(mine, tree):
        other = mine[at]
        same = record.number and other.number and record.number[:2] == other.number[:2]
        if other.row < record.row and not same and other.id != record.id:
            said = Said(f"dòng {other.row}", f"row {other.row}")
            record.find(Problem.NEAR_TWIN, column, None, said)  # type: ignore[arg-type]


def _within(mine: Sequence[Record], tree: shapely.STRtree) -> list[tuple[Record, int]]:
    """Return each record with the places in the tree that are the same place."""
    if not mine or not len(tree):
        return []
    stated = [record.given.get("position_uncertainty_m") for record in mine]
    metres = [min(one or SAME_PLACE, MOST_APART) for one in stated]
    shapes = [record.shape for record in mine]
    pairs = tree.query(shapes, predicate="dwithin", distance=np.array(metres) / _DEGREE)
    return [(mine[left], int(right)) for left, right in pairs.T]


def resolve_references(conn: Connection, scan: Scan, layer: Layer, asked: Filter) -> None:
    """Put identifiers in the place of names, where a name stands for one row alone."""
    for field in layer.fields:
        values = [record.given.get(field.name) for record in scan.records]
        named = [value for value in values if value is not None]
        if not field.refers or not named or any(isinstance(one, list) for one in named):
            continue
        target = LAYERS[field.refers]
        known = held(conn, target, asked)
        by_label: dict[str, set[str]] = defaultdict(set)
        for row in known.values():
            by_label[fold(row.label or "")].add(row.id)
        for record in scan.records:
            value = record.given.get(field.name)
            if value is not None and value not in known:
                same = by_label.get(fold(str(value)), set())
                record.given[field.name] = next(iter(same)) if len(same) == 1 else value

"""Which row of the register each row of a file is, and which rows are there twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from sqlalchemy import Connection, select

from geo import query
from geo.imports import places
from geo.imports.findings import Problem, Said
from geo.imports.headers import Column
from geo.imports.markers import Number
from geo.imports.records import Action, Record
from geo.imports.scan import Scan
from geo.layers import LAYERS, MARKERS, POSITIONS
from geo.names import fold
from geo.query import Filter
from geo.referencing import geod
from geo.schema import Layer
from geo.tables import VIEWS
from geo.vocabulary import PositionQuality

SAME_PLACE = 5.0  # metres within which two points are one place, where no accuracy is stated
MOST_APART = 100.0  # metres beyond which no stated accuracy makes two points one place
MOVED = 50.0  # metres beyond which a point has moved, where no accuracy is stated
_VAGUE = (None, PositionQuality.INDICATIVE.value, PositionQuality.UNKNOWN.value)
_DEGREE = 111_320.0  # metres of latitude
# What tells rows of one label apart, besides the border: a label is not always a name.
APART: dict[str, tuple[str, ...]] = {
    "marker_events": ("marker_id", "date"),
    "inspections": ("marker_id",),
    "progress": ("province_id", "province_origin_id", "as_of", "source"),
    "indicators": ("province_id", "province_origin_id", "unit_ids", "period", "as_of"),
    "exchanges": ("date_from",),
    "commitments": ("agreement_id",),
}


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
    apart: Mapping[str, Any]  # values by the names of APART


Labels = dict[tuple[str | None, str], list[Held]]  # by border and folded label


def held(conn: Connection, layer: Layer, asked: Filter) -> dict[str, Held]:
    """Return by id the rows of a layer that the writer sees at his date."""
    view = VIEWS[layer.name]
    wanted = {"id": "id", "label": layer.label, "start": "valid_from", "revision": "revision"}
    wanted |= {"x": "w", "y": "s", "uncertainty": "position_uncertainty_m"}
    wanted |= {"quality": "position_quality", "border": "border", "main": "main", "aux": "aux"}
    apart = APART.get(layer.name, ())
    wanted |= {name: name for name in apart}
    columns = [view.c[name].label(key) for key, name in wanted.items() if name in view.c]
    found: dict[str, Held] = {}
    for row in conn.execute(select(*columns).where(query.condition(layer, asked))).mappings():
        at = (row["x"], row["y"]) if row.get("x") is not None else None
        vague = "quality" in row and row["quality"] in _VAGUE
        number = (row["main"], row["aux"]) if "main" in row else None
        found[row["id"]] = Held(
            row["id"], row["label"], row["start"], row["revision"], at, row.get("uncertainty"),
            vague, row.get("border"), number, {name: row[name] for name in apart},
        )  # fmt: skip
    return found


def match(scan: Scan, layer: Layer, known: dict[str, Held]) -> None:
    """Give each record the id of the row that it is, or that it will have; say what is twice."""
    labels = _labels(known)
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


def came(records: Sequence[Record], layer: Layer, known: Mapping[str, Held]) -> list[Record]:
    """Return the new records whose rows somebody else has written by now, under other ids."""
    labels = _labels(known)
    new = [record for record in records if record.action is Action.CREATE and not record.named]
    found = ((record, _identity(record, layer, labels)) for record in new)
    return [record for record, key in found if key in known and key != record.id]


def _labels(known: Mapping[str, Held]) -> Labels:
    found: Labels = defaultdict(list)
    for row in known.values():
        if row.label:
            found[row.border, fold(row.label)].append(row)
    return found


def _identity(record: Record, layer: Layer, labels: Labels) -> str | None:
    label, border = record.given.get(layer.label), record.given.get("border")
    if not label:
        return None
    alike = labels.get((border, fold(str(label))), ())
    same = [row for row in alike if _may_be(record, row)]
    if len(same) == 1:
        return same[0].id
    return numbered(layer, border, record.number) if record.number and border else None


def _may_be(record: Record, row: Held) -> bool:
    """Say whether nothing that a record gives tells it apart from a row of its label."""
    given = ((record.given.get(name), held) for name, held in row.apart.items())
    return all(value is None or value == held for value, held in given)


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
            metres = abs(geod().line_length([before.place[0], x], [before.place[1], y]))
            limit = max(MOVED, before.uncertainty or 0)
            if metres > limit:
                record.find(Problem.MOVED, column, said=Said.same(f"{metres:.0f} m"))
    others = [row for row in known.values() if row.place and not row.is_vague]
    _warn_of_others(mine, others, column)
    _warn_of_twins(mine, column)


def _warn_of_others(mine: Sequence[Record], others: Sequence[Held], column: Column | None) -> None:
    tree = shapely.STRtree(shapely.points([row.place for row in others]) if others else [])
    for record, at in _within(mine, tree):
        other = others[at]
        same = record.number and other.number == (record.number.main, record.number.aux or 0)
        if other.id != record.id and not (same and other.border == record.given.get("border")):
            said = Said.same(f"{other.label} ({other.id})")
            record.find(Problem.NEAR_OTHER, column, said=said)


def _warn_of_twins(mine: Sequence[Record], column: Column | None) -> None:
    tree = shapely.STRtree([record.shape for record in mine])
    for record, at in _within(mine, tree):
        other = mine[at]
        same = record.number and other.number and record.number[:2] == other.number[:2]
        if other.row < record.row and not same and other.id != record.id:
            said = Said(f"dòng {other.row}", f"row {other.row}")
            record.find(Problem.NEAR_TWIN, column, said=said)


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

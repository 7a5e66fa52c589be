"""Rows of an exercise's layers from what was drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import shapely

from geo import layers
from geo.crs import from_wgs84, operations
from geo.exercise.drawn import Drawn
from geo.exercise.plan import (
    CONDITIONS,
    KINDS,
    STAGES,
    VIETNAM_LEFT,
    Dates,
    Floats,
    Ints,
    Line,
    Markers,
    Positions,
    Visits,
    shifted,
)
from geo.schema import Layer
from geo.types import Row
from geo.vocabulary import (
    Basis,
    Classification,
    Condition,
    Confidence,
    DatePrecision,
    Demarcation,
    InspectionMode,
    MarkerClass,
    MarkerKind,
    Measure,
    Multiplicity,
    PositionQuality,
    SourceKind,
    Stage,
)

MARKED = {
    "source": "exercise",
    "source_id": "exercise",
    "confidence": Confidence.UNKNOWN.value,
    "note": "EXERCISE: made up",
    "note_vi": "DIỄN TẬP: số liệu giả định",
    "classification": Classification.PUBLIC.value,
    "revision": 1,
}
PLACED = {
    "position_quality": PositionQuality.SURVEYED.value,
    "position_uncertainty_m": 0.5,
    "position_method": "exercise",
    "position_method_vi": "diễn tập",
}
VN2000 = operations("EPSG:4756")[0]
SIZES = [size.value for size in Multiplicity]
BUILT, LOCATED = STAGES.index(Stage.BUILT), STAGES.index(Stage.LOCATED)
DUE = np.timedelta64(365, "D")  # after the last visit, or after building
POST_EVERY = 25.0  # km of line
POST_BACK = 2000.0  # m from the line
REPORTS = ("2010-12-31", "2014-06-30", "2018-12-31", "2022-12-31", "2025-12-31")
LAG = 0.97  # share of what was done that a report already has
CLASSES = {
    "VN-KH": (MarkerClass.TYPE_A, MarkerClass.TYPE_B, MarkerClass.TYPE_C),
    "": (MarkerClass.LARGE, MarkerClass.MEDIUM, MarkerClass.SMALL),
}
FINDINGS = {
    Condition.INTACT: "không có thay đổi",
    Condition.LEANING: "thân mốc nghiêng",
    Condition.DAMAGED: "mặt mốc sứt, chữ mờ",
    Condition.EROSION_RISK: "bờ sông sạt gần chân mốc",
    Condition.DISPLACED: "mốc không còn ở đúng vị trí",
    Condition.MISSING: "không tìm thấy mốc",
    Condition.DESTROYED: "mốc bị phá",
    Condition.UNKNOWN: "chưa tiếp cận được",
}


def table(
    layer: Layer,
    ids: Sequence[str],
    columns: Mapping[str, Sequence[Any]],
    *,
    same: dict[str, Any],
    lonlat: Floats | None = None,
) -> list[Row]:
    """Return rows from columns, and from values that are the same in all; the rest is None."""
    base = dict.fromkeys(field.name for field in layer.fields) | MARKED | same
    names = tuple(columns)
    points = repeat(None, len(ids)) if lonlat is None else shapely.points(lonlat).tolist()
    return [
        Row(key, base | dict(zip(names, values, strict=True)), point)
        for key, point, *values in zip(ids, points, *columns.values(), strict=True)
    ]


def source_row() -> Row:
    """Return the source that all rows name."""
    names = {
        "name_vi": "Sổ diễn tập (số liệu giả định)",
        "name_en": "Exercise register (made up)",
        "kind": SourceKind.EXERCISE.value,
    }
    return table(layers.SOURCES, ["exercise"], {}, same=names)[0]


def position_rows(line: Line, positions: Positions) -> list[Row]:
    """Return the positions."""
    demarcated = np.where(positions.stage >= LOCATED, Demarcation.YES.value, Demarcation.NO.value)
    columns = {
        "number": [
            f"DT {m}/{a}" if a else f"DT {m}"
            for m, a in zip(positions.main.tolist(), positions.aux.tolist(), strict=True)
        ],
        **provinces(line, positions.stretch),
        "multiplicity": _words(SIZES, positions.size - 1),
        "expected_markers": positions.size.tolist(),
        "demarcated": demarcated.tolist(),
    }
    same = {"border": line.border, "border_id": line.id, **PLACED}
    return table(layers.POSITIONS, positions.id, columns, same=same, lonlat=positions.lonlat)


def marker_rows(drawn: Drawn) -> list[Row]:
    """Return the markers with their state on the last day."""
    line, positions, markers = drawn.line, drawn.positions, drawn.markers
    at = markers.position
    kind = positions.kind[at]
    columns = {
        "number": markers.number,
        "main": positions.main[at].tolist(),
        "aux": positions.aux[at].tolist(),
        "k": markers.k.tolist(),
        "position_id": [positions.id[i] for i in at.tolist()],
        **provinces(line, positions.stretch[at]),
        "kind": _words([k.value for k in KINDS], kind),
        "multiplicity": _words(SIZES, positions.size[at] - 1),
        "marker_class": _classes(line, kind, drawn.classes),
        "side": _sides(line, positions, markers),
        "stage": _words([s.value for s in STAGES], markers.stage),
        "stage_as_of": _days(markers.dates[np.arange(len(at)), markers.stage]),
        **_last_visit(markers, drawn.visits),
        **_surveyed(line, positions.stretch[at], markers.lonlat),
        "post_id": [f"{line.prefix}.post.{i + 1}" for i in _post(line, positions.km[at]).tolist()],
    }
    same = {
        "border": line.border,
        "border_ids": [line.id],
        "datum_operation": VN2000.urn,
        **PLACED,
    }
    return table(layers.MARKERS, markers.id, columns, same=same, lonlat=markers.lonlat)


def provinces(line: Line, stretch: Ints) -> dict[str, list[str]]:
    """Return the columns that say where a row lies: the unit of before July 2025."""
    names, ids, _ = zip(*line.provinces, strict=True)
    return {"province": _words(names, stretch), "province_origin_id": _words(ids, stretch)}


def _words(words: Sequence[Any], index: Ints) -> list[Any]:
    return [words[i] for i in index.tolist()]


def _days(dates: Dates) -> list[str]:
    days: list[str] = np.datetime_as_string(dates, unit="D").tolist()
    return days


def _classes(line: Line, kind: Ints, drawn: Ints) -> list[str | None]:
    words = [c.value for c in CLASSES.get(line.border, CLASSES[""])]
    is_post = (kind == KINDS.index(MarkerKind.POST)).tolist()
    return [None if p else words[i] for p, i in zip(is_post, drawn.tolist(), strict=True)]


def _sides(line: Line, positions: Positions, markers: Markers) -> list[str]:
    """Return who set a marker up: alone by even and odd numbers, else by the bank it is on."""
    even = positions.main[markers.position] % 2 == 0
    ours = np.where(markers.k > 0, markers.k % 2 == 1, even)
    sides: list[str] = np.where(ours, "VN", line.border[-2:]).tolist()
    return sides


def _last_visit(markers: Markers, visits: Visits) -> dict[str, list[Any]]:
    """Return condition, its date, and when the next inspection is due."""
    n = len(markers.id)
    condition = np.full(n, CONDITIONS.index(Condition.UNKNOWN))
    seen = np.full(n, np.datetime64("NaT"), dtype="datetime64[D]")
    condition[visits.marker] = visits.condition  # the last of a marker's visits stays
    seen[visits.marker] = visits.at.astype("datetime64[D]")
    since: Dates = np.where(np.isnat(seen), markers.dates[:, BUILT], seen)
    due = since + DUE
    due[markers.stage < BUILT] = np.datetime64("NaT")
    return {
        "condition": _words([c.value for c in CONDITIONS], condition),
        "condition_as_of": _or_none(seen),
        "inspection_due": _or_none(due),
    }


def _or_none(dates: Dates) -> list[str | None]:
    return [None if day == "NaT" else day for day in _days(dates)]


def _surveyed(line: Line, stretch: Ints, lonlat: Floats) -> dict[str, list[Any]]:
    """Return easting, northing and system in the zone of the marker's province."""
    zones = np.array([zone for _, _, zone in line.provinces])[stretch]
    grid = np.empty_like(lonlat)
    for zone in np.unique(zones).tolist():
        here = zones == zone
        grid[here] = from_wgs84(lonlat[here], crs=zone, operation=VN2000.id).points
    easting, northing = grid.round(3).T.tolist()
    return {"surveyed_x": easting, "surveyed_y": northing, "surveyed_crs": zones.tolist()}


def stage_rows(markers: Markers) -> list[Row]:
    """Return an event for every stage that a marker reached."""
    marker, stage = np.nonzero(np.arange(len(STAGES)) <= markers.stage[:, None])
    return _events(
        markers, marker, _words([s.value for s in STAGES], stage), markers.dates[marker, stage]
    )


def later_rows(drawn: Drawn) -> list[Row]:
    """Return repairs and moves, some time after the handing over."""
    return [row for later in drawn.later for row in _events(drawn.markers, *later)]


def _events(markers: Markers, marker: Ints, event: list[str], day: Dates) -> list[Row]:
    owner = [markers.id[i] for i in marker.tolist()]
    ids = [f"{key}.{name}" for key, name in zip(owner, event, strict=True)]
    columns = {"marker_id": owner, "event": event, "date": _days(day)}
    same = {"date_precision": DatePrecision.DAY.value}
    return table(layers.MARKER_EVENTS, ids, columns, same=same)


def inspection_rows(drawn: Drawn) -> list[Row]:
    """Return the inspections with a GPS fix of a few metres."""
    markers, visits, fixes = drawn.markers, drawn.visits, drawn.fixes
    marker, n = visits.marker, len(visits.marker)
    first = np.searchsorted(marker, marker)
    owner = [markers.id[i] for i in marker.tolist()]
    joint = np.where(fixes.joint, InspectionMode.JOINT.value, InspectionMode.ONE_SIDE.value)
    columns = {
        "marker_id": owner,
        "at": [f"{at}+00:00" for at in np.datetime_as_string(visits.at, unit="s").tolist()],
        "mode": joint.tolist(),
        "condition": _words([c.value for c in CONDITIONS], visits.condition),
        "accuracy_m": fixes.accuracy.tolist(),
        "fix_count": fixes.fixes.tolist(),
        "findings": _words([f"Diễn tập: {FINDINGS[c]}" for c in CONDITIONS], visits.condition),
        "inspector": [f"Tổ DT-{i}" for i in fixes.inspector.tolist()],
    }
    order = (np.arange(n) - first + 1).tolist()
    ids = [f"{key}.visit.{i}" for key, i in zip(owner, order, strict=True)]
    lonlat = shifted(markers.lonlat[marker], fixes.azimuth, fixes.away)
    return table(layers.INSPECTIONS, ids, columns, same={}, lonlat=lonlat)


def _posts(line: Line) -> int:
    return max(1, round(line.reference.length_km / POST_EVERY))


def _post(line: Line, km: Floats) -> Ints:
    """Index of the post in charge at each chainage."""
    share = km / line.reference.length_km
    return np.minimum((share * _posts(line)).astype(np.int64), _posts(line) - 1)


def post_rows(line: Line) -> list[Row]:
    """Return border-guard posts at even distances, on the Vietnamese side."""
    n = _posts(line)
    km = (np.arange(n) + 0.5) * line.reference.length_km / n
    bearing = line.azimuth(km) + (-90 if VIETNAM_LEFT[line.border] else 90)
    lonlat = shifted(line.reference.locate_many(km), bearing, np.full(n, POST_BACK))
    ranks = range(1, n + 1)
    columns = {
        "name_vi": [f"Đồn diễn tập DT-{line.border[-2:]}-{i}" for i in ranks],
        "name_en": [f"Exercise post DT-{line.border[-2:]}-{i}" for i in ranks],
        **provinces(line, line.stretch(km)),
    }
    ids = [f"{line.prefix}.post.{i}" for i in ranks]
    same = {"border": line.border, **PLACED}
    return table(layers.POSTS, ids, columns, same=same, lonlat=lonlat)


def progress_rows(line: Line, positions: Positions, markers: Markers) -> list[Row]:
    """Return what an office would have reported: a little less than what was done by then."""
    is_post = KINDS.index(MarkerKind.POST)
    of_positions = positions.dates, positions.stage, positions.kind != is_post
    of_markers = markers.dates, markers.stage, positions.kind[markers.position] != is_post
    measures = {
        Measure.POSITIONS_LOCATED: (LOCATED, "positions", *of_positions),
        Measure.POSITIONS_BUILT: (BUILT, "positions", *of_positions),
        Measure.MARKERS_LOCATED: (LOCATED, "markers", *of_markers),
        Measure.MARKERS_BUILT: (BUILT, "markers", *of_markers),
    }
    figures = [
        (measure.value, float(np.floor(done * LAG)), float(counted.sum()), unit, day)
        for measure, (stage, unit, dates, reached, counted) in measures.items()
        for day in REPORTS
        for done in [((reached >= stage) & counted & (dates[:, stage] <= np.datetime64(day))).sum()]
    ]
    names = ("measure", "numerator", "denominator", "unit", "as_of")
    columns = dict(zip(names, map(list, zip(*figures, strict=True)), strict=True))
    ids = [f"{line.prefix}.{day}.{measure}" for measure, _, _, _, day in figures]
    same = {"border": line.border, "basis": Basis.REPORTED.value, "qualifier": "exact"}
    return table(layers.PROGRESS, ids, columns, same=same)

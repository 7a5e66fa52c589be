"""Writing what each audience may read: the view tables, their boxes and the search index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, count, islice
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, delete, func, select

from geo import boxes, search_text, store, sums, touched
from geo.audience import Audience, bit, lenses, level, may_see, project
from geo.geometry import bounds, decimals, geojson_geometry
from geo.schema import Layer
from geo.tables import SUMS, VIEWS, search_index
from geo.tiles import cells
from geo.timeline import Period
from geo.types import BBox, Row
from geo.vocabulary import Classification

UNCERTAINTIES = ("position_uncertainty_m", "accuracy_m")  # properties that state it, metres
BATCH = 5_000  # rows held before they are written
_NOWHERE = (None, None, None, None)


class Shown(NamedTuple):
    """A period of a row as one or more audiences see it; `mask` is the sum of their bits."""

    mask: int
    period: Period


def shown(layer: Layer, periods: Iterable[Period]) -> list[Shown]:
    """Return each period once for every different projection of it."""
    found: list[Shown] = []
    for period in periods:
        for mask, reader in _readers(layer, level(period.row)):
            row = project(layer, period.row, reader) if mask & period.readers else None
            if row is not None:
                seen = period if row is period.row else period._replace(row=row)
                found.append(Shown(mask & period.readers, seen))
    return found


@cache
def _readers(layer: Layer, open_to: Classification) -> list[tuple[int, Audience]]:
    """Return the mask of each group of audiences that see a row alike, and one of them."""
    groups = ([one for one in alike if may_see(one, open_to)] for alike in lenses(layer))
    return [(sum(map(bit, readers)), readers[0]) for readers in groups if readers]


class Outline(NamedTuple):
    """A geometry as GeoJSON, and its box: the same for all periods of a row."""

    shape: dict[str, Any] | None
    box: BBox | None


def outline(row: Row) -> Outline:
    """Return what the views tell of a row's geometry, as exact as its stated uncertainty."""
    stated = (row.properties.get(name) for name in UNCERTAINTIES)
    uncertainty = next((value for value in stated if value is not None), None)
    return Outline(geojson_geometry(row.geometry, decimals(uncertainty)), bounds(row.geometry))


def feature(row: Row | None) -> dict[str, Any] | None:
    """Return a whole row as a GeoJSON feature, its place as exact as its stated uncertainty."""
    if row is None:
        return None
    shape = outline(row).shape
    return {"type": "Feature", "id": row.id, "geometry": shape, "properties": row.properties}


def feature_json(row: Row, shape: dict[str, Any] | None) -> str:
    """Return the finished GeoJSON Feature of a row, whose geometry is given as GeoJSON."""
    feature = {
        "type": "Feature",
        "id": row.id,
        "geometry": shape,
        "properties": row.properties,
    }
    return orjson.dumps(feature).decode()


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows that wait to be written: of the view, of its index of boxes, of the search."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    boxes: list[boxes.Entry] = field(default_factory=list)
    titles: list[dict[str, Any]] = field(default_factory=list)


def write(
    conn: Connection,
    layer: Layer,
    timelines: Iterable[list[Period]],
    places: Mapping[str, Sequence[int]] | None = None,
) -> None:
    """Add the views of rows; each timeline holds the periods of one row.

    `places` are the numbers that the views of an id take before new ones.
    """
    view, places = VIEWS[layer.name], places or {}
    highest = int(conn.execute(select(func.coalesce(func.max(view.c.vid), 0))).scalar_one())
    vids = count(max(chain([highest], *places.values())) + 1)
    names = [f.name for f in layer.fields]
    batch = _Batch()
    for periods in timelines:
        views = shown(layer, periods)
        outlines: dict[int, Outline] = {}  # by the identity of geometries that `views` holds
        numbers = _numbers(len(views), places.get(periods[0].row.id, ()), vids)
        for item, vid in zip(views, numbers, strict=True):
            _add(batch, layer, names, vid, item, outlines)
        batch.titles.extend(titles(layer, views, numbers))
        if len(batch.rows) >= BATCH:
            _flush(conn, layer, batch)
            batch = _Batch()
    _flush(conn, layer, batch)


def _numbers(wanted: int, kept: Sequence[int], new: Iterator[int]) -> list[int]:
    """Return a number for each view of a row, so that its latest views keep their old ones."""
    more = max(0, wanted - len(kept))
    return [*islice(new, more), *kept[len(kept) + more - wanted :]]


def _columns(layer: Layer) -> list[str]:
    """Return the columns of a view in the order of the values that `_add` gives."""
    names = ["vid", "id", "audiences", "t_from", "t_to", "t_next", "geojson"]
    names += [f.name for f in layer.fields]
    if layer.geometry:
        names += ["w", "s", "e", "n"]
    if layer.geometry not in (None, "Point"):
        names.append("geom")  # a point is kept as its box alone
    return names


def _add(
    batch: _Batch,
    layer: Layer,
    names: Sequence[str],
    vid: int,
    item: Shown,
    outlines: dict[int, Outline],
) -> None:
    mask, (start, end, following, row, _) = item
    shape, box = outlines.get(id(row.geometry)) or outlines.setdefault(
        id(row.geometry), outline(row)
    )
    text = feature_json(row, shape)
    values = (vid, row.id, mask, start, end, following, text, *map(row.properties.get, names))
    if layer.geometry:
        values += box or _NOWHERE
    if layer.geometry not in (None, "Point"):
        values += (row.geometry,)
    batch.rows.append(values)
    if box:
        batch.boxes.append((vid, box, start, following))


def titles(layer: Layer, views: Sequence[Shown], vids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield the search entries of a row, of whose periods these are the views and their numbers."""
    left = sum(map(bit, Audience))
    latest = zip(reversed(views), reversed(vids), strict=True)
    for item, vid in latest:  # each audience finds a row by the latest that it sees of it
        mask, left = item.mask & left, left & ~item.mask
        entry = search_text.entry(layer, item.period.row, vid) if mask else None
        if entry is not None:
            yield entry | {"audiences": mask}


def _flush(conn: Connection, layer: Layer, batch: _Batch) -> None:
    if batch.rows:
        store.put(conn, VIEWS[layer.name], _columns(layer), batch.rows)
        sums.added(conn, layer, _columns(layer), batch.rows)
        touched.stamp(conn, layer, [vid for vid, *_ in batch.rows])
    if batch.boxes:
        boxes.add(conn, layer, batch.boxes)
        cells.touch(conn, layer, [box for _, box, *_ in batch.boxes])
    if batch.titles:
        names = list(batch.titles[0])
        store.put(conn, search_index, names, [tuple(title.values()) for title in batch.titles])


def rewrite(
    conn: Connection, layer: Layer, ids: Collection[str], timelines: Iterable[list[Period]]
) -> None:
    """Put new views of rows in the place of all they have, so that pages keep their order."""
    c = VIEWS[layer.name].c
    held = select(c.id, c.vid).where(c.id.in_(ids)).order_by(c.vid)
    places: dict[str, list[int]] = {key: [] for key in ids}
    for key, vid in conn.execute(held):
        places[key].append(vid)
    remove(conn, layer, ids)
    write(conn, layer, timelines, places)


def clear(conn: Connection, layer: Layer) -> dict[str, list[int]]:
    """Take away the views of a whole layer, but for its search entries.

    Returns:
        The numbers that the views of each id had, the ids in the order of the layer's pages.
    """
    c, places, touched = VIEWS[layer.name].c, dict[str, list[int]](), set[BBox]()
    sides = (c.w, c.s, c.e, c.n) if layer.geometry else ()
    for key, vid, *box in conn.execute(select(c.id, c.vid, *sides).order_by(c.vid)).all():
        places.setdefault(key, []).append(vid)
        if box and box[0] is not None:
            touched.add(tuple(box))
    if layer.geometry:
        cells.touch(conn, layer, touched)
        boxes.create(conn, layer)
    for held in (VIEWS, SUMS):
        if layer.name in held:
            store.empty(conn, held[layer.name])
    return places


def remove(conn: Connection, layer: Layer, ids: Collection[str]) -> None:
    """Take away all views of some rows; a statement takes a few hundred of them."""
    view = VIEWS[layer.name]
    vids = conn.execute(select(view.c.vid).where(view.c.id.in_(ids))).scalars().all()
    if layer.geometry:
        sides = select(view.c.w, view.c.s, view.c.e, view.c.n)
        placed = sides.where(view.c.id.in_(ids), view.c.w.is_not(None))
        cells.touch(conn, layer, [(w, s, e, n) for w, s, e, n in conn.execute(placed)])
    boxes.remove(conn, layer, vids)
    touched.stamp(conn, layer, vids)
    sums.removed(conn, layer, ids)
    conn.execute(delete(view).where(view.c.id.in_(ids)))
    found = (search_index.c.layer == layer.name) & search_index.c.id.in_(ids)
    conn.execute(delete(search_index).where(found))

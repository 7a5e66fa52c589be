"""Writing what each audience may read: the view tables, their boxes and the search index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, islice
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Table, delete, func, insert, select

from geo import boxes, search_text
from geo.audience import bit, lenses, level, may_see, project
from geo.geometry import bounds, geojson_geometry
from geo.schema import Layer
from geo.tables import VIEWS, search_index
from geo.tiles import cells
from geo.timeline import Period
from geo.types import Row

BATCH = 5_000  # rows held before they are written


class Shown(NamedTuple):
    """A period of a row as one or more audiences see it; `mask` is the sum of their bits."""

    mask: int
    period: Period


def shown(layer: Layer, periods: Iterable[Period]) -> list[Shown]:
    """Return each period once for every different projection of it."""
    found: list[Shown] = []
    for period in periods:
        open_to = level(period.row)
        for alike in lenses(layer):
            readers = [audience for audience in alike if may_see(audience, open_to)]
            row = project(layer, period.row, readers[0]) if readers else None
            if row is not None:
                mask = sum(map(bit, readers))
                found.append(Shown(mask, period._replace(row=row)))
    return found


def feature_json(row: Row) -> str:
    """Return the finished GeoJSON Feature of a row."""
    feature = {
        "type": "Feature",
        "id": row.id,
        "geometry": geojson_geometry(row.geometry),
        "properties": row.properties,
    }
    return orjson.dumps(feature).decode()


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
    vids = count(max([highest, *chain.from_iterable(places.values())]) + 1)
    batch: list[dict[str, Any]] = []
    titles: list[dict[str, Any]] = []
    for periods in timelines:
        views = shown(layer, periods)
        numbers = _numbers(len(views), places.get(periods[0].row.id, ()), vids)
        batch += [_values(layer, vid, item) for item, vid in zip(views, numbers, strict=True)]
        titles += _titles(layer, views)
        if len(batch) >= BATCH:
            _flush(conn, layer, view, batch, titles)
    _flush(conn, layer, view, batch, titles)


def _numbers(wanted: int, kept: Sequence[int], new: Iterator[int]) -> list[int]:
    """Return a number for each view of a row, so that its latest views keep their old ones."""
    more = max(0, wanted - len(kept))
    return [*islice(new, more), *kept[len(kept) + more - wanted :]]


def _values(layer: Layer, vid: int, item: Shown) -> dict[str, Any]:
    period, row = item.period, item.period.row
    values = {f.name: row.properties.get(f.name) for f in layer.fields}
    values |= {
        "vid": vid,
        "id": row.id,
        "audiences": item.mask,
        "t_from": period.start,
        "t_to": period.end,
        "t_next": period.following,
        "geojson": feature_json(row),
    }
    if layer.geometry:
        box = bounds(row.geometry) or (None, None, None, None)
        values |= dict(zip(("w", "s", "e", "n"), box, strict=True))
        values["geom"] = None if layer.geometry == "Point" else row.geometry
    return values


def _titles(layer: Layer, views: list[Shown]) -> Iterator[dict[str, Any]]:
    latest: dict[int, Row] = {item.mask: item.period.row for item in views}
    for mask, row in latest.items():
        entry = search_text.entry(layer, row)
        if entry is not None:
            yield entry | {"audiences": mask}


def _flush(
    conn: Connection,
    layer: Layer,
    view: Table,
    batch: list[dict[str, Any]],
    titles: list[dict[str, Any]],
) -> None:
    if batch:
        conn.execute(insert(view), batch)
        boxes.add(conn, layer, batch)
        if layer.geometry:
            placed = [row for row in batch if row["w"] is not None]
            cells.touch(conn, layer, [(row["w"], row["s"], row["e"], row["n"]) for row in placed])
    if titles:
        conn.execute(insert(search_index), titles)
    batch.clear()
    titles.clear()


def rewrite(
    conn: Connection, layer: Layer, ids: Iterable[str], timelines: Iterable[list[Period]]
) -> None:
    """Put new views of rows in the place of all they have, so that pages keep their order."""
    view = VIEWS[layer.name]
    places: dict[str, Sequence[int]] = {}
    for key in ids:
        held = select(view.c.vid).where(view.c.id == key).order_by(view.c.vid)
        places[key] = conn.execute(held).scalars().all()
        remove(conn, layer, key)
    write(conn, layer, timelines, places)


def remove(conn: Connection, layer: Layer, feature_id: str) -> None:
    """Take away all views of one row."""
    view = VIEWS[layer.name]
    vids = conn.execute(select(view.c.vid).where(view.c.id == feature_id)).scalars().all()
    if layer.geometry:
        sides = select(view.c.w, view.c.s, view.c.e, view.c.n)
        placed = sides.where(view.c.id == feature_id, view.c.w.is_not(None))
        cells.touch(conn, layer, [(w, s, e, n) for w, s, e, n in conn.execute(placed)])
    boxes.remove(conn, layer, vids)
    conn.execute(delete(view).where(view.c.id == feature_id))
    found = (search_index.c.layer == layer.name) & (search_index.c.id == feature_id)
    conn.execute(delete(search_index).where(found))

"""Checking every invariant of a register."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, select

from geo import boxes, history, query, references, store
from geo.audience import EVERYTHING
from geo.layers import LAYERS
from geo.schema import Layer
from geo.tables import RECORDS, VIEWS


def check(engine: Engine) -> list[str]:
    """Return what is wrong, in words; an empty list means that everything holds."""
    with engine.connect() as conn:
        return list(_problems(conn))


def _problems(conn: Connection) -> Iterator[str]:
    yield from store.problems(conn)
    for layer in LAYERS.values():
        yield from _views(conn, layer)
        if layer.geometry:
            yield from _boxes(conn, layer)
    yield from references.dangling(conn)
    broken = history.first_broken(conn)
    if broken is not None:
        yield f"history: entry {broken} does not fit the chain"


def _views(conn: Connection, layer: Layer) -> Iterator[str]:
    """Every record has a view for who may see everything, and no view is without a record."""
    record, view = RECORDS[layer.name], VIEWS[layer.name]
    seen = select(view.c.id).where(query.visible(layer, EVERYTHING))
    for key in conn.execute(select(record.c.id).where(record.c.id.not_in(seen))).scalars():
        yield f"{layer.name}: {key} has no view"
    known = select(record.c.id)
    for key in conn.execute(select(view.c.id).where(view.c.id.not_in(known))).scalars():
        yield f"{layer.name}: the view of {key} has no record"


def _boxes(conn: Connection, layer: Layer) -> Iterator[str]:
    wanted, found = boxes.missing(conn, layer)
    if wanted != found:
        yield f"{layer.name}: {found} boxes in the index for {wanted} shapes"

"""Checking every invariant of a register."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, select

from geo import boxes, history, query, store
from geo.audience import EVERYTHING
from geo.layers import LAYERS
from geo.schema import Layer
from geo.tables import RECORDS, VIEWS

_REFERENCES = (
    ("markers", "position_id", "positions"),
    ("marker_events", "marker_id", "markers"),
    ("inspections", "marker_id", "markers"),
    ("commitments", "agreement_id", "agreements"),
)


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
    for layer_name, column, target in _REFERENCES:
        yield from _dangling(conn, layer_name, column, target)
    yield from _sources(conn)
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


def _dangling(conn: Connection, name: str, column: str, target: str) -> Iterator[str]:
    record, other = RECORDS[name], RECORDS[target]
    held = record.c[column]
    lost = select(record.c.id, held).where(held.is_not(None), held.not_in(select(other.c.id)))
    for key, value in conn.execute(lost):
        yield f"{name}: {key} names {column} {value}, which is not there"


def _sources(conn: Connection) -> Iterator[str]:
    known = select(RECORDS["sources"].c.id)
    for name, record in RECORDS.items():
        lost = select(record.c.source_id).distinct()
        lost = lost.where(record.c.source_id.is_not(None), record.c.source_id.not_in(known))
        for value in conn.execute(lost).scalars():
            yield f"{name}: source {value} is not among the sources"

"""The records against their history, the counters, and the chain itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import shapely
from sqlalchemy import Connection, func, select

from geo import derived, records
from geo.history import chain
from geo.history.difference import changed
from geo.history.proof import first_fault
from geo.history.states import row_of
from geo.layers import LAYERS
from geo.schema import Layer
from geo.tables import RECORDS, history, revisions
from geo.types import Row

AT_ONCE = 500  # rows held in memory
_COUNTED = "revision"


def problems(conn: Connection) -> Iterator[str]:
    """Yield what is wrong with history, records and counters."""
    fault = first_fault(conn)
    if fault is not None:
        yield str(fault)
    last = conn.execute(select(history.c.at).order_by(history.c.seq.desc()).limit(1)).scalar()
    if last is not None and last > chain.now().isoformat(timespec="milliseconds"):
        yield f"history: the last change is dated {last}, after what this machine's clock says"
    for layer in LAYERS.values():
        yield from _counter(conn, layer)
        ids = _ids(conn, layer)
        for start in range(0, len(ids), AT_ONCE):
            yield from _recorded(conn, layer, ids[start : start + AT_ONCE])


def _counter(conn: Connection, layer: Layer) -> Iterator[str]:
    own = revisions.c.layer == layer.name
    counted = conn.execute(select(revisions.c.revision).where(own)).scalar()
    entries = select(func.count()).select_from(history).where(history.c.layer == layer.name)
    if counted is None:
        yield f"revisions {layer.name}: the layer has no counter"
    elif counted < int(conn.execute(entries).scalar_one()):
        yield f"revisions {layer.name}: {counted}, fewer than the layer had changes"


def _ids(conn: Connection, layer: Layer) -> list[str]:
    c, record = history.c, RECORDS[layer.name]
    told = select(c.feature_id).where(c.layer == layer.name)
    found = conn.execute(told.union(select(record.c.id)))
    return sorted(str(key) for key in found.scalars())


def _recorded(conn: Connection, layer: Layer, ids: list[str]) -> Iterator[str]:
    """Compare each record with the last state that the history tells of it."""
    told = _last_told(conn, layer, ids)
    for row in records.rows(conn, layer, ids):
        last = told.pop((row.id, records.version(row)), None)
        if last is None:
            yield f"{layer.name} {row.id}: no change in the history made it so"
            continue
        number, then = last
        if row.properties[_COUNTED] == number and _identical(then, row):
            continue
        following = derived.names(layer, row.properties.get("province_origin_id"))
        wrong = [name for name in changed(layer, then, row) if name not in following]
        if row.properties[_COUNTED] != number:
            wrong.append(_COUNTED)
        for name in wrong:
            yield f"{layer.name} {row.id}: {name} is not what the history says"
    for key, version in told:
        since = f" (from {version})" if version else ""
        yield f"{layer.name} {key}{since}: the history has it, the layer does not"


def _identical(row: Row, other: Row) -> bool:
    """Say quickly whether two rows are the same; if not, they may yet be when told in full."""
    if row.properties != other.properties:
        return False
    one, two = row.geometry, other.geometry
    return one is two or bool(shapely.equals_identical(one, two))


def _last_told(
    conn: Connection, layer: Layer, ids: list[str]
) -> dict[tuple[str, str], tuple[int, Row]]:
    c = history.c
    found: dict[tuple[str, str], tuple[int, Row]] = {}
    query: Any = select(c.feature_id, c.revision, c.before, c.after).order_by(c.seq)
    for key, number, *texts in conn.execute(
        query.where(c.layer == layer.name, c.feature_id.in_(ids))
    ):
        was, now = (row_of(layer, key, text) for text in texts)
        if was is not None:
            found.pop((key, records.version(was)), None)
        if now is not None:
            found[key, records.version(now)] = number, now
    return found

"""Which rows of a layer's view were written since: stamps by runs of keys, kept with the rows.

Whoever writes views stamps the runs of their keys in the same transaction. Writers wait for each
other, so the stamps of a layer grow in the order in which changes are kept.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select, text

from geo.schema import Layer
from geo.tables import ROLLED, touched

BITS = 4  # a run is 16 keys
_STAMP = text(
    "INSERT INTO touched (layer, run, stamp) VALUES (:layer, :run, :stamp)"
    " ON CONFLICT (layer, run) DO UPDATE SET stamp = excluded.stamp"
)


def stamp(conn: Connection, layer: Layer, vids: Iterable[int]) -> None:
    """Note that rows of a layer's view with these keys were written or taken away."""
    runs = {vid >> BITS for vid in vids} if layer.name in ROLLED else ()
    if runs:
        new = last(conn, layer) + 1
        given = [{"layer": layer.name, "run": run, "stamp": new} for run in sorted(runs)]
        conn.execute(_STAMP, given)


def last(conn: Connection, layer: Layer) -> int:
    """Return the last stamp of a layer, or 0."""
    found = select(func.coalesce(func.max(touched.c.stamp), 0))
    return int(conn.execute(found.where(touched.c.layer == layer.name)).scalar_one())

"""Checking every invariant of a register; what is wrong is named by table and row."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine

from geo import records, references, store, sums
from geo.checks import indexes, package, past, shown
from geo.layers import LAYERS


def check(engine: Engine) -> list[str]:
    """Return what is wrong, in words; an empty list means that everything holds."""
    with engine.connect() as conn:
        return list(problems(conn))


def problems(conn: Connection) -> Iterator[str]:
    """Yield what is wrong, as the caller's transaction sees it."""
    yield from store.problems(conn)
    yield from package.problems(conn)
    units = records.units(conn)
    for layer in LAYERS.values():
        yield from shown.problems(conn, layer, units)
        yield from sums.problems(conn, layer)
        if layer.geometry:
            yield from indexes.problems(conn, layer)
    yield from references.dangling(conn)
    yield from past.problems(conn)

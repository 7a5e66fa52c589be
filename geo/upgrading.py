"""Bringing a register that an older version made to the tables of this one, with nothing lost.

Scripts change only what cannot be made from the rest: tables and columns. Indexes, derived values
and what readers are shown are made anew after them by the code of now, unless every script that
was run says that they stay as they are. All of it is one transaction, proved before it is kept.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import token_hex
from uuid import uuid4

from sqlalchemy import Connection

from geo import check, dependents, migrating, records, store
from geo.errors import StoreError
from geo.layers import LAYERS, MARKERS
from geo.migrating import Step
from geo.store import Target
from geo.tables import RECORDS, SCHEMA_VERSION, VIEWS, search_index
from geo.versions import SCRIPTS

SCHEMA = "schema"
Progress = Callable[[str, int], None]  # name of the layer, number of its rows


def _silent(_name: str, _count: int) -> None:
    return


def version(target: Target) -> str:
    """Return the number of a register's schema, this program's or an older one.

    Raises:
        StoreError: there is none, or it cannot be read.
        ForeignStoreError: it cannot be upgraded by this program.
    """
    with _opened(target) as conn:
        return store.get_value(conn, SCHEMA)


@contextmanager
def _opened(target: Target) -> Iterator[Connection]:
    engine = store.open_store(target, older=True)
    try:
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()


def steps(found: str) -> list[Step]:
    """Return what there is to do to a register of this schema, in order."""
    return migrating.steps(SCRIPTS, found)


def upgrade(target: Target, progress: Progress = _silent) -> None:
    """Bring a register to this program's schema, whole or not at all.

    Raises:
        StoreError: it cannot be written, or would not be sound; it is left as it is.
        ForeignStoreError: it cannot be upgraded by this program.
    """
    engine = store.open_store(target, older=True)
    try:
        with store.writing(engine) as conn:
            found = store.get_value(conn, SCHEMA)  # another upgrade may have come first
            if found != SCHEMA_VERSION:
                with _unhurried():
                    _upgrade(conn, found, progress)
    finally:
        engine.dispose()


@contextmanager
def _unhurried() -> Iterator[None]:
    """Let circular garbage be looked for rarely: that takes a fifth of the time, rows hold none."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _upgrade(conn: Connection, found: str, progress: Progress) -> None:
    migrating.run(conn, SCRIPTS, found)
    migrating.forget(conn)  # the register says itself of which schema it is
    if all(step.keeps_shown for step in steps(found)):
        changed = store.complete_indexes(conn)
    else:
        _show_anew(conn, progress)
        changed = True
    if changed:
        store.gather_statistics(conn)
    for key, made in (("identity", uuid4().hex), ("secret", token_hex(16))):
        store.set_value(conn, key, store.get_value(conn, key) or made)
    store.set_value(conn, SCHEMA, SCHEMA_VERSION)
    wrong = next(check.problems(conn), None)
    if wrong is not None:
        raise StoreError(f"It would not be sound after the upgrade, so it was left: {wrong}")


def _show_anew(conn: Connection, progress: Progress) -> None:
    """Make what follows from the records as this program makes it: values, views, search, indexes.

    Indexes are made after the rows that they are of, which takes a fraction of the time.
    """
    store.drop_indexes(conn)
    store.empty(conn, search_index)
    for record in RECORDS.values():
        store.create_indexes(conn, record)
    units = records.units(conn)
    for layer in sorted(LAYERS.values(), key=lambda one: one is MARKERS):  # follow from the rest
        count = dependents.remake(conn, layer, units)
        store.create_indexes(conn, VIEWS[layer.name])
        progress(layer.name, count)
    store.create_indexes(conn)

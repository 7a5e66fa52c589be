"""The files of finished rows of one store: finding them, and making those that there should be."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, time
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from sqlalchemy import Connection, Engine, Select, func, select

from geo import (
    bitmaps,
    called,
    files,
    functions,
    period,
    query,
    roll,
    spans,
    statements,
    store,
    touched,
)
from geo.bitmaps import Coded
from geo.errors import StoreError
from geo.layers import LAYERS
from geo.period import Period
from geo.query import Filter
from geo.reach import index_of
from geo.roll import GLUE, About, Columns, Roll
from geo.schema import Layer
from geo.statements import Values
from geo.tables import ROLLED, VIEWS, history

LEAST = 1_000  # rows of a layer that are worth a file
LOOK_S = 1.0  # between two looks whether there is a newer file
WORN = 0.02  # share of the runs of keys that were written since, from which a file is made anew
OLD_S = 86_400.0  # seconds; what was written is in the file a day later at the latest
REST = 30  # times as long as it takes to make a file, it stays
_BATCH = 1_000  # rows whose texts are read at once
_ROWS = 20_000  # rows whose ids and places are
_LAST_ENTRY = select(func.max(history.c.seq))


class _Seen(NamedTuple):
    """A file at the last look; `mark` tells it from a newer one."""

    looked: float = -LOOK_S  # monotonic time, seconds
    mark: tuple[int, ...] | None = None
    roll: Roll | None = None


@dataclass(slots=True)
class Rolls:
    """The files of one store."""

    target: store.Target
    folder: Path  # of what belongs to a database
    _open: dict[str, _Seen] = field(default_factory=dict)

    def path(self, name: str) -> Path:
        """Return where the rows of a layer lie."""
        return files.beside(self.target, f"{name}.rows", folder=self.folder)

    def find(self, name: str) -> Roll | None:
        """Return the file of a layer, if there is one; a newer one is found LOOK_S later."""
        seen, now = self._open.get(name, _Seen()), monotonic()
        if name in ROLLED and now - seen.looked >= LOOK_S:
            seen = self._open[name] = _seen(self.path(name), seen, now)
        return seen.roll

    def make_due(self, engine: Engine) -> list[str]:
        """Make those files that there should be; return the names of their layers.

        Raises:
            StoreError: the store cannot be read, or a file not be written.
        """
        made = list[str]()
        with _alone(self.path("").parent) as free:
            for name in ROLLED if free else ():
                layer, path = LAYERS[name], self.path(name)
                if _is_due(engine, layer, path):
                    make(engine, layer, path)
                    made.append(name)
        return made


def _seen(path: Path, before: _Seen, now: float) -> _Seen:
    try:
        found = path.stat()
        mark = found.st_ino, found.st_mtime_ns, found.st_size
        return _Seen(now, mark, before.roll if mark == before.mark else Roll(path))
    except (OSError, ValueError):
        return _Seen(now)


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Say whether nobody else makes files in a folder, and keep others from it meanwhile."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise StoreError(f"Cannot write into {folder}: {error}") from error
    try:
        free = True
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            free = False
        yield free
    finally:
        os.close(held)


def _is_due(engine: Engine, layer: Layer, path: Path) -> bool:
    today = period.today()
    with engine.connect() as conn:
        try:
            held, age = Roll(path), time() - path.stat().st_mtime
        except (OSError, ValueError):
            return _rows(conn, layer) >= LEAST
        runs = called.runs_since(_through(conn), layer, held, conn.dialect)
        if runs is None or not held.holds(Period(today, today)):
            return _rows(conn, layer) >= LEAST
        about = held.about
        worn = len(runs) > WORN * (about.rows >> touched.BITS) or (runs and age > OLD_S)
        return bool(worn) and age > REST * about.seconds


def _through(conn: Connection) -> called.Run:
    def run(sql: str, values: Values) -> Sequence[Any]:
        given = tuple(values) if isinstance(values, list) else values
        return conn.exec_driver_sql(sql, given).all()

    return run


def _rows(conn: Connection, layer: Layer) -> int:
    today = period.today()
    found = statements.matched(layer, Filter(Period(today, today)))
    return int(conn.execute(found).scalar_one())


def make(engine: Engine, layer: Layer, path: Path) -> None:
    """Write the file of a layer, whole or not at all.

    Raises:
        StoreError: the store cannot be read, or the file not be written.
    """
    begun = monotonic()
    with store.sparing(engine) as conn, files.whole(path) as part:
        day = period.today()
        asked = spans.narrowed(conn, layer, Filter(Period(day, day)))
        seq = int(conn.execute(_LAST_ENTRY).scalar() or 0)
        name, stamp = called.name_of(_through(conn), layer, seq, conn.dialect)
        span = spans.around(conn, layer, day)
        with part.open("wb") as file:
            texts, (ways, values) = _texts(conn, layer, asked, file), _ways(conn, layer, asked)
            columns = {**texts, **ways}
            size = int(columns["ends"][-1]) if len(columns["ends"]) else 0
            rows = len(columns["keys"])
            about = About(name, seq, stamp, *span, rows, size, monotonic() - begun, values, [])
            roll.finish(file, about, columns)
        files.sync(part)


def _texts(conn: Connection, layer: Layer, asked: Filter, file: BinaryIO) -> Columns:
    """Write the texts of all rows; return their keys and where each text ends."""
    keys, sizes, after = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    wanted: Select[Any] = spans.paging(conn)(layer, asked)
    while rows := conn.execute(wanted, {"after": after, "count": _BATCH}).all():
        texts = [_utf8(row[1]) for row in rows]
        file.write((GLUE if after else b"") + GLUE.join(texts))
        keys.append(np.array([row[0] for row in rows], np.int64))
        sizes.append(np.array([len(text) for text in texts], np.int64))
        after = rows[-1][0]
    lengths = np.concatenate(sizes) + len(GLUE)
    return {"keys": np.concatenate(keys), "ends": np.cumsum(lengths) - len(GLUE)}


def _utf8(text: str | bytes) -> bytes:
    """Return a text as bytes, which a file gives already."""
    return text.encode() if isinstance(text, str) else text


def _ways(conn: Connection, layer: Layer, asked: Filter) -> tuple[Columns, list[list[str]]]:
    """Return what leads to the rows: by id, by place, and by the values that go with the bits."""
    view, names = VIEWS[layer.name], called.told_by(layer)
    sides = (view.c.w, view.c.s) if layer.geometry == "Point" else ()
    told = (view.c.id, *(view.c[name] for name in names), *sides)
    found = select(*told).where(query.condition(layer, asked)).order_by(view.c.vid)
    found = functions.by_index(found, view, index_of(layer, asked, found))
    digests, at = [np.zeros(0, np.uint64)], [np.zeros((0, 2))]
    coded = {name: Coded() for name in names}
    for rows in conn.execute(found, execution_options={"yield_per": _ROWS}).partitions():
        ids, *columns = zip(*rows, strict=True)
        digests.append(roll.by_id(ids))
        for name, column in zip(names, columns, strict=False):
            coded[name].add(column)
        if sides:
            at.append(np.array(columns[len(names) :], np.float64).T)
    values, bits = bitmaps.made(coded)
    places = roll.by_place(*np.concatenate(at).T) if sides else {}
    return {**roll.named(np.concatenate(digests)), **places, "bits": bits}, values

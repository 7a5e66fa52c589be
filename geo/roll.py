"""All that anybody sees of a layer today, finished, in a file beside the store: a page is a slice.

Rows lie in the order of their keys, with the keys and the ends of their texts behind them. A file
tells of the register as it was when it was made; where rows were written since, geo.touched says
so, and the store is asked. One that is missing or does not fit costs time and nothing else.
"""

from __future__ import annotations

import fcntl
import mmap
import os
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import monotonic, time
from typing import Any, BinaryIO, NamedTuple, TypeAlias

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Engine,
    Select,
    Text,
    bindparam,
    func,
    select,
)

from geo import files, period, spans, statements, store, touched
from geo.errors import StoreError
from geo.layers import LAYERS
from geo.pages import Sheet
from geo.period import Period
from geo.query import Filter
from geo.schema import Layer
from geo.statements import Values
from geo.tables import ROLLED, SCHEMA_VERSION, history
from geo.tables import register as facts_of
from geo.tables import touched as stamps

GLUE = b",\n"  # between the texts of two rows, and in none of them
LEAST = 1_000  # rows of a layer that are worth a file
LOOK_S = 1.0  # between two looks whether there is a newer file
WORN = 0.02  # share of the runs of keys that were written since, from which a file is made anew
OLD_S = 86_400.0  # seconds; what was written is in the file a day later at the latest
REST = 30  # times as long as it takes to make a file, it stays
_MAGIC = b"cotmocr1"
_WORD = 8  # bytes
_BATCH = 1_000  # rows read at once
Run: TypeAlias = Callable[[str, Values], Sequence[Any]]  # executes SQL, returns all rows
_LAYER = bindparam("layer", type_=Text)
_LAST_ENTRY = select(func.max(history.c.seq))
Keys = NDArray[np.int64]


class About(NamedTuple):
    """What a file tells of itself."""

    register: str  # which one, of which era and schema, and its last entry in the history
    seq: int  # of that entry, 0 where there was none
    stamp: int  # the last one of the layer when it was made
    since: str  # the first day that it holds for, ISO
    until: str  # the day after the last
    rows: int
    bytes: int  # of all texts
    seconds: float  # that it took


class Roll:
    """An open file. Raises OSError; ValueError if it is not one."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.about = _about(held)
        start = _aligned(self.about.bytes)
        self.keys: Keys = np.frombuffer(held, np.int64, self.about.rows, start)
        self._ends: Keys = np.frombuffer(
            held, np.int64, self.about.rows, start + self.about.rows * _WORD
        )
        self._text = memoryview(held)[: self.about.bytes]

    def holds(self, when: Period | None) -> bool:
        """Say whether a period sees just the rows that are in it."""
        about = self.about
        return when is not None and about.since <= when.start and when.end < about.until

    def part(self, begin: int, end: int) -> memoryview:
        """Return the text of some of the rows, by their places."""
        start = int(self._ends[begin - 1]) + len(GLUE) if begin else 0
        return self._text[start : int(self._ends[end - 1])]

    def joined(self, places: Keys) -> bytes:
        """Return the texts of rows by their places, joined."""
        ends = self._ends[places]
        starts = np.where(places, self._ends[places - 1] + len(GLUE), 0)
        runs = zip(starts.tolist(), ends.tolist(), strict=True)
        return GLUE.join([self._text[start:end] for start, end in runs])


def _about(held: mmap.mmap) -> About:
    size = int.from_bytes(held[-2 * _WORD : -_WORD], "little")
    if held[-_WORD:] != _MAGIC or size > len(held):
        raise ValueError("not finished rows")
    told = orjson.loads(held[-2 * _WORD - size : -2 * _WORD])
    if len(told) != len(About._fields):
        raise ValueError("finished rows of another form")
    return About(*told)


def _aligned(size: int) -> int:
    return size + -size % _WORD


class Called(NamedTuple):
    """A roll as it holds for one revision of the register."""

    roll: Roll
    runs: Sequence[int]  # of keys that were written since it was made
    written: frozenset[int]  # the same
    matched: int  # rows that there are
    revision: int

    def sheet(self, when: Period | None, after: int, limit: int) -> Sheet | None:
        """Return the first rows beyond a key, or None where the store has to be asked."""
        if not self.roll.holds(when):
            return None
        keys = self.roll.keys
        begin = int(keys.searchsorted(after, "right"))
        end = min(begin + limit, len(keys))
        following = int(keys[end]) if end < len(keys) else 0
        if begin == end or self._is_worn(after, following):
            return None
        first = int(keys[begin]) if after > 0 else None
        onward = following - 1 if following else None
        text = self.roll.part(begin, end)
        return Sheet(text, end - begin, onward, first, self.matched, self.revision)

    def texts(self, keys: Sequence[int]) -> bytes | None:
        """Return the texts of the rows with these keys, or None unless all of them lie ready."""
        held = self.roll.keys
        if not keys or not self.written.isdisjoint(key >> touched.BITS for key in keys):
            return None if keys else b""
        at = held.searchsorted(keys)
        if at.max() == len(held) or (held[at] != keys).any():
            return None
        return self.roll.joined(at)

    def _is_worn(self, after: int, following: int) -> bool:
        """Say whether a row may have been written beyond a key and up to another, 0 being none."""
        at = bisect_left(self.runs, (after + 1) >> touched.BITS)
        return at < len(self.runs) and (not following or self.runs[at] <= following >> touched.BITS)


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
            roll, age = Roll(path), time() - path.stat().st_mtime
        except (OSError, ValueError):
            return _rows(conn, layer) >= LEAST
        runs = still(_through(conn), layer, roll, conn.dialect)
        if runs is None or not roll.holds(Period(today, today)):
            return _rows(conn, layer) >= LEAST
        about = roll.about
        worn = len(runs) > WORN * (about.rows >> touched.BITS) or (runs and age > OLD_S)
        return bool(worn) and age > REST * about.seconds


def _through(conn: Connection) -> Run:
    def run(sql: str, values: Values) -> Sequence[Any]:
        given = tuple(values) if isinstance(values, list) else values
        return conn.exec_driver_sql(sql, given).all()

    return run


def _rows(conn: Connection, layer: Layer) -> int:
    today = period.today()
    found = statements.matched(layer, Filter(Period(today, today)))
    return int(conn.execute(found).scalar_one())


@cache
def _state() -> Select[Any]:
    """Ask for what tells a register, and a state of it, from all others; for a layer's last stamp.

    One that was put back from a copy comes by the same stamps once more, not by the same history.
    """
    facts = [
        func.coalesce(select(facts_of.c.value).where(facts_of.c.key == key).scalar_subquery(), "")
        for key in ("identity", "era")
    ]
    name = facts[0].concat("/").concat(facts[1]).concat(f"/{SCHEMA_VERSION}")
    last = select(func.coalesce(func.max(stamps.c.stamp), 0)).where(stamps.c.layer == _LAYER)
    seq = bindparam("seq", type_=BigInteger)
    entry = select(history.c.hash).where(history.c.seq == seq).scalar_subquery()
    return select(name, entry, last.scalar_subquery())


def _name(run: Run, layer: Layer, seq: int, dialect: Dialect) -> tuple[str, int]:
    """Return what tells a register, with an entry of its history, and a layer's last stamp."""
    told = statements.constant(_state(), dialect)
    [(name, entry, last)] = run(told.sql, told.values({"layer": layer.name, "seq": seq}))
    return f"{name}/{bytes(entry or b'').hex()}", int(last)


@cache
def _written() -> Select[Any]:
    """Ask for the runs of keys of a layer's view that have a later stamp than one, in order."""
    c = stamps.c
    since = bindparam("since", type_=BigInteger)
    return select(c.run).where(c.layer == _LAYER, c.stamp > since).order_by(c.run)


def still(run: Run, layer: Layer, found: Roll, dialect: Dialect) -> list[int] | None:
    """Return the runs of keys that were written since a file was made, in order.

    None where it tells of another register, or of a state that this one never was in.
    """
    later = statements.constant(_written(), dialect)
    name, last = _name(run, layer, found.about.seq, dialect)
    if name != found.about.register or last < found.about.stamp:
        return None
    given = {"layer": layer.name, "since": found.about.stamp}
    return [one for (one,) in run(later.sql, later.values(given))]


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
        name, stamp = _name(_through(conn), layer, seq, conn.dialect)
        span = spans.around(conn, layer, day)
        with part.open("wb") as file:
            keys, ends = _write(conn, layer, asked, file)
            size = int(ends[-1]) if len(ends) else 0
            file.write(bytes(_aligned(size) - size))
            for column in (keys, ends):
                file.write(column.tobytes())
            about = orjson.dumps([name, seq, stamp, *span, len(keys), size, monotonic() - begun])
            file.write(about + len(about).to_bytes(_WORD, "little") + _MAGIC)
        files.sync(part)


def _write(conn: Connection, layer: Layer, asked: Filter, file: BinaryIO) -> tuple[Keys, Keys]:
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
    return np.concatenate(keys), np.cumsum(lengths) - len(GLUE)


def _utf8(text: str | bytes) -> bytes:
    """Return a text as bytes, which a file gives already."""
    return text.encode() if isinstance(text, str) else text

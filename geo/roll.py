"""All that anybody sees of a layer today, finished, in a file beside the store: a page is a slice.

Rows lie in the order of their keys. Behind them come the keys and the ends of their texts, the ids
that lead to them, which of them have a value that many share, and for points the places. A file
tells of the register as it was when it was made; geo.called finds out what of it still holds.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeAlias

import numpy as np
import orjson
from numpy.typing import NDArray

from geo.bitmaps import Bitmaps, Places, Wanted, Words
from geo.period import Period
from geo.types import BBox

GLUE = b",\n"  # between the texts of two rows, and in none of them
BAND = 0.01  # degrees of latitude: points of a band lie side by side, from west to east
_MAGIC = b"cotmocr3"
_WORD = 8  # bytes
_DIGEST = 8  # bytes of an id's
_TURN = 1_024.0  # more than the degrees of a circle
_MANY = 64  # bands from which on all points are looked at
_BEGINNING = b'{"type":"Feature","id":'
Keys: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Columns: TypeAlias = Mapping[str, NDArray[Any]]


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
    values: list[list[str]]  # that properties have, see geo.bitmaps
    columns: list[list[Any]]  # name, type and length of each array behind the texts


class Roll:
    """An open file. Raises OSError; ValueError if it is not one."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.about = _about(held)
        columns = dict(_columns(held, self.about))
        self.keys: Keys = columns["keys"]
        self.key = self.keys.data  # of the row at a place, sooner than by numpy
        self._ends: Keys = columns["ends"]
        self._end = self._ends.data
        self._digests, self._named = columns["digests"], columns["named"]
        self._points = _Points(columns) if "x" in columns else None
        self._bitmaps = Bitmaps(self.about.values, columns["bits"])
        self._text = memoryview(held)[: self.about.bytes]

    def holds(self, when: Period | None) -> bool:
        """Say whether a period sees just the rows that are in it."""
        about = self.about
        return when is not None and about.since <= when.start and when.end < about.until

    def part(self, begin: int, end: int) -> memoryview:
        """Return the text of some of the rows, by their places."""
        start = self._end[begin - 1] + len(GLUE) if begin else 0
        return self._text[start : self._end[end - 1]]

    def joined(self, places: Places) -> bytes:
        """Return the texts of rows by their places, joined; those side by side are one slice."""
        breaks = np.flatnonzero(np.diff(places) != 1)
        firsts = places[np.concatenate(([0], breaks + 1))]
        ends = self._ends[places[np.append(breaks, -1)]].tolist()
        starts = np.where(firsts, self._ends[firsts - 1] + len(GLUE), 0).tolist()
        return GLUE.join([self._text[a:b] for a, b in zip(starts, ends, strict=True)])

    def named(self, feature_id: str) -> int | None:
        """Return the place of the only row of an id, or None where there is none, or several."""
        digest = np.frombuffer(_digest(feature_id), np.uint64)[0]
        at, end = (int(self._digests.searchsorted(digest, side)) for side in ("left", "right"))
        if end - at != 1:
            return None
        place = int(self._named[at])
        beginning = _BEGINNING + orjson.dumps(feature_id) + b","
        return place if bytes(self.part(place, place + 1)[: len(beginning)]) == beginning else None

    def having(self, wanted: Wanted) -> Words | None:
        """Return which rows have a wanted value of each property; None where it is not known."""
        return self._bitmaps.found(wanted)

    def between(self, firsts: Keys, lasts: Keys) -> Places:
        """Return the places of the rows with keys from each of some up to, but without, others."""
        return _runs(self.keys.searchsorted(firsts), self.keys.searchsorted(lasts))

    def within(self, box: BBox) -> Places | None:
        """Return the places of the rows in a box that does not cross 180°, in order.

        None where it is not known where they stand.
        """
        return None if self._points is None else self._points.within(box)


class _Points:
    """Points in bands from south to north, in each from west to east."""

    def __init__(self, columns: Columns) -> None:
        self._bands: Floats = columns["bands"]
        self._x: Floats = columns["x"]
        self._y: Floats = columns["y"]
        self._places: NDArray[np.int32] = columns["places"]

    def within(self, box: BBox) -> Places:
        west, south, east, north = box
        bands = np.arange(np.floor(south / BAND), np.floor(north / BAND) + 1)
        if len(bands) > _MANY:
            return np.sort(self._places[inside(self._x, self._y, box)])
        firsts = self._bands.searchsorted(_banded(bands, west), "left")
        lasts = self._bands.searchsorted(_banded(bands, east), "right")
        near = _runs(firsts, lasts)
        there = near[inside(self._x[near], self._y[near], box)]
        return np.sort(self._places[there])


def _runs(firsts: NDArray[np.intp], lasts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return all numbers from each of the first ones up to, but without, its last."""
    lengths = lasts - firsts
    shifts: NDArray[np.intp] = np.repeat(lasts - lengths.cumsum(), lengths)
    return np.arange(lengths.sum()) + shifts


def inside(x: Floats, y: Floats, box: BBox) -> NDArray[np.bool_]:
    """Say which points are in a box that does not cross 180°."""
    west, south, east, north = box
    found: NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return found


def _banded(band: Floats, x: Floats | float) -> Floats:
    """Return what points are ordered by; rounding keeps the order."""
    return band * _TURN + x


def by_place(x: Floats, y: Floats) -> Columns:
    """Return the columns that lead from a box to rows; WGS 84 degrees, NaN for what is nowhere."""
    bands = _banded(np.floor(y / BAND), x)
    order = np.argsort(bands, kind="stable")
    places = order.astype(np.int32)
    return {"bands": bands[order], "x": x[order], "y": y[order], "places": places}


def by_id(ids: Iterable[str]) -> NDArray[np.uint64]:
    """Return a digest of each id."""
    return np.frombuffer(b"".join(map(_digest, ids)), np.uint64)


def _digest(feature_id: str) -> bytes:
    return blake2b(feature_id.encode(errors="surrogatepass"), digest_size=_DIGEST).digest()


def named(digests: NDArray[np.uint64]) -> Columns:
    """Return the columns that lead from the digest of an id to the place of its row."""
    order = np.argsort(digests, kind="stable")
    return {"digests": digests[order], "named": order.astype(np.int32)}


def finish(file: BinaryIO, about: About, columns: Columns) -> None:
    """Write what comes behind the texts."""
    file.write(_filling(about.bytes))
    for column in columns.values():
        file.write(column.tobytes() + _filling(column.nbytes))
    kinds = [[name, column.dtype.str, len(column)] for name, column in columns.items()]
    told = orjson.dumps([*about[:-1], kinds])
    file.write(told + len(told).to_bytes(_WORD, "little") + _MAGIC)


def _filling(size: int) -> bytes:
    return bytes(-size % _WORD)


def _about(held: mmap.mmap) -> About:
    size = int.from_bytes(held[-2 * _WORD : -_WORD], "little")
    if held[-_WORD:] != _MAGIC or size > len(held):
        raise ValueError("not finished rows")
    told = orjson.loads(held[-2 * _WORD - size : -2 * _WORD])
    if len(told) != len(About._fields):
        raise ValueError("finished rows of another form")
    return About(*told)


def _columns(held: mmap.mmap, about: About) -> Iterable[tuple[str, NDArray[Any]]]:
    start = about.bytes + len(_filling(about.bytes))
    for name, kind, length in about.columns:
        column = np.frombuffer(held, np.dtype(kind), length, start)
        yield name, column
        start += column.nbytes + len(_filling(column.nbytes))

"""The wire form of a vector tile (Mapbox Vector Tile 2.1): protobuf from numpy arrays."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.tiles.grid import EXTENT, Ints

Bytes = NDArray[np.uint8]
VERSION = 2
VALUES_KEPT = 10_000  # encoded numbers: most are counts, and small
# Field number and wire type of each member, as protobuf writes them.
_LAYERS, _NAME, _FEATURE, _KEY, _VALUE, _EXTENT, _VERSION = 0x1A, 0x0A, 0x12, 0x1A, 0x22, 0x28, 0x78
_TEXT, _DOUBLE, _UNSIGNED, _SIGNED, _BOOLEAN = 0x0A, 0x19, 0x28, 0x30, 0x38


class Tags(NamedTuple):
    """The properties of features: which key has which encoded value; -1 stands for none."""

    keys: list[str]
    codes: NDArray[np.integer[Any]]  # (features, keys)
    values: list[bytes]


def sizes(numbers: NDArray[np.integer[Any]]) -> Ints:
    """Return how many bytes each number takes as a varint; numbers lie in [0, 2³⁵)."""
    size = np.ones(numbers.shape, np.int64)
    for bits in range(7, int(numbers.max(initial=0)).bit_length(), 7):
        size += numbers >= 1 << bits
    return size


def varints(numbers: NDArray[np.integer[Any]]) -> bytes:
    """Encode numbers in [0, 2³⁵) as varints, one after the other."""
    bits = int(numbers.max(initial=0)).bit_length()
    longest = max(1, -(-bits // 7))
    narrow = numbers.astype(np.int32) if bits < 32 else numbers
    parts: Bytes = np.empty((len(numbers), longest), np.uint8)
    used = np.empty(parts.shape, bool)
    for place in range(longest):
        rest = narrow >> 7 * place if place else narrow
        used[:, place] = rest > 0 if place else True
        more = rest > 0x7F if place + 1 < longest else np.False_
        parts[:, place] = (rest & 0x7F) | (more * np.uint8(0x80))
    return parts[used].tobytes() if longest > 1 else parts.tobytes()


def zigzag(numbers: Ints) -> Ints:
    """Fold signed numbers into unsigned ones: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return (numbers << 1) ^ (numbers >> 63)


def _number(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def _sized(tag: int, body: bytes) -> bytes:
    return bytes([tag]) + _number(len(body)) + body


# The head of a value that is a text of so many bytes: nearly every value is one.
_TEXT_HEADS = [bytes([_VALUE, size + 2, _TEXT, size]) for size in range(126)]


def _texts(given: Sequence[str]) -> list[bytes]:
    bodies = [one.encode() for one in given]
    try:
        return [_TEXT_HEADS[len(body)] + body for body in bodies]
    except IndexError:
        return [_sized(_VALUE, _sized(_TEXT, body)) for body in bodies]


@lru_cache(VALUES_KEPT, typed=True)
def value(given: bool | float) -> bytes:
    """Encode one value of a property that is no text, as a member of a layer."""
    match given:
        case bool():
            return _sized(_VALUE, bytes([_BOOLEAN, given]))
        case int() if given >= 0:
            return _sized(_VALUE, bytes([_UNSIGNED]) + _number(given))
        case int():
            return _sized(_VALUE, bytes([_SIGNED]) + _number(-2 * given - 1))
        case _:
            return _sized(_VALUE, bytes([_DOUBLE]) + struct.pack("<d", given))


def tags(columns: Mapping[str, Sequence[Any]], count: int) -> Tags:
    """Number the distinct values of columns, each of one type; None is left out."""
    codes = np.full((count, len(columns)), -1, np.int64)
    texts: dict[str | None, int] = {None: -1}
    others: dict[bytes, int] = {}
    later: list[int] = []
    done: dict[int, int] = {}  # columns that were seen, to their place
    for place, column in enumerate(columns.values()):
        if (before := done.setdefault(id(column), place)) != place:
            codes[:, place] = codes[:, before]
            later += [place] if before in later else []
        elif isinstance(next((one for one in column if one is not None), None), str):
            codes[:, place] = _coded(texts, column)
        else:
            codes[:, place] = _numbered(column, others)
            later.append(place)
    values = _texts([one for one in texts if one is not None])
    moved = codes[:, later]
    codes[:, later] = np.where(moved >= 0, moved + len(values), -1)
    return Tags(list(columns), codes, [*values, *others])


def _coded(texts: dict[str | None, int], column: Sequence[str | None]) -> Ints | list[int]:
    """Number texts that have no number yet; mostly none has, or all are few."""
    more = dict.fromkeys(column)
    first = len(texts) - 1
    if texts.keys().isdisjoint(more):
        texts.update(zip(more, range(first, first + len(more)), strict=True))
        if len(more) == len(column):
            return np.arange(first, first + len(more))
    else:
        for one in more:
            texts.setdefault(one, len(texts) - 1)
    return list(map(texts.__getitem__, column))


def _numbered(column: Sequence[Any], others: dict[bytes, int]) -> Ints:
    """Number values that are no texts among those of other columns."""
    seen = {one: place for place, one in enumerate(dict.fromkeys(column))}
    shared = [-1 if one is None else others.setdefault(value(one), len(others)) for one in seen]
    return np.array(shared, np.int64)[[seen[one] for one in column]]


def layer(name: str, features: bytes, used: Tags) -> bytes:
    """Return a layer of a tile, ready to be joined with others; nothing if it has no feature."""
    if not features:
        return b""
    body = b"".join(
        (
            bytes([_VERSION, VERSION]),
            _sized(_NAME, name.encode()),
            features,
            *(_sized(_KEY, key.encode()) for key in used.keys),
            *used.values,
            bytes([_EXTENT]) + _number(EXTENT),
        )
    )
    return _sized(_LAYERS, body)


def feature(kind: int, codes: Ints, geometry: Ints) -> bytes:
    """Encode one feature: its type, its row of codes, its geometry commands."""
    (held,) = np.nonzero(codes >= 0)
    pairs = varints(np.column_stack([held, codes[held]]).ravel())
    shape = varints(geometry)
    body = (_sized(0x12, pairs) if pairs else b"") + bytes([0x18, kind]) + _sized(0x22, shape)
    return _sized(_FEATURE, body)

"""The wire form of a vector tile (Mapbox Vector Tile 2.1): protobuf from numpy arrays."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.tiles.grid import EXTENT, Ints

Bytes = NDArray[np.uint8]
VERSION = 2
# Field number and wire type of each member, as protobuf writes them.
_LAYERS, _NAME, _FEATURE, _KEY, _VALUE, _EXTENT, _VERSION = 0x1A, 0x0A, 0x12, 0x1A, 0x22, 0x28, 0x78
_TEXT, _DOUBLE, _UNSIGNED, _SIGNED, _BOOLEAN = 0x0A, 0x19, 0x28, 0x30, 0x38


class Tags(NamedTuple):
    """The properties of features: which key has which encoded value; -1 stands for none."""

    keys: list[str]
    codes: Ints  # (features, keys)
    values: list[bytes]


def sizes(numbers: Ints) -> Ints:
    """Return how many bytes each number takes as a varint; numbers lie in [0, 2³⁵)."""
    size = np.ones(numbers.shape, np.int64)
    for bits in range(7, int(numbers.max(initial=0)).bit_length(), 7):
        size += numbers >= 1 << bits
    return size


def varints(numbers: Ints) -> bytes:
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


def _text(given: str) -> bytes:
    body = given.encode()
    if len(body) < len(_TEXT_HEADS):
        return _TEXT_HEADS[len(body)] + body
    return _sized(_VALUE, _sized(_TEXT, body))


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
    texts: dict[str, int] = {}
    others: dict[bytes, int] = {}
    later: list[int] = []
    for place, column in enumerate(columns.values()):
        if isinstance(next((one for one in column if one is not None), None), str):
            codes[:, place] = [
                -1 if one is None else texts.setdefault(one, len(texts)) for one in column
            ]
        else:
            seen: dict[Any, int] = {}
            own = [-1 if one is None else seen.setdefault(one, len(seen)) for one in column]
            shared = [others.setdefault(value(one), len(others)) for one in seen]
            codes[:, place] = np.array([*shared, -1])[own]
            later.append(place)
    moved = codes[:, later]
    codes[:, later] = np.where(moved >= 0, moved + len(texts), -1)
    return Tags(list(columns), codes, [*map(_text, texts), *others])


class Column(NamedTuple):
    """A property of many features, encoded already.

    Where each feature has a value of its own, they stand in `values[0]` one after the other and
    `codes` tells where each begins, and the last ends; else `codes` numbers the values, -1 for
    none.
    """

    codes: NDArray[np.int32]
    values: list[bytes]
    distinct: bool


def columns(given: Mapping[str, Sequence[Any]]) -> dict[str, Column]:
    """Encode columns, each of one type; one that is given twice is the same column."""
    made: dict[int, Column] = {}
    for one in given.values():
        if id(one) not in made:
            made[id(one)] = _column(one)
    return {name: made[id(one)] for name, one in given.items()}


def _column(given: Sequence[Any]) -> Column:
    seen: dict[Any, int] = {one: code for code, one in enumerate(dict.fromkeys(given))}
    distinct = len(seen) == len(given) and None not in seen
    if None in seen:
        del seen[None]
        seen = {one: code for code, one in enumerate(seen)}
    encoded = [_text(one) if isinstance(one, str) else value(one) for one in seen]
    if distinct:
        starts = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
        return Column(starts, [b"".join(encoded)], distinct=True)
    codes = [seen.get(one, -1) for one in given]
    return Column(np.array(codes, np.int32), encoded, distinct=False)


def chosen(columns: Mapping[str, Column], index: Ints) -> Tags:
    """Return the properties of some of the features, in growing order."""
    codes = np.full((len(index), len(columns)), -1, np.int64)
    values: list[bytes] = []
    numbers: dict[bytes, int] = {}
    done: dict[int, int] = {}
    count = 0
    for place, column in enumerate(columns.values()):
        if id(column) in done:
            codes[:, place] = codes[:, done[id(column)]]
        elif column.distinct:
            codes[:, place] = np.arange(count, count + len(index))
            count += len(index)
            values += _values_of(column, index)
        else:
            own = column.codes[index]
            used = np.flatnonzero(np.bincount(own[own >= 0])).tolist()
            fresh = [column.values[c] for c in used if column.values[c] not in numbers]
            numbers |= zip(fresh, range(count, count + len(fresh)), strict=True)
            count += len(fresh)
            values += fresh
            renumbered = np.full(len(column.values) + 1, -1, np.int64)  # the last stands for -1
            renumbered[used] = [numbers[column.values[c]] for c in used]
            codes[:, place] = renumbered[own]
        done[id(column)] = place
    return Tags(list(columns), codes, values)


def _values_of(column: Column, index: Ints) -> list[bytes]:
    starts, [body] = column.codes, column.values
    first, last = int(index[0]), int(index[-1])
    if last - first + 1 == len(index):
        return [body[starts[first] : starts[last + 1]]]
    return [body[starts[one] : starts[one + 1]] for one in index.tolist()]


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

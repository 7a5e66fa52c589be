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
    """The properties of features: which key has which of the values; -1 stands for none."""

    keys: list[str]
    codes: Ints  # (features, keys)
    values: list[bytes]


def sizes(numbers: Ints) -> Ints:
    """Return how many bytes each number takes as a varint; numbers lie in [0, 2³⁵)."""
    size = np.ones(numbers.shape, np.int64)
    for bits in (7, 14, 21, 28):
        size += numbers >= 1 << bits
    return size


def varints(numbers: Ints) -> bytes:
    """Encode numbers in [0, 2³⁵) as varints, one after the other."""
    size = sizes(numbers)
    ends = np.cumsum(size)
    starts = ends - size
    out: Bytes = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    out[starts] = numbers & 0x7F
    for place in range(1, 5):
        (longer,) = np.nonzero(size > place)
        if not len(longer):
            break
        out[starts[longer] + place - 1] |= 0x80
        out[starts[longer] + place] = (numbers[longer] >> 7 * place) & 0x7F
    return out.tobytes()


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


def value(given: bool | float | str) -> bytes:
    """Encode one value of a property."""
    match given:
        case bool():
            return bytes([_BOOLEAN, given])
        case int() if given >= 0:
            return bytes([_UNSIGNED]) + _number(given)
        case int():
            return bytes([_SIGNED]) + _number(-2 * given - 1)
        case float():
            return bytes([_DOUBLE]) + struct.pack("<d", given)
        case _:
            return _sized(_TEXT, str(given).encode())


def tags(columns: Mapping[str, Sequence[Any]], count: int) -> Tags:
    """Number the distinct values of columns, each of one type; None is left out."""
    codes = np.full((count, len(columns)), -1, np.int64)
    known: dict[bytes, int] = {}
    for place, column in enumerate(columns.values()):
        seen: dict[Any, int] = {}
        own = [-1 if one is None else seen.setdefault(one, len(seen)) for one in column]
        if seen:
            shared = [known.setdefault(value(one), len(known)) for one in seen]
            codes[:, place] = np.array([*shared, -1])[own]
    return Tags(list(columns), codes, list(known))


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
            *(_sized(_VALUE, one) for one in used.values),
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

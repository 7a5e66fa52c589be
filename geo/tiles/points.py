"""Points as features of a tile, all at once: every number of every feature is a cell of one table.

The rows of the table are features, its columns the numbers in the order of the wire; what a
feature lacks is masked out, and the rest is encoded in one pass.
"""

from __future__ import annotations

import numpy as np

from geo.tiles.grid import Ints
from geo.tiles.wire import Tags, sizes, varints, zigzag

_FEATURE, _TAGS, _TYPE, _GEOMETRY = 0x12, 0x12, 0x18, 0x22
_POINT = 1
_MOVE_TO_ONE = 9  # command 1, once


def features(x: Ints, y: Ints, used: Tags) -> bytes:
    """Encode points, given in units from a tile's north-west corner, with their properties."""
    count, keys = used.codes.shape
    held = used.codes >= 0
    pairs = np.empty((count, keys, 2), np.int64)
    pairs[:, :, 0] = np.arange(keys)
    pairs[:, :, 1] = np.maximum(used.codes, 0)
    place = np.column_stack([np.full(count, _MOVE_TO_ONE), zigzag(x), zigzag(y)])
    tag_bytes = (sizes(pairs).sum(axis=2) * held).sum(axis=1)
    place_bytes = sizes(place).sum(axis=1)
    has_tags = tag_bytes > 0
    whole = np.where(has_tags, 1 + sizes(tag_bytes) + tag_bytes, 0) + 3 + 1 + place_bytes
    numbers = np.column_stack(
        (
            _column(_FEATURE, count),
            whole,
            _column(_TAGS, count),
            tag_bytes,
            pairs.reshape(count, 2 * keys),
            _column(_TYPE, count),
            _column(_POINT, count),
            _column(_GEOMETRY, count),
            place_bytes,
            place,
        )
    )
    always, of_tags = np.ones((count, 2), bool), np.repeat(has_tags[:, None], 2, axis=1)
    written = np.column_stack(
        (always, of_tags, np.repeat(held, 2, axis=1), np.ones((count, 7), bool))
    )
    return varints(numbers[written])


def _column(number: int, count: int) -> Ints:
    return np.full(count, number, np.int64)

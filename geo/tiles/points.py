"""Points as features of a tile, all at once: every number of every feature is a cell of one table.

The rows of the table are features, its columns the numbers in the order of the wire; what a
feature lacks is masked out, and the rest is encoded in one pass.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.tiles.grid import Ints
from geo.tiles.wire import Tags, sizes, varints, zigzag

_FEATURE, _TAGS, _TYPE, _GEOMETRY = 0x12, 0x12, 0x18, 0x22
_POINT = 1
_MOVE_TO_ONE = 9  # command 1, once
_PAIRS = 4  # place of the first key


def features(x: Ints, y: Ints, used: Tags) -> bytes:
    """Encode points, given in units from a tile's north-west corner, with their properties.

    There are fewer than 128 keys.
    """
    count, keys = used.codes.shape
    past = _PAIRS + 2 * keys  # the place behind the tags
    pairs = [number for key in range(keys) for number in (key, 0)]
    numbers = np.empty((count, past + 7), np.int32)
    numbers[:] = [_FEATURE, 0, _TAGS, 0, *pairs, _TYPE, _POINT, _GEOMETRY, 0, _MOVE_TO_ONE, 0, 0]
    numbers[:, _PAIRS + 1 : past : 2] = used.codes
    numbers[:, past + 5], numbers[:, past + 6] = zigzag(x), zigzag(y)
    held = used.codes >= 0
    tag_bytes = ((1 + sizes(used.codes)) * held).sum(axis=1)
    place_bytes = 1 + sizes(numbers[:, past + 5 :]).sum(axis=1)
    heads = np.where(tag_bytes > 0, 1 + sizes(tag_bytes), 0) + 4
    numbers[:, 1], numbers[:, 3] = heads + tag_bytes + place_bytes, tag_bytes
    numbers[:, past + 3] = place_bytes
    return varints(numbers.ravel() if held.all() else numbers[_written(held, tag_bytes)])


def _written(held: NDArray[np.bool_], tag_bytes: Ints) -> NDArray[np.bool_]:
    """Say which numbers are there."""
    count, keys = held.shape
    written = np.ones((count, _PAIRS + 2 * keys + 7), bool)
    written[:, _PAIRS - 2 : _PAIRS] = (tag_bytes > 0)[:, None]
    written[:, _PAIRS : _PAIRS + 2 * keys] = np.repeat(held, 2, axis=1)
    return written

"""Cutting a border line into stretches by the nearest province on either side.

Lines are EPSG:4326, lon lat; lengths and chainage are geodesic kilometres on WGS 84, measured
from the northern end on the unsimplified line.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.referencing import geod

Numbers = NDArray[np.float64]
Label = TypeVar("Label", bound=Hashable)

STEP = 0.001  # degrees (about 110 m): longer segments are split before they are labelled
JITTER_KM = 1.5  # a shorter run is noise of the province outlines
RETURN_KM = 3.0  # so is a run this short between two runs of one and the same province


@dataclass(frozen=True)
class Chain:
    """A line from its northern end: vertices (n, 2) and their chainage (n,) in km."""

    xy: Numbers
    km: Numbers


@dataclass(frozen=True)
class Stretch:
    """A part of a chain, vertices `start` to `stop` inclusive, between two provinces."""

    province: str
    partner: str
    start: int
    stop: int


def chain(line: BaseGeometry) -> Chain:
    """Join the parts, start in the north, split long segments, measure."""
    parts = [part.coords[:] for part in shapely.get_parts(line)]
    xy = np.array([point for part in parts for point in part])
    if xy[0, 1] < xy[-1, 1]:
        xy = xy[::-1]
    dense = shapely.get_coordinates(shapely.segmentize(shapely.linestrings(xy), STEP))
    lengths = geod().line_lengths(dense[:, 0], dense[:, 1])
    return Chain(dense, np.concatenate([[0.0], np.cumsum(lengths)]) / 1000)


def nearest(points: Chain, shapes: dict[str, BaseGeometry]) -> list[str]:
    """Id of the nearest shape for the middle of each of the chain's segments."""
    ids = list(shapes)
    middles = shapely.points((points.xy[:-1] + points.xy[1:]) / 2)
    tree = shapely.STRtree(list(shapes.values()))
    found = tree.query_nearest(middles, all_matches=False)[1]
    return [ids[index] for index in found]


def runs(labels: Sequence[Hashable]) -> list[tuple[int, int]]:
    """(start, stop) of each run of equal labels; stop is exclusive."""
    edges = [0]
    for _, group in groupby(labels):
        edges.append(edges[-1] + sum(1 for _ in group))
    return list(pairwise(edges))


def without_jitter(labels: list[Label], km: Numbers) -> list[Label]:
    """Give each run that is noise to its longer neighbour, the shortest first."""
    while True:
        found = noise(labels, km)
        if found is None:
            return labels
        start, stop, label = found
        labels = labels[:start] + [label] * (stop - start) + labels[stop:]


def noise(labels: list[Label], km: Numbers) -> tuple[int, int, Label] | None:
    """The shortest run that is noise, and the label that it should have."""
    spans = runs(labels)
    length = [float(km[stop] - km[start]) for start, stop in spans]
    for index in sorted(range(len(spans)), key=length.__getitem__):
        around = [near for near in (index - 1, index + 1) if 0 <= near < len(spans)]
        names = {labels[spans[near][0]] for near in around}
        limit = RETURN_KM if len(names) == 1 and len(around) == 2 else JITTER_KM
        if around and length[index] < limit:
            heir = max(around, key=length.__getitem__)
            return (*spans[index], labels[spans[heir][0]])
    return None


def stretches(
    points: Chain, provinces: dict[str, BaseGeometry], partners: dict[str, BaseGeometry]
) -> list[Stretch]:
    """The pairs of provinces along a chain, from its northern end, without gaps."""
    own = without_jitter(nearest(points, provinces), points.km)
    other = without_jitter(nearest(points, partners), points.km)
    pairs = without_jitter(list(zip(own, other, strict=True)), points.km)
    return [Stretch(*pairs[start], start, stop) for start, stop in runs(pairs)]

"""What an answer holds, in words of no server, and whether it is the right one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import mapbox_vector_tile
import orjson

from bench.questions import MapTile, Question, Truth

SLACK = 0.01  # share of a tile's points that may lie on its edge
VAST = 250_000_000  # bytes of an answer whose features are counted, not read
FEW = 2  # points on the edge of a tile that holds few


@dataclass(frozen=True, slots=True)
class Answer:
    """How many features an answer holds, and which; tiles tell the number only."""

    count: int
    ids: frozenset[str] | None = None


def geojson(body: bytes) -> Answer:
    """Read a feature or a collection whose features name themselves by `id`."""
    if len(body) > VAST:
        return Answer(body.count(b'"Feature"'))
    found = orjson.loads(body)
    return of_ids(_id(feature) for feature in found.get("features", [found]))


def _id(feature: dict[str, Any]) -> str:
    own = feature["properties"].get("id", feature["id"])
    if feature["geometry"] is None:
        raise ValueError(f"{own} came without its geometry")
    return str(own)


def of_ids(ids: Iterable[str]) -> Answer:
    """An answer that holds these features."""
    listed = list(ids)
    return Answer(len(listed), frozenset(listed))


def tile(body: bytes) -> Answer:
    """Count the points within a tile; a cluster counts for as many as it stands for."""
    count = 0
    for layer in mapbox_vector_tile.decode(body).values():
        extent = layer["extent"]
        for feature in layer["features"]:
            points = feature["geometry"]["coordinates"]
            points = [points] if feature["geometry"]["type"] == "Point" else points
            inside = sum(0 <= x <= extent and 0 <= y <= extent for x, y in points)
            count += inside * int(feature["properties"].get("count", 1))
    return Answer(count)


def wrong(question: Question, answer: Answer, right: Truth) -> str | None:
    """What is wrong with an answer, or None."""
    slack = max(FEW, SLACK * right.count) if isinstance(question, MapTile) else 0
    if abs(answer.count - right.count) > slack:
        return f"{question}: {answer.count} features, not {right.count}"
    if answer.ids is not None and right.ids is not None and answer.ids != right.ids:
        return f"{question}: {len(answer.ids ^ right.ids)} features differ"
    return None

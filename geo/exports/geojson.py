"""GeoJSON (RFC 7946) as one collection, and as a text sequence (RFC 8142)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import orjson
import shapely
from sqlalchemy import Connection

from geo import reproject
from geo.exports.metadata import now
from geo.exports.order import EXERCISE_NOTICE, Order
from geo.exports.reading import Feature, Piece, batches, joined

GLUE = ",\n"  # stands between features, see geo.functions.Joined
RECORD = "\x1e"  # stands before each text of a sequence, RFC 8142
_NOTICE = b'{"notice":' + orjson.dumps(EXERCISE_NOTICE) + b","
PAGE_END = b"]}"  # of a page


def pieces(conn: Connection, order: Order) -> Iterator[bytes]:
    """Yield a FeatureCollection; how many features it holds stands at its end.

    Coordinates in another system than CRS84 come in the axis order that the system states, which
    `coordRefSys` (OGC 21-045) then names.
    """
    yield _head(order)
    returned = 0
    for piece in _texts(conn, order, glue=GLUE):
        yield b",\n" + piece.text if returned else piece.text
        returned += piece.rows
    counted = {"numberReturned": returned}
    if order.most is None:
        counted["numberMatched"] = returned
    yield b"]," + orjson.dumps(counted)[1:]


def _head(order: Order) -> bytes:
    members: dict[str, object] = {"timeStamp": now()}
    if order.system != reproject.CRS84_URI:
        members["coordRefSys"] = order.system
    if order.described_by:
        link = {"rel": "describedby", "href": order.described_by, "type": "application/json"}
        members["links"] = [link]
    return _begin(members, exercise=order.exercise)


def _begin(members: dict[str, object], *, exercise: bool) -> bytes:
    notice = {"notice": EXERCISE_NOTICE} if exercise else {}
    head = {"type": "FeatureCollection", **notice, **members}
    return orjson.dumps(head)[:-1] + b',"features":['


def page_parts(
    text: bytes | memoryview,
    *,
    matched: int,
    returned: int,
    time: str,
    links: bytes,
    exercise: bool,
) -> tuple[bytes | memoryview, ...]:
    """Return the parts of a FeatureCollection of finished features, joined; `links` are JSON."""
    begin = page_template(b"%(links)b", exercise=exercise)
    told = {b"matched": matched, b"returned": returned, b"time": time.encode(), b"links": links}
    return begin % told, text, PAGE_END


def page_template(links: bytes, *, exercise: bool) -> bytes:
    """Return the beginning of a FeatureCollection with marks for what differs from page to page.

    These are `matched` and `returned`, numbers, and `time`; besides them those of `links`.
    """
    notice = _NOTICE[1:] if exercise else b""
    return (
        b'{"type":"FeatureCollection",%b"numberMatched":%%(matched)d,"numberReturned":%%(returned)d,'
        b'"timeStamp":"%%(time)b","links":%b,"features":['
    ) % (notice.replace(b"%", b"%%"), links)


def sequence(conn: Connection, order: Order) -> Iterator[bytes]:
    """Yield one feature after the other; in an exercise each carries the notice."""
    for piece in _texts(conn, order, glue=f"\n{RECORD}"):
        text = RECORD.encode() + piece.text + b"\n"
        if order.exercise:  # no JSON text holds a bare control character
            text = text.replace(b"\x1e{", b"\x1e" + _NOTICE)
        yield text


def _texts(conn: Connection, order: Order, *, glue: str) -> Iterator[Piece]:
    """Yield the finished texts as they are stored, or made anew where something else is asked."""
    if order.names is None and order.system == reproject.CRS84_URI:
        yield from joined(conn, order, glue=glue)
        return
    for features in batches(conn, order):
        if order.system != reproject.CRS84_URI:
            _move(features, order.system)
        yield Piece(len(features), glue.encode().join(map(orjson.dumps, features)))


def _move(features: list[Feature], system: str) -> None:
    """Write the geometries in another system, in the axis order that it states."""
    texts = [None if f["geometry"] is None else orjson.dumps(f["geometry"]) for f in features]
    found = shapely.from_geojson(np.array(texts, dtype=object))
    moved = shapely.transform(found, lambda xy: reproject.stated(xy, system))
    for feature, text in zip(features, shapely.to_geojson(moved), strict=True):
        feature["geometry"] = None if text is None else orjson.Fragment(text)

"""A small register to change, and short ways to do so."""

from typing import Any

import orjson
from shapely.geometry import Point
from sqlalchemy import select

from geo import change, check, layers, query, store
from geo.change import Edit, Saved
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from geo.schema import Layer
from geo.store import Target
from geo.tables import history as history_table
from tests.conftest import Places
from tests.geo import build, fresh

MARKERS, EVENTS, UNITS = layers.MARKERS, layers.MARKER_EVENTS, layers.ADMIN_UNITS
TODAY = parse("2026-01-01")
EDIT = Edit("a tester", "to see", when=TODAY)
EXACT = (107.123456789012, 12.3456789012345)  # more decimals than are shown


def make(place: Target) -> Register:
    return build.register(
        place,
        markers=[
            build.marker("vn-kh.48.0.1", *EXACT, position_quality="indicative"),
            build.marker("vn-kh.49.0.1", 107.3, 12.4),
        ],
        marker_events=[build.event("vn-kh.48.0.1", "located", "2010-01-01")],
        gates=[
            build.row("gates", "g", Point(107, 12), name_vi="Cũ", valid_to="2014-01-01"),
            build.row("gates", "g", Point(107, 12), name_vi="Mới", valid_from="2014-01-01"),
        ],
    )


def do(register: Register, what: Any, *given: Any, edit: Edit = EDIT) -> Saved:
    with store.writing(register.engine) as conn:
        saved: Saved = what(conn, *given, edit)
    return saved


def patch(register: Register, key: str, *, edit: Edit = EDIT, **values: Any) -> Saved:
    return do(register, change.update, MARKERS, key, {"properties": values}, edit=edit)


def read(register: Register, layer: Layer, key: str, day: str = "2026-01-01") -> dict[str, Any]:
    with register.engine.connect() as conn:
        found: dict[str, Any] = orjson.loads(query.one(conn, layer, key, Filter(parse(day))))
    return found


def entries(register: Register) -> list[tuple[Any, ...]]:
    c = history_table.c
    columns = (c.actor, c.action, c.layer, c.feature_id, c.revision, c.reason)
    with register.engine.connect() as conn:
        return [tuple(row) for row in conn.execute(select(*columns).order_by(c.seq))]


def feature(lon: float = 107.5, lat: float = 12.5, **values: Any) -> dict[str, Any]:
    shape = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": shape, "properties": values}


def fact(**values: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": None, "properties": values}


def holds(register: Register, places: Places) -> None:
    """What is shown is what a register made afresh would show, and every invariant holds."""
    assert check.check(register.engine) == []
    with register.engine.connect() as conn:
        assert fresh.shown(conn) == fresh.shown_afresh(conn, places())

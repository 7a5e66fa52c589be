"""After any writes, what is shown is what a register made afresh from the records would show."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from geo import change, layers, store
from geo.change import Edit
from geo.errors import ConflictError, NotFoundError
from geo.period import parse
from geo.refusal import FeatureError
from geo.register import Register
from geo.tables import RECORDS
from geo.vocabulary import Condition, MarkerEvent
from tests.conftest import Places
from tests.geo.edits import fact, feature, holds, make

DAYS = st.dates().map(str).filter(lambda day: "1990" < day < "2060") | st.sampled_from(
    ["2014-01-01", "2020-05-01", "2025-07-01"]
)
UNITS = st.sampled_from(["vn.dak-nong", "vn.lam-dong", "vn.lam-dong.2025", None])
SPOTS = st.tuples(st.floats(102, 110), st.floats(8, 23))
NUMBER = st.integers(0, 9)
LAYERS = st.sampled_from(["markers", "marker_events", "inspections"])
STEPS = st.one_of(
    st.tuples(st.just("marker"), SPOTS, UNITS, st.none() | DAYS),
    st.tuples(st.just("move"), NUMBER, SPOTS),
    st.tuples(st.just("set"), NUMBER, st.just("note"), st.text("aăđ\n ", max_size=5)),
    st.tuples(st.just("set"), NUMBER, st.just("province_origin_id"), UNITS),
    st.tuples(st.just("set"), NUMBER, st.just("valid_to"), DAYS),
    st.tuples(st.just("event"), NUMBER, st.sampled_from(list(MarkerEvent)), DAYS),
    st.tuples(st.just("visit"), NUMBER, st.sampled_from(list(Condition)), DAYS),
    st.tuples(
        st.just("drop"), st.sampled_from(["markers", "marker_events", "inspections"]), NUMBER
    ),
    st.tuples(st.just("rename"), UNITS, st.text("ABC", min_size=1, max_size=3)),
    st.tuples(st.just("successor"), UNITS, UNITS),
)
ALL = Edit("chance", "to see", when=parse("../.."))


def nth(conn: Connection, layer: str, number: int) -> str:
    """Return the id of some row of a layer."""
    held = conn.execute(select(RECORDS[layer].c.id).order_by(RECORDS[layer].c.fid)).scalars().all()
    return held[number % len(held)] if held else "none"


def alter(conn: Connection, key: str, **values: Any) -> None:
    change.update(conn, layers.MARKERS, key, {"properties": values}, ALL)


def step(conn: Connection, kind: str, *said: Any) -> None:
    """Do one thing that somebody could do."""
    some = nth(conn, "markers", said[0]) if isinstance(said[0], int) else ""
    match kind, said:
        case "marker", ((lon, lat), origin, start):
            body = feature(lon, lat, number="x", province_origin_id=origin, valid_from=start)
            change.create(conn, layers.MARKERS, body, ALL)
        case "move", (_, place):
            shape = {"type": "Point", "coordinates": list(place)}
            change.update(conn, layers.MARKERS, some, {"geometry": shape}, ALL)
        case "set", (_, name, value):
            alter(conn, some, **{name: value})
        case "event", (_, name, day):
            body = fact(marker_id=some, event=name.value, date=day)
            change.create(conn, layers.MARKER_EVENTS, body, ALL)
        case "visit", (_, seen, day):
            body = fact(marker_id=some, condition=seen.value, at=f"{day}T08:00:00Z")
            change.create(conn, layers.INSPECTIONS, body, ALL)
        case "drop", (layer, number):
            change.delete(conn, layers.get(layer), nth(conn, layer, number), ALL)
        case "rename", (unit, name):
            body = {"properties": {"name_vi": name}}
            change.update(conn, layers.ADMIN_UNITS, unit or "none", body, ALL)
        case "successor", (unit, other):
            body = {"properties": {"successors": [other] if other else None}}
            change.update(conn, layers.ADMIN_UNITS, unit or "none", body, ALL)


@pytest.fixture(scope="module")
def register(places: Places) -> Iterator[Register]:
    made = make(places())
    yield made
    made.engine.dispose()


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(STEPS, min_size=12, max_size=18))
def test_views_are_those_of_a_register_made_afresh(
    register: Register, places: Places, steps: list[tuple[Any, ...]]
) -> None:
    """The register goes on from one example to the next."""
    for one in steps:
        refused = suppress(ConflictError, FeatureError, NotFoundError)
        with refused, store.writing(register.engine) as conn:
            step(conn, *one)
    holds(register, places)

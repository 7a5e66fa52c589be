"""Whatever Schemathesis thinks of to write is answered, as told, and leaves a whole register."""

import logging
from collections.abc import Iterator
from itertools import count

import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from api.app import create_app
from api.settings import Settings
from geo import check
from tests import soak
from tests.clients.fuzz import Outcome, campaign
from tests.conftest import Places
from tests.geo import build

# What is there as "0", so that what Schemathesis writes to is there at first.
LAYERS = ("markers", "corridors", "sources")
REQUIRED = {"markers": {"number": "0"}, "corridors": {"corridor_id": "0"}}
UNITS = [  # every province that the fuzzer names is there
    *build.UNITS,
    build.unit("la.savannakhet", "Savannakhet", iso_code="LA-SV"),
    build.unit("vn.quang-tri", "Quảng Trị"),
]
SECTIONS = {"file": "Fuzzing what writes, one file", "postgis": "Fuzzing what writes, PostGIS"}
SEED = 20_250_701
EXAMPLES = 12  # of each operation in each phase of a round
CALLS_FOR_EACH = 5  # requests of the whole campaign to one that writes, on each store


class Here:
    """Lets a request come from the server's own machine."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go on as 127.0.0.1."""
        if scope["type"] == "http":
            kept = [pair for pair in scope["headers"] if pair[0] != b"host"]
            headers = [*kept, (b"host", b"127.0.0.1")]
            scope = {**scope, "client": ("127.0.0.1", 1), "headers": headers}
        await self.app(scope, receive, send)


@pytest.fixture
def app(places: Places) -> Iterator[FastAPI]:
    place = places()
    rows = {layer: [build.row(layer, "0", **REQUIRED.get(layer, {}))] for layer in LAYERS}
    build.register(place, admin_units=UNITS, **rows).engine.dispose()
    app = create_app(Settings(store=place, allow_anonymous_writes=True))
    logging.disable()
    yield app
    logging.disable(logging.NOTSET)
    app.state.engine.dispose()


@pytest.mark.soak
def test_writing_breaks_nothing(app: FastAPI, back_end: str) -> None:
    wanted, done = soak.calls() // CALLS_FOR_EACH, Outcome()
    for seed in count(SEED):
        left = wanted - done.calls
        done += campaign(Here(app), seed=seed, examples=EXAMPLES, most=left, writing=LAYERS)
        if done.calls >= wanted:
            break
    soak.record(SECTIONS[back_end], done.summary())
    assert done.report() == ""
    assert done.statuses[201] > 20
    assert done.statuses[204] > 20
    assert not [status for status in done.statuses if status >= 500]
    assert check.check(app.state.engine) == []

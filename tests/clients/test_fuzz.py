"""Whatever Schemathesis thinks of is answered, and as the OpenAPI document says."""

import logging
from collections.abc import Iterator
from itertools import count

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.settings import Settings
from geo.store import Target
from tests import soak
from tests.clients.fuzz import Outcome, campaign

SEED = 20_140_630
SECTIONS = {"file": "Fuzzing the API, one file", "postgis": "Fuzzing the API, PostGIS"}


@pytest.fixture
def app(embedded_place: Target) -> Iterator[FastAPI]:
    app = create_app(Settings(store=embedded_place))
    logging.disable()  # tens of thousands of requests
    yield app
    logging.disable(logging.NOTSET)
    app.state.engine.dispose()


def test_nothing_breaks_it_and_no_answer_is_undocumented(app: FastAPI) -> None:
    done = campaign(app, seed=SEED, examples=3)
    assert done.report() == ""
    assert done.calls > 1_000
    assert {"examples", "coverage", "fuzzing", "stateful"} <= done.phases.keys()
    assert done.statuses[200] > 300


@pytest.mark.soak
def test_a_hundred_thousand_requests(app: FastAPI, back_end: str) -> None:
    """Half of them on each store."""
    wanted, all_of_them = soak.calls() // len(SECTIONS), Outcome()
    examples = soak.calls() // 250  # so that a few rounds of all phases make the number
    for seed in count(SEED + 1):
        all_of_them += campaign(app, seed=seed, examples=examples, most=wanted - all_of_them.calls)
        if all_of_them.calls >= wanted:
            break
    soak.record(SECTIONS[back_end], all_of_them.summary())
    assert all_of_them.report() == ""

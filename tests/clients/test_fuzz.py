"""Whatever Schemathesis thinks of is answered, and as the OpenAPI document says."""

import logging
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.settings import Settings
from geo.store import Target
from tests.clients.fuzz import campaign

SEED = 20_140_630


@pytest.fixture
def app(embedded_place: Target) -> Iterator[FastAPI]:
    app = create_app(Settings(store=embedded_place))
    logging.disable()  # tens of thousands of requests
    yield app
    logging.disable(logging.NOTSET)
    app.state.engine.dispose()


def test_nothing_breaks_it_and_no_answer_is_undocumented(app: FastAPI) -> None:
    done = campaign(app, seed=SEED, examples=4)
    assert done.report() == ""
    assert done.calls > 1_000
    assert {"examples", "coverage", "fuzzing", "stateful"} <= done.phases.keys()
    assert done.statuses[200] > 300

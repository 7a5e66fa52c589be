"""The server over the embedded data, asked in-process."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from geo.store import Target


@pytest.fixture(scope="session")
def client(embedded_place: Target) -> Iterator[TestClient]:
    app = create_app(Settings(store=embedded_place))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
    app.state.engine.dispose()

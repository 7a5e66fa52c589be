"""The server over the embedded data, asked in-process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from geo.store import Target
from tests.asking import Client


@contextmanager
def _serving(place: Target) -> Iterator[TestClient]:
    app = create_app(Settings(store=place))
    with Client(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def client_of_file(embedded_file: Path) -> Iterator[TestClient]:
    with _serving(embedded_file) as client:
        yield client


@pytest.fixture(scope="session")
def client_of_schema(embedded_schema: str) -> Iterator[TestClient]:
    with _serving(embedded_schema) as client:
        yield client


@pytest.fixture(scope="session")
def client(back_end: str, request: pytest.FixtureRequest) -> TestClient:
    """A client of a server over each of the two stores, which is started once for each."""
    made = "client_of_file" if back_end == "file" else "client_of_schema"
    client: TestClient = request.getfixturevalue(made)
    return client

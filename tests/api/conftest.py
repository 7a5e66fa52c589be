"""The server over the embedded data, asked in-process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from geo import load

DATA = Settings().data


@pytest.fixture(scope="session")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "cotmoc.gpkg"
    load.make(path, load.read_folder(DATA))
    return path


@pytest.fixture(scope="session")
def client(store_path: Path) -> Iterator[TestClient]:
    app = create_app(Settings(store=store_path))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client

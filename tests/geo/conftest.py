"""The register of the embedded data, made once."""

from pathlib import Path

import pytest

from geo import load, store
from geo.register import Register

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def embedded_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("embedded") / "cotmoc.gpkg"
    load.make(path, load.read_folder(DATA))
    return path


@pytest.fixture(scope="session")
def embedded(embedded_path: Path) -> Register:
    return Register(store.open_store(embedded_path))

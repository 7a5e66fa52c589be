"""A running server over the embedded data, for programs that speak OGC API – Features."""

from collections.abc import Iterator

import pytest

from tests.server import make_store, running


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("clients") / "cotmoc.gpkg"
    with running(make_store(path)) as url:
        yield url

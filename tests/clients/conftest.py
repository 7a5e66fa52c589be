"""Running servers over the embedded data, for programs that speak OGC API – Features."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from secrets import token_hex
from typing import Any

import pytest

from tests.server import make_store, running

Truth = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("clients") / "cotmoc.gpkg"
    with running(make_store(path)) as url:
        yield url


@pytest.fixture(scope="package")
def server_on_postgis(database: str) -> Iterator[str]:
    schema = f"clients_{token_hex(4)}"  # another one each time that a worker comes back here
    with running(make_store(f"{database}&schema={schema}")) as url:
        yield url


@pytest.fixture(scope="package", params=["server", "server_on_postgis"], ids=["file", "postgis"])
def either_server(request: pytest.FixtureRequest) -> str:
    """The server over each of the two stores."""
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture(scope="package")
def truth(server: str) -> Truth:
    """Gives all features of a layer, read in one plain request."""

    def features(layer: str) -> list[dict[str, Any]]:
        address = f"{server}/api/collections/{layer}/items?limit=10000"
        with urllib.request.urlopen(address) as answer:
            found: list[dict[str, Any]] = json.load(answer)["features"]
            return found

    return features

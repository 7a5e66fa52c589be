"""Running servers over the embedded data, for programs that speak OGC API – Features."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from tests import once
from tests.server import running

Truth = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(once.embedded(tmp_path_factory)) as url:
        yield url


@pytest.fixture(scope="session")
def server_on_postgis(embedded_schema: str) -> Iterator[str]:
    with running(embedded_schema) as url:
        yield url


@pytest.fixture(scope="session", params=["server", "server_on_postgis"], ids=["file", "postgis"])
def either_server(request: pytest.FixtureRequest) -> str:
    """The server over each of the two stores."""
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture(scope="session")
def truth(server: str) -> Truth:
    """Gives all features of a layer, read in one plain request."""

    @cache
    def features(layer: str) -> list[dict[str, Any]]:
        address = f"{server}/api/collections/{layer}/items?limit=10000"
        with urllib.request.urlopen(address) as answer:
            found: list[dict[str, Any]] = json.load(answer)["features"]
            return found

    return features

"""Both stores: what asks for `places`, `place` or `embedded` runs on a file and on PostGIS."""

import gc
import os
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from geo import store
from geo.register import Register
from geo.store import Target
from office import database as private
from tests import longest, once, postgres
from tests.server import until

Places = Callable[[], Target]
_numbers = count(1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker is left with one at the end."""
    items.sort(key=lambda item: longest.rank(item.path))


def pytest_collection_finish() -> None:
    """Leave what is there for good out of every search for garbage: a sixth of the tests' work."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL of our own, or a skip that says what is missing.

    At the end nothing listens to it any more: every server that a test made was closed.
    """
    try:
        postgres.find()
    except postgres.NoPostgisError as error:
        if os.environ.get(postgres.COMPULSORY) == "required":
            raise
        pytest.skip(str(error))
    cluster = once.cluster(tmp_path_factory)
    with postgres.running(cluster, within=postgres.memory()) as address:
        yield address
        postgres.wake(address)  # or they would look about in some seconds only
        until(lambda: not any(one.name == "revisions" for one in threading.enumerate()))


@pytest.fixture(scope="session", params=["file", "postgis"])
def back_end(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def places(
    back_end: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Places:
    """Gives where a new register may be made, another one each time."""
    if back_end == "file":
        return lambda: tmp_path_factory.mktemp("place") / "r.gpkg"
    address = request.getfixturevalue("database")
    return lambda: f"{address}&schema=r{next(_numbers)}"


@pytest.fixture
def place(places: Places) -> Target:
    return places()


@pytest.fixture
def office_place(place: Target) -> Target:
    """Where the private database of a new register may be made."""
    return private.beside(place)


@pytest.fixture
def office(office_place: Target) -> Iterator[Engine]:
    """An empty private database, a file or a schema."""
    engine = private.open_office(office_place)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def embedded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once.embedded(tmp_path_factory)


@pytest.fixture(scope="session")
def embedded_schema(database: str) -> str:
    return once.in_schema(database)


@pytest.fixture(scope="session")
def embedded_place(back_end: str, request: pytest.FixtureRequest) -> Target:
    """The register of the embedded data, made once for each store."""
    made = "embedded_file" if back_end == "file" else "embedded_schema"
    place: Target = request.getfixturevalue(made)
    return place


@pytest.fixture(scope="session")
def embedded(embedded_place: Target) -> Iterator[Register]:
    engine = store.open_store(embedded_place)
    yield Register(engine)
    engine.dispose()

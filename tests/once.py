"""What is made once in a run of the tests, however many workers share it, and copied to each."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from geo import exercise, load
from tests import postgres

DATA = Path(__file__).parents[1] / "data"
EXERCISE_MARKERS = 3000
SCHEMA = "embedded"


def embedded(factory: pytest.TempPathFactory) -> Path:
    """Return a register of the embedded data in a file of its own, to do with as one likes."""
    return _copy(factory, "embedded.gpkg", lambda path: load.make(path, load.read_folder(DATA)))


def exercise_register(factory: pytest.TempPathFactory) -> Path:
    """Return a register of EXERCISE_MARKERS made-up markers in a file of its own."""

    def make(path: Path) -> None:
        parts = exercise.parts(load.read_folder(DATA), markers=EXERCISE_MARKERS)
        load.make(path, parts, is_exercise=True)

    return _copy(factory, "exercise.gpkg", make)


def cluster(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a PostgreSQL that holds the embedded data in SCHEMA, to be copied."""

    def make(folder: Path) -> None:
        part = folder.with_suffix(".part")
        part.mkdir()
        postgres.keep(part, lambda address: load.make(in_schema(address), load.read_folder(DATA)))
        part.rename(folder)

    return _made(factory, "cluster", make)


def in_schema(address: str) -> str:
    """Return the address of the embedded data in a database."""
    return f"{address}&schema={SCHEMA}"


def _copy(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    shared = _made(factory, name, make)
    return Path(shutil.copyfile(shared, factory.mktemp("copy") / "cotmoc.gpkg"))


def _made(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return what the first worker to ask has made."""
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            make(shared)
    return shared

"""A watch on a file tells every commit at once, whoever made it, and takes no lock from SQLite."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from geo import store
from tests.geo.build import marker, register

WRITE = "UPDATE revisions SET revision = revision + 1 WHERE layer = 'markers'"
OTHER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
for line in sys.stdin:
    print(*db.execute(line).fetchone() or ("done",), flush=True)
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = register(tmp_path / "r.gpkg", markers=[marker("a", 107, 12)]).engine
    yield made
    made.dispose()


def held(engine: Engine) -> int:
    with closing(sqlite3.connect(str(engine.url.database))) as db:
        [number] = db.execute("SELECT sum(revision) FROM revisions").fetchone()
    return int(number)


def write(engine: Engine) -> None:
    with store.writing(engine) as conn:
        conn.exec_driver_sql(WRITE)


class Other:
    """Another process with a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        words = [sys.executable, "-c", OTHER, str(engine.url.database)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, sql: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{sql}\n".encode())
        self.process.stdin.flush()
        return self.process.stdout.readline().decode().strip()

    def close(self) -> None:
        self.process.communicate(timeout=60)


@pytest.fixture
def other(engine: Engine) -> Iterator[Other]:
    made = Other(engine)
    yield made
    made.close()


def test_what_another_process_commits_is_seen_at_once(engine: Engine, other: Other) -> None:
    watch = store.watch(engine)
    for turn in range(40):
        assert watch.revision() == held(engine)
        other(WRITE)
        assert watch.revision() == held(engine)
        if turn % 7 == 3:
            other("PRAGMA wal_checkpoint(TRUNCATE)")


def test_what_is_rolled_back_or_not_committed_yet_is_not_seen(engine: Engine, other: Other) -> None:
    watch = store.watch(engine)
    before = watch.revision()
    other("BEGIN IMMEDIATE")
    other(WRITE)
    assert watch.revision() == before
    other("ROLLBACK")
    assert watch.revision() == before == held(engine)


def test_threads_that_look_while_others_write_never_go_back(engine: Engine) -> None:
    watch = store.watch(engine)

    def looks(_: int) -> list[int | None]:
        return [watch.revision() for _ in range(1_000)]

    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(looks, n) for n in range(3)]
        for _ in range(30):
            write(engine)
            assert watch.revision() == held(engine)
    for one in found:
        numbers = [number for number in one.result() if number is not None]
        assert numbers == sorted(numbers)


def test_a_watch_that_was_closed_begins_anew(engine: Engine) -> None:
    watch = store.watch(engine)
    for _ in range(3):
        assert watch.revision() == held(engine)
        engine.dispose()
        write(engine)


def test_watching_drops_no_lock_of_a_reader(engine: Engine, other: Other) -> None:
    """A reader's state stays in the log: who empties it is told to wait."""
    write(engine)
    other("SELECT 1")
    with engine.connect() as conn:
        conn.exec_driver_sql("SELECT count(*) FROM revisions").scalar()
        for _ in range(3):
            watch = store.watch(engine)
            watch.revision()
            watch.close()
        other(WRITE)
        assert other("PRAGMA wal_checkpoint(TRUNCATE)").startswith("1 "), "busy"
    assert other("PRAGMA wal_checkpoint(TRUNCATE)").startswith("0 ")

"""A register on PostgreSQL as an old program made it is upgraded, history and all.

`register_3.sql` is what pg_dump wrote of the register of tests.geo.edits with two changes more. The
program was that of 2026-11-22 06:56 +0000, before there were upgrades; its schema is 3.
"""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from geo import check, store, upgrading
from geo.history import checkpoints
from geo.postgis import engine_of
from geo.register import Register
from geo.store import Target
from geo.tables import SCHEMA_VERSION
from tests.geo import edits, older

DUMP = Path(__file__).parent / "register_3.sql"
OLD, NEW = "old_register", "beside_old"  # schemas
FIRST = "vn-kh.48.0.1"


@pytest.fixture
def pair(database: str) -> Iterator[tuple[str, str]]:
    """The old register, and where a new one may be made."""
    names = (OLD, NEW)
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
        for name in names:
            conn.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        conn.execute(DUMP.read_bytes())
    yield f"{database}&schema={OLD}", f"{database}&schema={NEW}"
    with psycopg.connect(database, autocommit=True) as conn:
        for name in names:
            conn.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")


def hashes(target: Target) -> list[bytes]:
    engine = engine_of(str(target))
    with engine.connect() as conn:
        found = conn.execute(text("SELECT hash FROM history ORDER BY seq")).scalars()
        kept = [bytes(own) for own in found]
    engine.dispose()
    return kept


def test_it_becomes_what_a_new_one_is(pair: tuple[str, str]) -> None:
    old, new = pair
    before = hashes(old)
    assert (upgrading.version(old), len(before)) == ("3", 10)
    upgrading.upgrade(old)
    assert upgrading.version(old) == SCHEMA_VERSION
    assert hashes(old) == before
    edits.make(new).engine.dispose()
    assert older.structure_of(old) == older.structure_of(new)
    engine = store.open_store(old)
    assert check.check(engine) == []
    with engine.connect() as conn:
        found = checkpoints.verify(conn)
    assert (found.entries, found.fault) == (len(before), None)
    register = Register(engine)
    held = edits.read(register, edits.MARKERS, FIRST)
    assert (held["properties"]["note"], held["properties"]["stage"]) == ("đã sửa", "built")
    assert held["geometry"]["coordinates"] == pytest.approx(edits.EXACT, abs=1e-3)
    edits.patch(register, FIRST, note="sửa nữa")
    assert check.check(engine) == []
    engine.dispose()

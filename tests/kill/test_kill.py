"""A server that is killed at any point has kept all that it acknowledged, and no half more."""

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select

from geo import check, store
from geo.history import checkpoints, keys
from geo.store import Target
from geo.tables import RECORDS
from tests import soak
from tests.conftest import Places
from tests.geo import build
from tests.kill import proposing, writers
from tests.kill.proposing import Pair, Proposer
from tests.kill.servers import Nest, nest
from tests.kill.writers import Known
from tests.server import PATIENCE

WRITERS = 4
ROUNDS = 10  # on each store
MANY = int(os.environ.get("COTMOC_SOAK_KILLS", "1000")) // 2  # on each store, in the campaign
CHANGES = 8  # at most so many are acknowledged before the kill
FRESH = 50  # rounds after which another register is used, so that checking stays quick
LONGEST_S = 0.03  # from the last of these to the kill
SECTIONS = {"file": "Killed servers, one file", "postgis": "Killed servers, PostGIS"}


@pytest.fixture(scope="module")
def hatching() -> Iterator[Nest]:
    with nest() as made:
        yield made


@pytest.fixture
def signed(tmp_path: Path) -> dict[str, object]:
    """Settings by which the server signs its history every few changes."""
    keys.make(tmp_path / "audit.key")
    return {
        "audit_key": tmp_path / "audit.key", "audit_to": tmp_path / "c.jsonl", "audit_every": 5
    }  # fmt: skip


def held(place: Target) -> dict[str, str]:
    """The note of each marker, read from the store itself."""
    table = RECORDS["markers"]
    engine = store.open_store(place)
    with engine.connect() as conn:
        found = {row.id: row.note for row in conn.execute(select(table.c.id, table.c.note))}
    engine.dispose()
    return found


def holds(place: Target, signed: dict[str, object]) -> int:
    """Every invariant holds, and the history is the one that was signed; returns its entries."""
    engine = store.open_store(place)
    assert check.check(engine) == []
    file, key = Path(str(signed["audit_to"])), Path(str(signed["audit_key"]))
    with engine.connect() as conn:
        lines = checkpoints.read(file) if file.exists() else []
        found = checkpoints.verify(conn, lines, keys.public(keys.public_path(key)))
    engine.dispose()
    assert found.fault is None
    return found.entries


def until(true: Callable[[], bool], *, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.002)


def kill_once(
    hatching: Nest, place: Target, signed: dict[str, object], known: Known, pair: Pair
) -> None:
    """Kill a server once some changes and a proposal, and all that waited before, are made."""
    stop, wanted = Event(), random.randint(1, CHANGES)
    settings = signed | {"limit_changes": 0}
    with hatching.serving(place, settings) as server:
        proposer = Proposer(server.port, known, stop, pair)
        proposer.start()
        running = [proposer, *writers.start(server.port, known, stop, writers=WRITERS)]
        until(lambda: known.acknowledged >= wanted, what="nothing was written")
        until(lambda: proposer.made > 0, what="nothing was proposed")
        time.sleep(random.random() * LONGEST_S)
        server.kill()
        stop.set()
        for one in running:
            one.join(PATIENCE)
            assert not one.is_alive()


def campaign(
    hatching: Nest, places: Places, signed: dict[str, object], rounds: int
) -> tuple[int, int]:
    """Kill a server so many times; returns the changes acknowledged and those that hung."""
    total = unknown = 0
    for number in range(rounds):
        if number % FRESH == 0:
            place, known = places(), Known()
            build.register(place).engine.dispose()
            base, pair = len(build.UNITS), proposing.pair(place)
            Path(str(signed["audit_to"])).unlink(missing_ok=True)
        kill_once(hatching, place, signed, known, pair)
        now = held(place)
        assert known.wrong(now) == []
        assert proposing.wrong(place, known) == []
        entries = holds(place, signed) - base
        assert 0 <= entries - known.acknowledged <= len(known.asked)
        base, total, unknown = (
            base + entries,
            total + known.acknowledged,
            unknown + len(known.asked),
        )
        known.settle(now)
        known.acknowledged = 0
    assert len(known.accepted) >= (number % FRESH)  # what a kill met was accepted after it
    return total, unknown


def test_a_killed_server_has_kept_what_it_acknowledged(
    hatching: Nest, places: Places, signed: dict[str, object]
) -> None:
    total, unknown = campaign(hatching, places, signed, ROUNDS)
    assert total >= ROUNDS
    assert unknown >= ROUNDS  # changes that the kills met on their way


@pytest.mark.soak
def test_a_thousand_kills(
    hatching: Nest, places: Places, signed: dict[str, object], back_end: str
) -> None:
    """Half of them on each store."""
    total, unknown = campaign(hatching, places, signed, MANY)
    soak.record(
        SECTIONS[back_end],
        f"{MANY} kills, {total:,} changes acknowledged and all there, {unknown:,} on their way "
        "whole or absent, every check passed",
    )

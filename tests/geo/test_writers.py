"""Several writers at once: each waits for the other, and the history stays one chain."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from geo import history, store
from geo.store import Target
from geo.tables import history as history_table
from tests.geo.build import UNITS, marker, register

WRITERS, CHANGES = 4, 5


def test_writers_at_once_keep_one_chain(place: Target) -> None:
    register(place).engine.dispose()

    def write(name: int) -> None:
        engine = store.open_store(place)
        for turn in range(CHANGES):
            with store.writing(engine) as conn:
                change = history.Change("markers", f"{name}.{turn}", 1, None, marker("a", 107, 12))
                history.append(conn, [change], actor=f"writer {name}", reason="at once")
        engine.dispose()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    engine = store.open_store(place)
    with engine.connect() as conn:
        assert history.first_broken(conn) is None
        held = conn.execute(select(func.count()).select_from(history_table)).scalar_one()
    engine.dispose()
    assert held == len(UNITS) + WRITERS * CHANGES


def test_a_reader_sees_one_state_while_another_writes(place: Target) -> None:
    made = register(place)
    with made.engine.connect() as reading:
        before = store.revision_of_all(reading)
        with store.writing(made.engine) as conn:
            conn.exec_driver_sql("UPDATE revisions SET revision = revision + 1")
        assert store.revision_of_all(reading) == before
    with made.engine.connect() as later:
        assert store.revision_of_all(later) > before

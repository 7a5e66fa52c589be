"""A read that takes too long is given up, and leaves its connection to those after it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from geo import store
from geo.errors import LongReadError
from geo.register import Register

SECONDS = 0.05
# Each table multiplies the rows by the number of layers.
ENDLESS = (
    f"SELECT count(*) FROM {', '.join(f'revisions r{n}' for n in range(10))}"
    f" WHERE {' + '.join(f'r{n}.revision' for n in range(10))} < 0"
)
BRIEF = "SELECT count(*) FROM revisions"
MOST = 20  # more than a pool has connections, or a process links


def _connected(engine: Engine, sql: str) -> Any:
    with engine.connect() as conn:
        return conn.execute(text(sql)).scalar()


def _read(engine: Engine, sql: str) -> Any:
    with store.reading(engine) as cursor:
        cursor.execute(sql, {})
        return cursor.fetchall()[0][0]


def _asked(engine: Engine, sql: str) -> Any:
    asking = store.asking(engine)
    if asking is None:
        pytest.skip("a file is not asked so")
    with asking as cursor:
        cursor.execute(sql, {})
        return cursor.fetchall()[0][0]


@pytest.mark.parametrize("ask", [_connected, _read, _asked])
def test_a_read_without_end_is_given_up_and_others_are_answered(
    changeable: Register, ask: Callable[[Engine, str], Any]
) -> None:
    engine = store.limited(changeable.engine, SECONDS)
    layers = ask(engine, BRIEF)
    for _ in range(MOST):
        with pytest.raises(LongReadError):
            ask(engine, ENDLESS)
    assert ask(engine, BRIEF) == layers > 0


def test_a_limit_is_that_of_its_reader_alone(changeable: Register) -> None:
    """Not that of who gets the connection next, such as an export."""
    long = ENDLESS.replace("SELECT count(*) FROM", "SELECT count(*) FROM (SELECT 1 FROM")
    long = f"{long.replace('< 0', '>= 0')} LIMIT 100000) AS found"
    limited = store.limited(changeable.engine, 1e-6)
    with pytest.raises(LongReadError):
        _connected(limited, long)
    with pytest.raises(LongReadError):
        _read(limited, long)
    assert _connected(changeable.engine, long) == 100_000
    assert _read(changeable.engine, long) == 100_000


def test_no_time_is_no_limit(changeable: Register) -> None:
    engine = store.limited(changeable.engine, 0)
    assert _connected(engine, BRIEF) == _read(engine, BRIEF) > 0

"""Single questions to PostgreSQL over connections that only read and hold no transaction.

One that asks by itself needs no BEGIN, no ROLLBACK and no look whether the connection is alive: a
connection that fails goes, and the caller asks again in a transaction, which looks. Plans are made
once for all values: with this many indexes to choose from, making one takes longer than the read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from geo.errors import StoreError

POOL_SIZE, POOL_MORE = 8, 4  # connections kept open by one process, and more for a moment
_engines: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


class AskAgainError(Exception):
    """An answer could not be had by itself; a transaction will have it or say why not."""


def prepare(engine: Engine, connected: Any) -> None:
    """Have connections of the same kind for single questions; `connected` readies a new one."""

    def on_connect(db: Any, record: object) -> None:
        connected(db, record)
        db.autocommit = True
        db.execute("SET plan_cache_mode = force_generic_plan")

    apart = create_engine(
        engine.url,
        pool_size=POOL_SIZE,
        max_overflow=POOL_MORE,
        pool_reset_on_return=None,
        connect_args={"application_name": "cotmoc", "connect_timeout": 10},  # seconds
    )
    event.listen(apart, "connect", on_connect)
    event.listen(engine, "engine_disposed", lambda _engine: apart.dispose())
    _engines[engine] = apart


@contextmanager
def asking(engine: Engine) -> Iterator[Any]:
    """Give a cursor that asks single questions; bytes come as they are.

    Raises:
        AskAgainError: the database could not be reached, or refused a question.
    """
    held = None
    try:
        held = _engines[engine].raw_connection()
        yield cast("psycopg.Connection[Any]", held.driver_connection).cursor(binary=True)
    except (psycopg.Error, SQLAlchemyError, StoreError) as error:
        if held is not None:
            held.invalidate()
        raise AskAgainError from error
    finally:
        if held is not None:
            held.close()

"""Opening and making a store: a GeoPackage file, or a schema of a PostgreSQL database.

A store is named by a path or by an address such as `postgresql://host/name`; see geo.geopackage
and geo.postgis for what only one of them has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from secrets import token_hex
from time import monotonic, sleep
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from uuid import uuid4

from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    Select,
    Table,
    event,
    func,
    insert,
    select,
    update,
)

from geo import geopackage, outcome, tables
from geo.errors import StoreError, UnsureError
from geo.later import later
from geo.layers import LAYERS
from geo.types import READ_SECONDS, BBox, Joined

if TYPE_CHECKING:
    from geo import postgis, postgis_asking
else:
    postgis = later("geo.postgis")
    postgis_asking = later("geo.postgis_asking")

BACK_S = 3.0  # seconds in which a store that was lost in a commit has to be back
LAST = "cotmoc.last"  # in a connection's info: number and hash of the last entry of the history
Target: TypeAlias = str | Path  # a file, or an address with ://


def is_address(target: Target) -> bool:
    """Say whether a store is named by the address of a database, not by a path."""
    return "://" in str(target)


def shown(target: Target) -> str:
    """Return the name of a store for a message: an address comes without its password."""
    return postgis.shown(str(target)) if is_address(target) else str(target)


def open_store(target: Target, *, older: bool = False) -> Engine:
    """Open a register that exists; nothing is written to it.

    Of an `older` version only its history and its facts as a whole may be read.

    Raises:
        StoreError: there is none, or it cannot be read.
        OldStoreError: it has to be upgraded first, and `older` does not allow for that.
        ForeignStoreError: it is damaged, or not a register of ours.
    """
    if is_address(target):
        return postgis.open_store(str(target), older=older)
    return geopackage.open_store(Path(target), older=older)


@contextmanager
def making(target: Target) -> Iterator[Connection]:
    """Give one write transaction on a new, empty register: it is there whole or not at all.

    Raises:
        StoreError: something is there already, or it cannot be written.
    """
    begun = postgis.making(str(target)) if is_address(target) else geopackage.making(Path(target))
    with begun as conn:
        conn.execute(insert(tables.revisions), [{"layer": n, "revision": 0} for n in LAYERS])
        set_value(conn, "schema", tables.SCHEMA_VERSION)
        set_value(conn, "identity", uuid4().hex)  # tells this register from another at its place
        set_value(conn, "secret", token_hex(16))  # of this register alone, see api.cursors
        yield conn


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in one write transaction; it commits at the end or not at all.

    Writers wait for each other, so that the history stays one chain.

    Raises:
        StoreError: the store cannot be written; nothing was kept.
        UnsureError: it was lost in the commit, and whether that was kept cannot be found out.
    """
    last: tuple[int, str] | None = None
    try:
        with _alone(engine) as conn, outcome.committing(conn):
            conn.info.pop(LAST, None)
            yield conn
            last = conn.info.get(LAST)
    except UnsureError as error:
        kept = _is_kept(engine, last) if last else None
        if kept is False:
            raise StoreError(error.detail) from error
        outcome.note_kept()
        if kept is None:
            raise


def _alone(engine: Engine) -> Connection:
    return engine.connect().execution_options(immediate=True)


def _is_kept(engine: Engine, last: tuple[int, str]) -> bool | None:
    """Say whether the history holds an entry; None where the store does not come back in time.

    The next writer gets in when the one before is through, whichever way.
    """
    seq, digest = last
    entry = select(tables.history.c.hash).where(tables.history.c.seq == seq)
    until = monotonic() + BACK_S
    while True:
        try:
            with _alone(engine) as conn, conn.begin():
                return bool(conn.execute(entry).scalar() == digest)
        except StoreError:
            if monotonic() > until:
                return None
            sleep(BACK_S / 20)


def limited(engine: Engine, seconds: float) -> Engine:
    """Return an engine of the same connections for reads that are given up after a time.

    A transaction on a file may take so many seconds, and each statement to a database; 0 is no
    limit. Whatever takes longer raises LongReadError.
    """
    return engine.execution_options(**{READ_SECONDS: seconds})


def reading(engine: Engine, steps: int | None = None) -> AbstractContextManager[Any]:
    """Give a cursor of the driver itself on one state of the store, for hot reads.

    `steps` of SQLite's machine, some tens of nanoseconds each, bound what is read from a file.

    Raises:
        StoreError: the store cannot be read.
        BadInputError: it cannot use a value.
        LongReadError: it took more steps than given.
    """
    found: AbstractContextManager[Any] = _side(engine).reading(engine, steps)
    return found


def asking(engine: Engine) -> AbstractContextManager[Any] | None:
    """Give a cursor for questions that each stand for themselves, where that costs less.

    Raises:
        AskAgainError: no answer could be had so.
    """
    return None if is_file(engine) else postgis_asking.asking(engine)


class Watch(Protocol):
    """Tells the register's revision over and over, at next to no cost."""

    def revision(self) -> int | None:
        """Return the revision of now, or None where it has to be asked for."""

    def ask(self) -> int:
        """Return the revision, read from the store. Raises StoreError."""

    def close(self) -> None:
        """Let go of the store."""


def watch(engine: Engine) -> Watch:
    """Return a watch on a store; it is closed when the engine is disposed of."""
    made: Watch = _side(engine).Watch(engine)
    event.listen(engine, "engine_disposed", lambda _engine: made.close())
    return made


def is_file(engine: Engine) -> bool:
    """Say whether the store is a file, so that a short look at it waits for nobody."""
    return _side(engine) is geopackage


def _side(of: Connection | Engine) -> ModuleType:
    return geopackage if of.dialect.name == "sqlite" else postgis


@contextmanager
def sparing(engine: Engine) -> Iterator[Connection]:
    """Give a connection that reads much and keeps little of it in memory."""
    with engine.connect() as conn:
        _side(conn).spare(conn)
        yield conn


def joining(conn: Connection, texts: Select[Any], glue: str) -> Callable[[int, int], Joined]:
    """Return what reads `count` rows beyond the key `after` and joins their texts.

    The statement gives keys and texts, in the order of the keys; `after` and `count` are
    parameters of it. The reader is called with these two.

    Raises:
        StoreError: the store cannot be read (any more); of the reader.
    """
    found: Callable[[int, int], Joined] = _side(conn).joining(conn, texts, glue)
    return found


def problems(conn: Connection) -> Iterator[str]:
    """Yield what is wrong with the file or the database itself."""
    yield from _side(conn).problems(conn)


def drop_indexes(conn: Connection) -> None:
    """Take every index of the register away, as it was declared in whichever version."""
    _side(conn).words.drop(conn)
    _drop_indexes(conn, _side(conn).indexes(conn))


def create_indexes(conn: Connection, of: Table | None = None) -> None:
    """Make the indexes, of one table or of all, whose names are not there."""
    side, held = _side(conn), set(_side(conn).indexes(conn))
    for table, own in side.index_statements(conn.dialect).items():
        if of is None or of.name == table:
            side.execute(conn, [sql for name, sql in own.items() if name not in held])
    if of is None:
        side.words.create(conn)


def complete_indexes(conn: Connection) -> bool:
    """Make the indexes whose names are not there and drop those no longer declared.

    Returns:
        Whether there was anything to do.
    """
    side = _side(conn)
    before = set(side.indexes(conn))
    wanted = {name for own in side.index_statements(conn.dialect).values() for name in own}
    _drop_indexes(conn, before - wanted)
    create_indexes(conn)
    return before != wanted


def _drop_indexes(conn: Connection, names: Iterable[str]) -> None:
    for name in names:
        conn.exec_driver_sql(f'DROP INDEX "{name}"')


def empty(conn: Connection, table: Table) -> None:
    """Take all rows out of a table, at no cost for each of them."""
    _side(conn).empty(conn, table.name)


def gather_statistics(conn: Connection) -> None:
    """Tell the planner of queries what the tables hold by now."""
    _side(conn).gather_statistics(conn)


def put(
    conn: Connection, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Add many rows to a table at once; the values of each stand in the order of `names`."""
    coded = _encoders(table, names, conn.dialect)
    _side(conn).put(conn, table.name, names, _encoded(rows, coded) if coded else rows)


def _encoders(
    table: Table, names: Sequence[str], dialect: Dialect
) -> list[tuple[int, Callable[[Any], Any]]]:
    """Return the place and the encoder of each column that the database cannot take as it is."""
    kinds = ((place, table.c[name].type) for place, name in enumerate(names))
    found = ((place, kind.dialect_impl(dialect).bind_processor(dialect)) for place, kind in kinds)
    return [(place, encode) for place, encode in found if encode]


def _encoded(
    rows: Iterable[Sequence[Any]], coded: Sequence[tuple[int, Callable[[Any], Any]]]
) -> Iterator[list[Any]]:
    for row in rows:
        values = list(row)
        for place, encode in coded:
            values[place] = encode(values[place])
        yield values


def note_extent(conn: Connection, layer: str, extent: BBox | None) -> None:
    """Widen the box of a layer, where other programs look for it, by one more."""
    _side(conn).note_extent(conn, layer, extent)


def note_change(conn: Connection, layer: str, box: BBox | None) -> None:
    """Write for other programs that a layer has changed and now reaches this far too."""
    _side(conn).note_change(conn, layer, box)


def has_words(conn: Connection) -> bool:
    """Say whether an index finds what the texts of the search hold."""
    found: bool = _side(conn).words.is_there(conn)
    return found


def holding(
    conn: Connection, found: Select[Any], texts: Sequence[str], keys: tuple[int, int]
) -> Select[Any]:
    """Lead a statement on `search_index` to rows from one key to another that hold some texts.

    They come in the order of `seq`. The statement has to say itself that they hold them.
    """
    narrowed: Select[Any] = _side(conn).words.holding(found, texts, keys)
    return narrowed


def set_value(conn: Connection, key: str, value: str) -> None:
    """Set a fact about the register as a whole."""
    table = tables.register
    if conn.execute(update(table).where(table.c.key == key).values(value=value)).rowcount == 0:
        conn.execute(insert(table).values(key=key, value=value))


def get_value(conn: Connection, key: str, default: str = "") -> str:
    """Return a fact about the register as a whole."""
    table = tables.register
    found = conn.execute(select(table.c.value).where(table.c.key == key)).scalar()
    return default if found is None else str(found)


def begin_anew(conn: Connection) -> None:
    """Let nothing that was kept of a register before count for it, such as tiles and tags.

    It goes on from an earlier state, so its counters come by the same numbers once more.
    """
    set_value(conn, "era", token_hex(8))


def revision(conn: Connection, layer: str) -> int:
    """Return the counter that grows with every change to the layer."""
    table = tables.revisions
    return int(conn.execute(select(table.c.revision).where(table.c.layer == layer)).scalar_one())


def revision_of_all(conn: Connection) -> int:
    """Return a counter that grows with every change to any layer; it fails if none can be read."""
    return int(conn.execute(select(func.sum(tables.revisions.c.revision))).scalar_one())

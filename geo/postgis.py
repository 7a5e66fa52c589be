"""The store as a schema of a PostgreSQL database with PostGIS.

An address is `postgresql://user@host:port/name`, as PostgreSQL writes it; `?schema=name` chooses
another schema than `cotmoc`, so that one database may hold several registers.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
from psycopg.types.string import ByteaBinaryLoader
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, ProgrammingError, SQLAlchemyError

from geo import postgis_asking as asking
from geo import postgis_words as words
from geo import tables, versions
from geo.errors import AskAgainError, ForeignStoreError, StoreError
from geo.functions import combining
from geo.layers import LAYERS
from geo.postgis_reading import explained, first_line, joining, reading, revision, within
from geo.types import BBox

__all__ = ["joining", "reading"]  # what geo.store asks of either side, besides what is here

log = logging.getLogger(__name__)

DEFAULT_SCHEMA = "cotmoc"
FORM = "postgresql://user@host:5432/name"
BUSY_TIMEOUT = "10s"  # for a writer that waits for another
LISTEN_S = 5.0  # seconds between looks at a connection that waits for notifications
LISTEN_AGAIN_S = 1.0  # seconds before another try
POOL_SIZE = 8  # connections kept open by one process
_DRIVERS = {"postgres", "postgresql", "postgresql+psycopg"}
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_FUNCTIONS = Path(__file__).with_name("postgis.sql")
_BOX = "ST_MakeEnvelope(w, s, e, n, 4326))"
_SHAPES = {  # names of indexes of a layer, their tables and what they hold
    "{}_geom": ("{}", "geom)"),
    "{}_box": ("{}_view", _BOX),
    "{}_latest_box": ("{}_view", f"{_BOX} WHERE t_next = '{tables.LATEST}'"),
}
_SETTINGS = """
SELECT set_config('search_path', concat_ws(',', quote_ident(%s), (
         SELECT quote_ident(nspname) FROM pg_extension e
         JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'postgis')), false),
       set_config('lock_timeout', %s, false),
       set_config('synchronous_commit', coalesce(
         nullif(current_setting('synchronous_commit'), 'off'), 'on'), false)
"""


def parts(address: str) -> tuple[URL, str]:
    """Return the database and the schema that an address names.

    Raises:
        StoreError: it is no address of a PostgreSQL database.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is None or url.drivername not in _DRIVERS:
        raise StoreError(
            "A store is a path or the address of a PostgreSQL database",
            parameter="store",
            allowed=["var/cotmoc.gpkg", FORM],
        )
    schema = url.query.get("schema", DEFAULT_SCHEMA)
    if not isinstance(schema, str) or not _NAME.fullmatch(schema) or schema.startswith("pg_"):
        raise StoreError(f"{schema!r} is no name for a schema: small letters, digits and _")
    return url.set(drivername="postgresql+psycopg").difference_update_query(["schema"]), schema


def _shown(url: URL, schema: str) -> str:
    """Return the address for a message, without its password."""
    plain = url._replace(drivername="postgresql", password=None)
    if schema != DEFAULT_SCHEMA:
        plain = plain.update_query_dict({"schema": schema})
    return plain.render_as_string()


def shown(address: str) -> str:
    """Return an address for a message, without its password."""
    return _shown(*parts(address))


def engine_of(address: str) -> Engine:
    """Return an engine on the schema, unseen.

    Readers see one state for as long as their transaction lasts; writers lock the history.

    Raises:
        StoreError: it is no address of a PostgreSQL database.
    """
    url, schema = parts(address)
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        connect_args={"application_name": "cotmoc", "connect_timeout": 10},  # seconds
    )
    event.listen(engine, "connect", partial(_on_connect, schema))
    event.listen(engine, "begin", _on_begin)
    event.listen(engine, "handle_error", partial(on_error, _shown(url, schema)))
    asking.prepare(engine, partial(_on_connect, schema))
    return engine


def _on_connect(schema: str, db: Any, _record: object) -> None:
    """Set what every connection needs; a commit lasts even where the database takes it lightly."""
    db.adapters.register_loader("bpchar", ByteaBinaryLoader)  # as RawUtf8 calls its texts
    db.autocommit = True
    db.execute(_SETTINGS, (schema, BUSY_TIMEOUT))
    db.autocommit = False


def _on_begin(conn: Connection) -> None:
    options = conn.get_execution_options()
    if options.get("immediate"):
        conn.exec_driver_sql("LOCK TABLE history IN SHARE ROW EXCLUSIVE MODE")
    if limit := within(options):
        conn.exec_driver_sql(limit)


def on_error(shown: str, context: ExceptionContext) -> Exception | None:
    """Say in our own errors what a caller can mend; `shown` names the database to him."""
    if context.is_pre_ping:
        return None
    return explained(shown, context.original_exception, lost=context.is_disconnect)


class Watch:
    """Tells the revision of a schema: the database notifies a connection that waits for it.

    While that connection is lost the revision has to be asked for.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: int | None = None
        self._closed: Event | None = None

    def revision(self) -> int | None:
        """Return the revision last heard of, or None if nobody listens yet."""
        if self._closed is None:
            self._closed = Event()
            Thread(target=self._run, args=[self._closed], name="revisions", daemon=True).start()
        return self._known

    def ask(self) -> int:
        """Return the revision. Raises StoreError."""
        with suppress(AskAgainError), asking.asking(self._engine) as link:
            return revision(link)
        with reading(self._engine) as cursor:
            return revision(cursor)

    def close(self) -> None:
        """Stop listening, at the latest after LISTEN_S; the next question listens anew."""
        if self._closed is not None:
            self._closed.set()
        self._closed = self._known = None

    def _run(self, closed: Event) -> None:
        told = ""  # the trouble of now is told once, however often it is met
        while not closed.is_set():
            try:
                with closing(self._engine.raw_connection()) as held:
                    db = held.driver_connection
                    held.detach()
                    told = ""
                    self._listen(db, closed)
            except (psycopg.Error, SQLAlchemyError, StoreError) as error:
                if (trouble := first_line(error)) != told and not closed.is_set():
                    told = trouble
                    log.warning("nobody tells of changes: %s", trouble)
            self._known = None
            closed.wait(LISTEN_AGAIN_S)

    def _listen(self, db: Any, closed: Event) -> None:
        db.rollback()
        db.autocommit = True
        db.execute("LISTEN cotmoc")
        while not closed.is_set():
            self._known = revision(db.cursor())
            for _ in db.notifies(timeout=LISTEN_S, stop_after=1):
                pass


def open_store(address: str, *, older: bool = False) -> Engine:
    """Open a register that exists; nothing is written.

    Raises:
        StoreError: the database cannot be reached, or holds no register.
        OldStoreError: it has to be upgraded first, and `older` does not allow for that.
        ForeignStoreError: the schema is somebody else's, or of another version.
    """
    url, schema = parts(address)
    engine = engine_of(address)
    try:
        with engine.connect() as conn:
            _inspect(conn, schema, _shown(url, schema), older=older)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _inspect(conn: Connection, schema: str, shown: str, *, older: bool) -> None:
    held = _tables(conn, schema)
    if not held:
        raise StoreError(f"There is no register in {shown}; make one with: cotmoc init {shown}")
    try:
        found = conn.exec_driver_sql(
            f"SELECT value FROM \"{schema}\".register WHERE key = 'schema'"  # noqa: S608
        ).scalar()
    except ProgrammingError as error:
        raise ForeignStoreError(
            f"Schema {schema} of {shown} is not a Cột Mốc register; it was left as it is"
        ) from error
    versions.check(found, shown, older=older)


def _tables(conn: Connection, schema: str) -> int:
    """Count what a schema holds: tables, views, sequences."""
    sql = "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(:schema)"
    return int(conn.execute(text(sql), {"schema": f'"{schema}"'}).scalar_one())


@contextmanager
def making(address: str) -> Iterator[Connection]:
    """Give a transaction on a new, empty register; the schema is there when it ends well.

    Raises:
        StoreError: the schema holds something already, or it cannot be written.
    """
    url, schema = parts(address)
    shown = _shown(url, schema)
    engine = engine_of(address)
    try:
        with engine.connect() as conn, conn.begin():
            _create(conn, schema, shown)
            yield conn
            create_indexes(conn)
            _settle(conn)
    except SQLAlchemyError as error:
        reason = first_line(getattr(error, "orig", None) or error)
        raise StoreError(f"Cannot write {shown}: {reason}") from error
    finally:
        engine.dispose()


def _create(conn: Connection, schema: str, shown: str) -> None:
    if _tables(conn, schema):
        raise StoreError(f"{shown} holds tables already in schema {schema}; choose another")
    if conn.exec_driver_sql("SHOW server_encoding").scalar() != "UTF8":
        raise StoreError(f"{shown} is not in UTF-8; make the database with ENCODING 'UTF8'")
    _have_postgis(conn, shown)
    conn.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    conn.exec_driver_sql(_SETTINGS, (schema, BUSY_TIMEOUT))
    execute(conn, tables.table_statements(conn.dialect))
    functions = _FUNCTIONS.read_text(encoding="utf-8").replace("{combining}", combining())
    conn.connection.cursor().execute(functions)


def indexes(conn: Connection) -> list[str]:
    """Return the names of the indexes that `create_indexes` made, in whichever version."""
    sql = """SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class c ON c.oid = indrelid
             WHERE relnamespace = current_schema()::regnamespace AND NOT EXISTS
               (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"""
    return [name for name in conn.exec_driver_sql(sql).scalars() if name != words.NAME]


def index_statements(dialect: Dialect) -> dict[str, dict[str, str]]:
    """Return what creates each index but that of the words, by its table and its own name."""
    found = tables.index_statements(dialect)
    for name in (name for name, layer in LAYERS.items() if layer.geometry):
        for form, (table, how) in _SHAPES.items():
            index, on = form.format(name), table.format(name)
            found[on][index] = f"CREATE INDEX {index} ON {on} USING gist ({how}"
    return found


def create_indexes(conn: Connection) -> None:
    """Create the indexes of every table."""
    for own in index_statements(conn.dialect).values():
        execute(conn, own.values())
    words.create(conn)


def execute(conn: Connection, statements: Iterable[str]) -> None:
    """Execute many statements in one go, half the work of one after the other."""
    if wanted := ";\n".join(statements):
        conn.exec_driver_sql(wanted)


def _have_postgis(conn: Connection, shown: str) -> None:
    if conn.exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'postgis'").scalar():
        return
    try:
        conn.exec_driver_sql("CREATE EXTENSION postgis SCHEMA public")
    except SQLAlchemyError as error:
        raise StoreError(
            f"{shown} has no PostGIS ({first_line(getattr(error, 'orig', error))}); "
            "an administrator of the database must say there: CREATE EXTENSION postgis"
        ) from error


def _settle(conn: Connection) -> None:
    """Let numbering go on after rows that came with their numbers; gather statistics."""
    numbered = [(name, "fid") for name in LAYERS] + [("search_index", "seq")]
    setting = (
        f"SELECT setval(pg_get_serial_sequence('{name}', '{column}'), max({column}))"  # noqa: S608
        f" FROM {name} HAVING max({column}) IS NOT NULL"
        for name, column in numbered
    )
    execute(conn, setting)
    gather_statistics(conn)


def gather_statistics(conn: Connection) -> None:
    """Gather what the query planner goes by."""
    execute(conn, (f"ANALYZE {table.name}" for table in tables.metadata.sorted_tables))


def put(conn: Connection, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows of values that PostgreSQL takes as they are, in the order of `names`.

    Views that nothing follows, which nearly every read is about, come to lie side by side.
    """
    columns = ", ".join(f'"{name}"' for name in names)
    if "t_next" in names:
        place = names.index("t_next")
        rows = sorted(rows, key=lambda row: row[place] == tables.LATEST)
    db: Any = conn.connection
    command = f"COPY {table} ({columns}) FROM STDIN"
    try:
        with db.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise StoreError(f"Cannot write {table}: {first_line(error)}") from error


def empty(conn: Connection, table: str) -> None:
    """Take all rows out of a table; whoever reads it has to end first."""
    conn.exec_driver_sql(f"TRUNCATE {table}")


def spare(_conn: Connection) -> None:
    """Do nothing: what the database keeps is not in this process."""


def note_extent(_conn: Connection, _layer: str, _extent: BBox | None) -> None:
    """Do nothing: PostGIS reckons extents when it is asked for them."""


def note_change(_conn: Connection, _layer: str, _box: BBox | None) -> None:
    """Do nothing: nobody keeps this beside the rows."""


def problems(conn: Connection) -> Iterator[str]:
    """Yield what is wrong with the schema itself."""
    sql = """SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class c ON c.oid = indexrelid
             WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace"""
    for name in conn.exec_driver_sql(sql).scalars():
        yield f"database: index {name} is not valid"

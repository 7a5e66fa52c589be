"""A PostgreSQL of the bench's own, kept in a cache folder between runs."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from bench import cache
from tests import postgres
from tests.server import free_port

# As an operator would set them for some gigabytes of data that are mostly read.
SETTINGS = (
    "shared_buffers=1GB", "effective_cache_size=4GB", "work_mem=32MB", "random_page_cost=1.1",
    "jit=off", "max_connections=100", "max_wal_size=8GB", "listen_addresses=127.0.0.1",
    "synchronous_commit=off", "maintenance_work_mem=512MB",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server, reached over loopback as a remote one would be."""

    port: int
    pid: int

    def address(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{postgres.DATABASE}@127.0.0.1:{self.port}/{database}"

    def make(self, database: str) -> None:
        """Make an empty database with PostGIS; one of that name goes."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as conn:
            name = sql.Identifier(database)
            conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            conn.execute(sql.SQL("CREATE DATABASE {}").format(name))
        with psycopg.connect(self.address(database), autocommit=True) as conn:
            conn.execute("CREATE EXTENSION postgis")

    def holds(self, database: str) -> bool:
        """Whether the database was made whole, which its comment tells."""
        ask = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        with psycopg.connect(self.address("postgres")) as conn:
            found = conn.execute(ask, (database,)).fetchone()
        return found is not None and found[0] == cache.DONE

    def settle(self, database: str) -> None:
        """Gather statistics and say that the database is whole."""
        with psycopg.connect(self.address(database), autocommit=True) as conn:
            conn.execute("VACUUM ANALYZE")
            conn.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(database), sql.Literal(cache.DONE)
                )
            )

    def drop_others(self, prefix: str, keep: str) -> None:
        """Drop the databases of older registers of a size."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as conn:
            ask = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            for (name,) in conn.execute(ask, (prefix,)).fetchall():
                if name != keep:
                    conn.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def home() -> Path:
    """The cluster's folder; a server that may not run as root cannot enter root's own cache."""
    return Path("/var/tmp/cotmoc-bench") if os.geteuid() == 0 else cache.folder() / "postgres"


@contextmanager
def running() -> Iterator[Cluster]:
    """Start the kept cluster, made if need be. Raises NoPostgisError where there is no PostGIS."""
    postgres.find()
    folder = home()
    if not (folder / "data" / "PG_VERSION").exists():
        folder.mkdir(parents=True, exist_ok=True)
        postgres.make(folder)
    port = _port(folder)
    settings = (*SETTINGS, f"port={port}", f"unix_socket_directories={folder}")
    with postgres.started(folder, settings, stop="fast"):
        yield Cluster(port, int((folder / "data" / "postmaster.pid").read_text().split()[0]))


def _port(folder: Path) -> int:
    """The port of the last time if it is free: an address names what lies beside a database."""
    known = folder / "port"
    with suppress(OSError, ValueError), socket.socket() as probe:
        port = int(known.read_text())
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return port
    port = free_port()
    known.write_text(str(port))
    return port

"""Changing the tables of a database step by step, by scripts of Alembic in a folder.

A script has its version as `revision` and says in its first line what it brings. Its work is a
part of the caller's transaction: all steps are done or none. One after which nothing that readers
are shown has to be made anew says `KEEPS_SHOWN = True`, see geo.migrations. Alembic is imported
where it is needed alone: it takes a third of a second, and a store of this version does without.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

TABLE = "alembic_version"
_ENVIRONMENT = Path(__file__).with_name("migrations")


class Step(NamedTuple):
    """A version, in words what it brings, and whether it leaves what readers are shown."""

    version: str
    words: str
    keeps_shown: bool


def head(folder: Path) -> str:
    """Return the newest version that the scripts of a folder lead to."""
    return str(_scripts(folder).get_current_head())


def known(folder: Path, version: str) -> bool:
    """Say whether the scripts lead on from a version."""
    return version in {one.revision for one in _scripts(folder).walk_revisions()}


def steps(folder: Path, version: str) -> list[Step]:
    """Return what comes after a known version, in order."""
    found = _scripts(folder).iterate_revisions("head", version)
    return [
        Step(one.revision, one.doc.rstrip("."), getattr(one.module, "KEEPS_SHOWN", False))
        for one in reversed(list(found))
    ]


def run(conn: Connection, folder: Path, version: str) -> None:
    """Do the steps that come after a version; TABLE holds the newest after them."""
    from alembic import command  # noqa: PLC0415

    mark(conn, folder, version)
    command.upgrade(_config(folder, conn), "head")


def mark(conn: Connection, folder: Path, version: str) -> None:
    """Note in TABLE that the tables have a version."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    MigrationContext.configure(conn).stamp(_scripts(folder), version)


def marked(conn: Connection) -> str | None:
    """Return the version that TABLE notes, or None."""
    if not inspect(conn).has_table(TABLE):
        return None
    found = conn.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()  # noqa: S608
    return None if found is None else str(found)


def forget(conn: Connection) -> None:
    """Take TABLE away, where the version is noted elsewhere."""
    conn.execute(text(f"DROP TABLE {TABLE}"))


def _config(folder: Path, conn: Connection | None = None) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config(attributes={"connection": conn})
    config.set_main_option("path_separator", "newline")  # a folder's name may hold anything else
    config.set_main_option("script_location", _escaped(_ENVIRONMENT))
    config.set_main_option("version_locations", _escaped(folder))
    return config


def _escaped(folder: Path) -> str:
    return str(folder).replace("%", "%%")


def _scripts(folder: Path) -> ScriptDirectory:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return ScriptDirectory.from_config(_config(folder))

"""Bringing an installation to this program's version: a backup first, then either store."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from geo import upgrading
from geo.migrating import Step
from geo.store import Target, shown
from geo.upgrading import Progress
from office import database
from office.backup import backup


class Plan(NamedTuple):
    """What there is to do to one store: its name for a message, its version, the steps."""

    place: str
    found: str
    steps: list[Step]


def plans(source: Target, office: Target) -> list[Plan]:
    """Return what there is to do to the register and to the private database; nothing is done.

    Raises:
        StoreError: one cannot be read.
        ForeignStoreError: one cannot be upgraded by this program.
    """
    schema = upgrading.version(source)
    return [
        Plan(shown(source), schema, upgrading.steps(schema)),
        Plan(shown(office), *database.steps(office)),
    ]


def upgrade(
    source: Target, office: Target, *, keep: Path, progress: Progress, key: Path | None = None
) -> None:
    """Back up both stores to a new folder, then upgrade each, whole or not at all.

    `key` is the file of what seals secrets, see office.database.

    Raises:
        BackupError: there is no sound backup; nothing was changed.
        StoreError: a store cannot be written, or would not be sound; that one is as it was.
    """
    backup(source, keep, office=office)
    upgrading.upgrade(source, progress)
    database.open_office(office, upgrade=True, key=key).dispose()

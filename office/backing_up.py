"""Backups as jobs: a folder for each day, the last of them kept."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from geo.errors import BadInputError
from office.backup import backup
from office.chores import Backups
from office.jobs import Facts
from office.manifest import BackupError, Manifest, proved
from office.work import Outcome, Task

KIND = "backup"
NAME = re.compile(r"cotmoc-\d{4}-\d{2}-\d{2}")  # folders that belong to these jobs, and no others
HALF = re.compile(rf"\.{NAME.pattern}\.part")  # what a worker that was killed leaves


def run(task: Task) -> Outcome:
    """Write the backup of a day; one that an earlier try has finished is proved instead.

    Raises:
        BackupError, StoreError: there is none; those that were there still are.
    """
    plan = task.shop.chores.backups
    if plan is None:
        raise BadInputError("No folder for backups is set", parameter="COTMOC_BACKUP_TO")
    folder = plan.to / f"cotmoc-{task.job.given['date']}"
    task.progress(0, 2, vi="Đang sao lưu", en="Backing up")
    made = proved(folder) if folder.exists() else _made(plan, folder)
    task.progress(1, 2, vi="Đang bỏ bản cũ", en="Removing old ones")
    return Outcome(_facts(folder, made) | {"removed": _thin_out(plan)})


def _made(plan: Backups, folder: Path) -> Manifest:
    return backup(plan.source, folder, office=plan.office, evidence=plan.evidence)


def _facts(folder: Path, made: Manifest) -> Facts:
    size = sum(one.bytes for one in made.files)
    told = {"files": len(made.files), "bytes": size, "entries": made.entries}
    return {"folder": folder.name, "made_at": made.made_at, **told}


def _thin_out(plan: Backups) -> list[str]:
    """Throw the oldest away, and halves; what else lies in the folder is left alone.

    Raises:
        BackupError: one cannot be thrown away.
    """
    try:
        names = sorted(path.name for path in plan.to.iterdir())
        old = [name for name in names if NAME.fullmatch(name)][: -plan.keep]
        for name in (*old, *filter(HALF.fullmatch, names)):
            shutil.rmtree(plan.to / name)
    except OSError as error:
        raise BackupError(f"The backup is made; an old one cannot be removed: {error}") from error
    return old

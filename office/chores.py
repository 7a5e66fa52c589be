"""What an installation does by itself, once a day: backups and reminders, as jobs of its own.

The job of a day has a name made of its kind and date, so that of many workers one begins it. What
was due while none was there is made up for once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from geo.store import Target
from office import clock, database, jobs
from office.mail import Mail

ACTOR = "cotmoc"  # whose jobs they are


@dataclass(frozen=True, slots=True)
class Daily:
    """A kind of job that is due each day from an hour on, 0–23, by the machine's own clock."""

    kind: str
    hour: int


@dataclass(frozen=True, slots=True)
class Backups:
    """What is backed up, the folder of the backups, and how many of them are kept."""

    source: Target
    office: Target
    evidence: Path | None
    to: Path
    keep: int


@dataclass(frozen=True, slots=True)
class Chores:
    """All that an installation does by itself; the empty one does nothing."""

    daily: tuple[Daily, ...] = ()
    backups: Backups | None = None
    mail: Mail | None = None


def latest(daily: Daily, now: datetime) -> str:
    """Return the last date on which it was due by now."""
    day = now if now.hour >= daily.hour else now - timedelta(days=1)
    return day.date().isoformat()


def begin(office: Engine, chores: Chores) -> None:
    """Ask for the jobs that are due and that nobody has asked for yet. Raises StoreError."""
    if not chores.daily:
        return
    now = datetime.fromtimestamp(clock.now()).astimezone()
    due = [(one.kind, latest(one, now)) for one in chores.daily]
    with office.connect() as conn:
        names = jobs.known(conn, [f"{kind}-{day}" for kind, day in due])
    for kind, day in due:
        if f"{kind}-{day}" not in names:
            with database.writing(office) as conn:
                jobs.submit_once(conn, f"{kind}-{day}", kind, {"date": day}, ACTOR)

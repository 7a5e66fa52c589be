"""Doing the jobs that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import logs
from api.cli.common import StoreOption, app, say, settings_of
from geo.later import later

if TYPE_CHECKING:
    from api import actors
    from api import settings as server
    from api.settings import Settings
    from geo import rolls
    from office import backing_up, reminding
    from office import chores as repeated
    from office import worker as jobs
    from office.chores import Chores
else:
    actors = later("api.actors")
    backing_up = later("office.backing_up")
    reminding = later("office.reminding")
    repeated = later("office.chores")
    jobs = later("office.worker")
    rolls = later("geo.rolls")
    server = later("api.settings")


@app.command()
def worker(path: StoreOption = None) -> None:
    """Do jobs, such as large exports, until told to stop; `cotmoc serve` starts one by itself.

    Example: cotmoc worker --store var/cotmoc.gpkg
    """
    settings = settings_of(path)
    logs.set_up(settings.log)
    say("Waiting for jobs  (Ctrl+C to stop)")
    work(settings)


def work(settings: Settings) -> None:
    """Do jobs until SIGTERM or SIGINT. Raises StoreError."""
    shop = jobs.opened(
        settings.store,
        actors.place(settings),
        results=settings.folder_of_results(),
        data=settings.data,
        imports=settings.folder_of_imports(),
        chores=chores(settings),
        rolls=rolls.Rolls(settings.store, server.ROOT / "var"),
    )
    jobs.run_until_told(shop)


def chores(settings: Settings) -> Chores:
    """Return what the installation does by itself."""
    daily, backups = [], None
    if settings.backup_to is not None:
        daily.append(repeated.Daily(backing_up.KIND, settings.backup_hour))
        evidence = settings.folder_of_evidence()
        private, keep = actors.place(settings), settings.backup_keep
        backups = repeated.Backups(settings.store, private, evidence, settings.backup_to, keep)
    if settings.reminders_hour is not None:
        daily.append(repeated.Daily(reminding.KIND, settings.reminders_hour))
    return repeated.Chores(tuple(daily), backups, settings.mail_server())

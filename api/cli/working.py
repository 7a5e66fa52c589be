"""Doing the jobs that wait."""

from __future__ import annotations

from api import actors, logs
from api.cli.common import StoreOption, app, say, settings_of
from api.settings import Settings
from office import worker as jobs


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
    )
    jobs.run_until_told(shop)

"""Doing the jobs that wait."""

from __future__ import annotations

import logging

from api import actors
from api.cli.common import StoreOption, app, say, settings_of
from api.settings import Settings
from office import worker as jobs


@app.command()
def worker(path: StoreOption = None) -> None:
    """Do jobs, such as large exports, until told to stop; `cotmoc serve` starts one by itself.

    Example: cotmoc worker --store var/cotmoc.gpkg
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    settings = settings_of(path)
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
    )
    jobs.run_until_told(shop)

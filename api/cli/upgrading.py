"""Bringing what an older version made to this one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.audit import verify
from api.cli.common import StoreOption, app, console, escape, say, settings_of
from api.cli.stores import prove
from geo.later import later

if TYPE_CHECKING:
    from rich import progress

    from api import actors
    from api import settings as server
    from geo import files
    from geo.history import chain
    from geo.store import Target
    from office import upgrading
    from office.upgrading import Plan
else:
    progress = later("rich.progress")
    actors = later("api.actors")
    server = later("api.settings")
    files = later("geo.files")
    chain = later("geo.history.chain")
    upgrading = later("office.upgrading")


@app.command()
def upgrade(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be.")] = False,
    backup: Annotated[
        Path | None,
        typer.Option(help="New folder for the backup that is made first; absent = by the store."),
    ] = None,
    path: StoreOption = None,
) -> None:
    """Bring a register and its private database to this version; stop the server first.

    Example: cotmoc upgrade --dry-run
    """
    settings = settings_of(path)
    source, office = settings.store, actors.place(settings)
    plans = upgrading.plans(source, office)
    for plan in plans:
        _tell(plan)
    keep = backup or _beside(source)
    if not any(plan.steps for plan in plans):
        return
    say(f"Backup, with accounts: {escape(str(keep))}")
    if dry_run:
        say("Nothing was done; to do it, leave out --dry-run")
        return
    with progress.Progress(console=console(), transient=True) as bar:
        task = bar.add_task("Backing up", total=None)
        upgrading.upgrade(
            source,
            office,
            keep=keep,
            progress=lambda name, _: bar.update(task, description=name),
            key=settings.office_key,
        )
    say("Upgraded")
    prove(path, files_alone=bool(plans[0].steps))
    verify(path=path)


def _tell(plan: Plan) -> None:
    done = "nothing to do" if not plan.steps else f"to version {plan.steps[-1].version}"
    say(escape(f"{plan.place}: version {plan.found}, {done}"))
    for step in plan.steps:
        say(escape(f"  {step.version}: {step.words}"))


def _beside(source: Target) -> Path:
    return files.beside(source, f"before-{chain.now():%Y%m%dT%H%M%S}", folder=server.ROOT / "var")

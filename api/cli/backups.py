"""Backups: taken while the server writes, proved before they take a place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import StoreOption, app, escape, say, settings_of
from geo.later import later

if TYPE_CHECKING:
    from api import actors
    from geo import store
    from office import backup as backups
    from office import database
    from office import restore as restoring
else:
    actors = later("api.actors")
    store = later("geo.store")
    backups = later("office.backup")
    database = later("office.database")
    restoring = later("office.restore")


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="New folder, for example /backup/2026-11-22.")],
    office: Annotated[
        bool, typer.Option("--office", help="With accounts, tokens, logs: keep it secret.")
    ] = False,
    evidence: Annotated[
        str | None, typer.Option(help="With the evidence files: a folder or s3://bucket/folder.")
    ] = None,
    path: StoreOption = None,
) -> None:
    """Back up a register while it is in use; a backup is there whole or not at all.

    Example: cotmoc backup /backup/2026-11-22 --office
    """
    settings = settings_of(path)
    private = actors.place(settings) if office else None
    made = backups.backup(settings.store, folder, office=private, evidence=evidence)
    size = sum(one.bytes for one in made.files)
    files = f"{len(made.files)} files, {size:,} bytes"
    say(escape(f"Backed up to {folder}: {made.entries} entries of the history, {files}"))


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="Folder that cotmoc backup made.")],
    to: Annotated[str, typer.Option(help="Where the register goes: a file or postgresql://…")],
    office: Annotated[
        bool, typer.Option("--office", help="With accounts, tokens, logs, beside the register.")
    ] = False,
    evidence: Annotated[
        str | None, typer.Option(help="With the evidence files: a folder or s3://bucket/folder.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put aside what is there. Stop the server first.")
    ] = False,
) -> None:
    """Restore a backup, every file proved by its hash before it takes its place.

    Example: cotmoc restore /backup/2026-11-22 --to var/cotmoc.gpkg --office --replace
    """
    private = database.beside(to) if office else None
    key = settings_of(None).office_key
    made = restoring.restore(
        folder, to, office=private, evidence=evidence, replace=replace, key=key
    )
    told = f"as of {made.made_at}, {made.entries} entries of the history"
    say(escape(f"Restored {store.shown(to)}: {told}"))

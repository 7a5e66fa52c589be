"""Proving the history: keys, signed checkpoints, the audit itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import ERROR_EXIT, StoreOption, app, escape, opened, say, settings_of
from geo.later import later

if TYPE_CHECKING:
    import orjson

    from api import actors
    from geo.history import checkpoints, keys
    from office import database
    from office import reads as log
else:
    orjson = later("orjson")
    actors = later("api.actors")
    checkpoints = later("geo.history.checkpoints")
    keys = later("geo.history.keys")
    database = later("office.database")
    log = later("office.reads")


audit = typer.Typer(no_args_is_help=True, help="Prove the history: keys, checkpoints, audit.")
app.add_typer(audit, name="audit")


@audit.command(name="key")
def make_key(
    file: Annotated[Path, typer.Argument(help="File of the private key; the public: FILE.pub.")],
) -> None:
    """Make the pair of keys that signs checkpoints; keep the private one off the register.

    Example: cotmoc audit key audit.key
    """
    public = keys.make(file)
    name = keys.fingerprint(keys.public(public))
    say(escape(f"Made key {name}: {file} signs and stays secret, {public} verifies"))


@audit.command()
def sign(
    key: Annotated[Path, typer.Option(help="File of the private key.")],
    to: Annotated[Path, typer.Option(help="File of checkpoints to append to.")],
    also: Annotated[
        list[Path] | None, typer.Option(help="Another such file, best on another machine.")
    ] = None,
    path: StoreOption = None,
) -> None:
    """Sign where the history stands now; a broken one is not signed.

    Example: cotmoc audit sign --key audit.key --to checkpoints.jsonl --also /mnt/usb/c.jsonl
    """
    private = keys.private(key)
    with opened(path).engine.connect() as conn:
        made = checkpoints.sign(conn, private, [to, *(also or [])])
    say(f"Signed entry {made.seq}" if made else "Nothing new to sign")


@audit.command()
def verify(
    files: Annotated[
        list[Path] | None, typer.Option("--checkpoints", help="File of checkpoints; repeatable.")
    ] = None,
    public_key: Annotated[Path | None, typer.Option(help="File of the public key.")] = None,
    path: StoreOption = None,
) -> None:
    """Prove the history; name the first bad entry and what was done to it.

    Example: cotmoc audit verify --checkpoints checkpoints.jsonl --public-key audit.key.pub
    """
    public = keys.public(public_key) if public_key else None
    signed = [one for file in files or [] for one in checkpoints.read(file)]
    if signed and public is None:
        raise typer.BadParameter("checkpoints prove nothing without --public-key")
    with opened(path).engine.connect() as conn:
        found = checkpoints.verify(conn, signed, public)
    if found.fault:
        say(f"[red]✗[/red] {escape(str(found.fault))}")
        raise typer.Exit(ERROR_EXIT)
    proof = f"signed up to {found.signed}" if signed else "no checkpoint was given"
    say(f"[green]✓[/green] {found.entries} entries, one chain; {proof}")


@audit.command()
def reads(
    since: Annotated[str | None, typer.Option(help="Date or instant, UTC.")] = None,
    until: Annotated[str | None, typer.Option(help="Date or instant, UTC, exclusive.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only what this person read.")] = None,
    path: StoreOption = None,
) -> None:
    """Print who read what is not for everybody, and who exported: one JSON object a line.

    Example: cotmoc audit reads --since 2026-11-22
    """
    engine = database.open_office(actors.place(settings_of(path)))
    for entry in log.entries(engine, log.Asked(since, until, actor)):
        typer.echo(orjson.dumps(entry).decode())
    engine.dispose()

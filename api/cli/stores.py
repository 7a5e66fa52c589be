"""Registers as a whole: making, checking and copying them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import ERROR_EXIT, StoreOption, app, console, escape, opened, say, settings_of
from geo.later import later

if TYPE_CHECKING:
    from rich import progress

    from api import settings as server
    from geo import ahead, copying, load, store
    from geo import check as checks
    from geo import exercise as exercises
    from geo.evidence import keeping
else:
    progress = later("rich.progress")
    server = later("api.settings")
    checks = later("geo.check")
    copying = later("geo.copying")
    load = later("geo.load")
    store = later("geo.store")
    exercises = later("geo.exercise")
    keeping = later("geo.evidence.keeping")
    ahead = later("geo.ahead")


@app.command()
def init(
    file: Annotated[
        str, typer.Argument(help="File to make, for example var/cotmoc.gpkg, or postgresql://…")
    ],
    exercise: Annotated[
        bool, typer.Option("--exercise", help="Make a wholly synthetic register for training.")
    ] = False,
    markers: Annotated[int, typer.Option(help="Markers of the exercise.", min=16)] = 5_000,
) -> None:
    """Make a register from the embedded data, or a made-up one for an exercise.

    Example: cotmoc init --exercise var/exercise.gpkg
    """
    make(file, settings_of(None).data, exercise=markers if exercise else 0)


def make(file: store.Target, data: Path, *, exercise: int) -> None:
    """Make a register of the embedded data, or of so many made-up markers."""
    with progress.Progress(console=console(), transient=True) as bar:
        task = bar.add_task("Reading data", total=exercise or None)

        def advance(name: str, count: int) -> None:
            done = count if name == "markers" else 0
            bar.update(task, advance=done, description=f"{name}: {count}")

        rows = load.read_folder(data)
        parts = iter([rows])
        if exercise:
            parts = exercises.parts(rows, markers=exercise)
        load.make(file, parts, is_exercise=exercise > 0, progress=advance)
        ahead.make(file, folder=server.ROOT / "var")
    say(f"Made {escape(store.shown(file))}")


@app.command()
def check(path: StoreOption = None) -> None:
    """Check every invariant of a register; what is wrong is named by table and row.

    Example: cotmoc check --store var/cotmoc.gpkg
    """
    prove(path)


def prove(path: str | None, *, files_alone: bool = False) -> None:
    """Say what is wrong with a register and its evidence, or with that alone; end if anything is.

    What an upgrade kept it has proved itself, and a large register takes minutes.
    """
    engine, place = opened(path).engine, settings_of(path).place_of_evidence()
    found = [] if files_alone else checks.check(engine)
    problems = [*found, *keeping.problems(engine, place)]
    for line in problems:
        say(f"[red]✗[/red] {escape(line)}")
    if problems:
        raise typer.Exit(ERROR_EXIT)
    say("[green]✓[/green] everything holds")


@app.command()
def copy(
    source: Annotated[str, typer.Option("--from", help="Register to copy: file or postgresql://…")],
    target: Annotated[str, typer.Option("--to", help="New file or empty schema.")],
) -> None:
    """Copy a register to another store, history included, and prove that all arrived.

    Example: cotmoc copy --from var/cotmoc.gpkg --to postgresql://cotmoc@localhost/cotmoc
    """
    for proof in copying.copy(source, target):
        typer.echo(f"{proof.sha256} {proof.rows:>9} {proof.table}")
    ahead.make(target, folder=server.ROOT / "var")
    say(escape(f"Copied {store.shown(source)} to {store.shown(target)}"))

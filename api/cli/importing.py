"""Bringing files into the register."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import ERROR_EXIT, StoreOption, app, console, escape, fail, say, settings_of
from geo.later import later

if TYPE_CHECKING:
    from rich import progress

    from api import params
    from geo import audience, change, period, query, register, store
    from geo.imports import commit, faults, findings, options, reading
    from geo.imports import preview as previews
    from geo.imports import undo as undoing
else:
    progress = later("rich.progress")
    params = later("api.params")
    audience = later("geo.audience")
    change = later("geo.change")
    period = later("geo.period")
    query = later("geo.query")
    register = later("geo.register")
    store = later("geo.store")
    commit = later("geo.imports.commit")
    faults = later("geo.imports.faults")
    findings = later("geo.imports.findings")
    options = later("geo.imports.options")
    reading = later("geo.imports.reading")
    previews = later("geo.imports.preview")
    undoing = later("geo.imports.undo")


SHOWN = 20  # findings that are printed
_OPERATOR = "operator"


@app.command(name="import")
def import_(
    file: Annotated[
        Path | None,
        typer.Argument(help="xlsx, xls, ods, csv, geojson, gpkg, zip (shapefile), kml, kmz, gpx."),
    ] = None,
    layer: Annotated[str, typer.Option(help="Layer of the rows.")] = "markers",
    crs: Annotated[
        str | None, typer.Option(help="System of the coordinates, for example EPSG:9218.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="What a column holds, by letter or header: C=@north, D=."),
    ] = None,
    constants: Annotated[
        list[str] | None, typer.Option("--set", help="Value of every row: border=VN-KH.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet, or layer of a file with many.")] = None,
    mark: Annotated[str | None, typer.Option(help="Decimal mark: comma or point.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Day of the sheet, YYYY-MM-DD.")] = None,
    document: Annotated[str | None, typer.Option(help="Document that the file is from.")] = None,
    accept: Annotated[
        list[str] | None, typer.Option(help="Take as warnings: off_province, future.")
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would be.")] = False,
    errors: Annotated[
        Path | None, typer.Option(help="Write the sheet with its faults: .xlsx or .csv.")
    ] = None,
    undo: Annotated[str | None, typer.Option(help="Take the import of this id back.")] = None,
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "cotmoc import",
    lang: Annotated[str, typer.Option(help="Language of the findings: vi or en.")] = "vi",
    path: StoreOption = None,
) -> None:
    """Bring the rows of a file into a layer, all or none, or take an import back.

    Example: cotmoc import moc.xlsx --layer markers --set border=VN-KH --preview
    """
    settings = settings_of(path)
    held = register.Register(store.open_store(settings.store))
    if undo is not None:
        _undo(held, undo, reason)
        return
    if file is None or not file.is_file():
        fail(f"there is no file {file}" if file else "name a file to import")
    if not store.is_address(settings.store) and file.samefile(settings.store):
        raise findings.FileError(findings.Refusal.OUR_STORE)
    given = options.Options(
        layer=layer, crs=crs, sheet=sheet, as_of=as_of, document=document,
        mapping={key: target or None for key, target in _pairs(mapping).items()},
        constants=_pairs(constants),
        mark={"comma": ",", "point": "."}.get(mark or "", mark), accept=tuple(accept or ()),
    )  # fmt: skip
    made = _preview(held, file, given, lang)
    if errors:
        with reading.table(file, file.name, sheet) as table:
            faults.write(made, table, errors, lang=lang)
        say(f"Wrote {escape(str(errors))}")
    if preview:
        raise typer.Exit(0 if made.is_sound else ERROR_EXIT)
    _commit(held, made, reason)


def _pairs(texts: list[str] | None) -> Mapping[str, str]:
    return dict(params.pairs(texts or []))


def _asked() -> query.Filter:
    day = period.today()
    return query.Filter(period.Period(day, day), sight=audience.EVERYTHING)


def _edit(reason: str) -> change.Edit:
    return change.Edit(_OPERATOR, reason, audience.EVERYTHING, _asked().when)


def _preview(
    held: register.Register, file: Path, given: options.Options, lang: str
) -> previews.Preview:
    with held.engine.connect() as conn:
        made = previews.preview(conn, file, file.name, given, asked=_asked())
    for column in made.scan.columns:
        target, sure = column.guess
        typer.echo(f"{column.letter:>3} {column.header!r} → {target or '–'} ({sure:.0%})")
    for name, count in made.counts.items():
        typer.echo(f"{count:>7} {name}")
    found = list(made.all_findings())
    for finding in found[:SHOWN]:
        at = f"{finding.column or ''}{finding.row or ''} {finding.header or ''}".strip()
        value = f" “{finding.value}”" if finding.value is not None else ""
        typer.echo(f"{finding.level.value}: {at}:{value} {finding.text(lang)}")
    if len(found) > SHOWN:
        typer.echo(f"… {len(found) - SHOWN} more; --errors faults.xlsx shows all")
    return made


def _commit(held: register.Register, made: previews.Preview, reason: str) -> None:
    with progress.Progress(console=console(), transient=True) as bar:
        task = bar.add_task("Writing", total=len(made.records))
        with store.writing(held.engine) as conn:
            done = commit.commit(
                conn, made, _edit(reason), asked=_asked(),
                progress=lambda count: bar.advance(task, count),
            )  # fmt: skip
    typer.echo(f"import {done.id}: {_told(done.written)}")


def _undo(held: register.Register, key: str, reason: str) -> None:
    try:
        with store.writing(held.engine) as conn:
            done = undoing.undo(conn, key, _edit(reason))
    except findings.RowsError as error:
        for finding in error.findings[:SHOWN]:
            typer.echo(f"{finding.value}: {finding.text('vi')} / {finding.text('en')}")
        raise
    typer.echo(f"import {done.id}: took back {_told(done.written)}")


def _told(written: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in written.items()) or "nothing to write"

"""The command line: cotmoc."""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import exc

from api import gate, params
from api import workers as processes
from api.app import create_app, served
from api.settings import ROOT, Settings
from geo import check as checks
from geo import copying, cql, exports, info, layers, load, period, progress, reproject, store
from geo.errors import GeoError
from geo.register import Register

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Cột Mốc: map and register for land-border and corridor cooperation.",
)
console = Console(stderr=True)
StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="Register: a file or postgresql://…; default COTMOC_STORE."),
]
BUSY_PORT_EXIT, ERROR_EXIT = 2, 1
LEAFLET = ROOT / "web" / "node_modules" / "leaflet" / "dist"  # as `make serve` installs it


def main() -> None:
    """Run a command; an expected error is one line, without a traceback."""
    try:
        app()
    except GeoError as error:
        allowed = f"\n  allowed: {', '.join(error.allowed)}" if error.allowed else ""
        _fail(error.detail + allowed)
    except ValidationError as error:
        wrong = error.errors()[0]
        _fail(f"COTMOC_{'_'.join(map(str, wrong['loc'])).upper()}: {wrong['msg']}")
    except exc.SQLAlchemyError as error:
        _fail(f"the register cannot be read: {str(error).splitlines()[0]}")


def _fail(text: str) -> NoReturn:
    _say(f"[red]cotmoc:[/red] {escape(text)}")
    raise SystemExit(ERROR_EXIT) from None


def _say(markup: str) -> None:
    console.print(markup, soft_wrap=True, highlight=False)


def _settings(path: str | None) -> Settings:
    return Settings(store=path) if path else Settings()


def _open(path: str | None) -> Register:
    return Register(store.open_store(_settings(path).store))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65_535)] = 8000,
    path: StoreOption = None,
    workers: Annotated[int, typer.Option(help="Processes; 0 means one per core.", min=0)] = 0,
    allow_anonymous_writes: Annotated[
        bool,
        typer.Option(
            "--allow-anonymous-writes", help="Let programs on this machine write; loopback only."
        ),
    ] = False,
) -> None:
    """Serve the map and the API. A missing file is made from the embedded data first.

    Example: cotmoc serve --port 8000
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    settings = _settings(path)
    if allow_anonymous_writes or settings.allow_anonymous_writes:
        _refuse_open_writes(host)
        settings = settings.model_copy(update={"allow_anonymous_writes": True})
    _refuse_busy_port(host, port)
    if not store.is_address(settings.store) and not Path(settings.store).exists():
        _init(settings.store, settings.data, exercise=0)
    server = create_app(settings)  # an unusable store stops here with a clear message
    engine = server.state.engine
    engine.dispose()  # each process opens its own connections
    _say(f"Cột Mốc: [bold]http://{host}:{port}[/bold]  (Ctrl+C to stop)")
    config = uvicorn.Config(
        served(server),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # api.forwarded reads them
    )
    processes.run(config, workers or os.cpu_count() or 1, begin=engine.dispose)


def _refuse_open_writes(host: str) -> None:
    if not gate.loopback(host):
        _fail(
            f"without accounts only this machine may write, and {host} is open to others; "
            "leave out --allow-anonymous-writes, or serve on 127.0.0.1"
        )


def _refuse_busy_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            _say(
                f"[red]cotmoc:[/red] cannot listen on {escape(host)}:{port} ({error.strerror}). "
                f"Stop the other program or choose another port: cotmoc serve --port {port + 1}"
            )
            raise typer.Exit(BUSY_PORT_EXIT) from None


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
    _init(file, Settings().data, exercise=markers if exercise else 0)


def _init(file: store.Target, data: Path, *, exercise: int) -> None:
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Reading data", total=exercise or None)

        def advance(name: str, count: int) -> None:
            done = count if name == "markers" else 0
            bar.update(task, advance=done, description=f"{name}: {count}")

        rows = load.read_folder(data)
        parts = iter([rows])
        if exercise:
            from geo import exercise as exercises  # noqa: PLC0415

            parts = exercises.parts(rows, markers=exercise)
        load.make(file, parts, is_exercise=exercise > 0, progress=advance)
    _say(f"Made {escape(store.shown(file))}")


@app.command()
def export(
    layer: Annotated[str, typer.Argument(help="Layer, for example markers.")],
    out: Annotated[Path, typer.Option(help=f"File to write: {', '.join(exports.ENDINGS)}.")],
    condition: Annotated[str | None, typer.Option("--filter", help="Condition in CQL2.")] = None,
    language: Annotated[
        str, typer.Option("--filter-lang", help="cql2-text or cql2-json.")
    ] = "cql2-text",
    where: Annotated[
        list[str] | None, typer.Option(help="Property and its values: stage=built,accepted.")
    ] = None,
    bbox: Annotated[str | None, typer.Option(help="west,south,east,north in degrees.")] = None,
    datetime_: Annotated[
        str | None, typer.Option("--datetime", help="Date or interval; default today.")
    ] = None,
    province: Annotated[str | None, typer.Option(help="Province, any spelling.")] = None,
    crs: Annotated[str, typer.Option(help="Coordinate system, for example EPSG:9218.")] = "CRS84",
    properties: Annotated[str | None, typer.Option(help="Only these, by comma.")] = None,
    limit: Annotated[int | None, typer.Option(help="At most so many features.", min=1)] = None,
    path: StoreOption = None,
) -> None:
    """Write a layer to a file, and what it is to FILE.metadata.json beside it.

    Example: cotmoc export markers --out markers.gpkg --province "Đắk Nông" --where stage=built
    """
    settings = _settings(path)
    register, declared = Register(store.open_store(settings.store)), layers.get(layer)
    given = {
        "filter": condition, "where": where, "bbox": bbox, "datetime": datetime_,
        "province": province, "crs": crs, "properties": properties, "limit": limit,
    }  # fmt: skip
    asked = register.filter(
        when=period.parse(datetime_),
        bbox=params.bbox(bbox),
        province=province,
        values=params.values(declared, params.pairs(where or [])),
    )
    found = cql.condition(declared, cql.parse(condition, language)) if condition else None
    order = exports.Order(
        declared,
        replace(asked, expression=found),
        reproject.known(crs, parameter="crs"),
        limit,
        params.names(declared, properties, "properties") if properties else None,
        register.exercise,
        {name: str(value) for name, value in given.items() if value},
        load.catalogue(settings.data),
    )
    exports.to_file(register.engine, order, out)
    _say(f"Wrote {escape(str(out))}")


@app.command(name="progress")
def show_progress(
    border: Annotated[str, typer.Option(help="VN-KH, VN-LA or VN-CN.")] = "VN-KH",
    as_of: Annotated[str | None, typer.Option(help="Date; default today.")] = None,
    province: Annotated[str | None, typer.Option(help="Province, any spelling.")] = None,
    path: StoreOption = None,
) -> None:
    """Show reported demarcation progress beside what the register holds.

    Example: cotmoc progress --border VN-KH --as-of 2014-06-30
    """
    register = _open(path)
    day = period.parse(as_of) or period.Period(period.today(), period.today())
    asked = register.filter(when=day, province=province)
    with register.engine.connect() as conn:
        found = progress.progress(conn, asked, border=border.upper(), as_of=day.end)
    table = Table("measure", "value", "of", "unit", "as of", "basis", "source")
    for row in (*found.reported, *found.plans, *found.register):
        cells = (row.get(k) for k in ("measure", "numerator", "denominator", "unit", "as_of"))
        basis = row["qualifier"] if row.get("qualifier") == progress.PLAN else row["basis"]
        table.add_row(*(_plain(c) for c in cells), basis, row.get("source") or "")
    Console().print(table)


def _plain(value: object) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


@app.command(name="map")
def write_map(
    out: Annotated[Path, typer.Option(help="HTML file to write, for example map.html.")],
    lang: Annotated[str, typer.Option(help="Language of the map: vi or en.")] = "vi",
    datetime_: Annotated[
        str | None, typer.Option("--datetime", help="Date that the map shows; default today.")
    ] = None,
    path: StoreOption = None,
) -> None:
    """Write the map as one HTML file that works offline.

    Example: cotmoc map --out map.html --datetime 2014-06-30
    """
    # Only here, because folium and pandas take seconds to import.
    from geo import leaflet  # noqa: PLC0415

    settings = _settings(path)
    inputs = leaflet.Inputs(settings.data, LEAFLET, settings.viewpoint.value)
    register = Register(store.open_store(settings.store))
    leaflet.write(register, out, inputs, when=period.parse(datetime_), lang=lang)
    _say(f"Wrote {escape(str(out))}")


@app.command()
def check(path: StoreOption = None) -> None:
    """Check a register: file, references, views, boxes and the chain of its history.

    Example: cotmoc check --store var/cotmoc.gpkg
    """
    problems = checks.check(_open(path).engine)
    for line in problems:
        _say(f"[red]✗[/red] {escape(line)}")
    if problems:
        raise typer.Exit(ERROR_EXIT)
    _say("[green]✓[/green] everything holds")


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
    _say(escape(f"Copied {store.shown(source)} to {store.shown(target)}"))


@app.command()
def version() -> None:
    """Print the version.

    Example: cotmoc version
    """
    typer.echo(f"cotmoc {info.version()}")


if __name__ == "__main__":
    main()

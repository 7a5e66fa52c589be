"""Serving the map and the API."""

from __future__ import annotations

import logging
import os
import socket
from functools import partial
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer
import uvicorn
from rich.markup import escape

from api import actors, gate
from api import workers as processes
from api.app import create_app, served
from api.cli.accounts import tell_first_link
from api.cli.common import BUSY_PORT_EXIT, StoreOption, app, fail, say, settings_of
from api.cli.stores import make
from api.cli.working import work
from geo import period, store

WARM_AFTER_S = 1.0  # who waited for the start is answered first


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
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Do no jobs; else a process beside does them.")
    ] = False,
) -> None:
    """Serve the map and the API. A missing file is made from the embedded data first.

    Example: cotmoc serve --port 8000
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    settings = settings_of(path)
    if allow_anonymous_writes or settings.allow_anonymous_writes:
        _refuse_open_writes(host)
        settings = settings.model_copy(update={"allow_anonymous_writes": True})
    _refuse_busy_port(host, port)
    if not store.is_address(settings.store) and not Path(settings.store).exists():
        make(settings.store, settings.data, exercise=0)
    server = create_app(settings)  # an unusable store stops here with a clear message
    engine, office = server.state.engine, actors.open_office(server)
    say(f"Cột Mốc: [bold]http://{host}:{port}[/bold]  (Ctrl+C to stop)")
    tell_first_link(office, f"http://{host}:{port}")

    def forget() -> None:
        engine.dispose()  # each process opens its own connections
        office.dispose()

    def begin() -> None:
        forget()
        warming = Timer(WARM_AFTER_S, server.state.stock.warm, [period.today()])
        warming.daemon = True
        warming.start()

    forget()
    config = uvicorn.Config(
        served(server),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # api.forwarded reads them
    )
    beside = None if no_worker else partial(work, settings)
    processes.run(config, workers or os.cpu_count() or 1, begin=begin, beside=beside)


def _refuse_open_writes(host: str) -> None:
    if not gate.loopback(host):
        fail(
            f"without accounts only this machine may write, and {host} is open to others; "
            "leave out --allow-anonymous-writes, or serve on 127.0.0.1"
        )


def _refuse_busy_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            say(
                f"[red]cotmoc:[/red] cannot listen on {escape(host)}:{port} ({error.strerror}). "
                f"Stop the other program or choose another port: cotmoc serve --port {port + 1}"
            )
            raise typer.Exit(BUSY_PORT_EXIT) from None

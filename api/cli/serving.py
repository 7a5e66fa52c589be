"""Serving the map and the API."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import logs
from api.cli.accounts import tell_first_link
from api.cli.common import (
    BUSY_PORT_EXIT,
    UNSAFE_EXIT,
    StoreOption,
    app,
    escape,
    fail,
    say,
    settings_of,
)
from api.cli.stores import make
from api.cli.working import work
from geo.later import later

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from api import actors, gate, protocol
    from api import app as application
    from api import workers as processes
    from api.settings import Settings
    from geo import store
else:
    uvicorn = later("uvicorn")
    actors = later("api.actors")
    gate = later("api.gate")
    protocol = later("api.protocol")
    application = later("api.app")
    processes = later("api.workers")
    store = later("geo.store")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65_535)] = 8000,
    path: StoreOption = None,
    workers: Annotated[int, typer.Option(help="Processes; 0 means one per core.", min=0)] = 0,
    ssl_certfile: Annotated[
        Path | None, typer.Option(help="Certificate, with its chain: serve https.")
    ] = None,
    ssl_keyfile: Annotated[Path | None, typer.Option(help="Key of the certificate.")] = None,
    behind_proxy: Annotated[
        bool,
        typer.Option("--behind-proxy", help="A proxy named in COTMOC_TRUSTED_PROXIES has https."),
    ] = False,
    insecure_http: Annotated[
        bool,
        typer.Option("--insecure-http", help="Serve others without https: all can be read."),
    ] = False,
    log: Annotated[
        logs.Form | None, typer.Option(help="How the log is written; default COTMOC_LOG.")
    ] = None,
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
    settings = settings_of(path)
    settings = settings.model_copy(update={"log": log or settings.log})
    logs.set_up(settings.log)
    if allow_anonymous_writes or settings.allow_anonymous_writes:
        _refuse_open_writes(host)
        settings = settings.model_copy(update={"allow_anonymous_writes": True})
    has_tls = _has_certificate(ssl_certfile, ssl_keyfile)
    if not (has_tls or insecure_http or gate.loopback(host)):
        _refuse_plain_http(host, settings, behind_proxy=behind_proxy)
    _refuse_busy_port(host, port)
    if not store.is_address(settings.store) and not Path(settings.store).exists():
        make(settings.store, settings.data, exercise=0)
    server = application.create_app(settings)  # an unusable store stops here with a clear message
    office = actors.open_office(server)
    address = f"{'https' if has_tls else 'http'}://{_in_address(host)}:{port}"
    config = _config(server, host, port, (ssl_certfile, ssl_keyfile))

    def begun() -> None:
        say(f"Cột Mốc: [bold]{address}[/bold]  (Ctrl+C to stop)")
        tell_first_link(office, address)

    _run(config, server, workers or os.cpu_count() or 1, jobs=not no_worker, begun=begun)


def _config(
    server: FastAPI, host: str, port: int, tls: tuple[Path | None, Path | None]
) -> uvicorn.Config:
    """Return how to serve an application; `tls` is the certificate and its key, or nothing."""
    settings: Settings = server.state.settings
    certificate, key = tls
    return uvicorn.Config(
        application.Served(server),
        host=host,
        port=port,
        log_config=None,  # api.logs has set it up
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # api.forwarded reads them
        http=protocol.Protocol,
        ws="none",
        limit_concurrency=settings.max_connections,
        timeout_keep_alive=protocol.KEEP_ALIVE_S,
        timeout_graceful_shutdown=protocol.GRACE_S,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )


def _run(
    config: uvicorn.Config, server: FastAPI, workers: int, *, jobs: bool, begun: Callable[[], None]
) -> None:
    """Serve until told to stop, by so many processes and one more for jobs.

    `begun` is called once, while the processes begin: nobody's first answer waits for it.
    """
    engine, office = server.state.engine, actors.open_office(server)

    def begin() -> None:
        engine.dispose()  # each process opens its own connections
        office.dispose()

    def telling() -> None:
        begun()
        begin()  # of what it asked nothing is passed on

    begin()
    beside = partial(work, server.state.settings) if jobs else None
    processes.run(config, workers, begin=begin, begun=telling, beside=beside)


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _has_certificate(certificate: Path | None, key: Path | None) -> bool:
    """Say whether https is wanted; ends where it is and cannot be."""
    if certificate is None and key is None:
        return False
    if certificate is None or key is None:
        fail("--ssl-certfile and --ssl-keyfile belong together", UNSAFE_EXIT)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except OSError as error:
        fail(f"{certificate} and {key} cannot be used: {error.strerror or error}", UNSAFE_EXIT)
    return True


def _refuse_plain_http(host: str, settings: Settings, *, behind_proxy: bool) -> None:
    if not behind_proxy:
        fail(
            f"{host} is open to others, who could read passwords on their way over plain HTTP; "
            "give --ssl-certfile and --ssl-keyfile, or --behind-proxy if a reverse proxy speaks "
            "https, or --insecure-http where nothing is secret",
            UNSAFE_EXIT,
        )
    if all(network.is_loopback for network in settings.trusted_proxies):
        fail(
            f"{host} is open to others, and no proxy on another machine is trusted; name it in "
            "COTMOC_TRUSTED_PROXIES, or serve on 127.0.0.1 if the proxy is on this machine",
            UNSAFE_EXIT,
        )


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

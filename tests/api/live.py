"""A server in a thread of this process, for what must be tried over a real connection."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import uvicorn

from api import protocol

PATIENCE = 60.0  # seconds


@contextmanager
def serving(app: Any, **more: Any) -> Iterator[int]:
    """Serve an application as `cotmoc serve` does, with `more` settings; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            app,
            http=protocol.Protocol,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            **more,
        )
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        end = time.monotonic() + PATIENCE
        while not server.started and thread.is_alive() and time.monotonic() < end:
            time.sleep(0.01)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    """A connection that gives up when the server keeps silent for a minute."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as link:
        yield link


def rest(link: socket.socket) -> bytes:
    """All that the server still sends until it closes."""
    told = b""
    while piece := link.recv(65_536):
        told += piece
    return told

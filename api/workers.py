"""Several processes on one port, and one for jobs: forked when all is loaded, replaced on death."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from threading import Thread
from types import FrameType

import uvicorn

log = logging.getLogger(__name__)

YOUNG_S = 5.0  # a process that dies younger is replaced only after a pause
PAUSE_S = 1.0


def run(
    config: uvicorn.Config,
    workers: int,
    *,
    begin: Callable[[], None],
    begun: Callable[[], None],
    beside: Callable[[], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; `begin` runs first in each process.

    `begun` runs once in this one, as soon as others serve. `beside` is run in a process of its own
    until SIGTERM; it ends when this one does. The application must hold no connection yet, nor
    again when `begun` is through: the processes would share it.
    """
    if workers == 1 and beside is None:
        begin()
        begun()
        uvicorn.Server(config).run()
    else:
        _Workers(config, begin, beside).run(workers, begun)


def _listening(config: uvicorn.Config, workers: int) -> list[socket.socket]:
    """Return a bound socket for each process; Linux shares connections out among them.

    Where all accept from one, whoever wakes first takes what has come: of 16 connections often 14.
    They stay open here, so what comes for a process that ended waits for the one that follows.
    """
    first = config.bind_socket()  # fails where another server listens
    if (
        workers == 1
        or sys.platform != "linux"
        or first.family not in (socket.AF_INET, socket.AF_INET6)
    ):
        return [first] * workers
    address = first.getsockname()
    first.close()
    sockets = [socket.socket(first.family) for _ in range(workers)]
    for own in sockets:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        own.bind(address)
    return sockets


class _Workers:
    """The processes of one server."""

    def __init__(
        self, config: uvicorn.Config, begin: Callable[[], None], beside: Callable[[], None] | None
    ) -> None:
        self.config = config
        self.begin = begin
        self.beside = beside
        self.born: dict[int, tuple[float, Callable[[], None]]] = {}  # time in seconds, and work
        self.stopping = False
        self.reader, self.writer = os.pipe()  # ends when this process does

    def run(self, workers: int, begun: Callable[[], None]) -> None:
        """Keep so many processes until a signal says to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        gc.freeze()  # no process copies the pages of what is loaded by looking for garbage there
        for own in _listening(self.config, workers):
            self._fork(partial(self._serve, own))
        begun()
        if self.beside:
            self._fork(self.beside)
        while self.born:
            pid, status = os.wait()
            if pid not in self.born:
                continue
            born, work = self.born.pop(pid)
            if not self.stopping:
                log.error("process %d ended with status %d; another takes its place", pid, status)
                time.sleep(PAUSE_S if time.monotonic() - born < YOUNG_S else 0)
                self._fork(work)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        for pid in self.born:
            os.kill(pid, signal.SIGTERM)

    def _fork(self, work: Callable[[], None]) -> None:
        if self.stopping:
            return
        pid = os.fork()
        if pid == 0:
            self._do(work)
        self.born[pid] = time.monotonic(), work
        if self.stopping:  # told so between the question and here
            os.kill(pid, signal.SIGTERM)

    def _serve(self, own: socket.socket) -> None:
        uvicorn.Server(self.config).run(sockets=[own])

    def _do(self, work: Callable[[], None]) -> None:
        """Work in a process of its own; never returns."""
        code = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            if self.stopping:  # the signal came before this process had a way of its own
                return
            os.close(self.writer)
            Thread(target=self._follow, daemon=True).start()
            self.begin()
            work()
            code = 0
        except Exception:
            log.exception("a process ends")
        finally:
            os._exit(code)

    def _follow(self) -> None:
        """End when the first process is gone, however it went."""
        os.read(self.reader, 1)
        os.kill(os.getpid(), signal.SIGTERM)

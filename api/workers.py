"""Several processes on one port, and one for jobs: forked when all is loaded.

One that dies is replaced; one that hangs is killed, as the connections that come to it would wait.
"""

from __future__ import annotations

import gc
import logging
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from threading import Thread
from types import FrameType
from typing import NamedTuple

import uvicorn

log = logging.getLogger(__name__)

YOUNG_S = 5.0  # a process that dies younger is replaced only after a pause
PAUSE_S = 1.0
HUNG_S = 60.0  # without a sign of life from a process that serves: long reads are in its threads
LOOK_S = 5.0  # between two looks for such a one
_SIGN_BYTES = 8


class _Born(NamedTuple):
    """A living process."""

    at: float  # monotonic seconds
    work: Callable[[], None]
    place: int | None  # of its signs of life, if it gives any


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


class _Server(uvicorn.Server):
    """A server that gives a sign of life ten times a second while its loop turns."""

    def __init__(self, config: uvicorn.Config, live: Callable[[], None]) -> None:
        super().__init__(config)
        self._live = live

    async def on_tick(self, counter: int) -> bool:
        """Do what is due."""
        self._live()
        return await super().on_tick(counter)


class _Workers:
    """The processes of one server."""

    def __init__(
        self, config: uvicorn.Config, begin: Callable[[], None], beside: Callable[[], None] | None
    ) -> None:
        self.config = config
        self.begin = begin
        self.beside = beside
        self.born: dict[int, _Born] = {}
        self.stopping = False
        self.reader, self.writer = os.pipe()  # ends when this process does

    def run(self, workers: int, begun: Callable[[], None]) -> None:
        """Keep so many processes until a signal says to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        gc.freeze()  # no process copies the pages of what is loaded by looking for garbage there
        self.signs = memoryview(mmap.mmap(-1, workers * _SIGN_BYTES)).cast("d")
        for place, own in enumerate(_listening(self.config, workers)):
            self._fork(partial(self._serve, own, place), place)
        signal.signal(signal.SIGALRM, self._look)
        signal.setitimer(signal.ITIMER_REAL, LOOK_S, LOOK_S)
        begun()
        if self.beside:
            self._fork(self.beside)
        while self.born:
            pid, status = os.wait()
            if pid not in self.born:
                continue
            one = self.born.pop(pid)
            if not self.stopping:
                log.error("process %d ended with status %d; another takes its place", pid, status)
                time.sleep(PAUSE_S if time.monotonic() - one.at < YOUNG_S else 0)
                self._fork(one.work, one.place)

    def _look(self, _number: int, _frame: FrameType | None) -> None:
        """Kill who gave signs of life and gives none any more."""
        least = time.monotonic() - HUNG_S
        for pid, one in list(self.born.items()):
            if one.place is not None and 0 < self.signs[one.place] < least and not self.stopping:
                log.error("process %d has hung for %d s and is killed", pid, HUNG_S)
                os.kill(pid, signal.SIGKILL)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        for pid in self.born:
            os.kill(pid, signal.SIGTERM)

    def _fork(self, work: Callable[[], None], place: int | None = None) -> None:
        if self.stopping:
            return
        if place is not None:
            self.signs[place] = 0  # it may take its time to begin
        pid = os.fork()
        if pid == 0:
            self._do(work)
        self.born[pid] = _Born(time.monotonic(), work, place)
        if self.stopping:  # told so between the question and here
            os.kill(pid, signal.SIGTERM)

    def _serve(self, own: socket.socket, place: int) -> None:
        def live() -> None:
            self.signs[place] = time.monotonic()

        _Server(self.config, live).run(sockets=[own])

    def _do(self, work: Callable[[], None]) -> None:
        """Work in a process of its own; never returns."""
        code = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
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

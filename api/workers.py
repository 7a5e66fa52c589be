"""Several processes on one port: forked when all is loaded, replaced when one dies."""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from threading import Thread
from types import FrameType

import uvicorn

log = logging.getLogger(__name__)

YOUNG_S = 5.0  # a process that dies younger is replaced only after a pause
PAUSE_S = 1.0


def run(config: uvicorn.Config, workers: int, *, begin: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; `begin` runs first in each process.

    The application must hold no connection yet: the processes would share it.
    """
    if workers == 1:
        begin()
        uvicorn.Server(config).run()
    else:
        _Workers(config, begin).run(workers)


class _Workers:
    """The processes of one server."""

    def __init__(self, config: uvicorn.Config, begin: Callable[[], None]) -> None:
        self.config = config
        self.begin = begin
        self.socket = config.bind_socket()
        self.born: dict[int, float] = {}  # process to the time of its birth, seconds
        self.stopping = False
        self.reader, self.writer = os.pipe()  # ends when this process does

    def run(self, workers: int) -> None:
        """Keep so many processes until a signal says to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for _ in range(workers):
            self._fork()
        while self.born:
            pid, status = os.wait()
            born = self.born.pop(pid, None)
            if born is not None and not self.stopping:
                log.error("process %d ended with status %d; another takes its place", pid, status)
                time.sleep(PAUSE_S if time.monotonic() - born < YOUNG_S else 0)
                self._fork()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        for pid in self.born:
            os.kill(pid, signal.SIGTERM)

    def _fork(self) -> None:
        if self.stopping:
            return
        pid = os.fork()
        if pid == 0:
            self._work(self.socket)
        self.born[pid] = time.monotonic()

    def _work(self, shared: socket.socket) -> None:
        """Serve in a process of its own; never returns."""
        code = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            os.close(self.writer)
            Thread(target=self._follow, daemon=True).start()
            self.begin()
            uvicorn.Server(self.config).run(sockets=[shared])
            code = 0
        finally:
            os._exit(code)

    def _follow(self) -> None:
        """End when the first process is gone, however it went."""
        os.read(self.reader, 1)
        os.kill(os.getpid(), signal.SIGTERM)

"""HTTP/1.1 as uvicorn speaks it, with limits to the head of a request that uvicorn lacks.

Who sends a head too slowly or without end holds a connection and memory that others need. A look at
each connection every few seconds costs a request nothing.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LOOK_S = 5.0  # a head that is unfinished at two looks is given up: after 5 to 10 seconds
MOST_HEAD = 65_536  # bytes of an unfinished head
KEEP_ALIVE_S = 15  # an idle connection
GRACE_S = 10  # that answers have to come to an end in when the server is to stop
_ANSWER = b"HTTP/1.1 %b\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_NOT = object()


class Protocol(HttpToolsProtocol):
    """One connection."""

    _head = 0  # bytes
    _waited: Any = _NOT  # the answer after which a head was unfinished at the last look
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(LOOK_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; a head without end is refused."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._head = 0
        elif before is None or (before.response_complete and not before.more_body):
            self._head += len(data)
            if self._head > MOST_HEAD:
                self._refuse(b"431 Request Header Fields Too Large")

    def _look(self) -> None:
        idle = self.cycle is None or self.cycle.response_complete
        unfinished = idle and self.timeout_keep_alive_task is None
        if unfinished and self._waited is self.cycle:
            self._refuse(b"408 Request Timeout")
            return
        self._waited = self.cycle if unfinished else _NOT
        self._timer = self.loop.call_later(LOOK_S, self._look)

    def _refuse(self, status: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(_ANSWER % status)
            self.transport.close()

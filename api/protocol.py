"""HTTP/1.1 as uvicorn speaks it, with limits to the head of a request that uvicorn lacks.

Who sends a head too slowly or without end holds a connection and memory that others need. A look at
each connection every few seconds costs a request nothing. A request that is known by its
bytes is answered at once where `api.again` can, without a task and before it is parsed.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httptools
import orjson
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api import headers
from api.again import Again, Coming, Told
from api.lines import MOST_RAW, RAW

LOOK_S = 5.0  # a head that is unfinished at two looks is given up: after 5 to 10 seconds
MOST_HEAD = 65_536  # bytes of an unfinished head
KEEP_ALIVE_S = 15  # an idle connection
GRACE_S = 10  # that answers have to come to an end in when the server is to stop
CLOSE_S = 1.0  # between two looks whether a client took leave, when the server is to stop
BUSY_S = 1  # until it is worth to come again
_NOT = object()
_BODIED = (b"content-length", b"transfer-encoding")
_UNREAD = orjson.dumps(  # in both languages: which one is wanted could not be read either
    {
        "type": "about:blank",
        "status": 400,
        "code": "bad_request",
        "title": "Không đọc được yêu cầu / The request cannot be read",
        "detail": "Trong địa chỉ, chữ có dấu và khoảng trắng phải được mã hóa phần trăm."
        " In an address, spaces and letters beyond ASCII are percent-encoded:"
        " curl -G ADDRESS --data-urlencode 'province=Đắk Nông'",
    }
)


class Protocol(HttpToolsProtocol):
    """One connection."""

    _head = 0  # bytes
    _waited: Any = _NOT  # the answer after which a head was unfinished at the last look
    _timer: asyncio.TimerHandle | None = None
    _begun = 0  # requests that came, or began to come
    _whole = True  # whether the last of them came to its end
    _unread = False  # whether something came that cannot be read
    _running: RequestResponseCycle | None = None  # the request that is being answered
    _again: Again | None = None
    _late: bytes | None = None  # what came while an answer is waited for, None if none is
    _leaves = False  # whether the server stops when that answer is out
    _skipped = False  # whether the parser skips the body of the request that has just come
    _retold = False  # whether it is told a head for the second time
    _answered = 0.0  # when the last answer was given at once; loop time, seconds

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look."""
        super().connection_made(transport)
        self._again = getattr(self.app, "again", None)
        self._timer = self.loop.call_later(LOOK_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
        self._unset_keepalive_if_required()  # after a reset, too
        self._gone()
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """Take leave of a client that sends no more: the connection is closed behind this."""
        self._gone()

    def _gone(self) -> None:
        """Let no answer be written to who is gone; others may stand behind the one on its way."""
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()

    def data_received(self, data: bytes) -> None:
        """Take what came; a head without end is refused."""
        if self._unread:
            return
        if self._late is not None:
            self._late += data
            self.flow.pause_reading()
        elif not (self._whole and len(data) <= MOST_RAW and self._at_once(data)):
            self._parse(data)

    def _parse(self, data: bytes) -> None:
        before, begun, whole = self.cycle, self._begun, self._whole
        self._feed(data)
        if self.cycle is not before:
            self._head = 0
            alone = whole and self._whole and self._begun == begun + 1
            if alone and self.cycle.keep_alive and not self._unread:
                self._note(data)
        elif before is None or (before.response_complete and not before.more_body):
            self._head += len(data)
            if self._head > MOST_HEAD:
                self._refuse(b"431 Request Header Fields Too Large")

    def _feed(self, data: bytes) -> None:
        """Parse; a wish for another protocol is let be, as RFC 9110, 7.8 allows."""
        self._unset_keepalive_if_required()
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as wish:
                data = data[wish.args[0] :]
                if self._skipped and not self._tell_length():
                    return
            except httptools.HttpParserError:
                self.send_400_response("")
                return
            else:
                return

    def _tell_length(self) -> bool:
        """Let another parser read the body that follows; say whether one may follow.

        The one that read the head would take that body for the next request. The other is told
        the length of the body alone, and nothing of a wish.
        """
        self._skipped, self._retold = False, True
        told = [b"%b: %b\r\n" % pair for pair in self.headers if pair[0] in _BODIED]
        self.parser = httptools.HttpRequestParser(self)
        try:
            self.parser.feed_data(b"POST / HTTP/1.1\r\n%b\r\n" % b"".join(told))
        except httptools.HttpParserError:
            self.send_400_response("")
        return not self._unread

    def _note(self, data: bytes) -> None:
        """Tell the application the bytes of a request that came all by itself."""
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        if len(data) <= MOST_RAW:
            scope[RAW] = data

    def on_message_begin(self) -> None:
        """Note that a request begins."""
        if not self._retold:
            self._begun += 1
            self._whole = False
            super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address."""
        if not self._retold:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        if not self._retold:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer. Raises ValueError for a body of CONNECT, which knows none."""
        if not self._retold:
            bodied = any(name in _BODIED for name, _ in self.headers)
            self._skipped = bodied and self.parser.should_upgrade()
            if self._skipped and self.parser.get_method() == b"CONNECT":
                raise ValueError("A body of CONNECT")
            super().on_headers_complete()
        self._retold = False

    def on_message_complete(self) -> None:
        """Note that it has come to its end."""
        if not self._skipped:
            self._whole = True
            super().on_message_complete()

    def _at_once(self, data: bytes) -> bool:
        """Answer a request that is known byte for byte, if nothing is in the way; say so."""
        if self._again is None or not self._is_free():
            return False
        own = self.server_state.default_headers
        found = self._again.answer(data, self.client[0] if self.client else "", own)
        if found is None:
            return False
        if isinstance(found, tuple):
            self._give(found)
        else:
            self._late = b""
            task = self.loop.create_task(self._wait(found, data))
            task.add_done_callback(self.tasks.discard)
            self.tasks.add(task)
        return True

    async def _wait(self, coming: Coming, data: bytes) -> None:
        """Give an answer when it comes; what was sent meanwhile is read then."""
        found = None
        try:
            found = await coming
        except asyncio.CancelledError:  # the server's time of grace is over
            self.transport.close()
            raise
        finally:
            late, self._late = self._late, None
            if not self.transport.is_closing():
                self._go_on(found, data, late or b"")

    def _go_on(self, found: Told | None, data: bytes, late: bytes) -> None:
        if found is None:
            self._parse(data)
        else:
            self._give(found)
        if self._leaves:
            self.shutdown()
        elif late:
            self.flow.resume_reading()
            self.data_received(late)

    def _give(self, found: Told) -> None:
        self.transport.writelines(found)
        self.server_state.total_requests += 1
        self._answered = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._keep_alive(self.timeout_keep_alive)

    def _is_free(self) -> bool:
        """Say whether the last answer is out, its reader keeps up, and the server is not full."""
        idle = self.cycle is None or self.cycle.response_complete
        full = len(self.connections) >= (self.limit_concurrency or 0) > 0
        return idle and not (full or self.flow.write_paused or self.transport.is_closing())

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection; one that was answered at once meanwhile is not idle yet."""
        left = self._answered + self.timeout_keep_alive - self.loop.time()
        if self._late is not None:
            self._keep_alive(self.timeout_keep_alive)
        elif left > 0:
            self._keep_alive(left)
        else:
            super().timeout_keep_alive_handler()

    def _keep_alive(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )

    def shutdown(self) -> None:
        """Close when the answer is out, without waiting for a client that does not say goodbye.

        Over TLS it has to; one that keeps silent would hold the server for its whole time of grace.
        """
        self._leaves = self._late is not None
        if self._leaves:  # when the answer is out
            return
        super().shutdown()
        if self.scheme == "https":
            self.loop.call_later(CLOSE_S, self._cut, False)

    def _cut(self, left: bool) -> None:
        """End the connection at the second look at which all was given to the system to send."""
        leaves = self.transport.is_closing() and not self.transport.get_write_buffer_size()
        if left and leaves:
            self.transport.abort()
        elif self in self.connections:
            self.loop.call_later(CLOSE_S, self._cut, leaves)

    def _look(self) -> None:
        idle = self.cycle is None or self.cycle.response_complete
        unfinished = idle and self._late is None and self.timeout_keep_alive_task is None
        if unfinished and self._waited is self.cycle:
            self._refuse(b"408 Request Timeout")
            return
        self._waited = self.cycle if unfinished else _NOT
        self._timer = self.loop.call_later(LOOK_S, self._look)

    def _refuse(self, status: bytes, body: bytes = b"") -> None:
        if not self.transport.is_closing():
            kind = [(b"content-type", b"application/problem+json")] if body else []
            lines = [b"%b: %b\r\n" % pair for pair in (*kind, *self._closing(len(body)))]
            self.transport.write(b"HTTP/1.1 %b\r\n%b\r\n%b" % (status, b"".join(lines), body))
            self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Refuse what cannot be read, most often an address with letters as they are.

        What was asked before it is answered first, or the refusal would be taken for that answer.
        """
        self._unread = True
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            self._refuse(b"400 Bad Request", _UNREAD)
        elif cycle.more_body and self.pipeline:  # its body cannot be read, and it is not begun
            self.pipeline.popleft()
        elif cycle.more_body:
            self._give_up(cycle)

    def _give_up(self, cycle: RequestResponseCycle) -> None:
        cycle.disconnected = True
        cycle.message_event.set()
        if cycle.response_started:
            self.transport.close()
        else:
            self._refuse(b"400 Bad Request", _UNREAD)

    def on_response_complete(self) -> None:
        """Go on with the next request; the last before one that cannot be read is the last."""
        last = not self.pipeline
        super().on_response_complete()
        if last and self._unread:
            self._refuse(b"400 Bad Request", _UNREAD)

    def _closing(self, size: int = 0) -> list[tuple[bytes, bytes]]:
        """Return the headers of an answer before any application, the last of its connection."""
        safe = headers.of("/api") + ((headers.HSTS,) if self.scheme == "https" else ())
        return [(b"connection", b"close"), (b"content-length", b"%d" % size), *safe]

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        busy: Any = self._busy
        self._running = cycle
        super()._start_asgi_task(cycle, busy if app is service_unavailable else app)

    async def _busy(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Refuse because too many others are served."""
        own = [*self._closing(), (b"retry-after", b"%d" % BUSY_S)]
        await send({"type": "http.response.start", "status": 503, "headers": own})
        await send({"type": "http.response.body", "body": b""})

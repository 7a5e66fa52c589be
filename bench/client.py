"""A client that costs little itself: one kept-alive connection, requests one after the other."""

import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Timing:
    """Times of answers over one connection."""

    median_ms: float
    p99_ms: float
    answers: int


class Client:
    """A connection to one server. Raises ValueError for an answer that is not 200."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or "127.0.0.1"
        self.socket = socket.create_connection((self.host, parts.port or 80), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.close()

    def get(self, target: str) -> bytes:
        """The body of one answer with a Content-Length; target is path and query."""
        self.socket.sendall(f"GET {target} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        length = self._length(head, target)
        parts = [body]
        missing = length - len(body)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return b"".join(parts)

    def _more(self) -> bytes:
        chunk = self.socket.recv(1 << 20)
        if not chunk:
            raise ValueError("the server closed the connection")
        return chunk

    def _length(self, head: bytes, target: str) -> int:
        status, *lines = head.decode("latin-1").split("\r\n")
        if " 200 " not in f"{status} ":
            raise ValueError(f"{target}: {status}")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        if "content-length" not in headers:
            raise ValueError(f"{target}: the answer is streamed, without a length")
        return int(headers["content-length"])

    def time(self, targets: Sequence[str], *, seconds: float) -> Timing:
        """Ask for the targets in turn for so long, at least once each."""
        times: list[float] = []
        end = time.perf_counter() + seconds
        while len(times) < len(targets) or time.perf_counter() < end:
            start = time.perf_counter()
            self.get(targets[len(times) % len(targets)])
            times.append(1000 * (time.perf_counter() - start))
        return Timing(statistics.median(times), statistics.quantiles(times, n=100)[98], len(times))

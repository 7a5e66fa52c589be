"""Clients that behave as no one should, over raw sockets, and who say what they were answered."""

import re
import socket
import struct
import zlib
from contextlib import suppress
from random import Random
from typing import NamedTuple

from tests.api.live import connected

ITEMS = "/api/collections/markers/items"
MANY = f"{ITEMS}?limit=300"
PATHS = (
    f"{ITEMS}/m.1", f"{ITEMS}/m.2", f"{ITEMS}/m.3?datetime=2020-01-01", ITEMS, f"{ITEMS}?limit=1",
    f"{ITEMS}?limit=2&f=json", f"{ITEMS}?bbox=107,12,108,13&limit=4", f"{ITEMS}?number=m%2E7", MANY,
    f"{ITEMS}/m.none", f"{ITEMS}?limit=0", f"{ITEMS}?colour=red", f"{ITEMS}?f=csv", "/api",
    "/api/collections/markers", "/api/nothing", "/health/live",
    f"http://moc.example{ITEMS}/m.1", f"{ITEMS}?limit=3&f=html",
)  # fmt: skip
LINES = (
    "accept: application/json", "accept: text/html", "accept:  \t*/*  ", "accept-language: en",
    "accept-language: vi, en;q=0.5", "accept-encoding: gzip", "accept-encoding: identity",
    "ACCEPT: application/geo+json", "if-none-match: *", 'if-none-match: "a", "b"',
    "cookie: a=b", "cookie: cotmoc-revision=1", "authorization: Bearer nobody",
    "range: bytes=0-9", "x-unheard-of: 1", "x-forwarded-for: 198.51.100.1", "origin: http://a.b",
    "expect: 100-continue", "connection: keep-alive", "user-agent: a", "sec-fetch-mode: cors",
    "user-agent: a\r\nuser-agent: b", "accept: text/html\r\naccept: application/json",
    "content-length: 4\r\n\r\nabcd", "connection: upgrade\r\nupgrade: h2c",
)  # fmt: skip
BAD = b"nonsense\r\n\r\n"
_STAMP = re.compile(rb'"?(timeStamp|requestId)"?:\s*"[^"]*"')
_OWN = (b"date", b"x-request-id")


class Asked(NamedTuple):
    """One request, and whether the connection ends with it."""

    raw: bytes
    head_only: bool
    ends: bool

    @property
    def unusual(self) -> bytes:
        """The same with one more line, which means nothing but makes it no plain request."""
        first, rest = self.raw.split(b"\r\n", 1)
        return first + b"\r\nx-alone: 1\r\n" + rest


class Said(NamedTuple):
    """An answer without what differs each time."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def request(rng: Random, *, last: bool = False) -> Asked:
    """Return any request; only a last one may end the connection."""
    method = rng.choice(("GET",) * 8 + ("HEAD", "POST"))
    target = "/api/session" if method == "POST" else rng.choice(PATHS)
    version = "1.0" if last and rng.random() < 0.3 else "1.1"
    lines = [f"host: {rng.choice(('moc.example', 'other.example:8080'))}"]
    body = ""
    if method == "POST":
        lines += ["content-type: application/json", "content-length: 2"]
        body = "{}"
    elif rng.random() < 0.5:
        more, _, body = rng.choice(LINES).partition("\r\n\r\n")
        lines.append(more)
        if last:  # it is answered, and the connection closed, before a body has come
            lines, body = [one for one in lines if not one.startswith("content-length")], ""
    if last and version == "1.1":
        lines.append("connection: close")
    raw = "\r\n".join([f"{method} {target} HTTP/{version}", *lines, "", body]).encode()
    return Asked(raw, method == "HEAD", last)


def said(link: socket.socket, left: bytearray, asked: Asked) -> Said:
    """Read the next answer, what is left of others first. Raises EOFError where it is cut."""
    head = _until(link, left, b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 1"):
        return said(link, left, asked)
    first, *lines = head.split(b"\r\n")
    headers = [(name, value) for name, _, value in (line.partition(b": ") for line in lines)]
    status = int(first.split()[1])
    told = dict(headers)
    body = b""
    if not asked.head_only and status not in (204, 304):
        body = _body(link, left, told)
    kind = told.get(b"content-encoding")
    if kind == b"gzip" and body:
        body = zlib.decompress(body, 31)
    varying = (*_OWN, b"content-length") if kind or asked.head_only else _OWN
    varying = (*varying, b"content-crs") if status == 304 else varying  # nothing has to say it
    kept = [(name, value) for name, value in headers if name not in varying]
    return Said(status, sorted(map(_alike, kept)), _STAMP.sub(b"", body))


def _alike(pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    name, value = pair
    return name, b", ".join(sorted(value.split(b", "))) if name == b"vary" else value


def _until(link: socket.socket, left: bytearray, mark: bytes) -> bytes:
    while mark not in left:
        _more(link, left)
    found, _, rest = bytes(left).partition(mark)
    left[:] = rest
    return found


def _exactly(link: socket.socket, left: bytearray, size: int) -> bytes:
    while len(left) < size:
        _more(link, left)
    found = bytes(left[:size])
    del left[:size]
    return found


def _more(link: socket.socket, left: bytearray) -> None:
    piece = link.recv(65_536)
    if not piece:
        raise EOFError(bytes(left[:200]))
    left += piece


def _body(link: socket.socket, left: bytearray, told: dict[bytes, bytes]) -> bytes:
    if told.get(b"transfer-encoding") != b"chunked":
        return _exactly(link, left, int(told[b"content-length"]))
    whole = b""
    while size := int(_until(link, left, b"\r\n"), 16):
        whole += _exactly(link, left, size)
        assert _exactly(link, left, 2) == b"\r\n"
    assert _exactly(link, left, 2) == b"\r\n"
    return whole


def alone(port: int, asked: Asked) -> Said:
    """What the application says to a request that comes by itself, the long way."""
    with connected(port) as link:
        link.sendall(asked.unusual)
        return said(link, bytearray(), asked)


def send(link: socket.socket, raw: bytes, how: str, rng: Random) -> None:
    """Send in one piece, in some, or each byte by itself."""
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if how == "together":
        link.sendall(raw)
        return
    cuts = range(1, len(raw)) if how == "bytes" else sorted(rng.sample(range(1, len(raw)), 4))
    for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True):
        link.sendall(raw[start:end])


def leave(link: socket.socket, *, reset: bool) -> None:
    """Go while answers are waited for, with or without a goodbye."""
    if reset:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with suppress(OSError):
        link.close()

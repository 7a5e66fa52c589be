"""Requests that differ from an earlier one in nothing but the address, read by their bytes.

What a client says under the first line of a request it says under that of the next. Lines that came
with a plain read are known, as the server read them then, and are not read again.
"""

from __future__ import annotations

import re
from typing import Any

from starlette.types import Scope

from api import trace
from api.links import PREFIX
from api.trace import Trace

RAW = "cotmoc.raw"  # key of the scope: the bytes of the request, where they came by themselves
MOST_RAW = 4_096  # bytes of a request that is heeded
KEPT = 1_000  # lines of that many clients
USUAL = {
    b"host", b"accept", b"accept-encoding", b"accept-language", b"user-agent", b"connection",
    b"cache-control", b"pragma", b"dnt", b"priority", b"referer", b"origin", b"if-none-match",
}  # fmt: skip
_TELLING = (b"origin", b"if-none-match")  # change the answer
_FIRST = re.compile(
    rb"GET (/api/collections/[a-z_]+/items(?:/[\w.~-]+)?)(?:\?([\w.~=&,:+%-]+))? HTTP/1\.1\r\n"
)
_SAME = ("type", "http_version", "method", "scheme", "server", "headers", "app", PREFIX)


def usual(scope: Scope) -> bool:
    """Say whether nothing is said but what every client says: who sends it does not matter."""
    return all(name in USUAL or name.startswith(b"sec-") for name, _ in scope["headers"])


class Lines:
    """The lines under the first that are known, and what they mean."""

    def __init__(self) -> None:
        self._known: dict[bytes, dict[str, Any]] = {}

    def learn(self, scope: Scope) -> None:
        """Remember the lines of a request for an item or items that was answered as a plain one."""
        raw: bytes = scope.get(RAW, b"")
        found = _FIRST.match(raw)
        if found is None or raw[found.end() :] in self._known or not _plain(scope):
            return
        if len(self._known) >= KEPT:
            self._known.pop(next(iter(self._known)))
        self._known[raw[found.end() :]] = {name: scope[name] for name in _SAME}

    def scope(self, raw: bytes) -> Scope | None:
        """Return the scope of a request whose lines are known, as it is within `api.forwarded`."""
        found = _FIRST.match(raw)
        known = self._known.get(raw[found.end() :]) if found else None
        if found is None or known is None:
            return None
        path, query = found.groups(b"")
        own = {"path": path.decode(), "raw_path": path, "query_string": query}
        return {**known, **own, RAW: raw, trace.KEY: Trace("")}


def _plain(scope: Scope) -> bool:
    if scope["scheme"] != "http":  # else the answer says so, see api.forwarded
        return False
    return usual(scope) and not any(name in _TELLING for name, _ in scope["headers"])

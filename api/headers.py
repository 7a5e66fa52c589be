"""Headers of answers, and those that each carries: what a page may load, who may frame it.

No script and no style runs but the app's own files and, on the pages of the API, their one style
sheet, known by its hash. Constant pairs, so that they cost an answer next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from api import html

Pairs: TypeAlias = tuple[tuple[bytes, bytes], ...]

_APP = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors {ancestors}"
)
_API = (
    "default-src 'none'; style-src '{style}'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_MAY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
_EMBED = re.compile(r"/partners/[^/]+/embed")
HSTS = (b"strict-transport-security", b"max-age=31536000")  # seconds: a year


def _pairs(policy: str) -> Pairs:
    return (
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"permissions-policy", _MAY.encode()),
        (b"cross-origin-opener-policy", b"same-origin"),
    )


_OF_APP = _pairs(_APP.format(ancestors="'self'"))
_OF_EMBED = _pairs(_APP.format(ancestors="*"))
_OF_API = _pairs(_API.format(style=html.STYLE_HASH))


def of(path: str) -> Pairs:
    """Return the headers for a path; any site may frame the page of a partner that is for it."""
    if path.startswith("/api"):
        return _OF_API
    return _OF_EMBED if path.endswith("/embed") and _EMBED.fullmatch(path) else _OF_APP


def lines(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return headers as they go over the wire."""
    return b"".join([b"%b: %b\r\n" % (name.lower(), value) for name, value in pairs])


class Head:
    """The headers of an answer, so that looking one up costs little; names are in lower case."""

    def __init__(self, given: Iterable[tuple[bytes, bytes]]) -> None:
        self.first: dict[bytes, bytes] = {}
        self._others: list[tuple[bytes, bytes]] = []  # that repeat a name
        for pair in given:
            if pair[0] in self.first:
                self._others.append(pair)
            else:
                self.first[pair[0]] = pair[1]

    @property
    def pairs(self) -> list[tuple[bytes, bytes]]:
        """All of them."""
        return [*self.first.items(), *self._others]

    def vary(self, names: tuple[str, ...]) -> None:
        """Say what else the answer depends on."""
        self.first[b"vary"] = _varied(self.first.get(b"vary", b""), names)


@lru_cache(100)
def _varied(known: bytes, names: tuple[str, ...]) -> bytes:
    told = [one.strip() for one in known.decode("latin-1").split(",") if known]
    heard = {one.lower() for one in told}
    return ", ".join([*told, *(one for one in names if one.lower() not in heard)]).encode()

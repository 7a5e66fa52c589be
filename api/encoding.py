"""Content codings: which one a client wants (RFC 9110, 12.5.3), and bytes in it."""

from __future__ import annotations

import sys
import zlib
from functools import lru_cache
from typing import Protocol

from api.negotiate import ranges

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FROM_BYTES = 1_000  # less is not worth it
# By measure on a page of 1,000 features (1.1 MB): gzip 1 takes 3.6 ms, 6 twice that; zstd 1 0.6 ms.
GZIP_LEVEL, ZSTD_LEVEL = 1, 1
GZIP_BEST, ZSTD_BEST = 9, 15  # for what is packed once and given often
_GZIP_WINDOW = 31  # zlib's number for the gzip format
_PACKED = (b"json", b"text/", b"xml", b"javascript", b"vnd.mapbox-vector-tile", b"wasm")


class Packer(Protocol):
    """Packs a stream piece by piece."""

    def compress(self, piece: bytes, /) -> bytes:
        """Return what is ready after one more piece."""

    def flush(self) -> bytes:
        """Return the rest."""


def packer(coding: str) -> Packer:
    """Return a packer for a stream in `coding`, zstd or gzip."""
    if coding == "zstd":
        return zstd.ZstdCompressor(level=ZSTD_LEVEL)
    return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)


def packed(body: bytes, coding: str) -> bytes:
    """Return a body in a coding, zstd or gzip."""
    made = packer(coding)
    return made.compress(body) + made.flush()


def packed_well(body: bytes, coding: str) -> bytes:
    """Return a body in a coding, zstd or gzip, as small as some tenths of a second make it."""
    if coding == "zstd":
        return zstd.compress(body, level=ZSTD_BEST)
    return zlib.compress(body, GZIP_BEST, _GZIP_WINDOW)


@lru_cache(100)
def shrinks(media: bytes) -> bool:
    """Say whether a media type is one of those that packing makes smaller."""
    essence = media.partition(b";")[0]
    return any(part in essence for part in _PACKED)


@lru_cache(1_000)
def wanted(header: bytes) -> str:
    """Return zstd, gzip or "" for none, as an Accept-Encoding header likes best."""
    liked = dict(ranges(header.decode("latin-1")))
    others = liked.get("*", 0.0)
    plain = liked.get("identity", others if "*" in liked else 0.0)
    best = max(("zstd", "gzip"), key=lambda name: liked.get(name, others))
    quality = liked.get(best, others)
    return best if quality > 0 and quality >= plain else ""

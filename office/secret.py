"""Secrets that we hand out: made at random, kept only as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets

BYTES = 32  # of randomness, so that a plain hash cannot be reversed
LENGTH = 43  # characters of that many bytes in base64
MARK = "cotmoc_"  # a token begins so, that one which was lost somewhere can be found


def new(prefix: str = "") -> str:
    """Return a new secret that fits into a URL, a header and a cookie."""
    return prefix + secrets.token_urlsafe(BYTES)


def digest(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def bound(secret: str, purpose: str) -> str:
    """Return another secret for a purpose that only who has this one can tell."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in a time that tells nothing of where two texts differ."""
    return hmac.compare_digest(one.encode(), other.encode())

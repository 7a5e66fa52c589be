"""Browsers that have signed in before: guesses from elsewhere do not lock them out.

Such a browser holds a text that only who knows the kept password could make, so that nothing is
stored; another password makes it worthless. After OWASP's "device cookies".
"""

from __future__ import annotations

import secrets

from office import secret

LASTS_S = 180 * 86_400  # seconds that a browser keeps it
LONGEST = 200  # characters
_BYTES = 16  # of randomness


def new(kept: str) -> str:
    """Return what a browser shall hold for an account with this hash of a password."""
    name = secrets.token_urlsafe(_BYTES)
    return f"{name}.{_proof(kept, name)}"


def name(kept: str | None, given: str | None) -> str | None:
    """Return which browser of an account shows this text, None if it is not one of them."""
    if kept is None or not given or len(given) > LONGEST:
        return None
    found, _, proof = given.partition(".")
    return found if secret.same(_proof(kept, found), proof) else None


def _proof(kept: str, found: str) -> str:
    return secret.bound(kept, f"device:{found}")

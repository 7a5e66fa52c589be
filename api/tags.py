"""Entity tags of features: `"state.form"`, where the state is what an edit is checked against.

The form tells apart the representations of one state: address, query, language, media type.
"""

from __future__ import annotations

import hashlib

from fastapi import Request

from api import links, negotiate

_CHOSEN_BY = (b"accept", b"accept-language")
VARY = ", ".join(negotiate.VARY)


def tag(request: Request, state: str, layer: str, feature_id: str) -> str:
    """Return the strong tag of a feature in this state, in the form that the request asks for.

    A request that writes is answered with the tag of the plain address.
    """
    reads = request.method in ("GET", "HEAD")
    query = request.scope["query_string"].decode("latin-1") if reads else ""
    parts = [request.app.version, links.base(request), layer, feature_id, query]
    parts += [negotiate.said(request.scope, name) for name in _CHOSEN_BY]
    form = hashlib.blake2b("\n".join(parts).encode(), digest_size=6).hexdigest()
    return f'"{state}.{form}"'


def named(header: str) -> list[str]:
    """Return the tags that an If-Match or If-None-Match header lists, as they are written."""
    return [part.strip() for part in header.split(",") if part.strip()]


def states(header: str) -> list[str]:
    """Return the states that the strong tags of an If-Match header name."""
    strong = [part.strip('"') for part in named(header) if part.startswith('"')]
    return [part.partition(".")[0] for part in strong]


def unchanged(request: Request, tag: str) -> bool:
    """Say whether the client holds this representation already."""
    held = [
        part.removeprefix("W/") for part in named(negotiate.said(request.scope, b"if-none-match"))
    ]
    return tag in held or held == ["*"]


def headers(request: Request, tag: str) -> dict[str, str]:
    """Return the headers of an answer that has a tag."""
    seconds = request.app.state.settings.cache_seconds
    kept = f"max-age={seconds}" if seconds else "no-cache"
    return {"etag": tag, "cache-control": kept, "vary": VARY}

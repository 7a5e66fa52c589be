"""Who may write: until there are accounts, only programs on the server's own machine.

The operator has to say so. A page of another site that the user's browser shows cannot, unless the
operator names that site: neither by its own address nor by a name that it lets point to this
machine.
"""

from __future__ import annotations

import ipaddress

from fastapi import Request

from api import links
from api.errors import NotAllowedError
from api.links import PREFIX

FLAG = "cotmoc serve --allow-anonymous-writes"
_OWN = (None, "same-origin", "none")  # values of Sec-Fetch-Site; other programs send none


def check(request: Request) -> None:
    """Let a writing request pass.

    Raises:
        NotAllowedError: it may not write; the detail says why.
    """
    why = refusal(request)
    if why:
        raise NotAllowedError(why, allowed=[FLAG])


def refusal(request: Request) -> str | None:
    """Return why a request may not write, or None if it may."""
    if not request.app.state.settings.allow_anonymous_writes:
        return f"Writing needs an account; until there are any, start with {FLAG}"
    client = request.client.host if request.client else ""
    if not loopback(client) or not loopback(request.url.hostname or ""):
        return "Without accounts only this machine may write, by an address such as 127.0.0.1"
    origin = request.headers.get("origin")
    if origin is not None and origin in request.app.state.settings.cors_origins:
        return None
    if request.headers.get("sec-fetch-site") not in _OWN or origin not in (None, _own(request)):
        return "A page of another site may not write"
    return None


def _own(request: Request) -> str:
    return links.root(request).removesuffix(str(request.scope.get(PREFIX, "")))


def loopback(host: str) -> bool:
    """Say whether a host name or address is that of this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"

"""Who may write: until there are accounts, only programs on the server's own machine.

The operator has to say so. A page of another site that the user's browser shows cannot, unless the
operator names that site: neither by its own address nor by a name that it lets point to this
machine.
"""

from __future__ import annotations

import ipaddress

from fastapi import Request

from api import actors, links
from api.actors import COOKIE
from api.errors import NotAllowedError
from api.links import PREFIX
from office import secret, sessions
from office.errors import ForgedError
from office.tokens import Scope

FLAG = "cotmoc serve --allow-anonymous-writes"
TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105
_SAFE = ("GET", "HEAD", "OPTIONS")
_OWN = (None, "same-origin", "none")  # values of Sec-Fetch-Site; other programs send none


async def check_change(request: Request) -> None:
    """Let a change on if our own page sends the session's token, or an API token is good for it.

    Raises:
        ForgedError: a page of another site may have sent it.
        BadTokenError: the API token is no good.
        NotAllowedError: it is good for reading only.
    """
    if request.method in _SAFE:
        return
    token = request.cookies.get(COOKIE)
    given = request.headers.get(TOKEN_HEADER, "")
    if token is not None and not secret.same(given, sessions.csrf(token)):
        raise ForgedError(f"A change needs {TOKEN_HEADER} from GET /api/session")
    actor = await actors.actor_soon(request)
    if actor.scopes is not None and Scope.WRITE not in actor.scopes:
        raise NotAllowedError("The token is good for reading only")


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

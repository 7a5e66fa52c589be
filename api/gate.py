"""Who may write: people with an account as office.can says, and programs on the server's machine.

For the latter the operator has to say so. A page of another site that the user's browser shows
cannot, unless the operator names that site: neither by its own address nor by a name that it lets
point to this machine.
"""

import ipaddress
from collections.abc import Sequence

from fastapi import Request
from sqlalchemy import Connection

from api import actors, links
from api.actors import COOKIE
from api.deps import Actor, LayerDep
from api.errors import NotAllowedError, refused
from api.links import PREFIX
from geo.change import Permit
from geo.schema import Layer
from geo.types import Row
from office import actor as office
from office import permits, secret, sessions
from office.actor import ANONYMOUS
from office.can import Action, Refusal, Thing, can
from office.errors import ForgedError
from office.tokens import Scope

FLAG = "cotmoc serve --allow-anonymous-writes"
TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105
_SAFE = ("GET", "HEAD", "OPTIONS")
_METHODS = {
    "POST": Action.CREATE,
    "PUT": Action.EDIT,
    "PATCH": Action.EDIT,
    "DELETE": Action.RETIRE,
}
# What programs on this machine may do without an account, where the operator allows it.
_OPEN = (
    Action.CREATE, Action.EDIT, Action.RETIRE, Action.IMPORT, Action.UNDO, Action.READ_HISTORY,
)  # fmt: skip
_OWN = (None, "same-origin", "none")  # values of Sec-Fetch-Site; other programs send none


def may_write(request: Request, layer: LayerDep, actor: Actor) -> Permit | None:
    """Let a request on that may write some rows of a layer; return what is asked of each row.

    Raises:
        SignInNeededError: nobody says who asks, and the operator allows it to nobody.
        SecondFactorNeededError: it takes the second factor.
        NotAllowedError: he may not; the detail says why.
    """
    if actor is ANONYMOUS and request.app.state.settings.allow_anonymous_writes:
        check(request)
        return None
    refusal = can(actor, _METHODS[request.method], Thing(layer))
    if refusal:
        raise refused(refusal)
    return permit_of(request, actor)


def may_read_history(request: Request, actor: Actor) -> None:
    """Let a request on that may read what was changed, as far as the reader sees the rows.

    Raises:
        SignInNeededError, SecondFactorNeededError, NotAllowedError: as of `may_write`.
    """
    _may(request, actor, Action.READ_HISTORY)


def may_undo(request: Request, actor: Actor) -> Permit | None:
    """Let a request on that may undo some changes; return what is asked of each row.

    Raises:
        SignInNeededError, SecondFactorNeededError, NotAllowedError: as of `may_write`.
    """
    _may(request, actor, Action.READ_HISTORY)
    return permit_of(request, actor) if _may(request, actor, Action.UNDO) else None


def _may(request: Request, actor: office.Actor, action: Action) -> bool:
    """Say whether somebody with an account may do something; programs on this machine may."""
    if actor is ANONYMOUS and request.app.state.settings.allow_anonymous_writes:
        check(request)
        return False
    refusal = can(actor, action)
    if refusal:
        raise refused(refusal)
    return True


def permit_of(request: Request, actor: office.Actor, instead: Action | None = None) -> Permit:
    """Return what is asked of each row: may the actor do what is done to it, or this instead."""
    asked = permits.refusals(actor, request.app.state.register.units, instead=instead)

    def permit(
        conn: Connection, layer: Layer, action: str, versions: Sequence[Row], guarded: bool
    ) -> None:
        refusal = asked(conn, layer, action, versions, guarded)
        if refusal:
            raise refused(refusal)

    return permit


def writes(request: Request, layer: Layer, actor: office.Actor) -> bool:
    """Say whether somebody may write some rows of a layer, or propose to."""
    if actor is ANONYMOUS and request.app.state.settings.allow_anonymous_writes:
        return refusal(request) is None
    return can(actor, Action.EDIT, Thing(layer)) in (None, Refusal.PROPOSAL)


def allowed(request: Request, actor: office.Actor) -> list[str]:
    """Return what somebody may do, were it only in some row."""
    open_to_all = actor is ANONYMOUS and refusal(request) is None
    more = _OPEN if open_to_all else ()
    return sorted({*more, *(one for one in Action if can(actor, one) is None)})


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
        raise refused(Refusal.SCOPE)


def check(request: Request) -> None:
    """Let a program on this machine change something without an account.

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

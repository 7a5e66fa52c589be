"""Who asks: by the cookie of a session, by a token, or nobody."""

from contextlib import suppress
from threading import Lock

from fastapi import FastAPI, Request, Response
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from api import trace
from api.links import PREFIX
from api.settings import Settings
from geo import outcome
from geo.errors import StoreError
from geo.store import Target
from office import database, devices, oidc, second_factor, sessions, tokens
from office.actor import ANONYMOUS, Actor
from office.clock import DAY
from office.errors import BadTokenError
from office.events import By
from office.sessions import Lifetime, Session

COOKIE = "cotmoc-session"
DEVICE = "cotmoc-device"
_ACTOR, _SESSION = "cotmoc.actor", "cotmoc.session"  # keys of the scope
_COOKIE = f"{COOKIE}=".encode()
_SCHEME = "bearer "
_opening = Lock()


def place(settings: Settings) -> Target:
    """Return where the private database lies."""
    return settings.office or database.beside(settings.store)


def open_office(app: FastAPI) -> Engine:
    """Return the private database of a server, opened when it is first asked for.

    Raises:
        StoreError: it cannot be used.
    """
    with _opening:
        if app.state.office is None:
            settings: Settings = app.state.settings
            opened = database.open_office(place(settings), key=settings.office_key)
            _check_key(opened)
            app.state.office = opened
    found: Engine = app.state.office
    return found


def _check_key(office: Engine) -> None:
    try:
        with office.connect() as conn:
            second_factor.check_key(conn)
    except BaseException:
        office.dispose()
        raise


def provider(settings: Settings) -> oidc.Client | None:
    """Return what speaks with the identity provider of the settings, if one is named.

    Raises:
        BadInputError: the settings say something of roles that cannot be.
    """
    if not settings.oidc_issuer:
        return None
    about = oidc.Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        scope=settings.oidc_scope,
        groups_claim=settings.oidc_groups_claim,
        grants=oidc.grants(settings.oidc_roles),
        second_factor=frozenset(settings.oidc_second_factor),
    )
    return oidc.Client(about)


def office_of(request: Request) -> Engine:
    """Return the private database. Raises StoreError."""
    return open_office(request.app)


def lifetime(request: Request) -> Lifetime:
    """Return how long sessions last here."""
    settings: Settings = request.app.state.settings
    return Lifetime(settings.session_idle_s, settings.session_whole_s)


def address(request: Request) -> str | None:
    """Return the address of the client."""
    return request.client.host if request.client else None


def by(request: Request, actor: str) -> By:
    """Return who does something, for the log of accounts."""
    return By(actor, address(request))


def has_credentials(scope: Scope) -> bool:
    """Say whether a request may come from somebody we know; costs next to nothing."""
    return any(
        name == b"authorization" or (name == b"cookie" and _COOKIE in value)
        for name, value in scope["headers"]
    )


def session_of(request: Request) -> Session | None:
    """Return the session that the cookie names, if it holds. Raises StoreError."""
    if _SESSION not in request.scope:
        request.scope[_SESSION] = _session(request)
    found: Session | None = request.scope[_SESSION]
    if found is not None:
        trace.of(request.scope).actor = found.person.id
    return found


def _session(request: Request) -> Session | None:
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    office = office_of(request)
    with office.connect() as conn:
        found = sessions.find(conn, token, lifetime(request))
    if found is not None and found.is_stale:
        # A database that is full or busy lets nobody be put out.
        with suppress(StoreError), outcome.aside(), database.writing(office) as conn:
            sessions.touch(conn, found)
    return found


def actor_of(request: Request) -> Actor:
    """Return who asks.

    Raises:
        BadTokenError: a token came with the request, and is no good.
        StoreError: the private database cannot be read.
    """
    if not has_credentials(request.scope):
        return ANONYMOUS
    if _ACTOR not in request.scope:
        request.scope[_ACTOR] = _actor(request)
    found: Actor = request.scope[_ACTOR]
    trace.of(request.scope).actor = "" if found is ANONYMOUS else found.id
    return found


async def actor_soon(request: Request) -> Actor:
    """Return who asks, without a thread where nobody says so."""
    if not has_credentials(request.scope):
        return ANONYMOUS
    return await run_in_threadpool(actor_of, request)


def _actor(request: Request) -> Actor:
    session = session_of(request)
    if session is not None:
        return session.person.acting("session", second_factor=session.second_factor)
    given = request.headers.get("authorization", "")
    if not given.lower().startswith(_SCHEME):
        return ANONYMOUS
    return _by_token(request, given[len(_SCHEME) :].strip())


def _by_token(request: Request, token: str) -> Actor:
    office = office_of(request)
    with office.connect() as conn:
        days = request.app.state.settings.oidc_tokens_days
        found = tokens.actor(conn, token, outside_s=days * DAY)
    if found is None:
        raise BadTokenError("The token is unknown, has expired, was revoked or waits for a sign-in")
    actor, is_stale = found
    if is_stale:
        with suppress(StoreError), outcome.aside(), database.writing(office) as conn:
            tokens.touch(conn, token)
    return actor


def keep(request: Request, answer: Response, token: str) -> Response:
    """Give the browser the secret of a session; no script can read it."""
    answer.set_cookie(
        COOKIE,
        token,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path=_path(request),
    )
    return answer


def remember(request: Request, answer: Response, device: str | None) -> Response:
    """Let the browser show later that it has signed in before; that alone lets nobody in."""
    if device is not None:
        answer.set_cookie(
            DEVICE,
            device,
            max_age=devices.LASTS_S,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
            path=f"{_path(request)}api/session",
        )
    return answer


def forget(request: Request, answer: Response) -> Response:
    """Let the browser drop the secret of a session."""
    secure = request.url.scheme == "https"
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=secure, path=_path(request))
    return answer


def _path(request: Request) -> str:
    return f"{request.scope.get(PREFIX, '')}/"

"""What routes about accounts ask for: a session, one with its second factor, an administrator's."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import JSONResponse, Response

from api import actors, gate
from api.errors import NotAllowedError
from geo.errors import NotFoundError
from geo.vocabulary import Classification
from office import people, sessions
from office.actor import ANONYMOUS, Actor, Role
from office.can import acting_role
from office.errors import SecondFactorNeededError, SignInNeededError
from office.sessions import Session
from office.sights import SHOWN

PRIVATE = {"cache-control": "no-store"}


def _signed(request: Request) -> Session:
    found = actors.session_of(request)
    if found is None:
        raise SignInNeededError("Sign in first; a token does not do here")
    return found


def _proved(session: Annotated[Session, Depends(_signed)]) -> Session:
    """Let on whoever has no second factor, or has shown it."""
    if session.person.has_second_factor and not session.second_factor:
        raise SecondFactorNeededError("Show the second factor first")
    return session


def _admin(session: Annotated[Session, Depends(_signed)]) -> Session:
    if session.person.role is not Role.ADMIN:
        raise NotAllowedError("Only an administrator may do this")
    if not session.second_factor:
        raise SecondFactorNeededError("Show the second factor first")
    return session


Signed = Annotated[Session, Depends(_signed)]
Proved = Annotated[Session, Depends(_proved)]
Admin = Annotated[Session, Depends(_admin)]


def private(document: Any, status: int = 200) -> JSONResponse:
    """Return a document that nobody keeps."""
    return JSONResponse(document, status, PRIVATE)


def nothing() -> Response:
    """Return an answer without a document."""
    return Response(status_code=204, headers=PRIVATE)


def state(session: Session) -> str:
    """Say how it stands with the second factor of a session."""
    if not session.person.needs_second_factor:
        return "not_needed"
    if session.second_factor:
        return "shown"
    return "needed" if session.person.has_second_factor else "to_enrol"


def about(request: Request, token: str | None) -> dict[str, Any]:
    """Return who is signed in by a secret, and what his pages need to know.

    Raises:
        NotFoundError: the secret was good a moment ago, and is not now.
    """
    ways = {"password": True, "oidc": request.app.state.oidc is not None}
    if token is None:
        nobody = {"user": None, "second_factor": "not_needed", "csrf": None, "sign_in": ways}
        return nobody | _rights(request, ANONYMOUS)
    with actors.office_of(request).connect() as conn:
        session = sessions.find(conn, token, actors.lifetime(request))
    if session is None:
        raise NotFoundError("The session has ended")
    return {
        "user": user(session.person) | {"acts_as": acts_as(session)},
        "second_factor": state(session),
        "csrf": sessions.csrf(token),
        "sign_in": ways,
    } | _rights(request, _acting(session))


def _rights(request: Request, actor: Actor) -> dict[str, Any]:
    """Return what somebody may do, and the least open of what he is shown."""
    sees = max(SHOWN[acting_role(actor)], key=list(Classification).index)
    return {"may": gate.allowed(request, actor), "sees": sees.value}


def acts_as(session: Session) -> str:
    """Return the role that a session has now."""
    return _acting(session).role.value


def _acting(session: Session) -> Actor:
    return session.person.acting("session", second_factor=session.second_factor)


def user(person: people.Person) -> dict[str, Any]:
    """Return an account as a document."""
    return {
        "id": person.id,
        "login": person.login,
        "name": person.name,
        "role": person.role.value,
        "provinces": sorted(person.provinces),
        "active": person.active,
        "has_password": person.has_password,
        "has_second_factor": person.has_second_factor,
        "created_at": person.created_at,
        "mail": person.mail,
    }

"""The session: who is signed in, signing in, the second factor, signing out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api import actors, signed
from api.bodies import Body, Line, Secret, body
from api.deps import Office
from api.signed import Signed
from office import signing_in

router = APIRouter(prefix="/api/session", tags=["session"])


class SignIn(Body):
    """How a person signs in."""

    login: Line
    password: Secret


class Code(Body):
    """A code of the authenticator, or one for recovery."""

    code: Line


@router.get("")
def get_session(request: Request) -> Response:
    """Return who is signed in, and the token that changes need beside the cookie."""
    found = actors.session_of(request)
    token = request.cookies.get(actors.COOKIE) if found else None
    answer = signed.private(signed.about(request, token))
    if found is None and actors.COOKIE in request.cookies:
        actors.forget(request, answer)
    return answer


@router.post("")
def sign_in(
    request: Request, office: Office, given: Annotated[SignIn, Depends(body(SignIn))]
) -> Response:
    """Begin a session by name and password; its secret comes as a cookie."""
    device = request.cookies.get(actors.DEVICE)
    token = signing_in.sign_in(
        office,
        given.login,
        given.password,
        address=actors.address(request),
        lifetime=actors.lifetime(request),
        instead_of=actors.session_of(request),
        device=device,
    )
    answer = actors.keep(request, signed.private(signed.about(request, token)), token)
    return actors.remember(request, answer, signing_in.remembered(office, given.login, device))


@router.delete("", status_code=204)
def sign_out(
    request: Request,
    office: Office,
    session: Signed,
    everywhere: Annotated[bool, Query(description="end every session of the account")] = False,
) -> Response:
    """End the session, or every one of the account."""
    by = actors.by(request, session.person.login)
    signing_in.sign_out(office, session, by, everywhere=everywhere)
    return actors.forget(request, signed.nothing())


@router.post("/second-factor")
def show_second_factor(
    request: Request,
    office: Office,
    session: Signed,
    given: Annotated[Code, Depends(body(Code))],
) -> Response:
    """Show the second factor; the session goes on under a new secret."""
    by = actors.by(request, session.person.login)
    token = signing_in.show_second_factor(office, session, given.code, by)
    return actors.keep(request, signed.private(signed.about(request, token)), token)

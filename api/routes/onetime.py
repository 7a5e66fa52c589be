"""One-time links: what one is for, and using it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api import actors, signed
from api.bodies import Body, Line, Secret, body
from api.deps import Office
from api.routes.admin import told
from office import invitations
from office.database import writing

router = APIRouter(prefix="/api/links", tags=["session"])


class Acceptance(Body):
    """The password, and who the person is where the link does not say so."""

    password: Secret
    login: Line | None = None
    name: Line | None = None


@router.get("/{token}")
def get_link(office: Office, token: str) -> Response:
    """Return what a one-time link is for."""
    with office.connect() as conn:
        link = invitations.look(conn, token)
    return signed.private(told(link))


@router.post("/{token}", status_code=201)
def use_link(
    request: Request,
    office: Office,
    token: str,
    given: Annotated[Acceptance, Depends(body(Acceptance))],
) -> Response:
    """Set a password by a one-time link; an invitation makes the account. Then sign in."""
    with writing(office) as conn:
        person = invitations.use(conn, token, address=actors.address(request), **given.model_dump())
    return signed.private({"login": person.login}, 201)

"""The accounts of others: users, invitations, and what was done to them."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from api import actors, links, mailing, signed
from api.bodies import Body, Line, body
from api.deps import Office, RegisterDep
from api.signed import Admin
from geo.errors import BadInputError
from geo.register import Register
from office import administering, events, invitations, people
from office.actor import Role
from office.database import writing
from office.invitations import Link
from office.mail import MOST

router = APIRouter(prefix="/api/admin", tags=["admin"])
ROLES = [role.value for role in Role if role is not Role.ANONYMOUS]
PAGE = "/link"  # of the web app; the secret stands after the #, which no server sees


def _held(role: Role) -> Role:
    if role is Role.ANONYMOUS:
        raise ValueError("nobody is given this role")
    return role


Held = Annotated[Role, AfterValidator(_held), WithJsonSchema({"type": "string", "enum": ROLES})]
Mail = Annotated[str, StringConstraints(max_length=MOST)]  # empty for none
Provinces = Annotated[tuple[Line, ...], Field(max_length=100)]


class Changes(Body):
    """What changes about an account; what is absent stays."""

    name: Line | None = None
    role: Held | None = None
    provinces: Provinces | None = None
    active: bool | None = None
    mail: Mail | None = None


class Invitation(Body):
    """Whom to invite, as what; without a login the invited person chooses one."""

    role: Held
    provinces: Provinces = ()
    login: Line | None = None
    name: Line | None = None
    mail: Mail | None = None


@router.get("/users")
def list_users(office: Office, _admin: Admin) -> Response:
    """Return every account."""
    with office.connect() as conn:
        return signed.private({"users": [signed.user(one) for one in people.everybody(conn)]})


@router.patch("/users/{user_id}")
def change_user(
    request: Request,
    office: Office,
    register: RegisterDep,
    admin: Admin,
    user_id: str,
    given: Annotated[Changes, Depends(body(Changes))],
) -> Response:
    """Change an account; its sessions end with what it may be."""
    checked(register, given.provinces or ())
    by = actors.by(request, admin.person.login)
    with writing(office) as conn:
        changed = administering.change(conn, by, user_id, **given.model_dump(exclude_none=True))
    return signed.private(signed.user(changed))


@router.post("/users/{user_id}/reset", status_code=201)
def make_reset_link(request: Request, office: Office, admin: Admin, user_id: str) -> Response:
    """Make a link that sets a new password for an account; it is shown this once, and mailed."""
    by = actors.by(request, admin.person.login)
    with writing(office) as conn:
        token = invitations.reset(conn, by, user_id)
        person = people.get(conn, user_id)
    link, to = address(request, token), people.address_of(person)
    sent = mailing.send(request, link, to=to, name=person.name, about=mailing.RESET)
    return signed.private({"link": link, "mail": sent}, 201)


@router.delete("/users/{user_id}/second-factor", status_code=204)
def reset_second_factor(request: Request, office: Office, admin: Admin, user_id: str) -> Response:
    """Take the second factor off an account whose owner has lost it."""
    by = actors.by(request, admin.person.login)
    with writing(office) as conn:
        administering.remove_second_factor(conn, by, user_id)
    return signed.nothing()


@router.get("/invitations")
def list_invitations(office: Office, _admin: Admin) -> Response:
    """Return the invitations that can still be used, without their secrets."""
    with office.connect() as conn:
        found = invitations.open_invitations(conn)
    return signed.private({"invitations": [told(one) for one in found]})


@router.post("/invitations", status_code=201)
def invite(
    request: Request,
    office: Office,
    register: RegisterDep,
    admin: Admin,
    given: Annotated[Invitation, Depends(body(Invitation))],
) -> Response:
    """Invite a person; the link is shown this once, and mailed where an address is given."""
    checked(register, given.provinces)
    by = actors.by(request, admin.person.login)
    with writing(office) as conn:
        made, token = invitations.invite(conn, by, **given.model_dump())
    link, to, name = address(request, token), given.mail or None, given.name or given.login or ""
    sent = mailing.send(request, link, to=to, name=name, about=mailing.INVITED)
    return signed.private({"id": made, "link": link, "mail": sent}, 201)


@router.delete("/invitations/{invitation_id}", status_code=204)
def revoke_invitation(
    request: Request, office: Office, admin: Admin, invitation_id: str
) -> Response:
    """Take an invitation back."""
    with writing(office) as conn:
        invitations.revoke(conn, actors.by(request, admin.person.login), invitation_id)
    return signed.nothing()


@router.get("/events")
def list_events(office: Office, _admin: Admin) -> Response:
    """Return what was done to accounts and sessions, the newest first."""
    with office.connect() as conn:
        return signed.private({"events": [one._asdict() for one in events.latest(conn)]})


def address(request: Request, token: str) -> str:
    """Return the address of a one-time link as a person opens it."""
    return f"{links.root(request)}{PAGE}#{token}"


def told(link: Link) -> dict[str, Any]:
    """Return a one-time link as a document, without its secret."""
    return {
        "id": link.id,
        "purpose": link.purpose.value,
        "login": link.login,
        "name": link.name,
        "role": link.role and link.role.value,
        "provinces": sorted(link.provinces),
        "mail": link.mail,
        "created_by": link.created_by,
        "expires_at": link.expires_at,
    }


def checked(register: Register, provinces: Iterable[str]) -> tuple[str, ...]:
    """Return ids of units that the register knows. Raises BadInputError."""
    found = tuple(provinces)
    for one in found:
        if one not in register.units.by_id:
            raise BadInputError("There is no such unit", parameter="provinces", value=one)
    return found

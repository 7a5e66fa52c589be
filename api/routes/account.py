"""A person's own account: password, second factor, tokens."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, StringConstraints

from api import actors, signed
from api.bodies import Body, Line, Secret, body
from api.deps import Office
from api.signed import Proved, Signed
from office import events, second_factor, signing_in, tokens
from office.clock import DAY
from office.database import writing
from office.events import Kind
from office.mail import MOST
from office.tokens import Scope, Token

router = APIRouter(prefix="/api/account", tags=["account"])


class NewPassword(Body):
    """The password that was and the one that will be."""

    current: Secret
    new: Secret


class NewMail(Body):
    """Where mail to the person goes, empty for nowhere, and the password of whoever has one."""

    mail: Annotated[str, StringConstraints(max_length=MOST)]
    password: Secret | None = None


class Proof(Body):
    """The password, from whoever has one."""

    password: Secret | None = None


class Removal(Proof):
    """The password and a code."""

    code: Line


class Code(Body):
    """A code of the authenticator."""

    code: Line


class NewToken(Body):
    """What a token is to be good for, and for how long."""

    name: Line
    scopes: Annotated[tuple[Scope, ...], Field(max_length=len(Scope))] = (Scope.READ,)
    days: Annotated[int, Field(ge=1, le=tokens.MOST_DAYS)] = 90


@router.put("/password", status_code=204)
def set_password(
    request: Request,
    office: Office,
    session: Proved,
    given: Annotated[NewPassword, Depends(body(NewPassword))],
) -> Response:
    """Set a new password; every other session of the account ends."""
    signing_in.prove(office, session, given.current)
    by = actors.by(request, session.person.login)
    token = signing_in.change_password(office, session, given.new, by)
    return actors.keep(request, signed.nothing(), token)


@router.put("/mail", status_code=204)
def set_mail(
    request: Request,
    office: Office,
    session: Proved,
    given: Annotated[NewMail, Depends(body(NewMail))],
) -> Response:
    """Set the address that reminders and links for a new password go to."""
    signing_in.prove(office, session, given.password)
    signing_in.set_mail(office, session, given.mail, actors.by(request, session.person.login))
    return signed.nothing()


@router.post("/second-factor")
def begin_second_factor(
    office: Office, session: Signed, given: Annotated[Proof, Depends(body(Proof))]
) -> Response:
    """Make the secret of a second factor: as text, as an address and as an image."""
    signing_in.prove(office, session, given.password)
    with writing(office) as conn:
        made = second_factor.begin(conn, session.person)
    return signed.private(made._asdict())


@router.put("/second-factor")
def confirm_second_factor(
    request: Request, office: Office, session: Signed, given: Annotated[Code, Depends(body(Code))]
) -> Response:
    """Make the new second factor count; the recovery codes are shown this once."""
    by = actors.by(request, session.person.login)
    token, codes = signing_in.confirm_second_factor(office, session, given.code, by)
    about = signed.about(request, token) | {"recovery_codes": codes}
    return actors.keep(request, signed.private(about), token)


@router.post("/second-factor/removal", status_code=204)
def remove_second_factor(
    request: Request,
    office: Office,
    session: Proved,
    given: Annotated[Removal, Depends(body(Removal))],
) -> Response:
    """Take the second factor off the account, by password and a code; every session ends."""
    signing_in.prove(office, session, given.password)
    by = actors.by(request, session.person.login)
    signing_in.remove_second_factor(office, session, given.code, by)
    return actors.forget(request, signed.nothing())


@router.get("/tokens")
def list_tokens(request: Request, office: Office, session: Signed) -> Response:
    """Return the tokens of the account, without their secrets.

    Those of who signs in at the identity provider are good until `good_until`, unless he does so
    again before.
    """
    days = request.app.state.settings.oidc_tokens_days
    with office.connect() as conn:
        found = tokens.of(conn, session.person.id)
    until = tokens.good_until(session.person, days * DAY)
    return signed.private({"tokens": [_token(one) for one in found], "good_until": until})


@router.post("/tokens", status_code=201)
def make_token(
    request: Request,
    office: Office,
    session: Proved,
    given: Annotated[NewToken, Depends(body(NewToken))],
) -> Response:
    """Make a token; its secret is shown this once."""
    person = session.person
    actor = person.acting("session", second_factor=session.second_factor)
    with writing(office) as conn:
        made, secret = tokens.make(
            conn, actor, name=given.name, scopes=frozenset(given.scopes), days=given.days
        )
        by = actors.by(request, person.login)
        events.note(conn, Kind.TOKEN_MADE, by, person.id, token=made, scopes=given.scopes)
        (told,) = [_token(one) for one in tokens.of(conn, person.id) if one.id == made]
    return signed.private(told | {"token": secret}, 201)


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(request: Request, office: Office, session: Proved, token_id: str) -> Response:
    """Take a token back."""
    by = actors.by(request, session.person.login)
    with writing(office) as conn:
        tokens.revoke(conn, session.person.id, token_id)
        events.note(conn, Kind.TOKEN_REVOKED, by, session.person.id, token=token_id)
    return signed.nothing()


def _token(one: Token) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "scopes": sorted(one.scopes),
        "created_at": one.created_at,
        "expires_at": one.expires_at,
        "used_at": one.used_at,
    }

"""How the operations on sessions and accounts are told."""

from __future__ import annotations

from api import mailing
from api.openapi.schemas import COUNT, FLAG, TEXT, Schema, many, maybe, ref, shape
from api.openapi.told import Told
from api.routes import account, admin, onetime, session
from geo.vocabulary import Classification
from office.actor import ROLES
from office.can import Action

_ROLE: Schema = {"type": "string", "enum": admin.ROLES}
_SECOND: Schema = {"type": "string", "enum": ["not_needed", "to_enrol", "needed", "shown"]}
_MAILED: Schema = {"type": "string", "enum": list(mailing.OUTCOMES)}
_USER = {
    "id": TEXT, "login": TEXT, "name": TEXT, "role": _ROLE, "provinces": many(TEXT),
    "active": FLAG, "has_password": FLAG, "has_second_factor": FLAG, "created_at": COUNT,
    "mail": maybe(TEXT),
}  # fmt: skip
_TOKEN = {
    "id": TEXT, "name": TEXT, "scopes": many(TEXT), "created_at": COUNT, "expires_at": COUNT,
    "used_at": maybe(COUNT),
}  # fmt: skip
_SESSION = {
    "user": maybe(ref("SignedIn")),
    "second_factor": _SECOND,
    "csrf": maybe(TEXT),
    "sign_in": shape({"password": FLAG, "oidc": FLAG}),
    "may": many({"type": "string", "enum": sorted(Action)}),
    "sees": {"type": "string", "enum": [*Classification]},
}
_LINK = {
    "id": TEXT, "purpose": {"type": "string", "enum": ["invitation", "first_admin", "reset"]},
    "login": maybe(TEXT), "name": maybe(TEXT), "role": maybe(TEXT), "provinces": many(TEXT),
    "mail": maybe(TEXT), "created_by": TEXT, "expires_at": COUNT,
}  # fmt: skip
_EVENT = {
    "at": COUNT, "kind": TEXT, "actor": TEXT, "account_id": maybe(TEXT), "address": maybe(TEXT),
    "detail": {"type": "object"},
}  # fmt: skip
SCHEMAS: dict[str, Schema] = {
    "User": shape(_USER),
    "SignedIn": shape({**_USER, "acts_as": {**_ROLE, "enum": [*ROLES]}}),
    "Session": shape(_SESSION),
    "ApiToken": shape(_TOKEN),
    "OneTimeLink": shape(_LINK),
}
_OWN = (401,)  # of the person's own account
_TRIED = (401, 429)  # counted against the person
_ONE = (401, 404)

TOLD: dict[str, Told] = {
    "get_session": Told(answer=ref("Session"), changes=False),
    "sign_in": Told(answer=ref("Session"), bad=_TRIED, body=session.SignIn),
    "sign_out": Told(204, bad=_OWN),
    "show_second_factor": Told(answer=ref("Session"), bad=_TRIED, body=session.Code),
    "set_password": Told(204, bad=_TRIED, body=account.NewPassword),
    "set_mail": Told(204, bad=_TRIED, body=account.NewMail),
    "begin_second_factor": Told(
        answer=shape({"secret": TEXT, "uri": TEXT, "qr": TEXT}),
        bad=(*_TRIED, 409),
        body=account.Proof,
    ),
    "confirm_second_factor": Told(
        answer=shape({**_SESSION, "recovery_codes": many(TEXT)}), bad=_TRIED, body=account.Code
    ),
    "remove_second_factor": Told(204, bad=_TRIED, body=account.Removal),
    "list_tokens": Told(
        answer=shape({"tokens": many(ref("ApiToken")), "good_until": maybe(COUNT)}),
        bad=_OWN,
        changes=False,
    ),
    "make_token": Told(201, shape({**_TOKEN, "token": TEXT}), _OWN, account.NewToken),
    "revoke_token": Told(204, bad=_ONE),
    "list_users": Told(answer=shape({"users": many(ref("User"))}), bad=_OWN),
    "change_user": Told(answer=ref("User"), bad=(*_ONE, 409), body=admin.Changes),
    "make_reset_link": Told(201, shape({"link": TEXT, "mail": _MAILED}), (*_ONE, 409)),
    "reset_second_factor": Told(204, bad=_ONE),
    "list_invitations": Told(answer=shape({"invitations": many(ref("OneTimeLink"))}), bad=_OWN),
    "invite": Told(
        201, shape({"id": TEXT, "link": TEXT, "mail": _MAILED}), (401, 409), admin.Invitation
    ),
    "revoke_invitation": Told(204, bad=_ONE),
    "list_events": Told(answer=shape({"events": many(shape(_EVENT))}), bad=_OWN),
    "begin_oidc": Told(303, bad=(404, 502), changes=False),
    "get_link": Told(answer=ref("OneTimeLink"), bad=(404,), changes=False),
    "use_link": Told(201, shape({"login": TEXT}), (404, 409), onetime.Acceptance),
}

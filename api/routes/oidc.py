"""Signing in at the identity provider that the operator names."""

import logging
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api import actors, errors, links, signed
from api.bodies import CLEAN
from api.deps import Office
from api.links import PREFIX
from geo.errors import NotFoundError
from office import oidc
from office.errors import AccountError, ProviderError

log = logging.getLogger(__name__)
router = APIRouter(prefix="/api/oidc", tags=["session"])
COOKIE = "cotmoc-oidc"  # binds a sign-in to the browser that began it
Text = Annotated[str, Query(max_length=4_000, pattern=CLEAN)]


def _client(request: Request) -> oidc.Client:
    found: oidc.Client | None = request.app.state.oidc
    if found is None:
        raise NotFoundError("No identity provider is set")
    return found


def _back(request: Request) -> str:
    return f"{links.base(request)}/oidc/callback"


@router.get("/login", status_code=303)
def begin_oidc(
    request: Request,
    office: Office,
    next_: Annotated[
        str, Query(alias="next", max_length=2_000, pattern=CLEAN, description="path to go to")
    ] = "/",
) -> Response:
    """Go to the identity provider to sign in there."""
    try:
        start = oidc.begin(office, _client(request), redirect=_back(request), to=next_)
    except ProviderError as error:
        return _failed(request, error, oidc.ours(next_))
    answer = RedirectResponse(start.address, 303, signed.PRIVATE)
    answer.set_cookie(
        COOKIE, start.state, max_age=oidc.LASTS_S, httponly=True, samesite="lax",
        secure=request.url.scheme == "https", path=_path(request),
    )  # fmt: skip
    return answer


@router.get("/callback", status_code=303, include_in_schema=False)  # no client's but the browser's
def finish_oidc(
    request: Request,
    office: Office,
    state: Text = "",
    code: Text = "",
    iss: Text | None = None,
    error: Text = "",
) -> Response:
    """Come back from the identity provider, signed in or refused."""
    client, to = _client(request), "/"
    try:
        flow = oidc.take(office, state=state, held=request.cookies.get(COOKIE, ""))
        to = flow.next
        token = oidc.finish(
            office,
            client,
            flow,
            oidc.Answer(code, error, iss),
            redirect=_back(request),
            address=actors.address(request),
            instead_of=actors.session_of(request),
        )
    except AccountError as why:
        return _failed(request, why, to)
    answer = RedirectResponse(f"{links.root(request)}{to}", 303, signed.PRIVATE)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax", path=_path(request))
    return actors.keep(request, answer, token)


def _failed(request: Request, why: AccountError, to: str) -> Response:
    """Lead a person back to the screen of signing in, which says why; a program gets the error."""
    if not errors.is_person(request):
        raise why
    log.warning("signing in at the identity provider failed: %s: %s", why.code, why.detail)
    query = urlencode({"failed": why.code, "next": to})
    return RedirectResponse(f"{links.root(request)}/sign-in?{query}", 303, signed.PRIVATE)


def _path(request: Request) -> str:
    return f"{request.scope.get(PREFIX, '')}/api/oidc"

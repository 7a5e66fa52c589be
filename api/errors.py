"""From errors to answers: RFC 9457 problem details with a stable code."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api import links, negotiate
from api.forms import HTML
from api.html import page
from api.logs import path_of
from api.words import say
from geo import errors, outcome
from geo.evidence.content import EvidenceError
from geo.imports.findings import FileError, RowsError
from geo.refusal import FeatureError
from geo.terrain import TerrainError
from office import errors as accounts
from office.can import Refusal

log = logging.getLogger(__name__)


class NotAllowedError(errors.GeoError):
    """The client may not do this; `refusal` says why, where it is a matter of rights."""

    code = "not_allowed"
    refusal: Refusal | None = None


def refused(why: Refusal) -> errors.GeoError:
    """Return the error of what somebody may not do."""
    if why is Refusal.SIGN_IN:
        return accounts.SignInNeededError(f"This {why.en}")
    if why is Refusal.SECOND_FACTOR:
        return accounts.SecondFactorNeededError(f"This {why.en}")
    made = NotAllowedError(f"This {why.en}")
    made.refusal = why
    return made


class BadJsonError(errors.BadInputError):
    """The body is not JSON."""

    code = "bad_json"


class TooLargeError(errors.GeoError):
    """The body is larger than the server takes."""

    code = "too_large"


class SlowBodyError(errors.GeoError):
    """The body comes too slowly."""

    code = "too_slow"


class TooManyError(errors.GeoError):
    """Too much was asked in too short a time; `after_s` is how long to wait, seconds."""

    code = "too_many_requests"

    def __init__(self, after_s: int) -> None:
        super().__init__(f"Too many requests; try again in {after_s} s")
        self.after_s = after_s


class MediaTypeError(errors.GeoError):
    """The body is of a media type that is not read here."""

    code = "unsupported_media_type"


class PreconditionError(errors.GeoError):
    """The change needs to say which state of the feature it was made on."""

    code = "precondition_required"


# The one table from error to HTTP status; the first class that fits counts.
STATUS: tuple[tuple[type[errors.GeoError], int], ...] = (
    (errors.UnknownLayerError, 404),
    (errors.NotFoundError, 404),
    (errors.OutsideError, 404),
    (accounts.SignInNeededError, 401),
    (accounts.BadCredentialsError, 401),
    (accounts.BadTokenError, 401),
    (accounts.LockedError, 429),
    (TooManyError, 429),
    (SlowBodyError, 408),
    (accounts.LinkError, 404),
    (accounts.ProviderError, 502),
    (accounts.AccountError, 403),
    (FeatureError, 422),
    (errors.BadInputError, 400),
    (errors.LongReadError, 400),  # no 503: to come again without asking for less helps nobody
    (NotAllowedError, 403),
    (errors.ConflictError, 409),
    (TooLargeError, 413),
    (MediaTypeError, 415),
    (PreconditionError, 428),
    (errors.FullStoreError, 507),
    (errors.StoreError, 503),
    (TerrainError, 503),
    (errors.GeoError, 500),
)
PROBLEM = "application/problem+json"
_REASONED = (FeatureError, FileError, RowsError)  # errors that say why in one word
_WORDS = ("detail", "detail_vi")  # they become the one detail, in the caller's language
_READING = ("GET", "HEAD", "OPTIONS")
_PROPOSE = Refusal.PROPOSAL.value
RETRY_AFTER_S = "2"  # when a store that cannot be read now may be there again


def problem(request: Request, status: int, code: str, **members: Any) -> Response:
    """Build a problem document, its title and detail in the caller's language.

    Who reads the API in a browser gets it as a page.
    """
    given = {name: value for name, value in members.items() if value is not None}
    certain = request.method in _READING or outcome.nothing_kept()
    words = say(code, status, negotiate.language(request), given, certain=certain)
    body = {"type": "about:blank", "status": status, "code": code, **words}
    body["instance"] = request.scope["path"]
    body |= {name: value for name, value in given.items() if name not in _WORDS}
    if is_person(request):
        return page(
            request,
            "problem.html",
            title=words["title"],
            trail=[],
            made_of=[],
            status=status,
            headers={"vary": ", ".join(negotiate.VARY)},
            document=body,
        )
    headers = {"content-language": negotiate.language(request), "vary": ", ".join(negotiate.VARY)}
    return JSONResponse(body, status, headers, PROBLEM)


def of_job(request: Request, kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return why a job came to no good end, in the language of the reader."""
    if kept is None:
        return None
    return kept | say(kept["code"], 409, negotiate.language(request), kept)


def is_person(request: Request) -> bool:
    """Say whether somebody reads the API in a browser."""
    offered = {"json": PROBLEM, "html": HTML}
    asked = request.query_params.get("f")
    if not request.scope["path"].startswith("/api") or asked not in (None, "html"):
        return False
    accepted = request.headers.get("accept", "")
    return (asked or negotiate.by_accept(accepted, offered, "json")) == "html"


def install(app: FastAPI) -> None:
    """Make the application answer every error as a problem."""
    app.add_exception_handler(errors.GeoError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(Exception, _unknown)


def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.GeoError)  # noqa: S101
    status = next(code for kind, code in STATUS if isinstance(error, kind))
    if status >= 500:
        log.error("%s: %s", error.code, error.detail)
        answer = problem(request, status, error.code)
        if status == 503:
            answer.headers["retry-after"] = RETRY_AFTER_S
        return answer
    after = error.after_s if isinstance(error, accounts.LockedError | TooManyError) else None
    reason = _reason(error)
    answer = problem(
        request,
        status,
        error.code,
        detail=error.detail,
        detail_vi=error.vi or None,
        parameter=error.parameter,
        value=None if error.value is None else str(error.value),
        allowed=list(error.allowed) if error.allowed else None,
        reason=reason,
        proposals=f"{links.base(request)}/proposals" if reason == _PROPOSE else None,
        findings=error.told if isinstance(error, RowsError) else None,
        retry_after=after,
    )
    if status == 401:
        answer.headers["www-authenticate"] = _challenge(error)
    if after is not None:
        answer.headers["retry-after"] = str(after)
    if status == 408:
        answer.headers["connection"] = "close"  # what still comes of the body is not waited for
    return answer


def refusal(request: Request, error: errors.GeoError) -> Response:
    """Return the answer to an error outside of all routes."""
    return _known(request, error)


def _challenge(error: errors.GeoError) -> str:
    """Return what may be shown (RFC 6750); pages show the cookie of a session instead."""
    told = ', error="invalid_token"' if isinstance(error, accounts.BadTokenError) else ""
    return f'Bearer realm="cotmoc"{told}'


def _reason(error: errors.GeoError) -> str | None:
    if isinstance(error, _REASONED):
        return error.reason.value
    if isinstance(error, EvidenceError):
        return error.flaw.value
    refusal = error.refusal if isinstance(error, NotAllowedError) else None
    return refusal.value if refusal else None


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    parameter = str(first["loc"][-1])
    return problem(
        request,
        400,
        "bad_input",
        detail=first["msg"],
        parameter=parameter,
        value=None if first.get("input") is None else str(first["input"]),
    )


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    codes = {404: "not_found", 405: "method_not_allowed"}
    answer = problem(request, error.status_code, codes.get(error.status_code, "http_error"))
    answer.headers.update(error.headers or {})
    return answer


def _left(request: Request, _: Exception) -> Response:
    """Nobody reads this; it is counted as a body that did not come, and as no trouble of ours."""
    return _known(request, SlowBodyError("The client left before its body had come"))


def _unknown(request: Request, error: Exception) -> Response:
    log.exception("unexpected error at %s", path_of(request.scope["path"]), exc_info=error)
    return problem(request, 500, "internal_error")

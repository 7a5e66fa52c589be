"""Logs what is read that is not for everybody, and every file that leaves."""

from __future__ import annotations

from contextlib import suppress

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import forms, negotiate
from api.actors import actor_of, has_credentials
from api.logs import without_secrets
from geo import exports
from office.actor import ANONYMOUS, Actor
from office.errors import BadTokenError
from office.reads import Reads, counts

ROWS = "cotmoc.rows"  # key of the scope: how many rows the answer tells, where a route counts them
ASKED = "cotmoc.asked"  # key of the scope: what was asked for, where the address does not say it
_FILES = set(exports.FORMATS) - {"geojson"}

SAME_FOR_ALL = ("/api/info", "/api/session", "/api/vocabularies")  # tell of no row


class ReadLog:
    """Notes each answer to somebody who sees more than everybody does, and each export."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note what was read."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _concerns(scope):
            await self.app(scope, receive, send)
            return
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:  # what broke off was read as far as it came
            if status in (200, 206):
                await _note(scope)


def _concerns(scope: Scope) -> bool:
    path: str = scope["path"]
    known = has_credentials(scope) and path not in SAME_FOR_ALL
    return path.startswith("/api") and (known or exported(scope))


def exported(scope: Scope) -> bool:
    """Say whether a request asks for a file that leaves the register."""
    if scope["path"].startswith("/api/jobs/"):
        return bool(scope["path"].endswith("/result"))  # the file that came of a job
    if not scope["path"].endswith("/items"):
        return False
    request = Request(scope)
    form = request.query_params.get("f") or negotiate.by_accept(
        request.headers.get("accept", ""), forms.ITEMS, "geojson"
    )
    return "download" in request.query_params or form in _FILES


async def _note(scope: Scope) -> None:
    actor: Actor = ANONYMOUS
    if has_credentials(scope):
        with suppress(BadTokenError):  # where nobody has to say who he is, a bad token is nobody's
            actor = await run_in_threadpool(actor_of, Request(scope))
    exporting = exported(scope)
    if exporting or counts(actor):
        log: Reads = scope["app"].state.reads
        what = ("export " if exporting else "read ") + without_secrets(scope["path"])
        asked = scope.get(ASKED) or scope["query_string"].decode("latin-1")
        log.note(actor, what, asked, scope.get(ROWS))

"""Logs what is read that is not for everybody, and every file that leaves."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.actors import actor_of, has_credentials
from api.errors import shown
from geo import exports
from office.actor import ANONYMOUS, Actor
from office.reads import Reads, counts

ROWS = "cotmoc.rows"  # key of the scope: how many rows the answer tells, where a route counts them
ASKED = "cotmoc.asked"  # key of the scope: what was asked for, where the address does not say it

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

        await self.app(scope, receive, sending)
        if status in (200, 206):
            await _note(scope)


def _concerns(scope: Scope) -> bool:
    path: str = scope["path"]
    known = has_credentials(scope) and path not in SAME_FOR_ALL
    return path.startswith("/api") and (known or exported(scope))


def exported(scope: Scope) -> bool:
    """Say whether a request asks for a file that leaves the register."""
    query: bytes = scope["query_string"]
    if scope["path"].startswith("/api/jobs/"):
        return bool(scope["path"].endswith("/result"))  # the file that came of a job
    if not scope["path"].endswith("/items") or (b"f=" not in query and b"download" not in query):
        return False
    asked = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    return "download" in asked or asked.get("f") in set(exports.FORMATS) - {"geojson"}


async def _note(scope: Scope) -> None:
    actor: Actor = ANONYMOUS
    if has_credentials(scope):
        actor = await run_in_threadpool(actor_of, Request(scope))
    exporting = exported(scope)
    if exporting or counts(actor):
        log: Reads = scope["app"].state.reads
        what = ("export " if exporting else "read ") + shown(scope["path"])
        asked = scope.get(ASKED) or scope["query_string"].decode("latin-1")
        log.note(actor, what, asked, scope.get(ROWS))

"""Logs what is read that is not for everybody, and every file that leaves."""

from __future__ import annotations

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.actors import actor_of, has_credentials
from office.actor import ANONYMOUS, Actor
from office.reads import Reads, counts

EXPORT = "cotmoc.export"  # key of the scope: that the answer is a file which leaves
ROWS = "cotmoc.rows"  # key of the scope: how many rows the answer tells, where a route counts them
ASKED = "cotmoc.asked"  # key of the scope: what was asked for, where the address does not say it
_FILES = ("/items", "/result")  # addresses that may give a file


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
        finally:  # who breaks the answer off has read what came
            if status in (200, 206):
                await _note(scope)


def _concerns(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.startswith("/api") and (path.endswith(_FILES) or has_credentials(scope))


async def _note(scope: Scope) -> None:
    actor: Actor = ANONYMOUS
    if has_credentials(scope):
        actor = await run_in_threadpool(actor_of, Request(scope))
    exporting = EXPORT in scope
    if exporting or counts(actor):
        log: Reads = scope["app"].state.reads
        what = ("export " if exporting else "read ") + scope["path"]
        asked = scope.get(ASKED) or scope["query_string"].decode("latin-1")
        log.note(actor, what, asked, scope.get(ROWS))

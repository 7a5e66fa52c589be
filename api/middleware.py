"""What every answer carries: security headers, and an ETag made of revisions and audience."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.forwarded import PREFIX
from api.negotiate import VARY
from geo import period, store
from geo.audience import PUBLIC

_CSP = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline';"
    " worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors {ancestors}"
)
# Tiles and single features are tagged by what they are made of, not by the whole register.
_OWN_TAG = re.compile(r"/tiles/WebMercatorQuad/[^/]+/[^/]+/[^/]+$|/items/[^/]+$")


def _wrapped(send: Send, change: Callable[[MutableHeaders, int], None]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            change(MutableHeaders(scope=message), message["status"])
        await send(message)

    return sending


class SecurityHeaders:
    """Adds the headers that keep a page to its own host; only /embed may be framed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        ancestors = "*" if scope["path"].endswith("/embed") else "'self'"

        def change(headers: MutableHeaders, _status: int) -> None:
            headers["content-security-policy"] = _CSP.format(ancestors=ancestors)
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "same-origin"

        await self.app(scope, receive, _wrapped(send, change))

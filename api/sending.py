"""JSON that is sent: read with a limit, of the media types that are taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request

from api import errors


async def _bytes(request: Request) -> bytes:
    most = request.app.state.settings.max_body_bytes
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise errors.TooLargeError(f"The body has more than {most} bytes", value=most)
    return bytes(found)


def sent(accepted: tuple[str, ...]) -> Callable[[Request, bytes], Any]:
    """Return a dependency that reads a JSON body of one of these media types.

    It raises TooLargeError, MediaTypeError and BadJsonError.
    """

    def read(request: Request, body: Annotated[bytes, Depends(_bytes)]) -> Any:
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in accepted:
            raise errors.MediaTypeError(
                f"Content-Type {media!r} is not read here",
                parameter="Content-Type",
                value=media,
                allowed=accepted,
            )
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise errors.BadJsonError(f"The body is not JSON: {error}") from error

    return read

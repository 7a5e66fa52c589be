"""What is sent: bodies read with a limit, JSON of the media types that are taken."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request

from api import errors


async def pieces(request: Request, most: int) -> AsyncIterator[bytes]:
    """Yield the body in pieces, `most` bytes in all. Raises TooLargeError."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise errors.TooLargeError(f"The body has more than {most} bytes", value=most)
        yield piece


async def whole(request: Request, most: int) -> bytes:
    """Return the body, `most` bytes at the most. Raises TooLargeError."""
    return b"".join([piece async for piece in pieces(request, most)])


async def _bytes(request: Request) -> bytes:
    return await whole(request, request.app.state.settings.max_body_bytes)


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

"""JSON bodies of requests that are not features: read whole, checked, never told back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import orjson
from fastapi import Request
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from api import errors, sending
from geo.errors import BadInputError

JSON = "application/json"  # a page of another site cannot send it unasked
MOST_BYTES = 65_536
CLEAN = r"^[^\x00]*$"
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=CLEAN)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1_024, pattern=CLEAN)]


class Body(BaseModel):
    """What a body holds; other members are refused."""

    model_config = ConfigDict(extra="forbid")


T = TypeVar("T", bound=Body)


def body(kind: type[T], most: int = MOST_BYTES) -> Callable[[Request], Awaitable[T]]:
    """Return a dependency that reads a body of this kind, so many bytes at the most.

    It raises MediaTypeError, TooLargeError, BadJsonError, or BadInputError with the member's name;
    the value, which may be a password, is told to nobody.
    """

    async def read(request: Request) -> T:
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != JSON:
            raise errors.MediaTypeError(
                "The body is not JSON", parameter="Content-Type", allowed=[JSON]
            )
        try:
            sent = orjson.loads(await sending.whole(request, most))
            return kind.model_validate(sent, strict=False)
        except orjson.JSONDecodeError:
            raise errors.BadJsonError("The body is not JSON") from None
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name = ".".join(map(str, first["loc"])) or "body"
            raise BadInputError(f"{name}: {first['msg']}", parameter=name) from None

    return read

"""Which form and which language an answer takes: by `f=` and `lang=`, else by what HTTP says.

Quality values are those of RFC 9110, 12.4.2; the most specific range that fits counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fastapi import Request
from starlette.types import Scope

from geo.errors import BadInputError

LANGUAGES = ("vi", "en")  # the first is for everybody who asks for neither
# What an answer depends on besides the address; the last two say who asks.
VARY = ("Accept", "Accept-Language", "Cookie", "Authorization")


class Range(NamedTuple):
    """One entry of an Accept header, in lower case, with its quality from 0 to 1."""

    name: str
    quality: float


def ranges(header: str) -> list[Range]:
    """Read an Accept or Accept-Language header; what cannot be read is left out."""
    return list(_ranges(header))


def _ranges(header: str) -> Iterator[Range]:
    for entry in header.split(","):
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        if name:
            quality = _quality(parameters)
            if quality is not None:
                yield Range(name, quality)


def _quality(parameters: list[str]) -> float | None:
    text = next((p[2:].strip() for p in parameters if p.startswith("q=")), "1")
    try:
        found = float(text)
    except ValueError:
        return None
    return found if 0 <= found <= 1 else None


def said(scope: Scope, name: bytes) -> str:
    """Return the first header of a name, in lower case, or nothing; costs next to nothing."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return ""


def form(request: Request, offered: Mapping[str, str], default: str) -> str:
    """Return the name of the form that the client wants, one of `offered` (name: media type).

    Where it says nothing, or accepts none of them, it gets the default.

    Raises:
        BadInputError: `f` names none of them.
    """
    asked = request.query_params.get("f")
    if asked is None:
        return by_accept(request.headers.get("accept", ""), offered, default)
    if asked not in offered:
        raise BadInputError(f"No form {asked!r}", parameter="f", value=asked, allowed=list(offered))
    return asked


def by_accept(header: str, offered: Mapping[str, str], default: str) -> str:
    """Return the offered form that an Accept header likes best; the default wins a tie."""
    accepted = ranges(header)

    def liking(name: str) -> tuple[float, int, bool]:
        quality, specific = _liking(accepted, offered[name])
        return quality, specific, name == default

    best = max(offered, key=liking)
    return best if liking(best)[0] > 0 else default


def _liking(accepted: list[Range], media: str) -> tuple[float, int]:
    """Return the quality of a media type and how specific the range is that gives it."""
    essence = media.partition(";")[0].strip().lower()
    kinds = (essence, f"{essence.partition('/')[0]}/*", "*/*")
    for specific, kind in zip((2, 1, 0), kinds, strict=True):
        found = [one.quality for one in accepted if one.name == kind]
        if found:
            return max(found), specific
    return 0.0, 0


def language(request: Request) -> str:
    """Return vi or en: by `lang`, else by Accept-Language, else vi."""
    asked = request.query_params.get("lang")
    header = request.headers.get("accept-language", "") if asked is None else asked
    liked = [(one.quality, _spoken(one.name)) for one in ranges(header)]
    known = [(quality, name) for quality, name in liked if name and quality > 0]
    return max(known, key=lambda one: one[0])[1] if known else LANGUAGES[0]


def _spoken(tag: str) -> str:
    """Return the language that a tag such as en-GB means, or nothing."""
    main = tag.partition("-")[0]
    return LANGUAGES[0] if main == "*" else main if main in LANGUAGES else ""

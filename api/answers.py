"""Answers that come in several forms: which one, with which links and headers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse

from api import links, negotiate
from api.links import Link

JSON, HTML = "application/json", "text/html"
FORMS = {"json": JSON, "html": HTML}
REPEATED = ("self", "alternate", "next", "prev", "collection")  # of links, in the Link header too


def chooser(offered: Mapping[str, str], default: str = "json") -> Callable[..., str]:
    """Return a dependency that says in which of the offered forms to answer."""
    asked: Any = Query(
        None,
        description=f"form of the answer; else by Accept, else {default}",
        json_schema_extra={"enum": list(offered)},
    )

    def chosen(request: Request, f: str | None = asked) -> str:  # noqa: ARG001
        return negotiate.form(request, offered, default)

    return chosen


Form = Annotated[str, Depends(chooser(FORMS))]


def documented(offered: Mapping[str, str], description: str = "OK") -> dict[int | str, Any]:
    """Return what the OpenAPI document says of a success in these forms."""
    return {200: {"description": description, "content": {media: {} for media in offered.values()}}}


def json(request: Request, document: Mapping[str, Any], media: str = JSON) -> JSONResponse:
    """Return a JSON document in the language asked for, its chief links in the header too."""
    made: Iterable[Link] = document.get("links", ())
    return with_links(JSONResponse(document, media_type=media), made, request)


def with_links(answer: JSONResponse, made: Iterable[Link], request: Request) -> JSONResponse:
    """Add the Link header (RFC 8288) and the language to an answer."""
    answer.headers["content-language"] = negotiate.language(request)
    told = [one for one in made if one["rel"] in REPEATED]
    if told:
        answer.headers["link"] = links.header(told)
    return answer
